package terminal

import (
	"fmt"
	"strconv"
	"strings"

	"selfhelp/app/execution"
)

// pickRows asks for rows of a table, which may be filtered and turned first.
func (p *Player) pickRows(page *execution.Page) (execution.Input, error) {
	t := page.Table
	list := make([]choice, len(t.Rows))
	var kept []string
	for i, row := range t.Rows {
		list[i] = choice{row.Key, rowText(t, row), row.Chosen}
	}
	kept = append(kept, p.list(list)...)
	if len(list) == 0 {
		fmt.Fprintln(p.Out, p.words.noRow)
	}
	if t.Filter || t.Sheets > 1 {
		fmt.Fprintf(p.Out, p.words.more+". %s\n", t.Sheet, t.Sheets, t.Found, p.words.filter)
	}
	kept = append(kept, t.Kept...)
	for {
		line, err := p.read(p.prompt(t))
		if err != nil {
			return execution.Input{}, err
		}
		if in, is := browse(t, line, kept); is {
			return in, nil
		}
		if line == "" {
			return posted(nameOf(page), kept...), nil
		}
		if keys, all := pickAll(list, line); all && (t.Multiple || len(keys) == 1) {
			if t.Multiple {
				keys = append(keys, t.Kept...)
			}
			return posted(nameOf(page), keys...), nil
		}
		if err := p.refuse(); err != nil {
			return execution.Input{}, err
		}
	}
}

func (p *Player) prompt(t *execution.TableView) string {
	if t.Multiple {
		return p.words.answers
	}
	return fmt.Sprintf(p.words.answer, len(t.Rows))
}

func rowText(t *execution.TableView, row execution.TableRow) string {
	cells := make([]string, len(row.Cells))
	for i, cell := range row.Cells {
		cells[i] = cell
		if i < len(t.Columns) && t.Columns[i].Title != "" {
			cells[i] = t.Columns[i].Title + ": " + cell
		}
	}
	return strings.Join(cells, " | ")
}

// browse reads the words that look around in a table instead of answering.
func browse(t *execution.TableView, line string, kept []string) (execution.Input, bool) {
	sheet, filter := t.Sheet, t.Words
	switch {
	case strings.HasPrefix(line, "/"):
		sheet, filter = 1, strings.TrimSpace(line[1:])
	case line == ">":
		sheet = min(sheet+1, max(1, t.Sheets))
	case line == "<":
		sheet = max(sheet-1, 1)
	default:
		return execution.Input{}, false
	}
	return execution.Input{Kind: execution.DoBrowse, Values: map[string][]string{
		execution.NameSheet: {strconv.Itoa(sheet)}, execution.NameFilter: {filter}, execution.NameKept: kept,
	}}, true
}
