package procedure

// Reached returns the steps that can be reached from the Start.
func (p *Procedure) Reached() map[string]bool {
	reached := map[string]bool{}
	start := p.Start()
	if start == nil {
		return reached
	}
	byID := make(map[string]*Step, len(p.Steps))
	for i := range p.Steps {
		if s := &p.Steps[i]; byID[s.ID] == nil {
			byID[s.ID] = s
		}
	}
	reached[start.ID] = true
	for queue := []*Step{start}; len(queue) > 0; queue = queue[1:] {
		for _, e := range queue[0].Edges() {
			if to := byID[e.To]; to != nil && !reached[e.To] {
				reached[e.To] = true
				queue = append(queue, to)
			}
		}
	}
	return reached
}
