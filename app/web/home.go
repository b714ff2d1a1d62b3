package web

import (
	"cmp"
	"net/http"
	"slices"

	"selfhelp/app/access"
	"selfhelp/app/publication"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// home lists the projects the visitor can reach, by domain. Where there is only
// one, it is the home.
func (s *Site) home(w http.ResponseWriter, v *visit) error {
	page := views.Home{Chrome: v.chrome(ui.Portal, v.words.T("home.title"))}
	page.Flash = s.said(w, v)
	count, only := 0, ""
	for _, domain := range s.domainsOnShelf() {
		d := views.HomeDomain{Name: s.domainName(v, domain)}
		for _, portal := range s.hold(v).Projects(domain) {
			p := portal.Project()
			v.enter(domain)
			if !v.may(access.SeeProject, thingOf(domain, p)) {
				continue
			}
			count, only = count+1, portalAddress(domain, p.Alias)
			d.Projects = append(d.Projects, views.HomeProject{
				Name: s.pick(v, p, p.Name), Text: s.pick(v, p, p.Description), URL: only,
				Logo: s.lookOf(p, p.Theme, v.words.Lang()).Logo,
			})
		}
		if len(d.Projects) > 0 {
			page.Domains = append(page.Domains, d)
		}
	}
	if count == 1 && page.Flash == nil {
		return goTo(w, v, only)
	}
	return show(w, v, page.View())
}

// production is the domain shown first, and the one an alias is looked for in
// when the address names none.
const production = "production"

// domainsOnShelf lists the domains that have something published.
func (s *Site) domainsOnShelf() (domains []string) {
	for _, p := range s.shelf.Catalogue().Publications {
		if p.Active && !slices.Contains(domains, p.Domain) {
			domains = append(domains, p.Domain)
		}
	}
	slices.SortFunc(domains, compareDomains)
	return domains
}

// compareDomains puts production first, then goes by name.
func compareDomains(a, b string) int {
	first := func(d string) int {
		if d == production {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(first(a), first(b)), cmp.Compare(a, b))
}

// domainName is what people call a domain; a presentation server may only know
// its id.
func (s *Site) domainName(v *visit, id string) string {
	d, err := s.content.Domain(v.Context(), id)
	if err != nil {
		return id
	}
	if words, _ := d.Title.Pick(s.now(), v.words.Lang()); words != "" {
		return words
	}
	return id
}

// startAddress is where a procedure of a domain begins.
func startAddress(domain string, e *publication.Entry) string {
	if domain == production {
		return "/r/" + e.Alias
	}
	return "/r/" + e.Alias + "?in=" + domain
}
