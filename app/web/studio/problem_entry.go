package studio

import (
	"slices"
	"strings"

	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
)

// PlaceWords is how the Studio calls what a path leads to in a step, or in the
// procedure itself when it is no step's: the entries it goes through, each by
// its words, then the property. Words are those that pick takes of a text.
func PlaceWords(v *frame.Visit, p *procedure.Procedure, step, path string, pick func(procedure.Text) string) string {
	described := procedure.DescribeProcedure(p)
	if at := p.Step(step); at != nil {
		common, part := procedure.DescribeStep(at)
		described = append(common, part...)
	}
	var names []string
	for {
		d, rest, found := towards(described, path)
		switch {
		case !found:
			if len(names) == 0 {
				return PropertyWords(v, path)
			}
			return joined(append(names, PropertyWords(v, path[strings.LastIndex(path, ".")+1:])))
		case len(d.Parts) > 0 && rest != "":
			described = d.Parts
		case len(d.Entries) > 0 && rest != "":
			name, _, deeper := strings.Cut(rest, ".")
			i := slices.IndexFunc(d.Entries, func(e procedure.Entry) bool { return e.Name == name })
			if i < 0 {
				return joined(append(names, PropertyWords(v, path)))
			}
			names = append(names, entryCalled(v, d.Property.Name, i+1, d.Entries[i], pick))
			if !deeper {
				return joined(names)
			}
			described = d.Entries[i].Parts
		case len(names) == 0:
			return PropertyWords(v, path)
		default:
			return joined(append(names, PropertyWords(v, d.Property.Name)))
		}
	}
}

// towards finds the property that a path goes through, and what of the path
// comes after it.
func towards(described []procedure.Described, path string) (d procedure.Described, rest string, found bool) {
	for _, d := range described {
		if d.Path == path {
			return d, "", true
		}
		if rest, within := strings.CutPrefix(path, d.Path+"."); within {
			return d, rest, true
		}
	}
	return d, "", false
}

// callers are the properties that an entry is called by, the first that says
// something.
var callers = []string{"text", "label", "title", "name", "variable", "if", "is", "value"}

// entryWords is how much of the words of an entry its place says.
const entryWords = 40

// entryCalled is what an entry of a list is, and its words; its place while it
// has none.
func entryCalled(v *frame.Visit, list string, place int, e procedure.Entry, pick func(procedure.Text) string) string {
	if v.Words.Has(strings.TrimSuffix(list, "s") + "." + e.Name) { // of a closed list
		return v.Words.T("entry.named", v.Words.T(strings.TrimSuffix(list, "s")+"."+e.Name))
	}
	key := "entry.other"
	if v.Words.Has("entry." + list) {
		key = "entry." + list
	}
	for _, name := range callers {
		for _, d := range e.Parts {
			if words := saidIn(d, pick); d.Property.Name == name && words != "" {
				return v.Words.T(key, v.Words.T("entry.named", words))
			}
		}
	}
	return v.Words.T(key, place)
}

func saidIn(d procedure.Described, pick func(procedure.Text) string) (words string) {
	switch value := d.Value.(type) {
	case procedure.Text:
		words = pick(value)
	case string:
		words = value
	}
	words = strings.Join(strings.Fields(words), " ")
	if r := []rune(words); len(r) > entryWords {
		words = string(r[:entryWords-1]) + "…"
	}
	return words
}
