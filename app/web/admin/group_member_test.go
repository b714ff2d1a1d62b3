package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
	"selfhelp/store/people"
)

// called makes an account of a domain with a name and a mail.
func (s staff) called(t *testing.T, login, first, last, mail string) store.User {
	t.Helper()
	u := webtest.AddUser(t, s.Site, login, access.User, "production")
	u.FirstName, u.LastName, u.Mail = first, last, mail
	u, err := s.Content.SaveUser(t.Context(), u, "test")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// TestMembersAreCalledAsPeopleCallThem puts people in a group by login, mail or
// name, and asks which of several is meant.
func TestMembersAreCalledAsPeopleCallThem(t *testing.T) {
	s := withStaff(t)
	s.called(t, "k.benali", "Karim", "Benali", "karim@example.org")
	s.called(t, "l.benali", "Lina", "Benali", "lina@example.org")
	s.called(t, "m.faye", "Moussa", "Faye", "moussa@example.org")
	s.called(t, "m.faye2", "Moussa", "Faye", "faye@example.org")
	webtest.AddUser(t, s.Site, "far.benali", access.User, "sandbox")
	g := s.group(t, "production", "Night")
	add := "/admin/groups/" + g.ID + "/members"
	for i, typed := range []string{"Karim  benali", "LINA@example.org", "m.faye"} {
		if r := s.post("local", add, url.Values{"login": {typed}}); r.StatusCode != http.StatusSeeOther || s.members(t, g) != i+1 {
			t.Errorf("%s: %d, %d members", typed, r.StatusCode, s.members(t, g))
		}
	}
	for typed, want := range map[string][]string{
		"Moussa Faye": {"Who is meant?", `value="m.faye"`, `value="m.faye2"`},
		"benali":      {"Who is meant?", `value="k.benali"`, `value="l.benali"`},
		"far.benali":  {"Nobody of this domain has this login, mail or name.", "autofocus"},
		"":            {"Nobody of this domain"},
	} {
		r := s.post("local", add, url.Values{"login": {typed}})
		page := webtest.Text(t, r)
		says(t, webtest.MainOf(page), want...)
		if r.StatusCode != http.StatusUnprocessableEntity || s.members(t, g) != 3 || strings.Contains(page, `value="far.benali">`) {
			t.Errorf("%q: %d, %d members", typed, r.StatusCode, s.members(t, g))
		}
	}
	says(t, s.page(t, "local", "/admin/groups/"+g.ID), `<option value="k.benali">Karim Benali</option>`)
}

// TestMembershipsNameTheirWayIn shows the name of the way in that told of a
// membership, not its id.
func TestMembershipsNameTheirWayIn(t *testing.T) {
	s := withStaff(t)
	g := s.group(t, "production", "Night")
	settings, version, err := s.Desk.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id := store.NewID()
	settings.Methods = append(settings.Methods, admission.Method{ID: id, Name: "Lyon directory", Kind: admission.Trusted, Off: true})
	err = s.Desk.Save(t.Context(), settings, version, "test")
	if err == nil {
		_, err = s.Content.Arrive(t.Context(), []people.Arrival{{Method: id, Subject: "w", Account: func(store.User) store.User { return s.writer }, Take: people.TakeAny, Groups: []string{g.ID}}}, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/admin/groups/" + g.ID, "/admin/users/" + s.writer.ID, "/admin/explain?person=writer&on=domain:production"} {
		page := s.page(t, "chief", path)
		says(t, page, "Lyon directory")
		if strings.Contains(page, "from "+id) || strings.Contains(page, "“"+id+"”") {
			t.Errorf("%s shows the id", path)
		}
	}
}

// TestGroupsAreMadeFromTheirList makes a group in the domain that is chosen, one
// of the person's.
func TestGroupsAreMadeFromTheirList(t *testing.T) {
	s := withStaff(t)
	says(t, s.page(t, "chief", "/admin/groups"), `<option value="production">`, `<option value="sandbox">`, "In the domain")
	if r := s.post("local", "/admin/groups", url.Values{"name": {"Night"}, "to": {"production"}}); r.StatusCode != http.StatusSeeOther {
		t.Errorf("%d", r.StatusCode)
	}
	for _, refused := range []url.Values{{"name": {"Far"}, "to": {"sandbox"}}, {"name": {""}, "to": {"production"}}, {"name": {"Night"}, "to": {"production"}}} {
		if r := s.post("local", "/admin/groups", refused); r.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", refused, r.StatusCode)
		}
	}
}

// TestSessionsAreEndedWhereThereAreSome offers no button that would do nothing.
func TestSessionsAreEndedWhereThereAreSome(t *testing.T) {
	s := withStaff(t)
	idle := webtest.AddUser(t, s.Site, "idle", access.User, "production")
	if strings.Contains(s.page(t, "chief", "/admin/users/"+idle.ID), idle.ID+"/sessions\"") {
		t.Error("there are none to end")
	}
	says(t, s.page(t, "chief", "/admin/users/"+s.writer.ID), s.writer.ID+"/sessions\"")
}
