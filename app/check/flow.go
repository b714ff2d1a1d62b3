package check

import (
	"maps"
	"slices"
	"strings"

	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// maxFollowed is how many names are followed through a procedure.
const maxFollowed = 2000

// reading is a name that a step reads, where it first does.
type reading struct {
	name string
	at   Place
}

// noteReads keeps the names a formula or text reads for flow. Formulas that
// provide for nothing being there are believed.
func (c *checker) noteReads(at Place, l *procedure.Leaf, source string, names []string) {
	if c.p == nil || at.Path == "until" || at.Path == "collect" || strings.Contains(source, "??") || strings.Contains(source, "nil") {
		return
	}
	for _, name := range names {
		if root, _, _ := strings.Cut(name, "."); isLoopRoot(root) {
			if l.Is("item") || !c.inBody(at.Step) {
				continue // lent to this formula whatever the way to it, or refused already
			}
			name = root
		}
		c.readings[at.Step] = append(c.readings[at.Step], reading{name, at})
	}
}

// filled stands before a name for its value being there, and not only given.
const filled = "filled "

// noteOperands keeps the names a formula fails with when they hold nothing.
func (c *checker) noteOperands(at Place, f *formula.Formula) {
	if c.p == nil || f == nil {
		return
	}
	for _, name := range f.Operands(c.kindsIn(c.scope(c.p))) {
		c.readings[at.Step] = append(c.readings[at.Step], reading{filled + name, at})
	}
}

// optional returns the variables that fields fill which may be left empty.
func (c *checker) optional(s *procedure.Step) (names []string) {
	if s.Form == nil {
		return nil
	}
	for _, f := range c.fieldsOf(s.Form) {
		if f.Type.GivesValue() && f.Required == "" && f.Default == "" && f.Type != procedure.FieldCheck {
			names = append(names, "var."+fieldName(&f))
		}
	}
	return names
}

// isLoopRoot reports whether a root holds something in the body of a for-each
// only.
func isLoopRoot(root string) bool { return root == "item" || root == "index" }

// flow warns of values that are read though, on some way, nothing has been
// written there yet. It follows what is surely written along every edge.
func (c *checker) flow() {
	f := c.newFlow()
	if len(f.bit) == 0 || c.graph.start < 0 {
		return
	}
	f.settle()
	for i, s := range c.graph.steps {
		if f.in[i] != nil {
			c.readsOf(f, s, f.in[i])
		}
	}
}

// flowState is what is surely written before each step, as sets of bits.
type flowState struct {
	c    *checker
	g    *graph
	bit  map[string]int // of the names looked at: those that somebody reads
	in   [][]uint64     // nil for a step not reached yet
	size int
}

func (c *checker) newFlow() *flowState {
	f := &flowState{c: c, g: c.graph, bit: map[string]int{}, in: make([][]uint64, len(c.graph.steps))}
	loose, doubtful := c.unwritten(), map[string]bool{}
	for _, s := range c.graph.steps {
		for _, name := range c.optional(s) {
			doubtful[filled+name] = true
		}
	}
	for _, s := range c.graph.steps {
		for _, r := range c.readings[s.ID] {
			_, known := f.bit[r.name]
			if !known && len(f.bit) < maxFollowed && (loose[r.name] || c.isResult(r.name) || isLoopRoot(r.name) || doubtful[r.name]) {
				f.bit[r.name] = len(f.bit)
			}
		}
	}
	f.size = (len(f.bit) + 63) / 64
	return f
}

// isResult reports whether a name is the result of a step that is there.
func (c *checker) isResult(name string) bool {
	id, ok := strings.CutPrefix(strings.TrimSuffix(name, ".result"), "step.")
	return ok && strings.HasSuffix(name, ".result") && c.steps[id] != nil
}

// unwritten returns the variables that hold nothing when the procedure begins.
// Session variables of a sub-procedure are its caller's business.
func (c *checker) unwritten() map[string]bool {
	names := map[string]bool{}
	for _, s := range c.graph.steps {
		for _, name := range c.fills(s) {
			names["var."+name] = true
		}
	}
	for _, v := range c.p.Variables {
		switch {
		case !v.Session:
			names["var."+v.Name] = v.Default == ""
		case c.p.Entry:
			names["session."+v.Name] = v.Default == ""
		}
	}
	return names
}

// settle follows the edges until nothing changes: a name is surely written
// before a step when it is on every way to it.
func (f *flowState) settle() {
	f.in[f.g.start] = make([]uint64, f.size)
	queue, queued := []int{f.g.start}, make([]bool, len(f.g.steps))
	for rounds := 0; len(queue) > 0 && rounds < 20*len(f.g.steps)+1000; rounds++ {
		n := queue[0]
		queue, queued[n] = queue[1:], false
		for j, e := range f.g.edges[n] {
			to := f.g.to[n][j]
			if to >= 0 && f.meet(to, f.after(n, e.ID)) && !queued[to] {
				queue, queued[to] = append(queue, to), true
			}
		}
	}
}

// meet narrows what is surely written before a step, and reports a change.
func (f *flowState) meet(n int, set []uint64) bool {
	if f.in[n] == nil {
		f.in[n] = slices.Clone(set)
		return true
	}
	changed := false
	for i, bits := range set {
		narrowed := f.in[n][i] & bits
		changed = changed || narrowed != f.in[n][i]
		f.in[n][i] = narrowed
	}
	return changed
}

// after returns what is surely written when a step is left by an edge.
func (f *flowState) after(n int, edge string) []uint64 {
	s := f.g.steps[n]
	set := slices.Clone(f.in[n])
	switch {
	case edge == "error" || edge == "timeout" || edge == "next" && s.When != "":
	case edge == "status" || edge == "fault" || edge == "missing" || edge == "refused":
		f.write(set, "step."+s.ID+".result")
	case edge == "body":
		f.write(set, "var."+s.Each.Item)
		f.write(set, "var."+s.Each.Index)
		f.write(set, "item")
		f.write(set, "index")
	default:
		for _, name := range f.c.writes(s) {
			f.write(set, name)
		}
		for _, name := range f.c.optional(s) {
			f.clear(set, filled+name)
		}
	}
	if s.Test != nil { // who asks about a value is believed to part the ways by it
		for _, r := range f.c.readings[s.ID] {
			f.write(set, filled+r.name)
		}
	}
	return set
}

// write notes that a name is written, with a value: doubts have their own reason.
func (f *flowState) write(set []uint64, name string) {
	for _, as := range []string{name, filled + name} {
		if bit, ok := f.bit[as]; ok {
			set[bit/64] |= 1 << (bit % 64)
		}
	}
}

func (f *flowState) clear(set []uint64, name string) {
	if bit, ok := f.bit[name]; ok {
		set[bit/64] &^= 1 << (bit % 64)
	}
}

// lacks reports whether a name that is looked at is not surely written.
func (f *flowState) lacks(set []uint64, name string) bool {
	bit, ok := f.bit[name]
	return ok && set[bit/64]&(1<<(bit%64)) == 0
}

// readsOf warns of what a step reads too early, once for each name.
func (c *checker) readsOf(f *flowState, s *procedure.Step, in []uint64) {
	said := map[string]bool{}
	set := slices.Clone(in)
	place := 0
	for _, r := range c.readings[s.ID] {
		for s.Set != nil && place < len(s.Set.Values) && strings.HasPrefix(r.at.Path, "values.") &&
			r.at.Path != pathOf("values", s.Set.Values[place].ID, place)+".value" {
			f.write(set, variableName(s.Set.Values[place].Name))
			place++
		}
		if said[r.name] || !f.lacks(set, r.name) {
			continue
		}
		said[r.name] = true
		if name, empty := strings.CutPrefix(r.name, filled); empty {
			if !f.lacks(set, name) {
				c.warn(r.at, "check.may_be_empty", name)
			}
		} else if id, isStep := strings.CutPrefix(r.name, "step."); isStep {
			c.warn(r.at, "check.result_not_sure", strings.TrimSuffix(id, ".result"))
		} else {
			c.warn(r.at, "check.read_before_written", r.name)
		}
	}
}

// variableName is how formulas read what a target names.
func variableName(target string) string {
	if strings.HasPrefix(target, "session.") {
		return target
	}
	return "var." + target
}

// writes returns what a step has surely written when it is left as it should.
func (c *checker) writes(s *procedure.Step) []string {
	if known, ok := c.written[s]; ok {
		return known
	}
	names := []string{"step." + s.ID + ".result"}
	if s.Each != nil {
		names = append(names, variableName(s.Each.Into)) // its item is gone
	} else {
		names = append(names, c.named(s)...)
	}
	if s.Call != nil {
		names = append(names, c.writtenBy(s.Call)...)
	}
	c.written[s] = names
	return names
}

// writtenBy returns the variables of the whole execution, and those shared,
// that a called procedure may write: the benefit of the doubt.
func (c *checker) writtenBy(call *procedure.Call) (names []string) {
	for _, name := range c.mayWrite(call.Procedure) {
		if call.Share || strings.HasPrefix(name, "session.") {
			names = append(names, name)
		}
	}
	return names
}

// mayWrite returns the variables that a procedure, or one it calls, may write.
func (c *checker) mayWrite(uid string) []string {
	p := c.procedures[uid]
	if known, ok := c.mayBe[uid]; ok || p == nil {
		return known
	}
	c.mayBe[uid] = nil // for one that calls itself
	names := map[string]bool{}
	for i := range p.Steps {
		s := &p.Steps[i]
		for _, name := range c.named(s) {
			names[name] = true
		}
		if s.Call != nil {
			for _, name := range c.writtenBy(s.Call) {
				names[name] = true
			}
		}
	}
	sorted := slices.Sorted(maps.Keys(names))
	c.mayBe[uid] = sorted[:min(len(sorted), maxFollowed)]
	return c.mayBe[uid]
}

// named returns the variables that a step names as those it writes.
func (c *checker) named(s *procedure.Step) (names []string) {
	for _, name := range c.fills(s) {
		names = append(names, "var."+name)
	}
	procedure.Walk(s, procedure.Visitor{Leaf: func(l procedure.Leaf) {
		if role := l.Property.Role; role == "target" || role == "variable" {
			for _, word := range l.Words() {
				names = append(names, variableName(word))
			}
		}
	}})
	if s.Call != nil {
		for _, b := range s.Call.Outputs {
			names = append(names, variableName(b.Name))
		}
	}
	return names
}
