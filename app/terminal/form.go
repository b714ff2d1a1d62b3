package terminal

import (
	"fmt"
	"strconv"
	"strings"

	"selfhelp/app/execution"
	"selfhelp/app/procedure"
)

// fill asks the fields of a form one by one. When the form comes back with
// problems only the fields that have one are asked again, and those that have
// appeared meanwhile.
func (p *Player) fill(page *execution.Page, problems map[string]execution.Message) (execution.Input, error) {
	if len(page.Fields) == 0 {
		return p.press(page)
	}
	if len(problems) == 0 {
		p.asked = map[string]bool{}
	}
	in := execution.Input{Values: map[string][]string{}, Files: map[string][]execution.File{}}
	for _, f := range page.Fields {
		_, wrong := problems[f.Input]
		asked := p.asked[f.Input] && !wrong && f.Problem == ""
		if asked && len(f.Rows) > 0 {
			if err := p.mend(&in, f); err != nil {
				return in, err
			}
			continue
		}
		if err := p.field(&in, f, asked); err != nil {
			return in, err
		}
	}
	return in, nil
}

// mend asks the cells again that were refused; the others stay as they are.
func (p *Player) mend(in *execution.Input, f execution.Field) error {
	for i, row := range f.Rows {
		for _, cell := range row {
			if err := p.cell(in, f, i, cell); err != nil {
				return err
			}
		}
	}
	return nil
}

// cell asks one cell again when it was refused, and says which row it is in.
func (p *Player) cell(in *execution.Input, f execution.Field, row int, cell execution.Field) error {
	if cell.Problem != "" {
		fmt.Fprintf(p.Out, "\n%s, %d\n", plain(f.Label), row+1)
	}
	return p.field(in, cell, cell.Problem == "")
}

// field asks one field, unless it is settled, hidden or only words.
func (p *Player) field(in *execution.Input, f execution.Field, settled bool) error {
	switch {
	case !shown(in, f):
		return nil
	case settled || f.Type == procedure.FieldHidden || !enabled(in, f):
		keep(in, f)
		return nil
	case f.Type == procedure.FieldLabel || f.Type == procedure.FieldHeading:
		p.say(f.Label)
		return nil
	case f.Type == procedure.FieldSeparator:
		fmt.Fprintln(p.Out)
		return nil
	}
	p.label(f)
	p.asked[f.Input] = true
	values, err := p.valuesOf(in, f)
	if values != nil {
		in.Values[f.Input] = values
	}
	return err
}

// keep posts again what a field holds.
func keep(in *execution.Input, f execution.Field) {
	if len(f.Values) > 0 {
		in.Values[f.Input] = f.Values
	}
	for _, file := range f.Files {
		in.Values[f.Input] = append(in.Values[f.Input], file.Hash)
	}
	for _, row := range f.Rows {
		for _, cell := range row {
			keep(in, cell)
		}
	}
}

func shown(in *execution.Input, f execution.Field) bool {
	if f.ShowIf != nil {
		return holds(in, f.ShowIf)
	}
	return f.Visible
}

func enabled(in *execution.Input, f execution.Field) bool {
	if f.EnableIf != nil {
		return holds(in, f.EnableIf)
	}
	return f.Enabled
}

// holds reads a condition over what was typed so far; the engine decides again.
func holds(in *execution.Input, c *execution.Condition) bool {
	value := strings.Join(in.Values[c.Input], ",")
	return (value == c.Is) != c.Not
}

func (p *Player) label(f execution.Field) {
	label := plain(f.Label)
	if f.Required {
		label += " (" + p.words.required + ")"
	}
	fmt.Fprintf(p.Out, "\n%s\n", label)
	for _, more := range []string{f.Help, f.Question, f.Placeholder} {
		if more != "" {
			fmt.Fprintf(p.Out, "  %s\n", plain(more))
		}
	}
	if f.Problem != "" {
		fmt.Fprintf(p.Out, "  ! %s\n", plain(f.Problem))
	}
}

// valuesOf asks for the values of a field.
func (p *Player) valuesOf(in *execution.Input, f execution.Field) ([]string, error) {
	switch f.Type {
	case procedure.FieldCheck:
		return p.tick(f)
	case procedure.FieldRadio, procedure.FieldSelect, procedure.FieldLookup:
		if len(f.Options) > 0 {
			key, err := p.one(optionsOf(f), f.Required)
			return []string{key}, err
		}
	case procedure.FieldMulti:
		return p.many(optionsOf(f))
	case procedure.FieldFile, procedure.FieldPhoto, procedure.FieldSignature:
		files, err := p.files()
		in.Files[f.Input] = files
		keep(in, f)
		return nil, err
	case procedure.FieldRows:
		return nil, p.rows(in, f)
	}
	return p.line(f)
}

// line asks for one line; an empty one keeps what was there.
func (p *Player) line(f execution.Field) ([]string, error) {
	before := strings.Join(f.Values, "")
	prompt := p.words.value
	if before != "" && f.Type != procedure.FieldSecret {
		prompt = fmt.Sprintf(p.words.kept, plain(before))
	}
	line, err := p.read(prompt)
	if line == "" {
		line = before
	}
	return []string{line}, err
}

func optionsOf(f execution.Field) []choice {
	list := make([]choice, len(f.Options))
	for i, o := range f.Options {
		list[i] = choice{o.Key, o.Text, o.Chosen}
	}
	return list
}

// tick asks yes or no.
func (p *Player) tick(f execution.Field) ([]string, error) {
	line, err := p.read(p.words.yesNo)
	if line == "" {
		return f.Values, err
	}
	if yes(line) {
		return []string{"true"}, err
	}
	return nil, err
}

func yes(line string) bool {
	switch strings.ToLower(line) {
	case "y", "yes", "o", "oui", "true", "1":
		return true
	}
	return false
}

// rows asks row after row of a small table.
func (p *Player) rows(in *execution.Input, f execution.Field) error {
	most, err := strconv.Atoi(f.Max)
	for n := 0; err != nil || n < most; n++ {
		if n > 0 || len(f.Rows) > 1 {
			line, err := p.read(p.words.another + " " + p.words.yesNo)
			if err != nil || !yes(line) {
				return err
			}
		}
		for _, column := range rowOf(f, n) {
			if err := p.field(in, column, false); err != nil {
				return err
			}
		}
	}
	return nil
}

// rowOf returns the fields of a row: one the page shows, or a further one.
func rowOf(f execution.Field, n int) []execution.Field {
	if n < len(f.Rows) {
		return f.Rows[n]
	}
	row := make([]execution.Field, len(f.Columns))
	for i, c := range f.Columns {
		c.Input = f.Input + "." + strconv.Itoa(n) + "." + c.ID
		c.Visible, c.Enabled = true, true
		row[i] = c
	}
	return row
}
