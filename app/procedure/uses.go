package procedure

import (
	"regexp"
	"slices"
)

// resourceLink finds the resources that a CommonMark text shows or leads to.
var resourceLink = regexp.MustCompile(`\(\s*resource:([a-z][a-z0-9_]{0,62})`)

// ResourcesOf lists the ids of the resources that a procedure uses, each once,
// in alphabetical order.
func ResourcesOf(p *Procedure) []string {
	var ids []string
	visit := Visitor{Leaf: func(l Leaf) {
		if l.Property.Role == "resource" {
			ids = append(ids, l.Words()...)
		}
		if t := l.Text(); t != nil {
			ids = append(ids, shownIn(t)...)
		}
	}}
	Walk(p, visit)
	for i := range p.Steps {
		Walk(&p.Steps[i], visit)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// shownIn lists the resources that a text names, in every language and window.
func shownIn(t *Text) (ids []string) {
	all := []map[string]string{t.In}
	for _, d := range t.Dated {
		all = append(all, d.In)
	}
	for _, in := range all {
		for _, words := range in {
			for _, found := range resourceLink.FindAllStringSubmatch(words, -1) {
				ids = append(ids, found[1])
			}
		}
	}
	return ids
}
