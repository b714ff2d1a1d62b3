package check

import (
	"slices"

	"selfhelp/app/procedure"
)

// maxCalls is how deep calls may go in an execution.
const maxCalls = 20

// callGraph is which procedure calls which, by UID.
type callGraph struct {
	c     *checker
	calls map[string][]string
	depth map[string]int
}

// of returns the procedures that one calls, each once.
func (g *callGraph) of(uid string) []string {
	if known, ok := g.calls[uid]; ok {
		return known
	}
	var list []string
	seen := map[string]bool{}
	if p := g.c.procedures[uid]; p != nil {
		for i := range p.Steps {
			if call := p.Steps[i].Call; call != nil && !seen[call.Procedure] {
				seen[call.Procedure] = true
				list = append(list, call.Procedure)
			}
		}
	}
	g.calls[uid] = list
	return list
}

// deep returns how deep the calls out of a procedure go; recursion counts
// once, it is told apart.
func (g *callGraph) deep(uid string) int {
	if known, ok := g.depth[uid]; ok {
		return known
	}
	g.depth[uid] = 0
	deepest := 0
	for _, callee := range g.of(uid) {
		deepest = max(deepest, 1+g.deep(callee))
	}
	g.depth[uid] = deepest
	return deepest
}

// recursion reports the calls, out of the given procedures, by which one calls
// itself, and those that go too deep.
func (c *checker) recursion(from []*procedure.Procedure) {
	g := &callGraph{c, map[string][]string{}, map[string]int{}}
	round := g.rounds(from)
	for _, p := range from {
		c.p = p
		for i := range p.Steps {
			s := &p.Steps[i]
			if s.Call == nil {
				continue
			}
			at := Place{Step: s.ID, Path: "procedure"}
			callee := s.Call.Procedure
			here, there := round[p.UID], round[callee]
			switch {
			case callee == p.UID, here != 0 && here == there:
				c.error(at, "check.recursion", c.names(g.way(p.UID, callee)))
			case g.deep(callee) == maxCalls:
				c.error(at, "check.call_depth", maxCalls)
			}
		}
	}
	c.p = nil
}

// way tells how a procedure comes to call itself.
func (g *callGraph) way(from, to string) []string {
	switch {
	case from == to:
		return []string{from, from}
	case slices.Contains(g.of(to), from):
		return []string{from, to, from}
	}
	return []string{from, to, "…", from}
}

// rounds numbers, from 1, the groups of procedures that call each other in a
// round.
func (g *callGraph) rounds(from []*procedure.Procedure) map[string]int {
	number := map[string]int{}
	var uids []string
	var to [][]int
	meet := func(uid string) int {
		n, known := number[uid]
		if !known {
			n = len(uids)
			number[uid], uids, to = n, append(uids, uid), append(to, nil)
		}
		return n
	}
	for _, p := range from {
		meet(p.UID)
	}
	for n := 0; n < len(uids); n++ {
		for _, callee := range g.of(uids[n]) {
			to[n] = append(to[n], meet(callee))
		}
	}
	round := map[string]int{}
	for i, component := range components(to) {
		for _, n := range component {
			if len(component) > 1 {
				round[uids[n]] = i + 1
			}
		}
	}
	return round
}
