package explain

import (
	"net/http"
	"net/url"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/publication"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// Explainer is the page that explains permissions.
type Explainer struct{ *frame.Site }

// New returns the page of a site.
func New(s *frame.Site) *Explainer { return &Explainer{s} }

// Routes are those of the page.
func (s *Explainer) Routes() []frame.Route {
	return []frame.Route{
		{Pattern: "GET /admin/explain", Needs: access.AdministerDomain, Role: frame.Edition, Subject: s.ownAdministration, Do: s.explain},
	}
}

// ownAdministration is wherever the person belongs: the page shows no more.
func (s *Explainer) ownAdministration(v *frame.Visit) (access.Thing, error) {
	own := v.Who.Attached()
	if len(own) == 0 {
		return access.Thing{}, nil
	}
	return access.Thing{Domain: own[0]}, nil
}

const (
	peopleOffered = 200 // as one types
	peopleFound   = 20  // where a name is that of several
)

// explain shows what a person may do with a thing, and what led to it.
func (s *Explainer) explain(w http.ResponseWriter, v *frame.Visit) error {
	q := v.URL.Query()
	c := v.Chrome(ui.Admin, v.Words.T("explain.title"))
	c.Flash = s.Said(w, v)
	page := views.AdminExplain{
		Office: views.Office{Chrome: c, Where: "explain", Server: v.RulesServer()},
		Person: frame.OneLine(q.Get("person")), On: q.Get("on"), Procedure: q.Get("procedure"),
	}
	if err := s.offer(v, &page); err != nil {
		return err
	}
	on, err := s.find(v, page.On, page.Procedure)
	if err != nil {
		return err
	}
	if page.Procedures, err = s.procedures(v, on); err != nil {
		return err
	}
	if page.Person == "" {
		return frame.Show(w, v, page.View())
	}
	found, err := s.people(v, page.Person)
	if err != nil {
		return err
	}
	switch {
	case len(found) == 0:
		page.Wrong = v.Words.T("explain.nobody", page.Person)
		return frame.ShowStatus(w, v, http.StatusNotFound, page.View())
	case len(found) > 1:
		for _, u := range found {
			page.Matches = append(page.Matches, ui.Place{Name: u.Name() + " (" + u.Login + ")", URL: "/admin/explain?" + url.Values{"person": {u.Login}, "on": {page.On}, "procedure": {page.Procedure}}.Encode()})
		}
		return frame.Show(w, v, page.View())
	}
	if err := s.tell(v, &page, found[0], on); err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// offer fills what can be chosen.
func (s *Explainer) offer(v *frame.Visit, page *views.AdminExplain) error {
	users, err := s.Content.Users(v.Context(), store.UserFilter{Among: among(v), Limit: peopleOffered})
	if err != nil {
		return err
	}
	for _, u := range users {
		page.Known = append(page.Known, views.Option{Value: u.Login, Name: u.Name()})
	}
	page.Things, err = s.things(v)
	return err
}

// among is the filter of accounts that the person may know of: nil for all.
func among(v *frame.Visit) []string {
	if v.RulesServer() {
		return nil
	}
	return v.Who.Attached()
}

// people are those that are meant by a login or a name, and that the person may
// know of. A login is one person's, whatever else it is part of.
func (s *Explainer) people(v *frame.Visit, typed string) ([]store.User, error) {
	all, _, err := s.PeopleCalled(v.Context(), store.UserFilter{Among: among(v), Limit: peopleFound}, typed)
	if err != nil {
		return nil, err
	}
	u, err := s.Content.UserByLogin(v.Context(), typed)
	if fault.Is(err, fault.NotFound) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	known, err := s.knows(v, u)
	if known {
		all = []store.User{u}
	}
	return all, err
}

// knows reports whether an account shares a domain with the person.
func (s *Explainer) knows(v *frame.Visit, u store.User) (bool, error) {
	if v.RulesServer() {
		return true, nil
	}
	m, err := s.Content.Memberships(v.Context(), u.ID)
	for _, d := range m.Domains {
		if v.Who.In(d) {
			return true, err
		}
	}
	for d := range m.Names() {
		if v.Who.In(d) {
			return true, err
		}
	}
	return false, err
}

// tell fills the table.
func (s *Explainer) tell(v *frame.Visit, page *views.AdminExplain, u store.User, on thing) error {
	who, err := s.Person(v.Context(), u, on.Domain)
	if err != nil {
		return err
	}
	t, err := s.teller(v, u, on)
	if err != nil {
		return err
	}
	page.Person, page.Who, page.WhoURL = u.Login, u.Name(), "/admin/users/"+u.ID
	page.Thing = on.name
	asks := on.asks
	if on.project != nil {
		published, note := s.onPortal(v, on, publication.Reader{Member: who.In(on.Domain), Groups: who.Groups.Names()})
		asks = append(published, asks...)
		if note != "" {
			page.Notes = append(page.Notes, note)
		}
	}
	for _, ask := range asks {
		e := access.Explain(who, ask.do, ask.on)
		row := views.ExplainRow{What: v.Words.T("permission." + string(ask.do)), Allowed: e.Allowed}
		if ask.version != "" {
			row.What = v.Words.T("explain.in_version", row.What, ask.version)
		}
		if row.Chain, err = t.chain(e); err != nil {
			return err
		}
		page.Rows = append(page.Rows, row)
	}
	return nil
}
