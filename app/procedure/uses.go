package procedure

import "slices"

// ResourcesOf lists the ids of the resources that a procedure uses, each once,
// in alphabetical order.
func ResourcesOf(p *Procedure) []string {
	var ids []string
	visit := Visitor{Leaf: func(l Leaf) {
		if l.Property.Role == "resource" {
			ids = append(ids, l.Words()...)
		}
		if t := l.Text(); t != nil {
			ids = append(ids, t.Shows()...)
		}
	}}
	Walk(p, visit)
	for i := range p.Steps {
		Walk(&p.Steps[i], visit)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
