package execution

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/form"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// usualSheet is how many rows a table shows at once.
const usualSheet = 20

// row is one row of a table of choices.
type row struct {
	key   string
	item  any
	cells []string
}

// rows makes the rows of a table, with their cells.
func (r *run) rows(t *procedure.Table) ([]row, error) {
	items, err := form.Items(&r.Scene, &t.From, r.s.Lists[slotRows])
	if err != nil {
		return nil, err
	}
	defer func() { r.Forget() }() // item was theirs
	out := make([]row, 0, len(items))
	seen := map[string]bool{}
	for i, item := range items {
		r.Let("item", item)
		r.Let("index", float64(i))
		one := row{key: strconv.Itoa(i), item: item, cells: make([]string, len(t.Columns))}
		if t.From.Value != "" {
			v, err := r.Eval(t.From.Value)
			if err != nil {
				return nil, err
			}
			one.key = "=" + entry.MachineText(v)
		}
		if seen[one.key] {
			continue
		}
		seen[one.key] = true
		for c := range t.Columns {
			v, err := r.Eval(t.Columns[c].Value)
			if err != nil {
				return nil, err
			}
			one.cells[c] = formula.Show(v, r.Language())
		}
		out = append(out, one)
	}
	return out, nil
}

// showTable makes the sheet of a table that is in sight.
func (r *run) showTable(p *Page, s *procedure.Step) error {
	t := s.Table
	rows, err := r.rows(t)
	if err != nil {
		return err
	}
	if len(rows) == 0 && !t.Optional {
		return message.Fails("step.no_answer")
	}
	var chosen []string
	if before := r.before(); before != nil {
		chosen = before.Values[NameAnswer]
	}
	v := &TableView{Multiple: t.Multiple, Filter: t.Filter, Words: r.view.words, Total: len(rows)}
	p.Table, p.Max = v, 1
	if t.Multiple {
		p.Max = 0
	}
	if !t.Optional {
		p.Min = 1
	}
	for _, c := range t.Columns {
		title, err := r.Text(c.Title)
		if err != nil {
			return err
		}
		v.Columns = append(v.Columns, TableColumn{ID: c.ID, Title: title})
	}
	fill(v, rows, chosen, r.view.place, t.PageSize)
	p.Buttons = []Button{r.button("", "button.continue")}
	return nil
}

// fill puts the rows of one sheet in sight; chosen rows elsewhere are kept.
func fill(v *TableView, rows []row, chosen []string, place, size int) {
	if size <= 0 {
		size = usualSheet
	}
	var found []row
	for _, one := range rows {
		if one.holds(v.Words) {
			found = append(found, one)
		}
	}
	v.Found = len(found)
	v.Sheets = max(1, (len(found)+size-1)/size)
	v.Sheet = min(max(place, 1), v.Sheets)
	from := (v.Sheet - 1) * size
	inSight := map[string]bool{}
	for _, one := range found[from:min(from+size, len(found))] {
		inSight[one.key] = true
		v.Rows = append(v.Rows, TableRow{Key: one.key, Cells: one.cells, Chosen: slices.Contains(chosen, one.key)})
	}
	for _, one := range rows {
		if v.Multiple && !inSight[one.key] && slices.Contains(chosen, one.key) {
			v.Kept = append(v.Kept, one.key)
		}
	}
}

// holds reports whether every word stands in some cell.
func (one *row) holds(words string) bool {
	if words == "" {
		return true
	}
	text := entry.Fold(strings.Join(one.cells, "\n"))
	for _, w := range strings.Fields(entry.Fold(words)) {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func (r *run) answerTable(n *program.Node, p *entry.Posted) (edge, to string, err error) {
	t := n.Step.Table
	rows, err := r.rows(t)
	if err != nil {
		return "", "", err
	}
	var picked []any
	var keys, words []string
	for _, key := range p.Values[NameAnswer] {
		if key == "" {
			continue
		}
		i := slices.IndexFunc(rows, func(one row) bool { return one.key == key })
		if i < 0 {
			r.refuse(NameAnswer, "answer.not_offered")
			return "", "", nil
		}
		if slices.Contains(keys, key) {
			r.refuse(NameAnswer, "answer.twice")
			return "", "", nil
		}
		keys, picked = append(keys, key), append(picked, rows[i].item)
		words = append(words, strings.Join(rows[i].cells, " · "))
	}
	low, high := 1, 1
	if t.Optional {
		low = 0
	}
	if t.Multiple {
		high = 0
	}
	if !r.withinCount(len(keys), low, high) {
		return "", "", nil
	}
	return r.takeRows(n, picked, keys, words)
}

func (r *run) takeRows(n *program.Node, picked []any, rowKeys, words []string) (edge, to string, err error) {
	value, is := any(nil), r.secretOfList(&n.Step.Table.From)
	switch {
	case n.Step.Table.Multiple:
		value = append([]any{}, picked...)
	case len(picked) == 1:
		value = picked[0]
	}
	if into := n.Step.Table.Into; into != "" {
		if err := r.assign(into, value, is); err != nil {
			return "", "", err
		}
	}
	r.accept(n, taken{value: value, given: listOf(rowKeys), words: strings.Join(words, "; "), is: is, posted: keys(rowKeys...)})
	return "next", n.Step.Next, nil
}

// rowKeys finds the rows meant by an answer given as a value: keys, places, or
// the rows themselves.
func (r *run) rowKeys(n *program.Node, data any) []string {
	wanted, ok := data.([]any)
	if !ok {
		wanted = []any{data}
	}
	rows, err := r.rows(n.Step.Table)
	if err != nil {
		return nil
	}
	var out []string
	for _, w := range wanted {
		text := entry.MachineText(w)
		if w == nil || text == "" {
			continue
		}
		key := text
		for _, one := range rows {
			if one.key == text || one.key == "="+text || reflect.DeepEqual(one.item, w) {
				key = one.key
				break
			}
		}
		out = append(out, key)
	}
	return out
}
