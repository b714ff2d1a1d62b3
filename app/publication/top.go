package publication

import "slices"

// top keeps the first few of many in an order.
type top[T any] struct {
	most    int
	compare func(a, b T) int
	list    []T
	full    bool // what comes after the last of list is of no use
}

// add takes one in. The list is cut when it has grown to twice what is wanted.
func (t *top[T]) add(v T) {
	if t.full && t.compare(v, t.list[t.most-1]) > 0 {
		return
	}
	if t.list = append(t.list, v); len(t.list) >= 2*t.most {
		t.list, t.full = t.sorted(), true
	}
}

func (t *top[T]) sorted() []T {
	slices.SortFunc(t.list, t.compare)
	return t.list[:min(len(t.list), t.most)]
}
