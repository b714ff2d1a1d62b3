package portal

import (
	"net/http"

	"selfhelp/app/access"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// home lists the projects the visitor can reach, by domain. Where there is only
// one, it is the home.
func (s *Portal) home(w http.ResponseWriter, v *frame.Visit) error {
	page := views.Home{Chrome: v.Chrome(ui.Portal, v.Words.T("home.title"))}
	page.Flash = s.Said(w, v)
	count, only := 0, ""
	for _, domain := range s.DomainsOnShelf() {
		d := views.HomeDomain{Name: s.DomainName(v, domain)}
		for _, portal := range s.Hold(v).Projects(domain) {
			p := portal.Project()
			v.Enter(domain)
			if !v.May(access.SeeProject, frame.PublishedThing(domain, p)) {
				continue
			}
			count, only = count+1, frame.PortalAddress(domain, p.Alias)
			d.Projects = append(d.Projects, views.HomeProject{
				Name: s.Pick(v, p, p.Name), Text: s.Pick(v, p, p.Description), URL: only,
				Logo: s.LookOf(p, p.Theme, v.Words.Lang()).Logo,
			})
		}
		if len(d.Projects) > 0 {
			page.Domains = append(page.Domains, d)
		}
	}
	if count == 1 && page.Flash == nil {
		return frame.GoTo(w, v, only)
	}
	return frame.Show(w, v, page.View())
}
