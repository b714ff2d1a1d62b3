package form

import (
	"strconv"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/program"
	"selfhelp/app/procedure"
)

// Post writes an object of values, by field id or variable name, the way the
// form posts them.
func Post(p *entry.Posted, fields []*procedure.Field, data any) {
	object, _ := data.(map[string]any)
	known := map[string]bool{}
	for _, f := range fields {
		known[f.ID], known[program.NameOf(f)] = true, true
		value, ok := object[f.ID]
		if !ok {
			value, ok = object[program.NameOf(f)]
		}
		if ok {
			postField(p, InputOf(f.ID), f, value)
		}
	}
	for _, name := range journey.SortedKeys(object) {
		if !known[name] {
			p.Strange = append(p.Strange, name)
		}
	}
}

func postField(p *entry.Posted, input string, f *procedure.Field, value any) {
	switch {
	case f.Type.TakesFiles():
		p.Files = withFiles(p.Files, input, entry.FilesOf(value))
	case f.Type == procedure.FieldRows:
		rows, _ := value.([]any)
		for i, row := range rows {
			cells, _ := row.(map[string]any)
			for c := range f.Columns {
				column := &f.Columns[c]
				if cell, ok := cells[program.NameOf(column)]; ok {
					postField(p, RowInput(f.ID, i, column.ID), column, cell)
				}
			}
		}
	default:
		p.Values[input] = entry.TextsOf(value)
	}
}

func withFiles(m map[string][]entry.File, name string, files []entry.File) map[string][]entry.File {
	out := map[string][]entry.File{name: files}
	for k, v := range m {
		if k != name {
			out[k] = v
		}
	}
	return out
}

// InputOf is the name a field is posted under.
func InputOf(field string) string { return "f." + field }

// RowInput is the name of one cell of a field of rows.
func RowInput(field string, row int, column string) string {
	return "f." + field + "." + strconv.Itoa(row) + "." + column
}
