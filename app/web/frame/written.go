package frame

import (
	"cmp"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store"
)

// ProjectOf is the subject of the routes of a project: {project} in the
// pattern. What is in the recycle bin is not found.
func (s *Site) ProjectOf(v *Visit) (access.Thing, error) {
	p, err := s.Content.Project(v.Context(), v.PathValue("project"))
	if err != nil {
		return access.Thing{}, err
	}
	if !p.Deleted.IsZero() {
		return access.Thing{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return s.WrittenThing(v, p)
}

// WrittenThing is a project as permissions are asked on it, and gives the person the
// groups they have in its domain.
func (s *Site) WrittenThing(v *Visit, p store.Project) (access.Thing, error) {
	grants, err := s.Content.Grants(v.Context(), p.ID)
	if err != nil {
		return access.Thing{}, err
	}
	v.Who.Groups = v.Groups[p.Domain]
	return access.Thing{Domain: p.Domain, Project: &access.Project{Public: p.Data.Public, Audience: p.Data.Audience, Owner: p.Owner, Grants: access.GrantsOf(grants...)}}, nil
}

// GroupTitle is how people call a group: its title, or the name that audiences
// write when it has none.
func (s *Site) GroupTitle(v *Visit, g store.Group) string {
	return cmp.Or(s.Words(v, g.Title), g.Name)
}

// GroupTitles are what people call groups of a domain, by the names of those
// asked for: their titles, or the names where there is none.
func (s *Site) GroupTitles(v *Visit, domain string, names []string) (map[string]string, error) {
	titles, err := s.Content.GroupTitles(v.Context(), domain, names)
	called := map[string]string{}
	for _, name := range names {
		called[name] = cmp.Or(s.Words(v, titles[name]), name)
	}
	return called, err
}

// Words picks the words of a text for the person: the interface's language, then
// whatever there is.
func (s *Site) Words(v *Visit, t procedure.Text) string {
	words, _ := t.Pick(s.Now(), v.Words.Lang(), v.Who.Language)
	return words
}
