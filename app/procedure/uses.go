package procedure

import "slices"

// ResourcesOf lists the ids of the resources that a procedure uses, each once,
// in alphabetical order.
func ResourcesOf(p *Procedure) []string {
	parts := []any{p}
	for i := range p.Steps {
		parts = append(parts, &p.Steps[i])
	}
	return resourcesIn(parts...)
}

// ResourcesOfProject lists those that the project itself uses, apart from its
// procedures: its logo, and what its news show.
func ResourcesOfProject(p *Project) []string { return resourcesIn(p) }

// ResourcesOfResource lists those that another one uses: a snippet, a form or a
// table has words.
func ResourcesOfResource(r *Resource) []string { return resourcesIn(r) }

// ConnectorsOf lists the ids of the connectors that a step names.
func ConnectorsOf(s *Step) (ids []string) {
	Walk(s, Visitor{Leaf: func(l Leaf) {
		if l.Property.Role == "connector" {
			ids = append(ids, l.Words()...)
		}
	}})
	return ids
}

func resourcesIn(parts ...any) (ids []string) {
	visit := Visitor{Leaf: func(l Leaf) {
		if l.Property.Role == "resource" {
			ids = append(ids, l.Words()...)
		}
		if t := l.Text(); t != nil {
			ids = append(ids, t.Shows()...)
		}
	}}
	for _, part := range parts {
		Walk(part, visit)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
