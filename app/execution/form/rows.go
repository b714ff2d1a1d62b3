package form

import (
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/procedure"
)

// How many rows a field of rows may have: when the writer sets no limit, and
// in any case.
const (
	usualRows = 20
	mostRows  = 100
)

// takeRows collects the cells that were posted for a field of rows, in the
// order of their numbers.
func (f *Form) takeRows(field *filled, p *entry.Posted) [][]*filled {
	prefix := field.input + "."
	seen := map[int]bool{}
	for name := range p.Values {
		rest, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		place, _, _ := strings.Cut(rest, ".")
		if n, err := strconv.Atoi(place); err == nil && n >= 0 && n < 10*mostRows {
			seen[n] = true
		}
	}
	places := make([]int, 0, len(seen))
	for n := range seen {
		places = append(places, n)
	}
	slices.Sort(places)
	var rows [][]*filled
	for _, n := range places[:min(len(places), mostRows+1)] {
		cells := make([]*filled, len(field.Columns))
		blank := true
		for c := range field.Columns {
			column := &field.Columns[c]
			raw := p.Values[RowInput(field.ID, n, column.ID)]
			cells[c] = &filled{Field: column, input: RowInput(field.ID, n, column.ID), raw: raw, visible: true, enabled: true}
			blank = blank && strings.Join(raw, "") == ""
		}
		if !blank {
			rows = append(rows, cells)
		}
	}
	return rows
}

// rowValues makes the list of objects of a field of rows.
func (f *Form) rowValues(field *filled) any {
	list := make([]any, 0, len(field.rows))
	for _, cells := range field.rows {
		object := make(map[string]any, len(cells))
		for _, cell := range cells {
			if f.list(cell) != nil {
				cell.bad = message.Wrong("answer.not_offered")
				continue
			}
			cell.value, cell.bad = f.read(cell)
			object[program.NameOf(cell.Field)] = cell.value
		}
		list = append(list, object)
	}
	return list
}

// checkRows says what is wrong in the cells of a field of rows.
func (f *Form) checkRows(field *filled) error {
	for i, cells := range field.rows {
		list, _ := field.value.([]any)
		if i >= len(list) {
			return nil
		}
		f.Let("item", list[i])
		for _, cell := range cells {
			m, err := f.wrongWith(cell)
			if err != nil {
				return err
			}
			if m != nil {
				f.refuse(cell.input, m.Key, m.Args...)
			}
		}
	}
	return nil
}

// rowsFrom makes rows of a list given by a default.
func (f *Form) rowsFrom(field *filled) {
	list, _ := field.value.([]any)
	if len(list) == 0 {
		return
	}
	p := &entry.Posted{Values: map[string][]string{}}
	postField(p, field.input, field.Field, list)
	field.rows = f.takeRows(field, p)
}

// showRows makes the rows of a page, and one more to fill in while there is
// room.
func (f *Form) showRows(out *Field, field *filled) error {
	for c := range field.Columns {
		head, err := f.showField(&filled{Field: &field.Columns[c], visible: true, enabled: true})
		if err != nil {
			return err
		}
		out.Columns = append(out.Columns, *head)
	}
	rows := field.rows
	_, high, _, err := f.bounds(field.Field)
	if err != nil {
		return err
	}
	if most, ok := high.(float64); field.enabled && ok && len(rows) < min(int(most), mostRows) {
		cells := make([]*filled, len(field.Columns))
		for c := range field.Columns {
			input := RowInput(field.ID, nextRow(rows), field.Columns[c].ID)
			cells[c] = &filled{Field: &field.Columns[c], input: input, visible: true, enabled: true}
		}
		rows = append(slices.Clip(rows), cells)
	}
	list, _ := field.value.([]any)
	for i, cells := range rows {
		f.Let("item", nil)
		if i < len(list) {
			f.Let("item", list[i])
		}
		var line []Field
		for _, cell := range cells {
			shown, err := f.showField(cell)
			if err != nil {
				return err
			}
			line = append(line, *shown)
		}
		out.Rows = append(out.Rows, line)
	}
	return nil
}

// nextRow is a number no present row has.
func nextRow(rows [][]*filled) int {
	next := 0
	for _, cells := range rows {
		if len(cells) == 0 {
			continue
		}
		parts := strings.Split(cells[0].input, ".")
		if n, err := strconv.Atoi(parts[len(parts)-2]); err == nil && n >= next {
			next = n + 1
		}
	}
	return next
}

// rowsPosted writes the cells of a field of rows back as they were posted.
func rowsPosted(out map[string][]string, field *filled) {
	for _, cells := range field.rows {
		for _, cell := range cells {
			if cell.Type != procedure.FieldSecret {
				out[cell.input] = cell.raw
			}
		}
	}
}
