package procedure

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"selfhelp/app/fault"
)

// draft is a procedure being edited: what it shares with the one it comes from
// is copied before it is touched.
type draft struct {
	p     *Procedure
	owned map[string]bool // steps already copied
}

func newDraft(p *Procedure) *draft {
	next := *p
	next.Steps = nil
	next = clone(next)
	next.Steps = slices.Clone(p.Steps)
	return &draft{p: &next, owned: map[string]bool{}}
}

// step returns a step that may be changed.
func (d *draft) step(id string) (*Step, error) {
	s := d.p.Step(id)
	if s == nil {
		return nil, invalid("op.unknown_step", id)
	}
	if !d.owned[id] {
		*s, d.owned[id] = clone(*s), true
	}
	return s, nil
}

// found is a place in a procedure that an operation may change.
type found struct {
	value reflect.Value
	prop  Property
	owner reflect.Value // the map that holds it, else invalid
	key   string        // in the map
	entry bool          // of a list
}

// locate finds what a path names in a step, or in the procedure when step is
// empty. Objects that are not there yet on the way are made.
func (d *draft) locate(step, path string) (found, error) {
	names := strings.Split(path, ".")
	switch {
	case path == "":
		return found{}, invalid("op.no_path")
	case len(names) > maxNames:
		return found{}, invalid("op.unknown_path", path)
	}
	if step == "" {
		return find(reflect.ValueOf(d.p).Elem(), names, path)
	}
	s, err := d.step(step)
	if err != nil {
		return found{}, err
	}
	v := reflect.ValueOf(s).Elem()
	if p, own := propertyOf(stepType, names[0]); !own || v.FieldByIndex(p.index).Kind() == reflect.Pointer {
		part, ok := propertyOf(stepType, string(s.Kind()))
		if !ok || own && p.Name != part.Name {
			return found{}, invalid("op.unknown_path", path)
		}
		v = v.FieldByIndex(part.index).Elem()
		if own {
			names = names[1:]
		}
	}
	return find(v, names, path)
}

// find walks down the names of a path.
func find(v reflect.Value, names []string, path string) (found, error) {
	f := found{value: v}
	for _, name := range names {
		for v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		switch v.Kind() {
		case reflect.Struct:
			p, ok := propertyOf(v.Type(), name)
			if !ok || p.apart() || v.Type() == reflect.TypeFor[Procedure]() && name == "steps" {
				return f, invalid("op.unknown_path", path)
			}
			v = v.FieldByIndex(p.index)
			f = found{value: v, prop: p}
		case reflect.Slice:
			i := entryNamed(v, name)
			if i < 0 {
				return f, invalid("op.unknown_item", name)
			}
			v = v.Index(i)
			f = found{value: v, prop: f.prop, entry: true}
		case reflect.Map:
			if !IsLanguage(name) {
				return f, invalid("read.language", name)
			}
			f = found{value: reflect.New(v.Type().Elem()).Elem(), prop: f.prop, owner: v, key: name}
			v = f.value
		default:
			return f, invalid("op.unknown_path", path)
		}
	}
	if len(names) == 0 {
		return f, invalid("op.unknown_path", path)
	}
	return f, nil
}

// assign gives what was found a value, JSON or a Go value that becomes the
// same; nil clears it.
func (f found) assign(value any, path string) error {
	fresh := reflect.New(f.value.Type()).Elem()
	if value != nil {
		if err := bindValue(value, fresh, path); err != nil {
			return err
		}
	}
	if !f.owner.IsValid() {
		f.value.Set(fresh)
		return nil
	}
	if value == nil {
		f.owner.SetMapIndex(reflect.ValueOf(f.key), reflect.Value{})
		if f.owner.Len() == 0 {
			f.owner.SetZero()
		}
		return nil
	}
	if f.owner.IsNil() {
		f.owner.Set(reflect.MakeMap(f.owner.Type()))
	}
	f.owner.SetMapIndex(reflect.ValueOf(f.key), fresh)
	return nil
}

// bindValue fills v strictly from JSON or from a Go value by way of JSON.
func bindValue(value any, v reflect.Value, path string) error {
	body, err := json.Marshal(value)
	if err != nil {
		return fault.Because(fault.Invalid, err, "op.value", path)
	}
	t, flaws := jsonTree(body)
	if flaws == nil {
		b := binder{closed: true}
		if t.kind == treeNull {
			return nil
		}
		b.bind(t, v, path)
		if flaws = b.flaws; v.Kind() == reflect.String && flaws == nil {
			p := Property{One: closedLists[v.Type()]}
			b.inList(t, v, &p, path)
			flaws = b.flaws
		}
	}
	if flaws != nil {
		return fault.Because(fault.Invalid, flaws, flaws[0].Key, flaws[0].Args...)
	}
	return nil
}
