package formula

import (
	"maps"
	"slices"
	"strconv"

	"github.com/expr-lang/expr/ast"
)

// Function describes one function or operator of formulas, for help and
// completion.
type Function struct {
	Name      string
	Signature string
	French    string
	English   string
	Example   string // a formula
	Result    string // what the example gives, as JSON
}

// Functions returns everything a formula may call, sorted by name: functions,
// loops, and the operators that are words.
func Functions() []Function {
	all := map[string]Function{}
	for name, f := range functions {
		all[name] = f.Function
	}
	for name, l := range loops {
		all[name] = l.Function
	}
	for _, f := range wordOperators {
		all[f.Name] = f
	}
	list := slices.Collect(maps.Values(all))
	slices.SortFunc(list, func(a, b Function) int { return compareNames(a.Name, b.Name) })
	return list
}

func compareNames(a, b string) int {
	return rank{kind: rankText, folded: fold(a), text: a}.compare(rank{kind: rankText, folded: fold(b), text: b})
}

// function is one that is computed from its values alone.
type function struct {
	Function
	min, max int // how many values it takes; max < 0: any number
	run      func(c *call) any
}

// call is one function being run. The first thing that goes wrong is kept, and
// decides; until the function returns, values that are not what they should be
// read as empty ones.
type call struct {
	*run
	name string
	args []any
	few  [3]any // holds args when they are few
	err  error
}

// call compiles name(a, b, …).
func (c *compiler) call(n *ast.CallNode) (node, error) {
	at := n.Location().From
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return nil, failAt(at, "formula.method", methodName(n.Callee))
	}
	f, ok := functions[callee.Value]
	if !ok {
		return nil, failAt(at, "formula.function", callee.Value, closest(callee.Value, callable))
	}
	if len(n.Arguments) < f.min || f.max >= 0 && len(n.Arguments) > f.max {
		return nil, failAt(at, "formula.arguments", f.Name, f.takes(), strconv.Itoa(len(n.Arguments)))
	}
	args, err := c.nodesOf(n.Arguments)
	if err != nil {
		return nil, err
	}
	c.nodes += 3 // a call costs more than an operator
	return func(r *run) (any, error) {
		v, err := f.call(r, args)
		if err != nil {
			return nil, placed(err, at)
		}
		return v, nil
	}, nil
}

func (f function) call(r *run, args []node) (any, error) {
	c := &call{run: r, name: f.Name}
	if c.args = c.few[:]; len(args) > len(c.few) {
		c.args = make([]any, len(args))
	}
	c.args = c.args[:len(args)]
	for i, arg := range args {
		v, err := arg(r)
		if err != nil {
			return nil, err
		}
		c.args[i] = v
	}
	v := f.run(c)
	return v, c.err
}

// takes says how many values the function takes: "1", "1-2", "1+".
func (f function) takes() string {
	switch {
	case f.max < 0:
		return strconv.Itoa(f.min) + "+"
	case f.max > f.min:
		return strconv.Itoa(f.min) + "-" + strconv.Itoa(f.max)
	}
	return strconv.Itoa(f.min)
}

func methodName(callee ast.Node) string {
	if m, ok := callee.(*ast.MemberNode); ok {
		if s, ok := m.Property.(*ast.StringNode); ok {
			return s.Value
		}
	}
	return "?"
}

// fail keeps the first thing that went wrong.
func (c *call) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// pays takes work and memory from the budget; false means: do nothing more.
func (c *call) pays(ticks, bytes int) bool {
	if c.err == nil {
		c.err = c.budget.take(ticks, bytes)
	}
	return c.err == nil
}

// builds pays for a text about to be built.
func (c *call) builds(length int) bool {
	if c.err == nil {
		c.err = c.budget.text(length)
	}
	return c.err == nil
}

// wrong says that a value is not of the kind it should be.
func (c *call) wrong(i int, want Kind) {
	c.fail(fail("formula.argument", c.name, strconv.Itoa(i+1), want, KindOf(c.args[i])))
}

func (c *call) has(i int) bool { return i < len(c.args) && c.args[i] != nil }

// text is a value as a text; nil is empty, numbers and truths are written out.
func (c *call) text(i int) string {
	if !c.has(i) {
		return ""
	}
	s, ok := piece(c.args[i])
	if !ok {
		c.wrong(i, KindText)
	}
	return s
}

func (c *call) number(i int) float64 {
	f, ok := c.args[i].(float64)
	if !ok {
		c.wrong(i, KindNumber)
	}
	return f
}

// count is a number that must be whole and between two bounds.
func (c *call) count(i, least, most int) int {
	f := c.number(i)
	n, ok := whole(f)
	if !ok {
		c.fail(fail("formula.whole", c.name))
		return least
	}
	if n < float64(least) || n > float64(most) {
		c.fail(fail("formula.limit", c.name, Plain(f)))
		return least
	}
	return int(n)
}

// list is a value as a list; nil is empty.
func (c *call) list(i int) []any {
	if !c.has(i) {
		return nil
	}
	list, ok := c.args[i].([]any)
	if !ok {
		c.wrong(i, KindList)
	}
	return list
}

// object is a value as an object; nil is empty.
func (c *call) object(i int) map[string]any {
	if !c.has(i) {
		return nil
	}
	object, ok := c.args[i].(map[string]any)
	if !ok {
		c.wrong(i, KindObject)
	}
	return object
}
