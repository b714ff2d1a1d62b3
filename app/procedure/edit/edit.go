// Package edit turns what was posted from a form about a step, or about a
// procedure, into operations, and finds those that would undo what somebody
// else did meanwhile. It refuses to know requests, pages and the store.
//
// Its main names are Read, which compares a form with the revision it was made
// from, and Conflicts.
package edit

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// The names of what a form posts begin with what they are; a path comes after,
// and behind the path the language of a text.
const (
	Property = "p:" // the value of a property
	Box      = "b:" // says that the form has the box, which browsers post only when it is ticked
	Text     = "t:" // the words of a text: t:answers.yes.text:fr
	List     = "l:" // a list by language, a line each: l:keywords:fr
	Edge     = "e:" // the step that a way out leads to: e:answer.yes
)

// Read returns the operations that make a step ("" for the procedure itself)
// say what was posted, where it differs from what it says. A field that names
// nothing of the step is refused, for it would be lost unseen.
func Read(p *procedure.Procedure, step string, posted map[string][]string) ([]procedure.Operation, error) {
	r := reader{step: step, known: Index(p, step)}
	if s := p.Step(step); s != nil {
		r.edges = s.AllEdges()
	}
	posted = renamed(r.known, posted)
	for _, name := range slices.Sorted(maps.Keys(posted)) {
		values := posted[name]
		if len(name) < 2 || len(values) == 0 {
			continue
		}
		value := clean(values[0])
		switch boxed := posted[Property+name[2:]]; {
		case name[:2] == Box:
			value = need(r.known[name[2:]], boxed)
		case name[:2] == Property && posted[Box+name[2:]] != nil:
			continue // its box has read it
		}
		r.read(name[:2], name[2:], value)
	}
	if r.unknown != "" {
		return nil, fault.New(fault.Invalid, "fault.edit.unknown", r.unknown)
	}
	if r.wrong != nil {
		return nil, &fault.Error{Kind: fault.Invalid, Key: "fault.edit", Fields: r.wrong}
	}
	// What entries are told by changes last: until then they are named by it.
	slices.SortStableFunc(r.operations, func(a, b procedure.Operation) int { return cmp.Compare(renames(a), renames(b)) })
	return r.operations, nil
}

// need is what a box says, with the formula that a form may have beside it: a
// formula that stood there goes when the box is emptied.
func need(d procedure.Described, posted []string) string {
	formula, ticked := "", slices.Contains(posted, "true")
	for _, value := range posted {
		if value = strings.TrimSpace(value); value != "true" {
			formula = value
		}
	}
	switch {
	case formula != "" && (ticked || formula != Said(d)):
		return formula
	case ticked:
		return "true"
	}
	return ""
}

// clean is a value as it is kept: browsers post lines with both marks.
func clean(value string) string {
	return strings.TrimRight(strings.ReplaceAll(value, "\r\n", "\n"), " \n\t")
}

func renames(op procedure.Operation) int {
	if dot := strings.LastIndexByte(op.Path, '.'); dot >= 0 && tells(op.Path[dot+1:]) {
		return 1
	}
	return 0
}

// reader gathers the operations of a form.
type reader struct {
	step       string
	known      map[string]procedure.Described
	edges      []procedure.Edge
	operations []procedure.Operation
	wrong      map[string]string
	unknown    string // the first field that names nothing of the step
}

func (r *reader) read(kind, name, value string) {
	path, lang, _ := strings.Cut(name, ":")
	if !r.has(kind, path, lang) {
		if r.unknown == "" && kind != Edge && !strings.Contains(path, ".") { // an entry may be gone while its form stays
			r.unknown = kind + name
		}
		return
	}
	switch kind {
	case Property:
		r.property(r.known[path], value)
	case Box:
		if d := r.known[path]; d.Shape == procedure.ShapeFlag {
			r.flag(d, value == "true")
		} else if d.Property.Role == "formula" {
			r.property(d, value)
		}
	case Text:
		if words, _ := Words(r.known[path], lang); words != value {
			r.add(procedure.Operation{Do: "set_text", Path: path, Language: lang, Words: value})
		}
	case List:
		byLang, _ := r.known[path].Value.(map[string][]string)
		r.lines(path+"."+lang, byLang[lang], value)
	case Edge:
		i := slices.IndexFunc(r.edges, func(e procedure.Edge) bool { return e.ID == path })
		if r.edges[i].To != value {
			r.add(procedure.Operation{Do: "connect", Edge: path, To: value})
		}
	}
}

// has reports whether the step has what a field names. What begins with none of
// our letters is no field of a step, and is somebody else's to read.
func (r *reader) has(kind, path, lang string) bool {
	d, known := r.known[path]
	switch kind {
	case Property, Box:
		return known
	case Text:
		_, holds := Words(d, lang)
		return known && holds
	case List:
		return known && d.Shape == procedure.ShapeByLang
	case Edge:
		return slices.ContainsFunc(r.edges, func(e procedure.Edge) bool { return e.ID == path })
	}
	return true
}

func (r *reader) add(op procedure.Operation) {
	op.Step = r.step
	if op.Do == "set" && r.step == "" {
		op.Do = "set_procedure"
	}
	r.operations = append(r.operations, op)
}

func (r *reader) refuse(path, key string) {
	if r.wrong == nil {
		r.wrong = map[string]string{}
	}
	r.wrong[path] = key
}

func (r *reader) flag(d procedure.Described, set bool) {
	if was, _ := d.Value.(bool); was != set {
		r.add(procedure.Operation{Do: "set", Path: d.Path, Value: set})
	}
}

// property reads the value of a property by its shape.
func (r *reader) property(d procedure.Described, value string) {
	switch d.Shape {
	case procedure.ShapeWord, procedure.ShapeDate:
		value = strings.TrimSpace(value)
		if d.Property.Role == "script" || d.Property.Role == "note" {
			value = clean(value)
		}
		if Said(d) == value {
			return
		}
		if value == "" {
			r.add(procedure.Operation{Do: "set", Path: d.Path})
			return
		}
		r.add(procedure.Operation{Do: "set", Path: d.Path, Value: value})
	case procedure.ShapeNumber:
		r.number(d, strings.Replace(strings.TrimSpace(value), ",", ".", 1))
	case procedure.ShapeWords:
		words, _ := d.Value.([]string)
		r.lines(d.Path, words, value)
	}
}

func (r *reader) number(d procedure.Described, value string) {
	if value == Said(d) {
		return
	}
	if value == "" {
		r.add(procedure.Operation{Do: "set", Path: d.Path})
		return
	}
	n, err := strconv.ParseFloat(value, 64)
	if err != nil {
		r.refuse(d.Path, "fault.number")
		return
	}
	if p := d.Property; p.Max > 0 && (n < p.Min || n > p.Max) {
		r.refuse(d.Path, "fault.number.range")
		return
	}
	r.add(procedure.Operation{Do: "set", Path: d.Path, Value: n})
}

// lines reads a list, a line an entry.
func (r *reader) lines(path string, was []string, value string) {
	var list []string
	for line := range strings.SplitSeq(value, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	if slices.Equal(list, was) {
		return
	}
	op := procedure.Operation{Do: "set", Path: path}
	if len(list) > 0 {
		op.Value = list
	}
	r.add(op)
}
