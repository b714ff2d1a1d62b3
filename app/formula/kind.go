package formula

import (
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// Gives tells, without any value, what kind of value the formula gives, as far
// as that can be told: "" when it may be several. known tells the kind of what
// the formula reads, like "var.x". What is sure to fail is an *Error at its
// place: a text compared with a number, a sum of yes and no. Each may also be
// nothing, which fails only when it is.
func (f *Formula) Gives(known func(read string) Kind) (Kind, error) {
	tree, err := parse(f.source)
	if err != nil {
		return "", f.origin.locate(err, f.source)
	}
	r := reckoner{known: known}
	kind := r.node(tree)
	if r.err != nil {
		return "", f.origin.locate(r.err, f.source)
	}
	return kind, nil
}

// Operands returns the names the formula reads, like "var.x", that it computes
// with: it fails when one of them is nothing. Those that are only computed with
// on a condition are left out. Sorted, each once.
func (f *Formula) Operands(known func(read string) Kind) []string {
	tree, err := parse(f.source)
	if err != nil {
		return nil
	}
	r := reckoner{known: known, operands: map[string]bool{}}
	r.node(tree)
	return slices.Sorted(maps.Keys(r.operands))
}

// reckoner tells the kinds of the nodes of a tree. The first thing that is
// sure to fail is kept.
type reckoner struct {
	known func(read string) Kind
	lets  []letKind // innermost last
	nodes int       // looked at: the parser shares some, see compiler
	err   error

	operands map[string]bool // names computed with; nil: nobody asks
	depends  int             // how many conditions the present node depends on
}

// operand notes a name that is computed with.
func (r *reckoner) operand(n ast.Node) {
	m, isMember := n.(*ast.MemberNode)
	if !isMember || r.operands == nil || r.depends > 0 {
		return
	}
	root, isRoot := m.Node.(*ast.IdentifierNode)
	name, isName := m.Property.(*ast.StringNode)
	if isRoot && isName {
		r.operands[root.Value+"."+name.Value] = true
	}
}

// depending looks at a node that is computed on a condition only.
func (r *reckoner) depending(n ast.Node) Kind {
	r.depends++
	defer func() { r.depends-- }()
	return r.node(n)
}

type letKind struct {
	name string
	kind Kind
}

func (r *reckoner) fail(err *Error) Kind {
	if r.err == nil {
		r.err = err
	}
	return ""
}

// node tells the kind of one node, and looks at everything below it.
func (r *reckoner) node(n ast.Node) Kind {
	if r.nodes++; r.nodes > maxNodes {
		return ""
	}
	switch n := n.(type) {
	case *ast.BoolNode:
		return KindTruth
	case *ast.IntegerNode, *ast.FloatNode:
		return KindNumber
	case *ast.StringNode:
		return KindText
	case *ast.IdentifierNode:
		return r.let(n.Value)
	case *ast.ChainNode:
		return r.node(n.Node)
	case *ast.MemberNode:
		return r.member(n)
	case *ast.UnaryNode:
		return r.unary(n)
	case *ast.BinaryNode:
		return r.binary(n)
	case *ast.ConditionalNode:
		r.truth(n.Cond)
		return sameKind(r.depending(n.Exp1), r.depending(n.Exp2))
	case *ast.VariableDeclaratorNode:
		r.lets = append(r.lets, letKind{n.Name, r.node(n.Value)})
		kind := r.node(n.Expr)
		r.lets = r.lets[:len(r.lets)-1]
		return kind
	case *ast.ArrayNode:
		r.all(n.Nodes)
		return KindList
	case *ast.MapNode:
		for _, p := range n.Pairs {
			r.node(p.(*ast.PairNode).Value)
		}
		return KindObject
	case *ast.CallNode:
		r.all(n.Arguments)
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
			return given[callee.Value]
		}
	case *ast.BuiltinNode:
		r.all(n.Arguments)
		return given[n.Name]
	case *ast.PredicateNode:
		return r.node(n.Node)
	}
	return ""
}

func (r *reckoner) all(list []ast.Node) {
	for _, n := range list {
		r.node(n)
	}
}

// let is the kind of a name declared with let; roots have none.
func (r *reckoner) let(name string) Kind {
	for _, l := range slices.Backward(r.lets) {
		if l.name == name {
			return l.kind
		}
	}
	return ""
}

