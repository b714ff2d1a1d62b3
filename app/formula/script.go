package formula

import (
	"slices"
	"strconv"
)

// What a script may look like.
const (
	MaxScript    = 32 << 10 // bytes
	maxBlockDeep = 16       // blocks inside blocks
)

// Script is a compiled small program over formulas, safe for concurrent use.
// Its lines are
//
//	name = formula
//	if formula / elif formula / else / end
//	for name in formula / end
//	while formula / end
//	return formula
//	# comment
//
// and its names are its own: inputs and what it sets.
type Script struct {
	body  []statement
	names []scriptName // by slot
	slots int
	texts []string
}

// scriptName is one name of a script.
type scriptName struct {
	name string
	set  bool   // some line gives it a value
	at   origin // where it is first seen
}

// CompileScript reads a script. The error is an *Error with its line.
func CompileScript(source string) (*Script, error) {
	if len(source) > MaxScript {
		err := failAt(0, "formula.script.long", strconv.Itoa(len(source)), strconv.Itoa(MaxScript))
		return nil, origin{1, 1}.locate(err, source)
	}
	p := &scriptParser{lines: scriptLines(source), compiler: compiler{reads: map[string]bool{}, script: map[string]int{}}}
	body, err := p.block(0)
	if err != nil {
		return nil, err
	}
	if p.next < len(p.lines) {
		l := p.lines[p.next]
		return nil, l.fail("formula.script.stray", l.word)
	}
	return &Script{body: body, names: p.names, slots: p.compiler.slots, texts: p.compiler.texts}, nil
}

// Texts returns the texts that the script is written with, as Formula.Texts does.
func (s *Script) Texts() []string { return s.texts }

// Inputs returns the names a script reads and never sets, sorted: those it
// must be given.
func (s *Script) Inputs() []string { return s.namesThat(false) }

// Outputs returns the names a script sets, sorted: those it may give.
func (s *Script) Outputs() []string { return s.namesThat(true) }

func (s *Script) namesThat(set bool) []string {
	var list []string
	for _, n := range s.names {
		if n.name != "" && n.set == set {
			list = append(list, n.name)
		}
	}
	slices.Sort(list)
	return list
}

// Run runs the script over its inputs and returns what it returned and the
// values it gave to the outputs; an output that it never set is not among
// them. A nil budget is a fresh one. The error is an *Error.
func (s *Script) Run(inputs map[string]any, outputs []string, b *Budget) (returned any, values map[string]any, err error) {
	if b == nil {
		b = NewBudget()
	}
	m := &machine{run: run{budget: b, locals: make([]any, s.slots)}, set: make([]bool, s.slots)}
	for slot, n := range s.names {
		v, given := inputs[n.name]
		if n.name != "" && !given && !n.set {
			return nil, nil, n.at.locate(failAt(0, "formula.script.input", n.name), "")
		}
		if m.locals[slot], err = known(v); err != nil {
			return nil, nil, n.at.locate(err, "")
		}
	}
	if _, err := m.block(s.body); err != nil {
		return nil, nil, err
	}
	if err := b.weigh(m.returned); err != nil {
		return nil, nil, origin{1, 1}.locate(err, "")
	}
	values, err = s.given(m, outputs)
	return m.returned, values, err
}

// given returns the values that the script gave to the outputs.
func (s *Script) given(m *machine, outputs []string) (map[string]any, error) {
	values := map[string]any{}
	for slot, n := range s.names {
		if !m.set[slot] || !slices.Contains(outputs, n.name) {
			continue
		}
		if err := m.budget.weigh(m.locals[slot]); err != nil {
			return nil, n.at.locate(err, "")
		}
		values[n.name] = m.locals[slot]
	}
	return values, nil
}

// machine is one run of a script.
type machine struct {
	run
	set      []bool // which names the script has given a value
	returned any
}

// statement is one line or block that has been compiled. It reports whether
// the script has returned.
type statement func(m *machine) (done bool, err error)

func (m *machine) block(body []statement) (done bool, err error) {
	for _, s := range body {
		if done, err = s(m); done || err != nil {
			return done, err
		}
	}
	return false, nil
}

func assign(slot int, f *Formula) statement {
	return func(m *machine) (bool, error) {
		v, err := f.evalIn(&m.run)
		if err != nil {
			return false, err
		}
		m.locals[slot], m.set[slot] = v, true
		return false, nil
	}
}

func giveBack(f *Formula) statement {
	return func(m *machine) (done bool, err error) {
		m.returned, err = f.evalIn(&m.run)
		return true, err
	}
}

// branch is one condition of an if with its lines; else has none.
type branch struct {
	cond *Formula
	body []statement
}

func choose(branches []branch) statement {
	return func(m *machine) (bool, error) {
		for _, b := range branches {
			holds := b.cond == nil
			if !holds {
				var err error
				if holds, err = m.holds(b.cond); err != nil {
					return false, err
				}
			}
			if holds {
				return m.block(b.body)
			}
		}
		return false, nil
	}
}

func (m *machine) holds(f *Formula) (bool, error) {
	v, err := f.evalIn(&m.run)
	if err != nil {
		return false, err
	}
	holds, err := Truth(v)
	return holds, f.origin.locate(err, f.source)
}

func repeatWhile(cond *Formula, body []statement) statement {
	return func(m *machine) (bool, error) {
		for {
			holds, err := m.holds(cond)
			if err != nil || !holds {
				return false, err
			}
			if done, err := m.block(body); done || err != nil {
				return done, err
			}
		}
	}
}

func repeatFor(slot int, list *Formula, body []statement) statement {
	return func(m *machine) (bool, error) {
		v, err := list.evalIn(&m.run)
		if err != nil {
			return false, err
		}
		items, ok := v.([]any)
		if !ok && v != nil {
			return false, list.origin.locate(fail("formula.argument", "for", "1", KindList, KindOf(v)), list.source)
		}
		for _, item := range items {
			if err := m.budget.spend(2); err != nil {
				return false, list.origin.locate(err, list.source)
			}
			if item, err = known(item); err != nil {
				return false, list.origin.locate(err, list.source)
			}
			m.locals[slot], m.set[slot] = item, true
			if done, err := m.block(body); done || err != nil {
				return done, err
			}
		}
		return false, nil
	}
}
