package program

import (
	"time"

	"selfhelp/app/procedure"
)

// straighten computes, for each step from which one way only leads to an End,
// how many pages stand on it.
func (p *Program) straighten() {
	done := make(map[*Node]bool, len(p.nodes))
	for _, n := range p.nodes {
		p.measure(n, done)
	}
}

// measure walks from a step until it meets one already measured, a fork or an
// End, then counts backwards. It does not recurse: procedures may be long.
func (p *Program) measure(n *Node, done map[*Node]bool) {
	var path []*Node
	onPath := map[*Node]bool{}
	for ; n != nil && !done[n] && !onPath[n]; n = p.only(n) {
		onPath[n] = true
		path = append(path, n)
	}
	pages := -1
	if n != nil && done[n] {
		pages = n.Rest
	}
	for i := len(path) - 1; i >= 0; i-- {
		switch {
		case path[i].Kind == procedure.StepEnd:
			pages = 0
		case pages >= 0 && path[i].IsPage():
			pages++
		}
		path[i].Rest = pages
		done[path[i]] = true
	}
}

// IsPage reports whether a person sees the step.
func (n *Node) IsPage() bool { return n.Kind.Family() == procedure.Interactive }

// only returns the one step that follows, nil when there are several, none, or
// a way that pages cannot be counted on.
func (p *Program) only(n *Node) *Node {
	switch n.Kind {
	case procedure.StepCall, procedure.StepEach, procedure.StepJump, procedure.StepEnd:
		return nil
	}
	if n.Step.When != "" && n.IsPage() {
		return nil
	}
	to := ""
	for _, e := range n.Step.Edges() {
		if e.ID == "error" {
			continue
		}
		if e.To == "" || to != "" && e.To != to {
			return nil
		}
		to = e.To
	}
	return p.nodes[to]
}

// hasDatedResources reports whether a text may say something else tomorrow
// through the resources it shows.
func hasDatedResources(proj *procedure.Project) bool {
	for i := range proj.Resources {
		r := &proj.Resources[i]
		if len(r.Alt.Dated)+len(r.Text.Dated)+len(r.Name.Dated) > 0 {
			return true
		}
	}
	return false
}

// PickText returns the words of a text in the best of the languages, quickly
// for the many that are not dated.
func PickText(t procedure.Text, now time.Time, langs []string) (words, lang string) {
	if len(t.Dated) == 0 && len(langs) > 0 {
		if w := t.In[langs[0]]; w != "" {
			return w, langs[0]
		}
	}
	return t.Pick(now, langs...)
}
