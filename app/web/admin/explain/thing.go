package explain

import (
	"cmp"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
)

// Most things that can be chosen from.
const (
	projectsOffered   = 500
	proceduresOffered = 1000
)

// thing is what permissions are explained on.
type thing struct {
	access.Thing
	name    string
	project string // id
	asks    []ask  // what can be asked of it
	notes   []string
}

// ask is a permission on it.
type ask struct {
	do access.Permission
	on access.Thing
}

// inStudio are the permissions on a project in the Studio.
var inStudio = []access.Permission{
	access.ReadProject, access.TestProject, access.ModifyProject, access.DesignProject, access.DuplicateProject, access.ApproveProject,
	access.PublishProject, access.ReadReports, access.AdministerProject, access.GiveProject,
}

// asked are permissions on one thing.
func asked(on access.Thing, all ...access.Permission) (asks []ask) {
	for _, do := range all {
		asks = append(asks, ask{do, on})
	}
	return asks
}

// find returns the thing of a key: server, domain:ID or project:ID, with a
// procedure of the project. Without a key it is the whole server, as far as
// everyone meets it.
func (s *Explainer) find(v *frame.Visit, key, uid string) (thing, error) {
	kind, id, _ := strings.Cut(key, ":")
	switch kind {
	case "", "server":
		return thing{name: v.Words.T("explain.server"), asks: asked(access.Thing{}, access.SignedIn, access.EnterStudio, access.AdministerServer)}, nil
	case "domain":
		return s.domain(v, id)
	case "project":
		return s.projectOf(v, id, uid)
	}
	return thing{}, frame.Unknown()
}

// administers refuses what is of other domains as if it were not there.
func administers(v *frame.Visit, domain string) error {
	if !v.May(access.AdministerDomain, access.Thing{Domain: domain}) {
		return frame.Unknown()
	}
	return nil
}

func (s *Explainer) domain(v *frame.Visit, id string) (thing, error) {
	d, err := s.Content.Domain(v.Context(), id)
	if err == nil {
		err = administers(v, id)
	}
	if err != nil {
		return thing{}, err
	}
	on := access.Thing{Domain: id}
	return thing{Thing: on, name: cmp.Or(s.Words(v, d.Title), id), asks: asked(on, access.SignedIn, access.EnterStudio, access.CreateProject, access.AdministerDomain)}, nil
}

// projectOf is a project, or one of its procedures: in the Studio as it is
// written, on the portal as it is published.
func (s *Explainer) projectOf(v *frame.Visit, id, uid string) (thing, error) {
	p, err := s.Content.Project(v.Context(), id)
	if err == nil {
		err = administers(v, p.Domain)
	}
	if err != nil {
		return thing{}, err
	}
	grants, err := s.Content.Grants(v.Context(), id)
	if err != nil {
		return thing{}, err
	}
	t := thing{name: cmp.Or(s.Words(v, p.Data.Name), p.Alias), project: id}
	t.Thing = access.Thing{Domain: p.Domain, Project: &access.Project{Owner: p.Owner, Grants: access.GrantsOf(grants...)}}
	if uid == "" {
		s.onPortal(v, &t, p, nil)
	} else {
		one, err := s.Content.Procedure(v.Context(), id, uid)
		if err != nil {
			return thing{}, err
		}
		t.name = v.Words.T("explain.procedure", cmp.Or(s.Words(v, one.Data.Title), one.Data.Alias), t.name)
		s.onPortal(v, &t, p, one.Data)
	}
	t.asks = append(t.asks, asked(t.Thing, inStudio...)...)
	return t, nil
}

// onPortal adds what can be asked of a project, and of one of its procedures, as
// it is published.
func (s *Explainer) onPortal(v *frame.Visit, t *thing, p store.Project, one *procedure.Procedure) {
	portal, err := s.Hold(v).Project(p.Domain, p.Alias)
	if err != nil {
		t.notes = append(t.notes, v.Words.T("explain.unpublished"))
		return
	}
	t.asks = asked(frame.PublishedThing(p.Domain, portal.Project()), access.SeeProject)
	if one == nil {
		return
	}
	entry, err := portal.Entry(one.Alias)
	if err != nil {
		t.notes = append(t.notes, v.Words.T("explain.no_entry"))
		return
	}
	on := frame.EntryThing(p.Domain, entry.Bundle.Project(), entry.Category, entry.Audience)
	t.asks = append(t.asks, ask{access.RunProcedure, on})
}

// things are what can be chosen: the server, for whom it is theirs, and the
// domains that the person administers with their projects.
func (s *Explainer) things(v *frame.Visit) (all []views.OptionGroup, err error) {
	all = []views.OptionGroup{{Name: v.Words.T("explain.whole"), Options: []views.Option{{Value: "server", Name: v.Words.T("explain.server")}}}}
	domains, err := s.Content.Domains(v.Context())
	if err != nil {
		return nil, err
	}
	left := projectsOffered
	for _, d := range domains {
		if administers(v, d.ID) != nil {
			continue
		}
		title := cmp.Or(s.Words(v, d.Title), d.ID)
		all[0].Options = append(all[0].Options, views.Option{Value: "domain:" + d.ID, Name: v.Words.T("explain.domain", title)})
		projects, err := s.Content.Projects(v.Context(), d.ID)
		if err != nil {
			return nil, err
		}
		group := views.OptionGroup{Name: v.Words.T("explain.projects", title)}
		for _, p := range projects[:min(len(projects), left)] {
			group.Options = append(group.Options, views.Option{Value: "project:" + p.ID, Name: cmp.Or(s.Words(v, p.Data.Name), p.Alias)})
		}
		if left -= len(group.Options); len(group.Options) > 0 {
			all = append(all, group)
		}
	}
	return all, nil
}

// procedures are those of the project, to be chosen from.
func (s *Explainer) procedures(v *frame.Visit, on thing) (all []views.Option, err error) {
	if on.project == "" {
		return nil, nil
	}
	lines, err := s.Content.Procedures(v.Context(), on.project)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	for _, l := range lines[:min(len(lines), proceduresOffered)] {
		if l.Entry {
			all = append(all, views.Option{Value: l.UID, Name: cmp.Or(s.Words(v, l.Title), l.Alias)})
		}
	}
	return all, nil
}
