package check

import (
	"maps"
	"slices"
	"strings"

	"selfhelp/app/procedure"
)

// project checks what the project says of itself, its categories, news,
// resources and connectors.
func (c *checker) project() {
	p := c.proj
	c.walk(p, Place{})
	seen := map[string]bool{}
	for i, lang := range p.Languages {
		if seen[lang] {
			c.error(Place{Path: pathOf("languages", "", i)}, "check.duplicate", lang)
		}
		seen[lang] = true
	}
	if len(p.Procedures) > 0 && !slices.ContainsFunc(p.Procedures, func(p *procedure.Procedure) bool { return p.Entry }) {
		c.warn(Place{}, "check.no_entry")
	}
	c.categoryLoops()
	for i, n := range p.News {
		if !n.On.IsZero() && !n.Until.IsZero() && n.Until.Before(n.On) {
			c.error(Place{Path: pathOf("news", n.ID, i)}, "check.window_inverted", n.On, n.Until)
		}
	}
	for i := range p.Resources {
		c.resource(Place{Path: pathOf("resources", p.Resources[i].ID, i)}, &p.Resources[i])
	}
	c.snippetLoops()
}

// categoryLoops reports the categories that stand below themselves.
func (c *checker) categoryLoops() {
	above := map[string]string{}
	for _, category := range c.proj.Categories {
		above[category.ID] = category.Parent
	}
	for i, category := range c.proj.Categories {
		id := category.Parent
		for steps := 0; id != "" && id != category.ID && steps < len(above); steps++ {
			id = above[id]
		}
		if id == category.ID && id != "" {
			c.error(Place{Path: pathOf("categories", category.ID, i) + ".parent"}, "check.category_loop", category.ID)
		}
	}
}

// resource checks that a resource holds what its kind says.
func (c *checker) resource(at Place, r *procedure.Resource) {
	path := at.Path
	switch r.Kind {
	case procedure.KindForm:
		if r.Form == nil || len(r.Form.Fields) == 0 {
			c.error(at, "check.resource_empty")
			return
		}
		c.fields(at, path+".form.fields", r.Form.Fields)
	case procedure.KindSnippet:
		if r.Text.IsZero() {
			c.error(at, "check.resource_empty")
		}
	case procedure.KindTable:
		if len(r.Rows) == 0 {
			c.warn(at, "check.resource_empty")
		}
	default:
		c.files(at, r)
	}
}

// files checks the contents of a resource by language, and that those who
// cannot see or hear it are told what it is.
func (c *checker) files(at Place, r *procedure.Resource) {
	path := at.Path
	if len(r.Files) == 0 {
		c.error(at, "check.resource_empty")
	}
	_, forAll := r.Files[""]
	for _, lang := range c.languages {
		if _, ok := r.Files[lang]; !ok && !forAll && len(r.Files) > 0 {
			c.warn(Place{Path: path + ".files", Language: lang}, "check.file_missing", lang)
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(r.Files)) {
		f := r.Files[lang]
		at := Place{Path: path + ".files", Language: lang}
		if lang != "" && !slices.Contains(c.languages, lang) {
			c.warn(at, "check.other_language", lang)
		}
		if !procedure.IsSpelt("hash", f.Hash) || f.Size < 0 {
			c.error(at, "check.hash", f.Hash)
		}
	}
	told := []procedure.ResourceKind{procedure.KindImage, procedure.KindAudio, procedure.KindVideo}
	if slices.Contains(told, r.Kind) && r.Alt.IsZero() {
		c.warn(Place{Path: path + ".alt"}, "check.no_alt", r.ID)
	}
}

// snippetLoops reports the snippets that include themselves.
func (c *checker) snippetLoops() {
	number := map[string]int{}
	for i, r := range c.proj.Resources {
		number[r.ID] = i
	}
	to := make([][]int, len(c.proj.Resources))
	for i, r := range c.proj.Resources {
		for _, id := range r.Text.Shows() {
			if n, ok := number[id]; ok && c.proj.Resources[n].Kind == procedure.KindSnippet {
				to[i] = append(to[i], n)
			}
		}
	}
	for _, round := range components(to) {
		if len(round) == 1 && !slices.Contains(to[round[0]], round[0]) {
			continue
		}
		var ids []string
		for _, n := range round {
			ids = append(ids, c.proj.Resources[n].ID)
		}
		at := Place{Path: pathOf("resources", ids[0], round[0]) + ".text"}
		c.error(at, "check.snippet_loop", strings.Join(append(ids, ids[0]), " → "))
	}
}

// sorted returns the languages of some words in order.
func sorted(in map[string]string) []string { return slices.Sorted(maps.Keys(in)) }
