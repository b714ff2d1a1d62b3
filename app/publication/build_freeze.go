package publication

import (
	"cmp"
	"fmt"
	"slices"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// frozen is what goes into a bundle, in the order it is written.
type frozen struct {
	name       string               // domain and number
	homes      []*procedure.Project // the project, then the others it calls, by UID; without procedures
	procedures []member             // by UID
	entries    int                  // how many of them people may start
}

// member is one procedure of a bundle.
type member struct {
	*procedure.Procedure
	home  int // place of its project
	entry int // place among the entries, -1 for a sub-procedure
}

// freeze gathers what a bundle holds: the procedures of the project, and those
// of others that they call.
func freeze(in Input) (*frozen, error) {
	all := &frozen{name: in.Domain + " " + in.Number.String(), homes: []*procedure.Project{bare(in.Project)}}
	for _, p := range in.Project.Procedures {
		all.procedures = append(all.procedures, member{published(p), 0, -1})
	}
	if err := all.takeCalled(in.Others); err != nil {
		return nil, err
	}
	slices.SortFunc(all.procedures, func(a, b member) int { return cmp.Compare(a.UID, b.UID) })
	for i := range all.procedures {
		m := &all.procedures[i]
		if i > 0 && m.UID == all.procedures[i-1].UID {
			return nil, fault.Because(fault.Invalid, fmt.Errorf("procedure %s stands twice", m.UID), "fault.publication.twice", m.Alias)
		}
		if m.Entry && m.home == 0 {
			m.entry = all.entries
			all.entries++
		}
	}
	return all, nil
}

// bare returns a project without what stands in a bundle by itself, or not at
// all: procedures, scenarios, and the Studio's folders.
func bare(p *procedure.Project) *procedure.Project {
	b := *p
	b.Procedures, b.Scenarios, b.Folders = nil, nil, nil
	b.Resources = slices.Clone(p.Resources)
	for i := range b.Resources {
		b.Resources[i].Note = ""
	}
	return &b
}

// lender returns what the procedures of another project need of it.
func lender(p *procedure.Project) *procedure.Project {
	b := bare(p)
	b.News, b.Categories, b.Audience, b.Public = nil, nil, nil, false
	return b
}

// published returns a procedure without what only its writers read.
func published(p *procedure.Procedure) *procedure.Procedure {
	b := *p
	b.Note, b.Folder, b.Owner = "", "", ""
	b.Steps = make([]procedure.Step, 0, len(p.Steps))
	for i := range p.Steps {
		if p.Steps[i].Family() == procedure.Layout {
			continue
		}
		b.Steps = append(b.Steps, p.Steps[i])
		s := &b.Steps[len(b.Steps)-1]
		s.Note, s.Frame, s.Colour = "", "", ""
	}
	b.Variables = slices.Clone(p.Variables)
	for i := range b.Variables {
		b.Variables[i].Note = ""
	}
	return &b
}

// takeCalled takes in the shared procedures of other projects that are called
// from here, and what those call at home, and so on.
func (all *frozen) takeCalled(others []*procedure.Project) error {
	shelves := byUID(others)
	here := map[string]bool{}
	for _, m := range all.procedures {
		here[m.UID] = true
	}
	homes := map[string]int{}
	for i := 0; i < len(all.procedures); i++ {
		for _, called := range callsOf(all.procedures[i].Procedure) {
			found, ok := shelves[called]
			if here[called] || !ok {
				continue // what is nowhere is for Check to tell
			}
			here[called] = true
			home, known := homes[found.project.UID]
			if !known {
				home = len(all.homes)
				homes[found.project.UID] = home
				all.homes = append(all.homes, lender(found.project))
			}
			all.procedures = append(all.procedures, member{published(found.procedure), home, -1})
		}
	}
	return nil
}

// shelved is a procedure of another project.
type shelved struct {
	project   *procedure.Project
	procedure *procedure.Procedure
}

// byUID finds the procedures of other projects.
func byUID(others []*procedure.Project) map[string]shelved {
	found := map[string]shelved{}
	for _, project := range others {
		for _, p := range project.Procedures {
			found[p.UID] = shelved{project, p}
		}
	}
	return found
}

// callsOf returns the UIDs of the procedures that one calls.
func callsOf(p *procedure.Procedure) (uids []string) {
	for i := range p.Steps {
		if call := p.Steps[i].Call; call != nil {
			uids = append(uids, call.Procedure)
		}
	}
	return uids
}