// member asks what is known of ROOT.NAME; what stands deeper is not.
func (r *reckoner) member(n *ast.MemberNode) Kind {
	root, isRoot := n.Node.(*ast.IdentifierNode)
	name, isName := n.Property.(*ast.StringNode)
	if isRoot && isName && !slices.ContainsFunc(r.lets, func(l letKind) bool { return l.name == root.Value }) {
		return r.known(root.Value + "." + name.Value)
	}
	r.node(n.Node)
	r.node(n.Property)
	return ""
}

// truth looks at a condition.
func (r *reckoner) truth(n ast.Node) {
	if kind := r.node(n); kind != "" && kind != KindTruth {
		r.fail(failAt(n.Location().From, "formula.not_truth", kind))
	}
}

func (r *reckoner) unary(n *ast.UnaryNode) Kind {
	if n.Operator == "!" || n.Operator == "not" {
		r.truth(n.Node)
		return KindTruth
	}
	r.operand(n.Node)
	if kind := r.node(n.Node); kind != "" && kind != KindNumber {
		return r.fail(failAt(n.Location().From, "formula.operand", n.Operator, kind))
	}
	return KindNumber
}

func (r *reckoner) binary(n *ast.BinaryNode) Kind {
	switch n.Operator {
	case "&&", "and", "||", "or":
		r.truth(n.Left)
		r.depends++
		r.truth(n.Right)
		r.depends--
		return KindTruth
	}
	a, b := r.node(n.Left), r.node(n.Right)
	if computes := strings.Contains("- * / % ** ^", n.Operator); computes || n.Operator == "+" && (a == KindNumber && b != KindText || b == KindNumber && a != KindText) {
		r.operand(n.Left)
		r.operand(n.Right)
	}
	kind, fits := operated(n.Operator, a, b)
	if !fits {
		return r.fail(failAt(n.Location().From, "formula.operands", n.Operator, a, b))
	}
	return kind
}

// operated tells what an operator gives of two kinds, and whether it may apply
// to them.
func operated(operator string, a, b Kind) (kind Kind, fits bool) {
	maybe := func(k, is Kind) bool { return k == "" || k == is }
	switch operator {
	case "<", "<=", ">", ">=":
		return KindTruth, maybe(a, KindNumber) && maybe(b, KindNumber) || maybe(a, KindText) && maybe(b, KindText)
	case "-", "*", "/", "%", "**", "^":
		return KindNumber, maybe(a, KindNumber) && maybe(b, KindNumber)
	case "+":
		return added(a, b)
	case "??":
		return sameKind(a, b), true
	case "..":
		return KindList, true
	}
	return KindTruth, true // the tests: ==, in, contains, matches, …
}

// added tells what a sum gives: a text as soon as one side is one.
func added(a, b Kind) (kind Kind, fits bool) {
	switch {
	case a == KindText || b == KindText:
		return KindText, true
	case a == "" || b == "":
		return "", true
	case a == b && (a == KindNumber || a == KindList):
		return a, true
	}
	return "", false
}

// sameKind is the kind of what is one value or another.
func sameKind(a, b Kind) Kind {
	if a == b {
		return a
	}
	return ""
}

// given is what functions and loops give; those that give what they are given
// are not in it.
var given = map[string]Kind{
	"len": KindNumber, "round": KindNumber, "floor": KindNumber, "ceil": KindNumber, "abs": KindNumber, "min": KindNumber, "max": KindNumber,
	"average": KindNumber, "sum": KindNumber, "count": KindNumber, "number": KindNumber, "indexOf": KindNumber, "findIndex": KindNumber,
	"daysBetween": KindNumber, "minutesBetween": KindNumber, "weekday": KindNumber, "week": KindNumber, "year": KindNumber,
	"month": KindNumber, "day": KindNumber, "hour": KindNumber, "minute": KindNumber,
	"join": KindText, "upper": KindText, "lower": KindText, "capitalize": KindText, "fold": KindText, "trim": KindText, "replace": KindText,
	"pad": KindText, "text": KindText, "json": KindText, "type": KindText, "formatDate": KindText,
	"addDays": KindText, "addWorkdays": KindText, "addMonths": KindText, "addMinutes": KindText,
	"isEmpty": KindTruth, "isDate": KindTruth, "any": KindTruth, "all": KindTruth, "none": KindTruth, "one": KindTruth,
	"sort": KindList, "sortBy": KindList, "reverse": KindList, "unique": KindList, "flatten": KindList, "keys": KindList, "values": KindList,
	"split": KindList, "filter": KindList, "map": KindList,
	"merge": KindObject, "groupBy": KindObject,
}
