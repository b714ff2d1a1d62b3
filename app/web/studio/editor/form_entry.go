package editor

import (
	"fmt"
	"slices"

	"selfhelp/app/procedure"
	"selfhelp/views"
)

// entries are the entries of a list, each with its own controls.
func (f former) entries(d procedure.Described) (entries []views.PropEntry) {
	for i, e := range d.Entries {
		entry := views.PropEntry{
			Name: e.Name, Fields: f.mainFirst(fitting(d.Property.Name, e.Parts)), First: i == 0, Last: i == len(d.Entries)-1, Open: d.Path+"."+e.Name == f.b.look.open,
		}
		for _, field := range entry.Fields {
			entry.Open = entry.Open || field.Wrong != ""
		}
		entry.Title = f.entryTitle(d.Property.Name, i+1, entry)
		entries = append(entries, entry)
	}
	return entries
}

// entryTitle is what an entry is called: by what is filled in first, and by its
// place while nothing is. The names that the language gives it mean nothing to
// people.
func (f former) entryTitle(list string, place int, entry views.PropEntry) string {
	var said []string
	for _, field := range entry.Fields {
		if (field.Control == "line" || field.Control == "formula") && field.Value != "" {
			said = append(said, field.Value)
		}
	}
	switch {
	case list == "outcomes":
		return f.wordName("outcome", entry.Name)
	case list == "values" && f.kind == string(procedure.StepSet) && len(said) == 2:
		return said[0] + " = " + said[1]
	case len(said) > 0:
		return said[0]
	case f.v.Words.Has("entry." + list):
		return f.v.Words.T("entry."+list, place)
	}
	return f.v.Words.T("entry.other", place)
}

// mainNames are the properties of entries that are always in sight.
var mainNames = []string{"text", "label", "title", "name", "type", "if", "is", "to", "required", "options", "columns", "among", "help", "outcome"}

// mainFirst folds what is seldom said of a long entry.
func (f former) mainFirst(all []procedure.Described) []views.Prop {
	main := inOrder(all, mainNames)
	rest := pick(all, func(name string) bool { return !slices.Contains(mainNames, name) })
	if len(all) <= 4 || len(main) == 0 {
		return f.fields(all)
	}
	more := views.Prop{Control: "group", Label: f.v.Words.T("editor.more"), Fields: f.fields(rest)}
	more.Filled = slices.ContainsFunc(more.Fields, func(in views.Prop) bool { return in.Wrong != "" })
	return append(f.fields(main), more)
}

// counts reports whether a property of a form's field says something of fields
// of a type.
func counts(property string, t procedure.FieldType) bool {
	switch property {
	case "options", "from":
		return t.Offers()
	case "columns":
		return t == procedure.FieldRows
	case "types":
		return t.TakesFiles() && t != procedure.FieldSignature // that is drawn
	case "among":
		return t == procedure.FieldPerson
	case "step":
		return t == procedure.FieldNumber || t == procedure.FieldSlider
	}
	return true
}

// fitting are the properties of an entry that count for what it is; what is
// filled in is always shown.
func fitting(list string, parts []procedure.Described) []procedure.Described {
	if list != "fields" && list != "columns" {
		return parts
	}
	kind := procedure.FieldType("")
	for _, d := range parts {
		if d.Property.Name == "type" {
			kind = procedure.FieldType(fmt.Sprint(d.Value))
		}
	}
	return slices.DeleteFunc(slices.Clone(parts), func(d procedure.Described) bool {
		return !counts(d.Property.Name, kind) && !said(d)
	})
}

// said reports whether anything is filled in.
func said(d procedure.Described) bool {
	if len(d.Entries) > 0 || slices.ContainsFunc(d.Parts, said) {
		return true
	}
	switch value := d.Value.(type) {
	case string:
		return value != ""
	case []string:
		return len(value) > 0
	}
	return false
}
