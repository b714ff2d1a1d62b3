package transfer

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// Present is what the domain that an archive goes to already holds.
type Present struct {
	Project *procedure.Project // whole, of the archive's UID; nil when there is none
	// Owners are the procedures of the domain's other projects: UID → alias of
	// the project it belongs to.
	Owners map[string]string
	// Projects and Procedures are the aliases that other projects, and their
	// procedures, have in the domain.
	Projects, Procedures map[string]bool
}

// Options say how an archive is to be taken in.
type Options struct {
	AsCopy bool          // a second project beside the one it came from
	NewUID func() string // makes a UID nobody has
}

// Deed is what an import does to one thing.
type Deed string

// The deeds.
const (
	Create Deed = "create"
	Update Deed = "update"
	Keep   Deed = "keep"   // it is the same already
	Remove Deed = "remove" // it is not in the archive: to the recycle bin
)

// Change is what an import does to one thing.
type Change struct {
	Deed  Deed   `json:"deed"`
	What  string `json:"what"` // project, procedure, scenario or resource
	ID    string `json:"id"`   // alias, or id
	UID   string `json:"uid,omitempty"`
	Was   string `json:"was,omitempty"`   // UID in the archive, when it had to become another
	Alias string `json:"alias,omitempty"` // in the archive, when it had to become another
	Owner string `json:"owner,omitempty"` // project that has the archive's UID, when it had to become another
}

// Plan is what importing an archive would do, and the project as it would be.
type Plan struct {
	Project *procedure.Project
	Changes []Change
}

// Count returns how many changes are of a deed.
func (p Plan) Count(d Deed) int {
	n := 0
	for _, c := range p.Changes {
		if c.Deed == d {
			n++
		}
	}
	return n
}

// PlanImport says what an import would do. A procedure whose UID is another
// project's gets a new one, and so does everything of a copy; what refers to it
// inside the archive follows. Nothing of another project is ever touched.
func PlanImport(a *Archive, present Present, o Options) (Plan, error) {
	project, err := clone(a.Project)
	if err != nil {
		return Plan{}, err
	}
	m := &mover{project: project, present: present, options: o, to: map[string]string{}}
	m.moveProject()
	m.moveProcedures()
	m.follow()
	return Plan{Project: project, Changes: m.changes()}, nil
}

func clone(p *procedure.Project) (*procedure.Project, error) {
	b, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("copy project %s: %w", p.Alias, err)
	}
	copied := new(procedure.Project)
	if err := json.Unmarshal(b, copied); err != nil {
		return nil, fault.Because(fault.Invalid, err, "transfer.project.copy")
	}
	return copied, nil
}

// mover gives new UIDs and aliases where the archive's are taken.
type mover struct {
	project *procedure.Project
	present Present
	options Options
	to      map[string]string // UID in the archive → new one
	noted   []Change          // of the project and its procedures, deeds unknown yet
}

func (m *mover) moveProject() {
	c := Change{What: "project", ID: m.project.Alias, UID: m.project.UID}
	if m.options.AsCopy {
		m.present.Project = nil
		c.Was, c.UID = m.project.UID, m.options.NewUID()
	}
	if alias := freeAlias(m.project.Alias, m.present.Projects); alias != m.project.Alias {
		c.Alias, c.ID = m.project.Alias, alias
	}
	m.project.UID, m.project.Alias = c.UID, c.ID
	m.noted = append(m.noted, c)
}

func (m *mover) moveProcedures() {
	taken := map[string]bool{}
	for alias := range m.present.Procedures {
		taken[alias] = true
	}
	for _, p := range m.project.Procedures {
		c := Change{What: "procedure", ID: p.Alias, UID: p.UID}
		owner, foreign := m.present.Owners[p.UID]
		if foreign || m.options.AsCopy {
			c.Was, c.UID, c.Owner = p.UID, m.options.NewUID(), owner
			m.to[p.UID] = c.UID
		}
		if alias := freeAlias(p.Alias, taken); alias != p.Alias {
			c.Alias, c.ID = p.Alias, alias
		}
		taken[c.ID] = true
		p.UID, p.Alias = c.UID, c.ID
		m.noted = append(m.noted, c)
	}
}

// freeAlias returns the alias, or the first of alias-2, alias-3, … that is free.
func freeAlias(alias string, taken map[string]bool) string {
	free := alias
	for n := 2; taken[free] && alias != ""; n++ {
		free = fmt.Sprintf("%s-%d", alias, n)
	}
	return free
}

// follow makes what refers to a procedure name its new UID.
func (m *mover) follow() {
	moved := func(uid *string) {
		if to, found := m.to[*uid]; found {
			*uid = to
		}
	}
	for i := range m.project.News {
		moved(&m.project.News[i].Procedure)
	}
	for _, s := range m.project.Scenarios {
		moved(&s.Procedure)
	}
	for _, p := range m.project.Procedures {
		for i := range p.Related {
			moved(&p.Related[i])
		}
		for i := range p.Steps {
			if call := p.Steps[i].Call; call != nil {
				moved(&call.Procedure)
			}
		}
	}
}

// changes compares the project as it would be with the one that is there.
func (m *mover) changes() []Change {
	before, after := thingsOf(m.present.Project), thingsOf(m.project)
	var list []Change
	for key, now := range after {
		c := Change{What: key.what, ID: now.id}
		if i := slices.IndexFunc(m.noted, func(n Change) bool { return n.What == key.what && n.UID == key.key }); i >= 0 {
			c = m.noted[i]
		}
		was, there := before[key]
		switch {
		case !there:
			c.Deed = Create
		case was.data == now.data:
			c.Deed = Keep
		default:
			c.Deed = Update
		}
		list = append(list, c)
	}
	for key, was := range before {
		if _, stays := after[key]; !stays {
			list = append(list, Change{Deed: Remove, What: key.what, ID: was.id})
		}
	}
	slices.SortFunc(list, func(a, b Change) int {
		return cmp.Or(cmp.Compare(rank[a.What], rank[b.What]), cmp.Compare(a.ID, b.ID), cmp.Compare(a.UID, b.UID))
	})
	return list
}

var rank = map[string]int{"project": 0, "procedure": 1, "scenario": 2, "resource": 3}

type thingKey struct{ what, key string }

type thing struct{ id, data string }

// thingsOf lists the parts of a project that an import makes or changes, with
// their contents as one string each.
func thingsOf(p *procedure.Project) map[thingKey]thing {
	things := map[thingKey]thing{}
	if p == nil {
		return things
	}
	add := func(what, key, id string, v any) {
		b, _ := json.Marshal(v) // plain values of the language
		things[thingKey{what, key}] = thing{id, string(b)}
	}
	own := *p
	own.Procedures, own.Scenarios, own.Resources = nil, nil, nil
	add("project", p.UID, p.Alias, own)
	for _, proc := range p.Procedures {
		add("procedure", proc.UID, proc.Alias, proc)
	}
	for _, s := range p.Scenarios {
		add("scenario", s.ID, s.ID, s)
	}
	for _, r := range p.Resources {
		add("resource", r.ID, r.ID, r)
	}
	return things
}
