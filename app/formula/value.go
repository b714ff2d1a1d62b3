package formula

import (
	"maps"
	"slices"
	"strings"
)

// equal compares two values. Values of different kinds are never equal.
func equal(r *run, a, b any, depth int) (bool, error) {
	switch x := a.(type) {
	case nil:
		return b == nil, nil
	case bool:
		y, ok := b.(bool)
		return ok && x == y, nil
	case float64:
		y, ok := b.(float64)
		return ok && same(x, y), nil
	case string:
		y, ok := b.(string)
		if !ok || len(x) != len(y) {
			return false, nil
		}
		err := r.budget.spend(len(x) / 256)
		return err == nil && x == y, err
	case []any:
		if y, ok := b.([]any); ok && len(x) == len(y) {
			return equalLists(r, x, y, depth+1)
		}
	case map[string]any:
		if y, ok := b.(map[string]any); ok && len(x) == len(y) {
			return equalObjects(r, x, y, depth+1)
		}
	}
	return false, nil
}

func equalLists(r *run, x, y []any, depth int) (bool, error) {
	if depth > maxNesting {
		return false, fail("formula.large_value")
	}
	for i := range x {
		if err := r.budget.spend(1); err != nil {
			return false, err
		}
		if ok, err := equal(r, x[i], y[i], depth); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

func equalObjects(r *run, x, y map[string]any, depth int) (bool, error) {
	if depth > maxNesting {
		return false, fail("formula.large_value")
	}
	if err := r.budget.spend(6 * len(x)); err != nil {
		return false, err
	}
	for _, name := range slices.Sorted(maps.Keys(x)) { // so that a difference is found at the same price each time
		b, there := y[name]
		if !there {
			return false, nil
		}
		if ok, err := equal(r, x[name], b, depth); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// order compares two values that have an order: less, equal or greater. Where
// one is nil there is none.
func order(r *run, a, b any, operator string) (sign int, ordered bool, err error) {
	if a == nil || b == nil {
		return 0, false, nil
	}
	if x, ok := a.(float64); ok {
		if y, ok := b.(float64); ok {
			switch {
			case same(x, y):
				return 0, true, nil
			case x < y:
				return -1, true, nil
			}
			return 1, true, nil
		}
	}
	if x, ok := a.(string); ok {
		if y, ok := b.(string); ok {
			err := r.budget.spend(min(len(x), len(y)) / 256)
			return strings.Compare(x, y), true, err
		}
	}
	return 0, false, fail("formula.operands", operator, KindOf(a), KindOf(b))
}

// comparison returns what <, <=, > and >= do to two values.
func comparison(operator string) func(r *run, a, b any) (any, error) {
	least, most := -1, -1 // which signs hold
	switch operator {
	case "<=":
		most = 0
	case ">":
		least, most = 1, 1
	case ">=":
		least, most = 0, 1
	}
	return func(r *run, a, b any) (any, error) {
		sign, ordered, err := order(r, a, b, operator)
		return ordered && least <= sign && sign <= most, err
	}
}

// add is +: a sum, a longer list, or a longer text when one side is a text.
func add(r *run, a, b any) (any, error) {
	switch x := a.(type) {
	case float64:
		if y, ok := b.(float64); ok {
			return finite(plus(x, y))
		}
	case []any:
		if y, ok := b.([]any); ok {
			if err := r.budget.take((len(x)+len(y))/8, 16*(len(x)+len(y))); err != nil {
				return nil, err
			}
			return append(x[:len(x):len(x)], y...), nil
		}
	}
	x, okA := piece(a)
	y, okB := piece(b)
	if KindOf(a) != KindText && KindOf(b) != KindText || !okA || !okB {
		return nil, fail("formula.operands", "+", KindOf(a), KindOf(b))
	}
	if err := r.budget.text(len(x) + len(y)); err != nil {
		return nil, err
	}
	return x + y, nil
}

// piece is a value as a part of a text that is put together.
func piece(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case float64:
		return Plain(v), true
	case bool:
		if v {
			return "true", true
		}
		return "false", true
	}
	return "", false
}

// contains reports whether a list holds a value, a text holds a text, or an
// object a name.
func contains(r *run, in, v any, operator string) (bool, error) {
	switch in := in.(type) {
	case nil:
		return false, nil
	case []any:
		return listContains(r, in, v)
	case string:
		part, ok := v.(string)
		if !ok && v != nil {
			return false, fail("formula.operands", operator, KindOf(in), KindOf(v))
		}
		err := r.budget.spend(len(in) / 16)
		return err == nil && ok && strings.Contains(in, part), err
	case map[string]any:
		name, ok := keyText(v)
		_, there := in[name]
		return ok && there, nil
	}
	return false, fail("formula.operands", operator, KindOf(in), KindOf(v))
}

func listContains(r *run, list []any, v any) (bool, error) {
	for _, item := range list {
		if err := r.budget.spend(1); err != nil {
			return false, err
		}
		if ok, err := equal(r, item, v, 0); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

// textTest returns what startsWith and endsWith do to two texts.
func textTest(operator string) func(r *run, a, b any) (any, error) {
	test := strings.HasPrefix
	if operator == "endsWith" {
		test = strings.HasSuffix
	}
	return func(r *run, a, b any) (any, error) {
		if a == nil || b == nil {
			return false, nil
		}
		x, okA := a.(string)
		y, okB := b.(string)
		if !okA || !okB {
			return nil, fail("formula.operands", operator, KindOf(a), KindOf(b))
		}
		err := r.budget.spend(len(y) / 256)
		return err == nil && test(x, y), err
	}
}

// numbersBetween is a..b: the whole numbers from one to the other.
func numbersBetween(r *run, a, b any) (any, error) {
	x, okA := a.(float64)
	y, okB := b.(float64)
	if !okA || !okB {
		return nil, fail("formula.operands", "..", KindOf(a), KindOf(b))
	}
	from, okA := whole(x)
	to, okB := whole(y)
	if !okA || !okB || max(-from, from, to, -to) > exact {
		return nil, fail("formula.whole", "..")
	}
	if from > to {
		return []any{}, nil
	}
	n := int(min(to-from, maxTicks)) + 1
	if err := r.budget.take(n, priceItem*n); err != nil {
		return nil, err
	}
	out := make([]any, n)
	for i := range out {
		out[i] = from + float64(i)
	}
	return out, nil
}
