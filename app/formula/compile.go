package formula

import (
	"github.com/expr-lang/expr/ast"
)

// compiler turns a tree into closures. It counts every node it makes, each
// time it makes it: the parser shares nodes between comparisons in a row, so a
// short source can be an enormous tree.
type compiler struct {
	reads    map[string]bool
	texts    []string       // written out, members apart
	scope    []name         // names declared with let, innermost last
	script   map[string]int // names of a script → slot; nil outside scripts
	fresh    []name         // of which met since the script's parser last looked
	slots    int
	nodes    int
	reduces  int // loops of reduce around this node
	patterns int // bytes of patterns so far
}

type name struct {
	name string
	slot int
}

// node compiles one node and everything below it.
func (c *compiler) node(n ast.Node) (node, error) {
	c.nodes++
	if c.nodes > maxNodes {
		return nil, failAt(n.Location().From, "formula.too_complex")
	}
	switch n := n.(type) {
	case *ast.NilNode:
		return constant(nil), nil
	case *ast.BoolNode:
		return constant(n.Value), nil
	case *ast.IntegerNode:
		return constant(float64(n.Value)), nil
	case *ast.FloatNode:
		return constant(n.Value), nil
	case *ast.StringNode:
		v, err := Normalize(n.Value)
		c.texts = append(c.texts, n.Value)
		return constant(v), err
	case *ast.IdentifierNode:
		return c.identifier(n)
	case *ast.PointerNode:
		return c.pointer(n)
	case *ast.MemberNode:
		return c.member(n)
	case *ast.ChainNode: // a?.b is a.b here
		return c.node(n.Node)
	case *ast.SliceNode:
		return c.slice(n)
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.ConditionalNode:
		return c.conditional(n)
	case *ast.VariableDeclaratorNode:
		return c.declare(n)
	case *ast.ArrayNode:
		return c.list(n)
	case *ast.MapNode:
		return c.object(n)
	case *ast.CallNode:
		return c.call(n)
	case *ast.BuiltinNode:
		return c.loop(n)
	case *ast.SequenceNode:
		return nil, failAt(n.Nodes[1].Location().From, "formula.sequence")
	}
	return nil, failAt(n.Location().From, "formula.unexpected", n.String())
}

// nodesOf compiles several nodes.
func (c *compiler) nodesOf(list []ast.Node) ([]node, error) {
	out := make([]node, len(list))
	for i, n := range list {
		compiled, err := c.node(n)
		if err != nil {
			return nil, err
		}
		out[i] = compiled
	}
	return out, nil
}

func constant(v any) node { return func(*run) (any, error) { return v, nil } }

// identifier compiles a bare name: of a let, of a script, or a root.
func (c *compiler) identifier(n *ast.IdentifierNode) (node, error) {
	if slot, ok := c.local(n.Value); ok {
		return local(slot), nil
	}
	if c.script != nil {
		slot := c.scriptName(n.Value)
		return local(slot), nil
	}
	root, err := c.root(n)
	if err != nil {
		return nil, err
	}
	c.reads[root] = true
	return path(root, nil), nil
}

func local(slot int) node { return func(r *run) (any, error) { return r.locals[slot], nil } }

// local finds a name declared with let around here.
func (c *compiler) local(name string) (slot int, ok bool) {
	for i := len(c.scope) - 1; i >= 0; i-- {
		if c.scope[i].name == name {
			return c.scope[i].slot, true
		}
	}
	return 0, false
}

// scriptName returns the slot of a script's name, a new one when it has none.
func (c *compiler) scriptName(word string) int {
	slot, ok := c.script[word]
	if !ok {
		slot = c.slots
		c.slots++
		c.script[word] = slot
		c.fresh = append(c.fresh, name{word, slot})
	}
	return slot
}

func (c *compiler) root(n *ast.IdentifierNode) (string, error) {
	for _, root := range Roots {
		if n.Value == root {
			return root, nil
		}
	}
	candidates := Roots
	for _, local := range c.scope {
		candidates = append(candidates[:len(candidates):len(candidates)], local.name)
	}
	return "", failAt(n.Location().From, "formula.root", n.Value, closest(n.Value, candidates))
}

