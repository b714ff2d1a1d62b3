package check

import (
	"slices"
	"strings"

	"selfhelp/app/procedure"
)

// loops reports the rounds that a journey could go for ever without a person
// seeing a page: cycles of ways that are taken unseen and without a limit.
func (c *checker) loops() {
	unseen := c.unseen(c.graph)
	for _, round := range components(unseen) {
		alone := len(round) == 1
		if alone && !slices.Contains(unseen[round[0]], round[0]) {
			continue
		}
		ids := make([]string, len(round))
		for i, n := range round {
			ids[i] = c.graph.steps[n].ID
		}
		c.error(Place{Step: ids[0]}, "check.endless", strings.Join(append(ids, ids[0]), " → "))
	}
}

// unseen returns, for each step, the targets that a journey may go to without
// a page having been shown and without counting.
func (c *checker) unseen(g *graph) [][]int {
	ways := make([][]int, len(g.steps))
	for i, s := range g.steps {
		waits := c.waits(s)
		for j, e := range g.edges[i] {
			if to := g.to[i][j]; to >= 0 && isUnseen(s, e.ID, waits) {
				ways[i] = append(ways[i], to)
			}
		}
	}
	return ways
}

// isUnseen tells whether a way out may be taken unseen: any of a step that
// never waits for a person; of one that does, when it is passed over, fails or
// finds nobody to hand over to. Jumps and the bodies of loops are counted.
func isUnseen(s *procedure.Step, edge string, waits bool) bool {
	switch edge {
	case "jump", "body":
		return false
	case "error":
		return true
	case "next":
		return !waits || s.When != ""
	case "refused":
		return s.Handover.Available != ""
	}
	return !waits
}

// waits reports whether a step surely shows a page: interactive ones do, and
// calls of procedures that do.
func (c *checker) waits(s *procedure.Step) bool {
	if s.Call != nil {
		return !c.isSilent(s.Call.Procedure)
	}
	return s.Family() == procedure.Interactive
}

// isSilent reports whether a procedure may come to an End without having shown
// a page. Of one that is not known, or calls itself, nothing bad is thought:
// that is a problem of its own.
func (c *checker) isSilent(uid string) bool {
	if known, ok := c.silent[uid]; ok {
		return known
	}
	c.silent[uid] = false
	p := c.procedures[uid]
	if p == nil {
		return false
	}
	g := newGraph(p)
	if g.start < 0 {
		return false
	}
	ways := c.unseen(g)
	for i := range g.steps { // in one passage the counted ways are open too
		for j, e := range g.edges[i] {
			if to := g.to[i][j]; to >= 0 && (e.ID == "jump" || e.ID == "body") {
				ways[i] = append(ways[i], to)
			}
		}
	}
	g.to = ways
	for i, reached := range g.reach(g.start) {
		if reached && g.steps[i].End != nil {
			c.silent[uid] = true
		}
	}
	return c.silent[uid]
}

// components returns the strongly connected components of a graph, each in the
// order of its numbers, by their first (Tarjan's algorithm).
func components(to [][]int) [][]int {
	t := tarjan{to: to, index: make([]int, len(to)), low: make([]int, len(to)), on: make([]bool, len(to)), of: make([]int, len(to))}
	for i := range to {
		if t.index[i] == 0 {
			t.visit(i)
		}
	}
	byComponent := map[int][]int{}
	var order []int
	for i, n := range t.of {
		if byComponent[n] == nil {
			order = append(order, n)
		}
		byComponent[n] = append(byComponent[n], i)
	}
	list := make([][]int, len(order))
	for i, n := range order {
		list[i] = byComponent[n]
	}
	return list
}

type tarjan struct {
	to         [][]int
	index, low []int // from 1
	on         []bool
	of         []int // component of each node
	stack      []int
	count, n   int
}

func (t *tarjan) visit(v int) {
	t.count++
	t.index[v], t.low[v] = t.count, t.count
	t.stack, t.on[v] = append(t.stack, v), true
	for _, w := range t.to[v] {
		if t.index[w] == 0 {
			t.visit(w)
			t.low[v] = min(t.low[v], t.low[w])
		} else if t.on[w] {
			t.low[v] = min(t.low[v], t.index[w])
		}
	}
	if t.low[v] != t.index[v] {
		return
	}
	for {
		w := t.stack[len(t.stack)-1]
		t.stack, t.on[w] = t.stack[:len(t.stack)-1], false
		t.of[w] = t.n
		if w == v {
			break
		}
	}
	t.n++
}
