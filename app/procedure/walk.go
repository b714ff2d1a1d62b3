package procedure

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
)

// Leaf is one value of the language: a Text, a Date, a word, a number, a list
// of words or a free value.
type Leaf struct {
	Path     string // in its step, procedure or project
	Property *Property
	Value    reflect.Value
	roots    []string // what the lists and objects above it add to the role
}

// Is reports whether the leaf's role is refined by a word.
func (l *Leaf) Is(word string) bool {
	return l.Property.Is(word) || slices.Contains(l.roots, word)
}

// Words returns the leaf's text, or its list of texts, sorted by language
// where they stand so.
func (l *Leaf) Words() []string {
	switch v := l.Value.Interface().(type) {
	case []string:
		return v
	case map[string][]string:
		var all []string
		for _, lang := range sorted(v) {
			all = append(all, v[lang]...)
		}
		return all
	}
	if l.Value.Kind() == reflect.String {
		return []string{l.Value.String()}
	}
	return nil
}

// Text returns the leaf's Text, nil when it is no Text.
func (l *Leaf) Text() *Text {
	t, _ := l.Value.Addr().Interface().(*Text)
	return t
}

// Visitor is what Walk calls. Each function may be nil.
type Visitor struct {
	Leaf  func(Leaf)                               // what says something, and what ought to
	List  func(path string, entries reflect.Value) // a list of structs, before its entries
	Empty bool                                     // also visit required leaves and lists that say nothing
}

// Walk visits every value below v, a pointer to a Step, Project, Scenario or
// Procedure; of the last without its steps, which are walked one by one.
func Walk(v any, visit Visitor) {
	w := walker{visit}
	w.object(reflect.ValueOf(v).Elem(), "", nil)
}

type walker struct{ Visitor }

var (
	stepType = reflect.TypeFor[Step]()
	textType = reflect.TypeFor[Text]()
	dateType = reflect.TypeFor[Date]()
)

func (w walker) object(v reflect.Value, path string, roots []string) {
	list := properties(v.Type())
	for i := range list {
		p := &list[i]
		field := v.FieldByIndex(p.index)
		switch {
		case w.passesOver(field, p), field.Type() == reflect.TypeFor[[]Step]():
		case v.Type() == stepType && field.Kind() == reflect.Pointer:
			w.part(field.Elem(), p.Name)
		default:
			w.value(field, p, join(path, p.Name), roots)
		}
	}
}

func (w walker) passesOver(v reflect.Value, p *Property) bool {
	return p.apart() || v.IsZero() && (p.omit || !w.Empty)
}

// part visits the part of a step, whose name is left out of paths where the
// step has no property of the same name.
func (w walker) part(v reflect.Value, name string) {
	list := properties(v.Type())
	for i := range list {
		p := &list[i]
		if field := v.FieldByIndex(p.index); !w.passesOver(field, p) {
			w.value(field, p, partPath(name, p.Name), nil)
		}
	}
}

// partPath is the path of a property of a step's part.
func partPath(part, name string) string {
	if _, hidden := propertyOf(stepType, name); hidden {
		return join(part, name)
	}
	return name
}

func (w walker) value(v reflect.Value, p *Property, path string, roots []string) {
	t := v.Type()
	switch {
	case t == textType || t == dateType:
	case t.Kind() == reflect.Pointer:
		w.value(v.Elem(), p, path, roots)
		return
	case t.Kind() == reflect.Struct:
		w.object(v, path, slices.Concat(roots, p.more))
		return
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct && v.Len() > 0:
		if w.List != nil {
			w.List(path, v)
		}
		for i, name := range entryNames(v) {
			w.object(v.Index(i), path+"."+name, slices.Concat(roots, p.more))
		}
		return
	}
	if w.Leaf != nil {
		w.Leaf(Leaf{path, p, v, roots})
	}
}

// entryPattern matches the ids that can name an entry in a path: no dots, and
// never taken for a place.
var entryPattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,79}$`)

// entryNames gives the name each entry of a list has in paths: its id where
// that is well-formed and no earlier entry has it, else its place.
func entryNames(list reflect.Value) []string {
	names := make([]string, list.Len())
	taken := make(map[string]bool, len(names))
	for i := range names {
		id := entryID(list.Index(i))
		if !entryPattern.MatchString(id) || taken[id] {
			names[i] = strconv.Itoa(i)
			continue
		}
		names[i], taken[id] = id, true
	}
	return names
}

// entryNamed returns the place of an entry in a list by its name or its place,
// -1 when there is none.
func entryNamed(list reflect.Value, name string) int {
	if i := slices.Index(entryNames(list), name); i >= 0 {
		return i
	}
	if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < list.Len() {
		return i
	}
	return -1
}

// entryID returns what tells an entry from the others of its list.
func entryID(entry reflect.Value) string {
	if entry.Kind() != reflect.Struct {
		return ""
	}
	for _, name := range []string{"id", "name", "outcome"} {
		if p, ok := propertyOf(entry.Type(), name); ok {
			if v := entry.FieldByIndex(p.index); v.Kind() == reflect.String {
				return v.String()
			}
		}
	}
	return ""
}