// pointer compiles #, #index and #acc inside a loop.
func (c *compiler) pointer(n *ast.PointerNode) (node, error) {
	switch {
	case n.Name == "":
		return func(r *run) (any, error) { return r.item, nil }, nil
	case n.Name == "index":
		return func(r *run) (any, error) { return float64(r.index), nil }, nil
	case n.Name == "acc" && c.reduces > 0:
		return func(r *run) (any, error) { return r.acc, nil }, nil
	}
	return nil, failAt(n.Location().From, "formula.pointer", n.Name)
}

// conditional compiles a ? b : c and if a {b} else {c}.
func (c *compiler) conditional(n *ast.ConditionalNode) (node, error) {
	parts, err := c.nodesOf([]ast.Node{n.Cond, n.Exp1, n.Exp2})
	if err != nil {
		return nil, err
	}
	cond, yes, no := parts[0], parts[1], parts[2]
	at := n.Cond.Location().From
	return func(r *run) (any, error) {
		holds, err := truth(r, cond, at)
		switch {
		case err != nil:
			return nil, err
		case holds:
			return yes(r)
		}
		return no(r)
	}, nil
}

// truth computes a condition.
func truth(r *run, cond node, at int) (bool, error) {
	v, err := cond(r)
	if err != nil {
		return false, err
	}
	holds, err := Truth(v)
	if err != nil {
		return false, placed(err, at)
	}
	return holds, nil
}

// declare compiles let name = value; expression.
func (c *compiler) declare(n *ast.VariableDeclaratorNode) (node, error) {
	at := n.Location().From
	if _, err := c.root(&ast.IdentifierNode{Value: n.Name}); err == nil && c.script == nil {
		return nil, failAt(at, "formula.taken", n.Name)
	}
	value, err := c.node(n.Value)
	if err != nil {
		return nil, err
	}
	slot := c.slots
	c.slots++
	c.scope = append(c.scope, name{n.Name, slot})
	body, err := c.node(n.Expr)
	if err != nil {
		return nil, err
	}
	c.scope = c.scope[:len(c.scope)-1]
	return func(r *run) (any, error) {
		v, err := value(r)
		if err != nil {
			return nil, err
		}
		r.locals[slot] = v
		return body(r)
	}, nil
}

// list compiles [a, b, …].
func (c *compiler) list(n *ast.ArrayNode) (node, error) {
	items, err := c.nodesOf(n.Nodes)
	if err != nil {
		return nil, err
	}
	at := n.Location().From
	return func(r *run) (any, error) {
		if err := r.budget.grow(priceItem * len(items)); err != nil {
			return nil, placed(err, at)
		}
		out := make([]any, len(items))
		for i, item := range items {
			v, err := item(r)
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
		return out, nil
	}, nil
}

// object compiles {a: b, …}.
func (c *compiler) object(n *ast.MapNode) (node, error) {
	keys, values := make([]node, len(n.Pairs)), make([]node, len(n.Pairs))
	for i, p := range n.Pairs {
		pair := p.(*ast.PairNode)
		compiled, err := c.nodesOf([]ast.Node{pair.Key, pair.Value})
		if err != nil {
			return nil, err
		}
		keys[i], values[i] = compiled[0], compiled[1]
	}
	at := n.Location().From
	return func(r *run) (any, error) {
		if err := r.budget.grow(priceEntry * len(keys)); err != nil {
			return nil, placed(err, at)
		}
		out := make(map[string]any, len(keys))
		for i := range keys {
			if err := setEntry(r, out, keys[i], values[i]); err != nil {
				return nil, placed(err, at)
			}
		}
		return out, nil
	}, nil
}

func setEntry(r *run, out map[string]any, key, value node) error {
	k, err := key(r)
	if err != nil {
		return err
	}
	name, ok := keyText(k)
	if !ok {
		return fail("formula.key", KindOf(k))
	}
	out[name], err = value(r)
	return err
}

// keyText is the name under which a value stands in an object: texts as they
// are, numbers by their digits.
func keyText(k any) (string, bool) {
	switch k := k.(type) {
	case string:
		return k, true
	case float64:
		return Plain(k), true
	}
	return "", false
}
