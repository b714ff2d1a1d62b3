package formula

import (
	"math"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
)

// member compiles a.b and a[b]. Names written out after a root become one
// path; everything else is looked up step by step.
func (c *compiler) member(n *ast.MemberNode) (node, error) {
	if root, names, ok := c.path(n); ok {
		c.nodes += len(names)
		c.reads[readName(root, names)] = true
		return path(root, names), nil
	}
	of, err := c.node(n.Node)
	if err != nil {
		return nil, err
	}
	at := n.Location().From
	if s, ok := n.Property.(*ast.StringNode); ok {
		return func(r *run) (any, error) {
			v, err := of(r)
			if err != nil {
				return nil, err
			}
			v, err = known(memberOf(v, s.Value))
			return v, placed(err, at)
		}, nil
	}
	key, err := c.node(n.Property)
	if err != nil {
		return nil, err
	}
	return func(r *run) (any, error) {
		v, k, err := both(r, of, key)
		if err != nil {
			return nil, err
		}
		v, err = pick(r, v, k)
		return v, placed(err, at)
	}, nil
}

// path returns the root and the names of a chain like step.ask.result, when
// the node is one.
func (c *compiler) path(n ast.Node) (root string, names []string, ok bool) {
	switch n := n.(type) {
	case *ast.ChainNode:
		return c.path(n.Node)
	case *ast.IdentifierNode:
		if _, isLocal := c.local(n.Value); isLocal || c.script != nil {
			return "", nil, false
		}
		root, err := c.root(n)
		return root, nil, err == nil
	case *ast.MemberNode:
		name, isName := n.Property.(*ast.StringNode)
		if !isName {
			return "", nil, false
		}
		root, names, ok = c.path(n.Node)
		return root, append(names, name.Value), ok
	}
	return "", nil, false
}

// readName is how a path stands among what a formula reads: the root and a
// name, two for steps, whose results have names of their own.
func readName(root string, names []string) string {
	out := root
	for i, name := range names {
		if i == 2 || i == 1 && root != "step" {
			break
		}
		out += "." + name
	}
	return out
}

// path reads a chain of names below a root.
func path(root string, names []string) node {
	return func(r *run) (any, error) {
		v := r.vars[root]
		for _, name := range names {
			v = memberOf(v, name)
		}
		return known(v)
	}
}

// memberOf reads a named value of an object. What has no members, has none.
func memberOf(v any, name string) any {
	switch m := v.(type) {
	case map[string]any:
		return m[name]
	case nil, bool, float64, string, []any:
		return nil
	}
	if m, err := Normalize(v); err == nil {
		if m, ok := m.(map[string]any); ok {
			return m[name]
		}
	}
	return nil
}

// pick reads a[k]: an item of a list, a character of a text, a value of an
// object. Places count from 0, or from the end when negative.
func pick(r *run, v, k any) (any, error) {
	switch v := v.(type) {
	case []any:
		i, ok, err := place(k, len(v))
		if !ok {
			return nil, err
		}
		return known(v[i])
	case string:
		if err := r.budget.spend(len(v) / 8); err != nil {
			return nil, err
		}
		i, ok, err := place(k, utf8.RuneCountInString(v))
		if !ok {
			return nil, err
		}
		return firstRune(v[byteOffset(v, i):]), nil
	case map[string]any:
		if k == nil {
			return nil, nil
		}
		name, ok := keyText(k)
		if !ok {
			return nil, fail("formula.key", KindOf(k))
		}
		return known(v[name])
	}
	return nil, nil
}

// place turns an index into a place in n things; ok tells whether there is
// such a place.
func place(k any, n int) (i int, ok bool, err error) {
	f, isNumber := k.(float64)
	if !isNumber || f != math.Trunc(f) {
		return 0, false, fail("formula.index", KindOf(k))
	}
	if f < 0 {
		f += float64(n)
	}
	if f < 0 || f >= float64(n) {
		return 0, false, nil
	}
	return int(f), true, nil
}

// slice compiles a[from:to].
func (c *compiler) slice(n *ast.SliceNode) (node, error) {
	of, err := c.node(n.Node)
	if err != nil {
		return nil, err
	}
	bounds := [2]node{constant(nil), constant(nil)}
	for i, b := range []ast.Node{n.From, n.To} {
		if b == nil {
			continue
		}
		if bounds[i], err = c.node(b); err != nil {
			return nil, err
		}
	}
	at := n.Location().From
	return func(r *run) (any, error) {
		v, err := of(r)
		if err != nil {
			return nil, err
		}
		from, to, err := both(r, bounds[0], bounds[1])
		if err != nil {
			return nil, err
		}
		v, err = cut(r, v, from, to)
		return v, placed(err, at)
	}, nil
}

// cut returns the part of a list or text between two places.
func cut(r *run, v, from, to any) (any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case []any:
		i, j, err := span(from, to, len(v))
		return v[i:j:j], err
	case string:
		if err := r.budget.spend(1 + len(v)/8); err != nil {
			return nil, err
		}
		i, j, err := span(from, to, utf8.RuneCountInString(v))
		if err != nil {
			return nil, err
		}
		begin := byteOffset(v, i)
		return v[begin : begin+byteOffset(v[begin:], j-i)], nil
	}
	return nil, fail("formula.operand", "[:]", KindOf(v))
}

// span turns two ends into places in n things, moved inside where they are out.
func span(from, to any, n int) (i, j int, err error) {
	if i, err = end(from, 0, n); err != nil {
		return 0, 0, err
	}
	if j, err = end(to, n, n); err != nil {
		return 0, 0, err
	}
	return i, max(i, j), nil
}

func end(k any, otherwise, n int) (int, error) {
	if k == nil {
		return otherwise, nil
	}
	f, ok := k.(float64)
	if !ok || f != math.Trunc(f) {
		return 0, fail("formula.index", KindOf(k))
	}
	if f < 0 {
		f += float64(n)
	}
	return int(min(max(f, 0), float64(n))), nil
}

// both computes two nodes in order.
func both(r *run, a, b node) (x, y any, err error) {
	if x, err = a(r); err != nil {
		return nil, nil, err
	}
	y, err = b(r)
	return x, y, err
}
