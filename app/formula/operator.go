package formula

import (
	"github.com/expr-lang/expr/ast"
)

// binary compiles a operator b.
func (c *compiler) binary(n *ast.BinaryNode) (node, error) {
	if n.Operator == "matches" {
		return c.matches(n)
	}
	sides, err := c.nodesOf([]ast.Node{n.Left, n.Right})
	if err != nil {
		return nil, err
	}
	a, b, at := sides[0], sides[1], n.Location().From
	switch n.Operator {
	case "&&", "and":
		return either(a, b, false, n), nil
	case "||", "or":
		return either(a, b, true, n), nil
	case "??":
		return func(r *run) (any, error) {
			if v, err := a(r); err != nil || v != nil {
				return v, err
			}
			return b(r)
		}, nil
	}
	compute := operation(n.Operator)
	if compute == nil {
		return nil, failAt(at, "formula.unexpected", n.Operator)
	}
	return func(r *run) (any, error) {
		x, y, err := both(r, a, b)
		if err != nil {
			return nil, err
		}
		v, err := compute(r, x, y)
		if err != nil {
			return nil, placed(err, at)
		}
		return v, nil
	}, nil
}

// either compiles and (decided by false) and or (decided by true).
func either(a, b node, decides bool, n *ast.BinaryNode) node {
	left, right := n.Left.Location().From, n.Right.Location().From
	return func(r *run) (any, error) {
		holds, err := truth(r, a, left)
		if err != nil || holds == decides {
			return holds, err
		}
		return truthOf(truth(r, b, right))
	}
}

func truthOf(holds bool, err error) (any, error) { return holds, err }

// operation returns what an operator does to its two values.
func operation(operator string) func(r *run, a, b any) (any, error) {
	switch operator {
	case "==":
		return func(r *run, a, b any) (any, error) { return truthOf(equal(r, a, b, 0)) }
	case "!=":
		return func(r *run, a, b any) (any, error) {
			same, err := equal(r, a, b, 0)
			return !same, err
		}
	case "<", "<=", ">", ">=":
		return comparison(operator)
	case "+":
		return add
	case "-", "*", "/", "%", "**", "^":
		return arithmetic(operator)
	case "..":
		return numbersBetween
	case "in":
		return func(r *run, a, b any) (any, error) { return truthOf(contains(r, b, a, "in")) }
	case "contains":
		return func(r *run, a, b any) (any, error) { return truthOf(contains(r, a, b, "contains")) }
	case "startsWith", "endsWith":
		return textTest(operator)
	}
	return nil
}

// unary compiles -a, +a and not a.
func (c *compiler) unary(n *ast.UnaryNode) (node, error) {
	a, err := c.node(n.Node)
	if err != nil {
		return nil, err
	}
	at, operator := n.Location().From, n.Operator
	if operator == "!" || operator == "not" {
		return func(r *run) (any, error) {
			holds, err := truth(r, a, at)
			return !holds, err
		}, nil
	}
	return func(r *run) (any, error) {
		v, err := a(r)
		if err != nil {
			return nil, err
		}
		f, ok := v.(float64)
		if !ok {
			return nil, failAt(at, "formula.operand", operator, KindOf(v))
		}
		if operator == "-" {
			f = 0 - f
		}
		return f, nil
	}, nil
}
