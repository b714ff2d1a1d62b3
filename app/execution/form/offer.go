package form

import (
	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// maxOptions bounds the entries of one list on a page.
const maxOptions = 2000

// Offer is one thing that can be chosen.
type Offer struct {
	Key   string // what is posted: the id of a written one, else "=" and the value
	Text  string
	Value any
	ID    string // of a written one
}

// Items returns the list that options are made from; fetched is the one that
// was fetched for them, if they name a call.
func Items(s *program.Scene, o *procedure.Options, fetched any) ([]any, error) {
	found := fetched
	switch {
	case o.Table != "":
		return rowsOf(s, o.Table)
	case o.REST != nil:
	case o.List != "":
		var err error
		if found, err = s.Eval(o.List); err != nil {
			return nil, err
		}
	}
	items, ok := found.([]any)
	if !ok && found != nil {
		return nil, message.Fails("step.type", "list", string(procedure.TypeList)).Because("it is " + string(formula.KindOf(found)))
	}
	return items[:min(len(items), maxOptions)], nil
}

// rowsOf returns the rows of a resource of kind table.
func rowsOf(s *program.Scene, id string) ([]any, error) {
	res := s.Resource(id)
	if res == nil || res.Kind != procedure.KindTable {
		return nil, message.Fails("step.no_table", id)
	}
	items := make([]any, 0, len(res.Rows))
	for _, row := range res.Rows {
		item := make(map[string]any, len(row))
		for k, v := range row {
			item[k] = v
		}
		items = append(items, item)
	}
	return items, nil
}

// Offers makes what can be chosen from a list; a value twice is offered once.
// It forgets the roots of the scene.
func Offers(s *program.Scene, o *procedure.Options, fetched any) ([]Offer, error) {
	if o == nil {
		return nil, nil
	}
	items, err := Items(s, o, fetched)
	if err != nil {
		return nil, err
	}
	defer s.Forget() // item was theirs
	seen := make(map[string]bool, len(items))
	out := make([]Offer, 0, len(items))
	for i, item := range items {
		value, text, err := option(s, o, item, i)
		if err != nil {
			return nil, err
		}
		key := "=" + entry.MachineText(value)
		if value == nil || seen[key] {
			continue
		}
		seen[key] = true
		out = append(out, Offer{Key: key, Text: text, Value: value})
	}
	return out, nil
}

// option computes the value and the words of one item.
func option(s *program.Scene, o *procedure.Options, item any, i int) (value any, text string, err error) {
	s.Let("item", item)
	s.Let("index", float64(i))
	value = item
	if o.Value != "" {
		if value, err = s.Eval(o.Value); err != nil {
			return nil, "", err
		}
	}
	if o.Text == "" {
		return value, formula.Show(value, s.Language()), nil
	}
	words, err := s.Eval(o.Text)
	if err != nil {
		return nil, "", err
	}
	return value, formula.Show(words, s.Language()), nil
}

// Pick finds what was chosen: by its key, or by its value as text; nil when it
// is not offered.
func Pick(offers []Offer, given string) *Offer {
	for i := range offers {
		if offers[i].Key == given {
			return &offers[i]
		}
	}
	for i := range offers {
		if entry.MachineText(offers[i].Value) == given {
			return &offers[i]
		}
	}
	return nil
}
