package formula

import (
	"github.com/expr-lang/expr/ast"
)

// loop is a function that computes an expression for each item of a list.
// Inside it # is the item, .name its member, #index its place from 0.
type loop struct {
	Function
	run func(w *walk) (any, error)
}

// walk is one loop being run.
type walk struct {
	*run
	name string
	list []any
	body node // nil: the item itself
	size int  // nodes of the body
	at   int
	last any  // the value after the expression
	more bool // there is such a value
}

// loop compiles a call of filter, map, sum and the like, whose expressions are
// part of the grammar.
func (c *compiler) loop(n *ast.BuiltinNode) (node, error) {
	at, l := n.Location().From, loops[n.Name]
	list, err := c.node(n.Arguments[0])
	if err != nil {
		return nil, err
	}
	w := walk{name: n.Name, at: at}
	before := c.nodes
	if len(n.Arguments) > 1 {
		if w.body, err = c.body(n.Name, n.Arguments[1]); err != nil {
			return nil, err
		}
	}
	w.size = c.nodes - before + 2
	last := constant(nil)
	if w.more = len(n.Arguments) > 2; w.more {
		if last, err = c.node(n.Arguments[2]); err != nil {
			return nil, err
		}
	}
	return func(r *run) (any, error) {
		v, last, err := both(r, list, last)
		if err != nil {
			return nil, err
		}
		w := w
		w.run, w.last = r, last
		out, err := w.over(v, l.run)
		return out, placed(err, at)
	}, nil
}

// body compiles the expression of a loop.
func (c *compiler) body(name string, n ast.Node) (node, error) {
	if name == "reduce" {
		c.reduces++
		defer func() { c.reduces-- }()
	}
	return c.node(n.(*ast.PredicateNode).Node)
}

// over runs the loop over what should be a list, and gives the loop around it
// its item back.
func (w *walk) over(v any, run func(w *walk) (any, error)) (any, error) {
	list, ok := v.([]any)
	if !ok && v != nil {
		return nil, fail("formula.argument", w.name, "1", KindList, KindOf(v))
	}
	w.list = list
	item, acc, index := w.item, w.acc, w.index
	defer func() { w.item, w.acc, w.index = item, acc, index }()
	return run(w)
}

// each computes the expression for item after item until told to stop.
func (w *walk) each(do func(item, v any) (more bool, err error)) error {
	for i, item := range w.list {
		v, err := w.step(i, item)
		if err != nil {
			return err
		}
		more, err := do(w.item, v)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// step computes the expression for one item.
func (w *walk) step(i int, item any) (v any, err error) {
	if err := w.budget.spend(w.size); err != nil {
		return nil, err
	}
	if w.item, err = known(item); err != nil || w.body == nil {
		return w.item, err
	}
	w.index = i
	return w.body(w.run)
}

// tests is each for expressions that give yes or no.
func (w *walk) tests(do func(item any, holds bool) (more bool, err error)) error {
	return w.each(func(item, v any) (bool, error) {
		holds, err := Truth(v)
		if err != nil {
			return false, err
		}
		return do(item, holds)
	})
}

// decide returns a loop that ends with an answer at the first item for which
// the expression gives what is looked for.
func decide(looked, answer bool) func(w *walk) (any, error) {
	return func(w *walk) (any, error) {
		out := !answer
		err := w.tests(func(_ any, holds bool) (bool, error) {
			if holds == looked {
				out = answer
			}
			return holds != looked, nil
		})
		return out, err
	}
}

func tally(w *walk) (int, error) {
	n := 0
	err := w.tests(func(_ any, holds bool) (bool, error) {
		if holds {
			n++
		}
		return true, nil
	})
	return n, err
}

func count(w *walk) (any, error) {
	n, err := tally(w)
	return float64(n), err
}

func one(w *walk) (any, error) {
	n, err := tally(w)
	return n == 1, err
}

func filter(w *walk) (any, error) {
	out := []any{}
	err := w.tests(func(item any, holds bool) (bool, error) {
		if !holds {
			return true, nil
		}
		out = append(out, item)
		return true, w.budget.grow(2 * priceItem) // growing leaves as much behind
	})
	return out, err
}

func mapped(w *walk) (any, error) {
	if err := w.budget.grow(priceItem * len(w.list)); err != nil {
		return nil, err
	}
	out := make([]any, 0, len(w.list))
	err := w.each(func(_, v any) (bool, error) {
		out = append(out, v)
		return true, nil
	})
	return out, err
}

// sum adds with the rounding kept apart, so that a thousand dimes are a
// hundred.
func sum(w *walk) (any, error) {
	total, rest := 0.0, 0.0
	err := w.each(func(_, v any) (bool, error) {
		x, ok := v.(float64)
		if !ok && v != nil {
			return false, fail("formula.operands", "sum", KindNumber, KindOf(v))
		}
		next := total + x
		if max(total, -total) >= max(x, -x) {
			rest += (total - next) + x
		} else {
			rest += (x - next) + total
		}
		total = next
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	return finite(total + rest)
}

// search returns a loop that gives the item, or its place, of the first for
// which the expression holds, or of the last.
func search(place, last bool) func(w *walk) (any, error) {
	return func(w *walk) (any, error) {
		var out any
		err := w.tests(func(item any, holds bool) (bool, error) {
			if holds {
				out = item
				if place {
					out = float64(w.index)
				}
			}
			return last || !holds, nil
		})
		return out, err
	}
}

func groupBy(w *walk) (any, error) {
	out := map[string]any{}
	err := w.each(func(item, v any) (bool, error) {
		name, ok := piece(v)
		if !ok {
			return false, fail("formula.key", KindOf(v))
		}
		price := 2 * priceItem
		group, there := out[name].([]any)
		if !there {
			price += priceEntry + len(name)
			if err := w.budget.spend(8); err != nil {
				return false, err
			}
		}
		out[name] = append(group, item)
		return true, w.budget.grow(price)
	})
	return out, err
}

func sortBy(w *walk) (any, error) {
	down, err := descending(w.last)
	if err != nil {
		return nil, err
	}
	keys := make([]any, 0, min(len(w.list), maxTicks))
	if err := w.budget.grow(3 * priceItem * len(w.list)); err != nil {
		return nil, err
	}
	if err := w.each(func(_, v any) (bool, error) {
		keys = append(keys, v)
		return true, nil
	}); err != nil {
		return nil, err
	}
	return sorted(w.run, w.list, keys, down)
}

// reduce computes the expression with #acc, what it gave for the item before.
// Without a first value the first item is it.
func reduce(w *walk) (any, error) {
	first := 0
	acc := w.last
	if !w.more && len(w.list) > 0 {
		first, acc = 1, w.list[0]
	}
	for i, item := range w.list[first:] {
		w.acc = acc
		v, err := w.step(first+i, item)
		if err != nil {
			return nil, err
		}
		acc = v
	}
	return acc, nil
}
