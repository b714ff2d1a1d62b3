package web

import (
	"slices"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/views/ui"
)

// hold takes the publications in force for the length of the visit.
func (s *Site) hold(v *visit) *publication.Hold {
	if v.shelf == nil {
		v.shelf = s.shelf.Hold()
	}
	return v.shelf
}

// reader is who the visitor is in a domain, as far as audiences go.
func (v *visit) reader(domain string) publication.Reader {
	return publication.Reader{Member: v.who.In(domain), Groups: v.groups[domain]}
}

// narrowed is the reader looking through one of their groups only, when the
// address names one that is theirs.
func (v *visit) narrowed(domain string) (publication.Reader, string) {
	r := v.reader(domain)
	group := v.URL.Query().Get("group")
	if !slices.Contains(r.Groups, group) {
		return r, ""
	}
	r.Groups = []string{group}
	return r, group
}

// thingOf is a published project as permissions are asked on it.
func thingOf(domain string, p *procedure.Project) access.Thing {
	return access.Thing{Domain: domain, Project: &access.Project{Public: p.Public, Audience: p.Audience}}
}

// place is the project of a visit's address.
type place struct {
	domain  string
	portal  publication.Portal
	project *procedure.Project
}

// address is the home of the project's portal.
func (p place) address() string { return portalAddress(p.domain, p.project.Alias) }

func portalAddress(domain, alias string) string { return "/p/" + domain + "/" + alias }

// publishedProject is the subject of the portal's pages.
func publishedProject(s *Site, v *visit) (access.Thing, error) {
	domain, alias := v.PathValue("domain"), v.PathValue("project")
	portal, err := s.hold(v).Project(domain, alias)
	if err != nil {
		return access.Thing{}, err
	}
	v.place = place{domain, portal, portal.Project()}
	return thingOf(domain, v.place.project), nil
}

// content is the language of the project's words that suits the visitor: the
// one picked for content, else that of the interface, where the project has it.
func (v *visit) content(p *procedure.Project) string {
	if lang := v.cookie(contentCookie); lang != "" && slices.Contains(p.Languages, lang) {
		return lang
	}
	lang := v.words.Lang()
	if slices.Contains(p.Languages, lang) || len(p.Languages) == 0 {
		return lang
	}
	return p.Languages[0]
}

// pick says a text of a project in the visitor's language, else in another.
func (s *Site) pick(v *visit, p *procedure.Project, t procedure.Text) string {
	words, _ := t.Pick(s.now(), append([]string{v.content(p), v.words.Lang()}, p.Languages...)...)
	return words
}

// portalChrome is the chrome of a page of a project: its name, its look.
func (s *Site) portalChrome(v *visit, at place, title string) ui.Chrome {
	c := v.chrome(ui.Portal, title)
	c.Home = ui.Place{Name: s.pick(v, at.project, at.project.Name), URL: at.address()}
	c.Look = s.lookOf(at.project, at.project.Theme, v.words.Lang())
	c.Tongues = s.tongues(at.project, v.content(at.project))
	return c
}

// lookOf turns a theme into what pages need, its logo found.
func (s *Site) lookOf(p *procedure.Project, t procedure.Theme, lang string) ui.Look {
	look := ui.Look{Hue: t.Hue, Radius: t.Radius}
	for i := range p.Resources {
		if r := &p.Resources[i]; r.ID == t.Logo && t.Logo != "" {
			look.Logo = fileOfResource(r, append([]string{lang}, p.Languages...))
		}
	}
	return look
}

// unknown is the failure of an address that leads to nothing one may know of.
func unknown() error { return fault.New(fault.NotFound, "fault.not_found") }
