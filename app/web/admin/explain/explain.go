package explain

import (
	"net/http"
	"net/url"
	"slices"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/publication"
	"selfhelp/app/web/admin"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// Explainer is the page that explains permissions.
type Explainer struct{ *admin.Admin }

// New returns the page of an administration.
func New(a *admin.Admin) *Explainer { return &Explainer{a} }

// Routes are those of the page.
func (s *Explainer) Routes() []frame.Route {
	return []frame.Route{
		{Pattern: "GET /admin/explain", Needs: access.AdministerDomain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.explain},
	}
}

const (
	peopleOffered = 200 // as one types
	peopleFound   = 20  // where a name is that of several
)

// explain shows what a person may do with a thing, and what led to it.
func (s *Explainer) explain(w http.ResponseWriter, v *frame.Visit) error {
	q := v.URL.Query()
	page := views.AdminExplain{
		Office: s.Office(w, v, "explain", v.Words.T("explain.title")),
		Person: frame.OneLine(q.Get("person")), On: q.Get("on"), Procedure: q.Get("procedure"), Choosing: q.Has("on") && !q.Has("ask"),
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
	if on.one == nil {
		page.Procedure = ""
	}
	if page.Person == "" {
		if q.Has("ask") {
			page.Wrong = v.Words.T("explain.person.none")
			return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
		}
		if page.Examples, err = s.examples(v); err != nil {
			return err
		}
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
			page.Matches = append(page.Matches, ui.Place{Name: u.Name() + " (" + u.Login + ")", URL: address(u.Login, page.On, page.Procedure, "")})
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
	users, err := s.Content.Users(v.Context(), store.UserFilter{Among: admin.Among(v), Limit: peopleOffered})
	if err != nil {
		return err
	}
	for _, u := range users {
		page.Known = append(page.Known, views.Option{Value: u.Login, Name: u.Name()})
	}
	page.Things, err = s.things(v)
	return err
}

// people are those that are meant by a login or a name, and that the person may
// know of. A login is one person's, whatever else it is part of.
func (s *Explainer) people(v *frame.Visit, typed string) ([]store.User, error) {
	all, _, err := s.PeopleCalled(v.Context(), store.UserFilter{Among: admin.Among(v), Limit: peopleFound}, typed)
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

// knows reports whether an account is in a domain that the person administers: to be
// in one by a group is not enough for that.
func (s *Explainer) knows(v *frame.Visit, u store.User) (bool, error) {
	if v.RulesServer() {
		return true, nil
	}
	m, err := s.Content.Memberships(v.Context(), u.ID)
	for _, d := range m.Domains {
		if admin.Administers(v, d) {
			return true, err
		}
	}
	for d := range m.Names() {
		if admin.Administers(v, d) {
			return true, err
		}
	}
	return false, err
}

// address is where something is explained; do names the permission that is looked
// at, "" for the one that most ask about.
func address(person, on, procedure string, do access.Permission) string {
	q := url.Values{"person": {person}, "on": {on}, "ask": {"yes"}}
	if procedure != "" {
		q.Set("procedure", procedure)
	}
	if do != "" {
		q.Set("do", string(do))
	}
	return "/admin/explain?" + q.Encode()
}

// tell fills in the answers: the one that is asked for, and the others.
func (s *Explainer) tell(v *frame.Visit, page *views.AdminExplain, u store.User, on thing) error {
	who, err := s.Person(v.Context(), u, on.Domain)
	if err != nil {
		return err
	}
	t, err := s.teller(v, u, on)
	if err != nil {
		return err
	}
	page.Person, page.Who, page.WhoURL = u.Login, u.Name(), t.account
	page.Thing = on.name
	main := on.main
	asks := on.asks
	if on.project != nil {
		published, note := s.onPortal(v, on, publication.Reader{Member: who.In(on.Domain), Groups: who.Groups.Names()})
		asks = append(published, asks...)
		if note != "" {
			page.Main = &views.ExplainRow{What: v.Words.T("permission." + string(on.main)), Verdict: views.ExplainNo, Answer: v.Words.T("explain.no"), Chain: []views.ExplainLink{{Text: note}}, Next: t.publish()}
		}
	}
	switch do := access.Permission(v.URL.Query().Get("do")); {
	case slices.ContainsFunc(asks, func(a ask) bool { return a.do == do }):
		main, page.Main = do, nil
	case do != "" && !slices.Contains(access.Permissions(), do): // one of another kind of thing may be left of a choice before
		return frame.Unknown()
	}
	for _, ask := range asks {
		e := access.Explain(who, ask.do, ask.on)
		row, err := t.row(e, who, ask)
		if err != nil {
			return err
		}
		row.URL = address(u.Login, page.On, page.Procedure, ask.do)
		if ask.do == main { // of several versions, the last is where the person begins
			if page.Main != nil {
				page.Rows = append(page.Rows, *page.Main)
			}
			page.Main = &row
			continue
		}
		page.Rows = append(page.Rows, row)
	}
	return nil
}
