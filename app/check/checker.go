package check

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"

	"selfhelp/app/procedure"
)

// checker goes through one project.
type checker struct {
	proj     *procedure.Project
	o        Options
	problems []Problem

	languages  []string // of the project, each once
	resources  map[string]*procedure.Resource
	procedures map[string]*procedure.Procedure // by UID, those shared by other projects too
	aliases    map[string]*procedure.Procedure // the first of each
	categories map[string]bool
	connectors map[string]*procedure.Connector
	sharers    map[string][]*procedure.Procedure // who calls a procedure and shares variables with it
	sessions   map[string]procedure.VariableType // session variables that some procedure declares; a secret stays one
	compiled   map[string]compiled               // formulas and templates seen before
	scopes     map[*procedure.Procedure]*scope
	silent     map[string]bool     // procedures that may end without showing a page
	mayBe      map[string][]string // variables that procedures may write
	order      map[[2]string]int

	// of the procedure being checked
	p        *procedure.Procedure
	steps    map[string]*procedure.Step
	graph    *graph
	readings map[string][]reading // by step
	written  map[*procedure.Step][]string
	within   map[string]bool // steps in the body of a for-each; nil until asked for
}

// newChecker knows what the project has, to be looked up.
func newChecker(proj *procedure.Project, o Options) *checker {
	c := &checker{
		proj: proj, o: o,
		resources: map[string]*procedure.Resource{}, procedures: map[string]*procedure.Procedure{},
		aliases: map[string]*procedure.Procedure{}, categories: map[string]bool{}, connectors: map[string]*procedure.Connector{},
		sharers: map[string][]*procedure.Procedure{}, sessions: map[string]procedure.VariableType{},
		compiled: map[string]compiled{}, scopes: map[*procedure.Procedure]*scope{},
		silent: map[string]bool{}, mayBe: map[string][]string{}, order: map[[2]string]int{},
	}
	for _, lang := range proj.Languages {
		if procedure.IsLanguage(lang) && !slices.Contains(c.languages, lang) {
			c.languages = append(c.languages, lang)
		}
	}
	for i := range proj.Resources {
		c.resources[proj.Resources[i].ID] = &proj.Resources[i]
	}
	for _, category := range proj.Categories {
		c.categories[category.ID] = true
	}
	for i := range proj.Connectors {
		c.connectors[proj.Connectors[i].ID] = &proj.Connectors[i]
	}
	for uid, p := range o.Shared {
		c.procedures[uid] = p
	}
	for _, p := range slices.Backward(proj.Procedures) {
		c.procedures[p.UID], c.aliases[p.Alias] = p, p
		c.know(p)
	}
	return c
}

// know notes what a procedure gives to others.
func (c *checker) know(p *procedure.Procedure) {
	for _, v := range p.Variables {
		if v.Session && c.sessions[v.Name] != procedure.TypeSecret {
			c.sessions[v.Name] = v.Type
		}
	}
	for i := range p.Steps {
		if call := p.Steps[i].Call; call != nil && call.Share {
			c.sharers[call.Procedure] = append(c.sharers[call.Procedure], p)
		}
	}
}

// sorted returns the problems in the order of what they are about, those of
// one thing in the order they were found.
func (c *checker) sorted() []Problem {
	for i, p := range c.proj.Procedures {
		c.order[[2]string{p.UID}] = (i + 1) << 32
		for j := range p.Steps {
			c.order[[2]string{p.UID, p.Steps[j].ID}] = (i+1)<<32 + j + 1
		}
	}
	for i, s := range c.proj.Scenarios {
		c.order[[2]string{"", s.ID}] = (len(c.proj.Procedures)+i+1)<<32 + 1
	}
	at := func(p Place) int {
		if p.Scenario != "" {
			return c.order[[2]string{"", p.Scenario}]
		}
		return c.order[[2]string{p.Procedure, p.Step}]
	}
	slices.SortStableFunc(c.problems, func(a, b Problem) int { return cmp.Compare(at(a.Place), at(b.Place)) })
	return c.problems
}

// procedure checks one procedure but for recursion.
func (c *checker) procedure(p *procedure.Procedure) {
	c.p, c.steps = p, map[string]*procedure.Step{}
	c.readings, c.written = map[string][]reading{}, map[*procedure.Step][]string{}
	for i := range p.Steps {
		s := &p.Steps[i]
		if c.steps[s.ID] != nil {
			c.error(Place{Step: s.ID, Path: "id"}, "check.duplicate", s.ID)
			continue
		}
		c.steps[s.ID] = s
	}
	c.graph, c.within = newGraph(p), nil
	c.header(p)
	for i := range p.Steps {
		c.step(&p.Steps[i])
	}
	c.ways()
	c.frames()
	c.loops()
	c.flow()
}

// walk checks every leaf below a step, or the procedure or project itself.
func (c *checker) walk(v any, at Place) {
	procedure.Walk(v, procedure.Visitor{
		Empty: true,
		Leaf:  func(l procedure.Leaf) { c.leaf(at, &l) },
		List:  func(path string, entries reflect.Value) { c.list(at, path, entries) },
	})
}

// list checks that no two entries of a list have the same id.
func (c *checker) list(at Place, path string, entries reflect.Value) {
	seen := map[string]bool{}
	for i := range entries.Len() {
		id := entryID(entries.Index(i))
		if id != "" && seen[id] {
			at.Path = path + "." + strconv.Itoa(i)
			c.error(at, "check.duplicate", id)
		}
		seen[id] = true
	}
}

// entryID returns what tells an entry of a list from the others, "" where the
// same may stand twice.
func entryID(v reflect.Value) string {
	switch e := v.Addr().Interface().(type) {
	case *procedure.Variable:
		return e.Name
	case *procedure.Parameter:
		return e.Name
	case *procedure.Output:
		return e.Name
	case *procedure.Extract:
		return e.Name
	case *procedure.OnEnd:
		return string(e.Outcome)
	}
	if id := v.FieldByName("ID"); id.IsValid() {
		return id.String()
	}
	return ""
}
