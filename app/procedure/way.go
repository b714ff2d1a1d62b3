package procedure

// byID returns the steps by id, the first of each.
func (p *Procedure) byID() map[string]*Step {
	steps := make(map[string]*Step, len(p.Steps))
	for i := range p.Steps {
		if s := &p.Steps[i]; steps[s.ID] == nil {
			steps[s.ID] = s
		}
	}
	return steps
}

// Reached returns the steps that can be reached from the Start.
func (p *Procedure) Reached() map[string]bool {
	if start := p.Start(); start != nil {
		return p.ReachedFrom(start.ID)
	}
	return map[string]bool{}
}

// ReachedFrom returns the steps that can be reached from one, itself included.
func (p *Procedure) ReachedFrom(id string) map[string]bool {
	steps := p.byID()
	reached := map[string]bool{}
	if steps[id] == nil {
		return reached
	}
	reached[id] = true
	for queue := []string{id}; len(queue) > 0; queue = queue[1:] {
		for _, e := range steps[queue[0]].Edges() {
			if steps[e.To] != nil && !reached[e.To] {
				reached[e.To] = true
				queue = append(queue, e.To)
			}
		}
	}
	return reached
}

// Incoming returns the edges into each step, by its id, in the order in which
// they are written.
func (p *Procedure) Incoming() map[string][]Edge {
	in := map[string][]Edge{}
	for i := range p.Steps {
		for _, e := range p.Steps[i].Edges() {
			if e.To != "" {
				in[e.To] = append(in[e.To], e)
			}
		}
	}
	return in
}

// CountSteps returns how many steps the procedure has, frames and notes apart.
func (p *Procedure) CountSteps() (n int) {
	for i := range p.Steps {
		if p.Steps[i].Family() != Layout {
			n++
		}
	}
	return n
}

// Lines returns the stretches where a journey has only one way: the ids of the
// pages in each, in order. Pages that stand in none lead several ways, or are
// led to by several.
func (p *Procedure) Lines() [][]string {
	steps, in := p.byID(), p.Incoming()
	seen := map[string]bool{}
	var lines [][]string
	for i := range p.Steps {
		s := &p.Steps[i]
		before, alone := onlyBefore(s.ID, in)
		if seen[s.ID] || s.Family() == Layout || alone && before != s.ID && s.onlyAfterOf(steps[before]) {
			continue // not where a line begins
		}
		if pages := lineFrom(s, steps, in, seen); len(pages) > 1 {
			lines = append(lines, pages)
		}
	}
	return lines
}

// LongestLine returns the longest of Lines.
func (p *Procedure) LongestLine() (longest []string) {
	for _, line := range p.Lines() {
		if len(line) > len(longest) {
			longest = line
		}
	}
	return longest
}

// lineFrom follows the only way there is from a step and returns the pages on
// it.
func lineFrom(s *Step, steps map[string]*Step, in map[string][]Edge, seen map[string]bool) (pages []string) {
	for s != nil && !seen[s.ID] {
		seen[s.ID] = true
		if s.Family() == Interactive {
			pages = append(pages, s.ID)
		}
		next, one := s.onlyAfter()
		if _, alone := onlyBefore(next, in); !one || !alone {
			break
		}
		s = steps[next]
	}
	return pages
}

// onlyAfter returns the step that follows when there is only one; failing is
// no way one goes.
func (s *Step) onlyAfter() (id string, one bool) {
	for _, e := range s.Edges() {
		if e.ID == "error" {
			continue
		}
		if id != "" && e.To != id || e.To == "" {
			return "", false
		}
		id = e.To
	}
	return id, id != ""
}

func (s *Step) onlyAfterOf(before *Step) bool {
	if before == nil {
		return false
	}
	id, one := before.onlyAfter()
	return one && id == s.ID
}

// onlyBefore returns the step that leads to one when there is only one.
func onlyBefore(id string, in map[string][]Edge) (before string, one bool) {
	for _, e := range in[id] {
		if before != "" && e.From != before {
			return "", false
		}
		before = e.From
	}
	return before, before != ""
}
