package explain

import (
	"cmp"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/app/web/admin"
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
	main    access.Permission    // what most want to know of it
	project *store.Project       // whose it is, if any
	grants  []access.Grant       // what that gives
	one     *procedure.Procedure // of the project, when that is what is asked about
	asks    []ask                // what can be asked of it, whoever asks
}

// ask is a permission on it.
type ask struct {
	do      access.Permission
	on      access.Thing
	version string // of the publication, where there are several
}

// inStudio are the permissions on a project in the Studio.
var inStudio = []access.Permission{
	access.ReadProject, access.TestProject, access.ModifyProject, access.DesignProject, access.DuplicateProject, access.ApproveProject,
	access.PublishProject, access.ReadReports, access.AdministerProject, access.GiveProject,
}

// asked are permissions on one thing.
func asked(on access.Thing, all ...access.Permission) (asks []ask) {
	for _, do := range all {
		asks = append(asks, ask{do: do, on: on})
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
		return thing{name: v.Words.T("explain.server"), main: access.SignedIn, asks: asked(access.Thing{}, access.SignedIn, access.EnterStudio, access.AdministerServer)}, nil
	case "domain":
		return s.domain(v, id)
	case "project":
		return s.projectOf(v, id, uid)
	}
	return thing{}, frame.Unknown()
}

// administers refuses what is of other domains as if it were not there.
func administers(v *frame.Visit, domain string) error {
	if !admin.Administers(v, domain) {
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
	return thing{Thing: on, name: cmp.Or(s.Words(v, d.Title), id), main: access.CreateProject, asks: asked(on, access.CreateProject, access.AdministerDomain)}, nil
}

// projectOf is a project, or one of its procedures, as it is written. What it is
// on the portal depends on who looks.
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
	t := thing{name: cmp.Or(s.Words(v, p.Data.Name), p.Alias), project: &p, main: access.SeeProject, grants: grants}
	t.Thing = access.Thing{Domain: p.Domain, Project: &access.Project{Owner: p.Owner, Grants: access.GrantsOf(grants...)}}
	one, err := s.Content.Procedure(v.Context(), id, uid)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return thing{}, err
	}
	if err == nil { // else it is one of the project that was chosen before
		t.main = access.RunProcedure
		t.name = v.Words.T("explain.procedure", cmp.Or(s.Words(v, one.Data.Title), one.Data.Alias), t.name)
		t.one = one.Data
	}
	t.asks = asked(t.Thing, inStudio...)
	return t, nil
}

// onPortal is what can be asked of a project, and of one of its procedures, as
// somebody meets it published: in the version that they begin on, after those
// that are on trial with others.
func (s *Explainer) onPortal(v *frame.Visit, t thing, as publication.Reader) (asks []ask, note string) {
	portal, err := s.Hold(v).Project(t.Domain, t.project.Alias, as)
	if err != nil {
		return nil, v.Words.T("explain.unpublished")
	}
	versions := portal.Versions()
	number := func(o publication.Offer) string {
		if len(versions) < 2 {
			return ""
		}
		return o.Manifest().Number.String()
	}
	for _, o := range versions {
		asks = append(asks, ask{access.SeeProject, frame.PublishedThing(t.Domain, o), number(o)})
		if as.Offered(o) {
			break
		}
	}
	if t.one == nil {
		return asks, ""
	}
	note = v.Words.T("explain.no_entry")
	for _, o := range versions {
		entry, err := o.Entry(t.one.Alias)
		if err != nil {
			continue // it is not in this one
		}
		asks, note = append(asks, ask{access.RunProcedure, frame.EntryThing(t.Domain, publication.Listed{Entry: entry, Offer: o}), number(o)}), ""
		if as.Offered(o) {
			break
		}
	}
	return asks, note
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
	if on.project == nil {
		return nil, nil
	}
	lines, err := s.Content.Procedures(v.Context(), on.project.ID)
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
