package check

import (
	"slices"
	"strings"

	"selfhelp/app/procedure"
)

// graph is the steps of a procedure by number, with their ways out.
type graph struct {
	steps []*procedure.Step
	edges [][]procedure.Edge // of each step
	to    [][]int            // number of each edge's target, -1 when it has none
	start int                // -1 when there is none
}

func newGraph(p *procedure.Procedure) *graph {
	g := &graph{start: -1}
	number := map[string]int{}
	for i := range p.Steps {
		s := &p.Steps[i]
		if _, twice := number[s.ID]; !twice {
			number[s.ID] = i
		}
		if s.Start != nil && g.start < 0 {
			g.start = i
		}
		g.steps = append(g.steps, s)
		g.edges = append(g.edges, s.Edges())
	}
	g.to = make([][]int, len(g.steps))
	for i, edges := range g.edges {
		g.to[i] = make([]int, len(edges))
		for j, e := range edges {
			target, ok := number[e.To]
			if !ok || g.steps[target].Family() == procedure.Layout {
				target = -1
			}
			g.to[i][j] = target
		}
	}
	return g
}

// reach returns which steps can be reached from one along edges.
func (g *graph) reach(from int) []bool {
	seen := make([]bool, len(g.steps))
	if from < 0 {
		return seen
	}
	seen[from] = true
	for queue := []int{from}; len(queue) > 0; queue = queue[1:] {
		for _, to := range g.to[queue[0]] {
			if to >= 0 && !seen[to] {
				seen[to] = true
				queue = append(queue, to)
			}
		}
	}
	return seen
}

// finishes returns the steps from which an End can be reached, or something
// that is already reported: a way that leads nowhere.
func (g *graph) finishes() []bool {
	back := make([][]int, len(g.steps))
	seen := make([]bool, len(g.steps))
	var queue []int
	for i, s := range g.steps {
		last := s.End != nil || s.Kind() == ""
		for _, to := range g.to[i] {
			if to < 0 {
				last = true
			} else {
				back[to] = append(back[to], i)
			}
		}
		if last {
			seen[i] = true
			queue = append(queue, i)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, from := range back[queue[0]] {
			if !seen[from] {
				seen[from] = true
				queue = append(queue, from)
			}
		}
	}
	return seen
}

// ways checks that every step is reached, leads on, and can come to an end.
func (c *checker) ways() {
	g := c.graph
	reached, finishes := g.reach(g.start), g.finishes()
	stuck := false
	for i, s := range g.steps {
		at := Place{Step: s.ID}
		if s.Family() == procedure.Layout || s.Kind() == "" {
			continue
		}
		c.missingWays(at, g.edges[i])
		switch {
		case g.start >= 0 && !reached[i] && s.Start == nil && c.steps[s.ID] == s:
			c.warn(at, "check.unreachable").Fix = &procedure.Operation{Do: "delete_step", Step: s.ID}
		case reached[i] && !finishes[i] && !stuck:
			stuck = true // the others go round with this one
			c.error(at, "check.no_way_out")
		}
		if s.Each != nil && reached[i] && !g.comesBack(i) {
			at.Path = "body"
			c.warn(at, "check.each_leaves")
		}
	}
}

// missingWays reports the ways out that have no target.
func (c *checker) missingWays(at Place, edges []procedure.Edge) {
	for _, e := range edges {
		if e.To != "" {
			continue
		}
		at.Path = e.Path
		key := "check.way_missing"
		if strings.HasPrefix(e.ID, "answer.") || strings.HasPrefix(e.ID, "button.") {
			key = "check.answer_leads_nowhere"
		}
		c.error(at, key).Fix = &procedure.Operation{Do: "insert_on_edge", Step: e.From, Edge: e.ID, Kind: procedure.StepEnd}
	}
}

// comesBack reports whether the body of a loop leads back to it.
func (g *graph) comesBack(each int) bool {
	body := slices.IndexFunc(g.edges[each], func(e procedure.Edge) bool { return e.ID == "body" })
	if body < 0 || g.to[each][body] < 0 {
		return true // reported as a missing way
	}
	return g.reach(g.to[each][body])[each]
}

// bodies returns the steps that a journey can come to from the body of a
// for-each before it is back at the for-each: those where item and index hold
// something.
func (g *graph) bodies() map[string]bool {
	within := map[string]bool{}
	for each, s := range g.steps {
		if s.Each == nil {
			continue
		}
		inside := *g
		inside.to = slices.Clone(g.to)
		inside.to[each] = nil // an iteration is over there
		for j, e := range g.edges[each] {
			if e.ID != "body" {
				continue
			}
			for i, reached := range inside.reach(g.to[each][j]) {
				if reached && i != each {
					within[g.steps[i].ID] = true
				}
			}
		}
	}
	return within
}

// inBody reports whether a step stands in the body of a for-each.
func (c *checker) inBody(step string) bool {
	if c.p == nil {
		return false
	}
	if c.within == nil {
		c.within = c.graph.bodies()
	}
	return c.within[step]
}

// maxFrames is how many frames may stand within each other.
const maxFrames = 5

// frames checks that frames do not stand within themselves, nor too many
// within each other.
func (c *checker) frames() {
	for _, s := range c.graph.steps {
		depth := 0
		for f := c.steps[s.Frame]; f != nil && f.Box != nil && depth <= maxFrames; f = c.steps[f.Frame] {
			if f == s {
				c.error(Place{Step: s.ID, Path: "frame"}, "check.frame_loop").Fix = &procedure.Operation{Do: "set", Step: s.ID, Path: "frame"}
				break
			}
			depth++
		}
		if depth > maxFrames && s.Box != nil {
			c.error(Place{Step: s.ID, Path: "frame"}, "check.frames_deep", maxFrames)
		}
	}
}
