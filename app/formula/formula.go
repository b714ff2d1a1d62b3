package formula

import (
	"maps"
	"slices"
)

// Vars are the values a formula reads, by root: user, param, step, var, …
type Vars map[string]any

// Roots are the names under which formulas find their values.
var Roots = []string{"user", "param", "step", "var", "session", "conv", "env", "date", "item", "index", "result", "value", "form"}

// Formula is a compiled expression, safe for concurrent use.
type Formula struct {
	source string
	origin origin
	reads  []string
	texts  []string
	eval   node
	size   int // nodes, paid before each evaluation
	slots  int // names declared with let
}

// Compile reads a formula. The error is an *Error.
func Compile(source string) (*Formula, error) { return compileAt(source, origin{1, 1}) }

// compileAt reads a formula that stands inside a longer text.
func compileAt(source string, at origin) (*Formula, error) {
	tree, err := parse(source)
	if err != nil {
		return nil, at.locate(err, source)
	}
	c := &compiler{reads: map[string]bool{}}
	eval, err := c.node(tree)
	if err != nil {
		return nil, at.locate(err, source)
	}
	return &Formula{
		source: source, origin: at, eval: eval, size: c.nodes, slots: c.slots,
		reads: slices.Sorted(maps.Keys(c.reads)), texts: c.texts,
	}, nil
}

// Source returns the formula as it was written.
func (f *Formula) Source() string { return f.source }

// Reads returns what the formula reads, like "var.x" and "step.ask.result",
// sorted; a root alone when it reads all of it. The slice is the formula's own.
func (f *Formula) Reads() []string { return f.reads }

// Texts returns the texts that the formula is written with, as they are meant: a
// name it compares with, not the names of members it reads. In their order; the
// slice is the formula's own.
func (f *Formula) Texts() []string { return f.texts }

// Eval computes the formula over values. A nil budget is a fresh one. The
// result may share lists and objects with the values: do not change it. The
// error is an *Error; when the budget is spent, ErrBudget is in its chain.
func (f *Formula) Eval(v Vars, b *Budget) (any, error) {
	if b == nil {
		b = NewBudget()
	}
	r := run{vars: v, budget: b}
	if f.slots > 0 {
		r.locals = make([]any, f.slots)
	}
	out, err := f.evalIn(&r)
	if err == nil {
		err = b.weigh(out)
	}
	if err != nil {
		return nil, f.origin.locate(err, f.source)
	}
	return out, nil
}

// evalIn computes the formula inside a run that may outlive it.
func (f *Formula) evalIn(r *run) (any, error) {
	if err := r.budget.spend(f.size); err != nil {
		return nil, f.origin.locate(err, f.source)
	}
	out, err := f.eval(r)
	return out, f.origin.locate(err, f.source)
}

// Truth tells a condition's answer: only booleans are truths, nil is false.
func Truth(v any) (bool, error) {
	switch v := v.(type) {
	case nil:
		return false, nil
	case bool:
		return v, nil
	}
	return false, fail("formula.not_truth", KindOf(v))
}

// run is one evaluation: what it reads, what it may still cost, and the names
// of the moment.
type run struct {
	vars   Vars
	budget *Budget
	locals []any // let, and the names of a script
	item   any   // # of the innermost loop
	acc    any   // #acc of the innermost reduce
	index  int   // #index
}

// node computes one node of the tree.
type node func(r *run) (any, error)
