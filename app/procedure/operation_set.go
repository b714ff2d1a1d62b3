package procedure

import (
	"reflect"
	"slices"
	"strings"
)

func (d *draft) setInStep(op Operation) error {
	if op.Step == "" {
		return invalid("op.unknown_step", "")
	}
	return d.set(op.Step, op.Path, op.Value)
}

func (d *draft) setProcedure(op Operation) error { return d.set("", op.Path, op.Value) }

// set gives a property a value. Ids and what identifies a procedure stay.
func (d *draft) set(step, path string, value any) error {
	f, err := d.locate(step, path)
	if err != nil {
		return err
	}
	if f.prop.Role == "uid" || f.prop.Name == "id" || f.prop.Name == "schema" {
		return invalid("op.id_stays", path)
	}
	before := ""
	if f.entry {
		before = entryID(f.value)
	}
	if err := f.assign(value, path); err != nil {
		return err
	}
	if f.entry && entryID(f.value) != before {
		return invalid("op.id_stays", path)
	}
	to, isWord := value.(string)
	if !isWord || f.value.Kind() != reflect.String {
		return nil
	}
	return d.fits(f, to)
}

// fits reports why a word may not stand where it was found: outside a closed
// list, or naming a step or frame that is not there.
func (d *draft) fits(f found, word string) error {
	switch {
	case word == "":
		return nil
	case f.prop.One != nil && !slices.Contains(f.prop.One, word):
		return invalid("read.closed_list", word, strings.Join(f.prop.One, ", "))
	case f.prop.Is("any"):
		if d.p.Step(word) == nil {
			return invalid("op.unknown_step", word)
		}
	case f.prop.Role == "step":
		return d.mayLead(word)
	case f.prop.Role == "frame":
		if s := d.p.Step(word); s == nil || s.Box == nil {
			return invalid("op.unknown_step", word)
		}
	}
	return nil
}

// setText gives a text its words in one language.
func (d *draft) setText(op Operation) error {
	f, err := d.locate(op.Step, op.Path)
	if err != nil {
		return err
	}
	if f.value.Type() != textType && f.value.Type() != reflect.TypeFor[DatedText]() {
		return invalid("op.unknown_path", op.Path)
	}
	if t, isText := f.value.Interface().(Text); isText && len(op.Languages) > 0 && op.Language == op.Languages[0] && isWording(t) && t.In[op.Language] != op.Words {
		f.value.SetZero() // our words in other languages would say something else
	}
	in, err := find(f.value, []string{"in", op.Language}, op.Path)
	if err != nil {
		return err
	}
	if op.Words == "" {
		return in.assign(nil, op.Path)
	}
	return in.assign(op.Words, op.Path)
}

func (d *draft) addVariable(op Operation) error {
	op.Step, op.Path = "", "variables"
	return d.addItem(op)
}

func (d *draft) setVariable(op Operation) error {
	if op.Path == "name" {
		return invalid("op.id_stays", op.Item)
	}
	return d.set("", "variables."+op.Item+"."+op.Path, op.Value)
}

func (d *draft) deleteVariable(op Operation) error {
	op.Step, op.Path = "", "variables"
	return d.deleteItem(op)
}
