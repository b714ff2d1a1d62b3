package formula

import (
	"fmt"
	"sort"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"
)

// Vars are the values a formula reads, by root: user, param, step, var, …
type Vars map[string]any

// Formula is a compiled expression, safe for concurrent use.
type Formula struct {
	source  string
	reads   []string
	program *vm.Program
}

// Compile reads a formula. The error is an *Error.
func Compile(source string) (*Formula, error) {
	reads := &reader{seen: map[string]bool{}}
	program, err := expr.Compile(source, expr.AllowUndefinedVariables(), expr.Optimize(false), expr.Patch(reads))
	if err != nil {
		return nil, &Error{Line: 1, Column: 1, Key: "formula.syntax", Args: []any{source}, cause: err}
	}
	return &Formula{source: source, reads: reads.names(), program: program}, nil
}

// Source returns the formula as it was written.
func (f *Formula) Source() string { return f.source }

// Reads returns what the formula reads, like "var.x" and "step.ask.result",
// sorted.
func (f *Formula) Reads() []string { return f.reads }

// Eval computes the formula over values. A nil budget is a fresh one.
func (f *Formula) Eval(v Vars, b *Budget) (any, error) {
	out, err := expr.Run(f.program, map[string]any(v))
	if err != nil {
		return nil, &Error{Line: 1, Column: 1, Key: "formula.eval", Args: []any{f.source}, cause: err}
	}
	return Normalize(out)
}

// Truth tells a condition's answer: only booleans are truths, nil is false.
func Truth(v any) (bool, error) {
	switch v := v.(type) {
	case nil:
		return false, nil
	case bool:
		return v, nil
	}
	return false, &Error{Key: "formula.not_truth", Args: []any{fmt.Sprint(v)}}
}

type reader struct{ seen map[string]bool }

func (r *reader) Visit(n *ast.Node) {
	m, ok := (*n).(*ast.MemberNode)
	if !ok {
		return
	}
	root, ok := m.Node.(*ast.IdentifierNode)
	prop, okp := m.Property.(*ast.StringNode)
	if ok && okp {
		r.seen[root.Value+"."+prop.Value] = true
	}
}

func (r *reader) names() []string {
	var names []string
	for n := range r.seen {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}
