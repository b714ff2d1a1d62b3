package frame

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/views/ui"
)

// Hold takes the publications in force for the length of the visit.
func (s *Site) Hold(v *Visit) *publication.Hold {
	if v.shelf == nil {
		v.shelf = s.Shelf.Hold()
	}
	return v.shelf
}

// Reader is who the visitor is in a domain, as far as audiences go.
func (v *Visit) Reader(domain string) publication.Reader {
	return publication.Reader{Member: v.Who.In(domain), Groups: v.Groups[domain].Names()}
}

// Narrowed is the reader looking through one of their groups only, when the
// address names one that is theirs.
func (v *Visit) Narrowed(domain string) (publication.Reader, string) {
	r := v.Reader(domain)
	group := v.URL.Query().Get("group")
	if !slices.Contains(r.Groups, group) {
		return r, ""
	}
	r.Groups = []string{group}
	return r, group
}

// PublishedThing is a version of a published project as permissions are asked on
// it.
func PublishedThing(domain string, o publication.Offer) access.Thing {
	p := o.Project()
	return access.Thing{
		Domain: domain, Project: &access.Project{Public: p.Public, Audience: p.Audience},
		Version: access.Version{Number: o.Manifest().Number.String(), Audience: o.Trial},
	}
}

// EntryThing is a procedure of a published project as permissions are asked on
// it.
func EntryThing(domain string, l publication.Listed) access.Thing {
	on := PublishedThing(domain, l.Offer)
	for _, groups := range l.Bundle.Project().AudiencesOf(l.Category) {
		on.Categories = append(on.Categories, groups)
	}
	on.Procedure = l.Audience
	return on
}

// Place is the project of a visit's address.
type Place struct {
	Domain  string
	Portal  publication.Portal
	Project *procedure.Project
}

// Address is the home of the project's portal.
func (p Place) Address() string { return PortalAddress(p.Domain, p.Project.Alias) }

// PortalAddress is the home of a project's portal.
func PortalAddress(domain, alias string) string { return "/p/" + domain + "/" + alias }

// PublishedProject is the subject of the portal's pages.
func (s *Site) PublishedProject(v *Visit) (access.Thing, error) {
	domain, alias := v.PathValue("domain"), v.PathValue("project")
	portal, err := s.Hold(v).Project(domain, alias, v.Reader(domain))
	if err != nil {
		return access.Thing{}, err
	}
	version := portal.Version(v.Reader(domain))
	v.Place = Place{domain, portal, version.Project()}
	return PublishedThing(domain, version), nil
}

// ContentLanguage is the language of the project's words that suits the visitor: the
// one picked for content, else that of the interface, where the project has it.
func (v *Visit) ContentLanguage(p *procedure.Project) string {
	if lang := v.CookieValue(contentCookie); lang != "" && slices.Contains(p.Languages, lang) {
		return lang
	}
	lang := v.Words.Lang()
	if slices.Contains(p.Languages, lang) || len(p.Languages) == 0 {
		return lang
	}
	return p.Languages[0]
}

// Pick says a text of a project in the visitor's language, else in another.
func (s *Site) Pick(v *Visit, p *procedure.Project, t procedure.Text) string {
	words, _ := t.Pick(s.Now(), append([]string{v.ContentLanguage(p), v.Words.Lang()}, p.Languages...)...)
	return words
}

// PortalChrome is the chrome of a page of a project: its name, its look.
func (s *Site) PortalChrome(v *Visit, at Place, title string) ui.Chrome {
	c := v.Chrome(ui.Portal, title)
	c.Home = ui.Place{Name: s.Pick(v, at.Project, at.Project.Name), URL: at.Address()}
	c.Look = s.LookOf(at.Project, at.Project.Theme, v.Words.Lang())
	c.Tongues = s.tongues(at.Project, v.ContentLanguage(at.Project))
	return c
}

// LookOf turns a theme into what pages need, its logo found.
func (s *Site) LookOf(p *procedure.Project, t procedure.Theme, lang string) ui.Look {
	look := ui.Look{Hue: t.Hue, Radius: t.Radius}
	for i := range p.Resources {
		if r := &p.Resources[i]; r.ID == t.Logo && t.Logo != "" {
			look.Logo = fileOfResource(r, append([]string{lang}, p.Languages...))
		}
	}
	return look
}

// Unknown is the failure of an address that leads to nothing one may know of.
func Unknown() error { return fault.New(fault.NotFound, "fault.not_found") }

// production is the domain shown first, and the one an alias is looked for in
// when the address names none.
const production = "production"

// DomainsOnShelf lists the domains that have something published.
func (s *Site) DomainsOnShelf() (domains []string) {
	for _, p := range s.Shelf.Catalogue().Publications {
		if p.Active && !slices.Contains(domains, p.Domain) {
			domains = append(domains, p.Domain)
		}
	}
	slices.SortFunc(domains, CompareDomains)
	return domains
}

// CompareDomains puts production first, then goes by name.
func CompareDomains(a, b string) int {
	first := func(d string) int {
		if d == production {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(first(a), first(b)), cmp.Compare(a, b))
}

// DomainName is what people call a domain; a presentation server may only know
// its id.
func (s *Site) DomainName(v *Visit, id string) string {
	d, err := s.Content.Domain(v.Context(), id)
	if err != nil {
		return id
	}
	if words, _ := d.Title.Pick(s.Now(), v.Words.Lang()); words != "" {
		return words
	}
	return id
}

// StartAddress is where a procedure of a domain begins.
func StartAddress(domain string, e *publication.Entry) string {
	if domain == production {
		return "/r/" + e.Alias
	}
	return "/r/" + e.Alias + "?in=" + domain
}

// MayRun reports whether the visitor may start an entry.
func (v *Visit) MayRun(domain string, l publication.Listed) bool {
	v.Enter(domain)
	return v.May(access.RunProcedure, EntryThing(domain, l))
}

// longestQuery is how much of what is typed is looked at, in characters.
const longestQuery = 200

// OneLine makes a text valid, of one line and of a bearable length.
func OneLine(typed string) string {
	words := strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return ' '
		}
		return r
	}, typed)
	words = strings.TrimSpace(words)
	if runes := []rune(words); len(runes) > longestQuery {
		words = string(runes[:longestQuery])
	}
	return words
}
