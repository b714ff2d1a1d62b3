package procedure

import (
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// ChangeKind says what happened to something.
type ChangeKind string

// The kinds of change.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
	Moved   ChangeKind = "moved" // to another place of its list
)

// Change is one difference between two states of a procedure. With a step and
// no path it is about the whole step; the path "kind" is the step's type.
type Change struct {
	Kind     ChangeKind `json:"kind"`
	Step     string     `json:"step,omitempty"`
	Path     string     `json:"path,omitempty"`
	Language string     `json:"language,omitempty"`
	Before   string     `json:"before,omitempty"` // as a person reads it; a formula as written
	After    string     `json:"after,omitempty"`
}

// Diff lists what changed from a to b, in the order of b, what is gone last.
func Diff(a, b *Procedure) []Change {
	var d differ
	d.object(reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem(), "")
	return d.changes
}

// DiffProject lists what changed from a to b in what a project says of itself,
// its resources included; its procedures and scenarios are compared one by one.
func DiffProject(a, b *Project) []Change {
	var d differ
	d.object(reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem(), "")
	return d.changes
}

type differ struct {
	step    string
	changes []Change
}

func (d *differ) add(kind ChangeKind, path, lang, before, after string) {
	if before != after || kind == Moved {
		d.changes = append(d.changes, Change{kind, d.step, path, lang, before, after})
	}
}

// differs notes a value that was or is "" when absent.
func (d *differ) differs(path, lang, before, after string) {
	switch {
	case before == "":
		d.add(Added, path, lang, before, after)
	case after == "":
		d.add(Removed, path, lang, before, after)
	default:
		d.add(Changed, path, lang, before, after)
	}
}

func (d *differ) object(a, b reflect.Value, path string) {
	if a.Type() == stepType {
		kindA, kindB := a.Addr().Interface().(*Step).Kind(), b.Addr().Interface().(*Step).Kind()
		d.differs("kind", "", string(kindA), string(kindB))
	}
	for _, p := range properties(a.Type()) {
		if p.apart() {
			continue
		}
		at := join(path, p.Name)
		fieldA, fieldB := a.FieldByIndex(p.index), b.FieldByIndex(p.index)
		if a.Type() == stepType && fieldA.Kind() == reflect.Pointer {
			d.part(pointed(fieldA), pointed(fieldB), p.Name)
			continue
		}
		d.value(fieldA, fieldB, at)
	}
}

func (d *differ) part(a, b reflect.Value, name string) {
	for _, p := range properties(a.Type()) {
		d.value(a.FieldByIndex(p.index), b.FieldByIndex(p.index), partPath(name, p.Name))
	}
}

// pointed follows a pointer; nothing is an object that says nothing.
func pointed(v reflect.Value) reflect.Value {
	if v.IsNil() {
		return reflect.New(v.Type().Elem()).Elem()
	}
	return v.Elem()
}

func (d *differ) value(a, b reflect.Value, path string) {
	t := a.Type()
	switch {
	case t == textType:
		d.text(a.Addr().Interface().(*Text), b.Addr().Interface().(*Text), path)
	case t == dateType:
		d.differs(path, "", sayValue(a), sayValue(b))
	case t.Kind() == reflect.Pointer:
		if !a.IsNil() || !b.IsNil() { // types may hold themselves: stop where both end
			d.object(pointed(a), pointed(b), path)
		}
	case t.Kind() == reflect.Struct:
		d.object(a, b, path)
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		d.list(a, b, path)
	case t.Kind() == reflect.Map:
		for _, key := range union(sortedKeys(a), sortedKeys(b)) {
			k := reflect.ValueOf(key)
			d.differs(path, key, sayValue(a.MapIndex(k)), sayValue(b.MapIndex(k)))
		}
	default:
		d.differs(path, "", sayValue(a), sayValue(b))
	}
}

func (d *differ) text(a, b *Text, path string) {
	d.value(reflect.ValueOf(&a.In).Elem(), reflect.ValueOf(&b.In).Elem(), path)
	d.list(reflect.ValueOf(&a.Dated).Elem(), reflect.ValueOf(&b.Dated).Elem(), path+".dated")
}

// list compares entries of the same name.
func (d *differ) list(a, b reflect.Value, path string) {
	namesA, namesB := entryNames(a), entryNames(b)
	placeA, placeB := places(namesA), places(namesB)
	moved := movedEntries(namesB, placeA)
	for i, name := range namesB {
		at := d.enter(a, path, name)
		j, was := placeA[name]
		if !was {
			d.add(Added, at, "", "", summary(b.Index(i)))
		} else {
			if moved[name] {
				d.add(Moved, at, "", "", "")
			}
			d.object(a.Index(j), b.Index(i), at)
		}
		d.leave(a)
	}
	for i, name := range namesA {
		if _, is := placeB[name]; !is {
			at := d.enter(a, path, name)
			d.add(Removed, at, "", summary(a.Index(i)), "")
			d.leave(a)
		}
	}
}

// enter gives the path of an entry; that of a step begins anew.
func (d *differ) enter(list reflect.Value, path, name string) string {
	if list.Type().Elem() == stepType {
		d.step = name
		return ""
	}
	return path + "." + name
}

func (d *differ) leave(list reflect.Value) {
	if list.Type().Elem() == stepType {
		d.step = ""
	}
}

func places(names []string) map[string]int {
	at := make(map[string]int, len(names))
	for i, name := range names {
		at[name] = i
	}
	return at
}

// movedEntries returns the entries that left the order they had: all but a
// longest run that kept it.
func movedEntries(names []string, was map[string]int) map[string]bool {
	var ends []int // index in names of the smallest end of a run of each length
	before := make([]int, len(names))
	for i, name := range names {
		at, ok := was[name]
		if !ok {
			continue
		}
		n, _ := slices.BinarySearchFunc(ends, at, func(end, at int) int { return cmp.Compare(was[names[end]], at) })
		before[i] = -1
		if n > 0 {
			before[i] = ends[n-1]
		}
		ends = append(ends[:n], append([]int{i}, ends[min(n+1, len(ends)):]...)...)
	}
	moved := map[string]bool{}
	for _, name := range names {
		moved[name] = true
	}
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = before[i] {
			delete(moved, names[i])
		}
	}
	return moved
}

func union(a, b []string) []string {
	all := append(slices.Clone(a), b...)
	slices.Sort(all)
	return slices.Compact(all)
}

// sayValue writes one value as a person reads it, "" for none.
func sayValue(v reflect.Value) string {
	if !v.IsValid() || v.IsZero() {
		return ""
	}
	switch special := v.Interface().(type) {
	case Date:
		return special.String()
	case []string:
		return strings.Join(special, ", ")
	}
	if v.Kind() == reflect.String {
		return v.String()
	}
	body, _ := json.Marshal(v.Interface()) // numbers, booleans: never fails
	return string(body)
}

// summary says what an entry is: its words, else all of it.
func summary(v reflect.Value) string {
	for _, name := range []string{"title", "text", "label", "name"} {
		if p, ok := propertyOf(v.Type(), name); ok {
			if t, ok := v.FieldByIndex(p.index).Interface().(Text); ok && len(t.In) > 0 {
				words, _ := pick(t.In, nil)
				return words
			}
		}
	}
	body, _ := json.Marshal(v.Interface())
	return string(body)
}
