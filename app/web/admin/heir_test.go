package admin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// owned makes a project of somebody's.
func (s staff) owned(t *testing.T, u store.User, domain, alias string) store.Project {
	t.Helper()
	data := webtest.Desk(t)
	data.UID, data.Alias = alias, alias
	data.Procedures = nil
	p, err := s.Content.CreateProject(t.Context(), domain, data, u.ID)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (s staff) ownerOf(t *testing.T, id string) string {
	t.Helper()
	p, err := s.Content.Project(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return p.Owner
}

func (s staff) version(t *testing.T, id string) string {
	t.Helper()
	u, err := s.Content.User(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return strconv.FormatInt(u.Version, 10)
}

// TestProjectsWithoutAnOwnerAreNamed deletes an owner and looks for the project.
func TestProjectsWithoutAnOwnerAreNamed(t *testing.T) {
	s := withStaff(t)
	u := webtest.AddUser(t, s.Site, "leaver", access.Writer, "production")
	p := s.owned(t, u, "production", "left")
	b := webtest.SignedInAs(t, s.Site, "chief")
	b.Open("/admin").SeesNot("has no owner")
	s.post("chief", "/admin/users/"+u.ID+"/state", url.Values{"state": {"suspended"}, "version": {s.version(t, u.ID)}})
	if r := s.post("chief", "/admin/users/"+u.ID+"/delete", url.Values{"confirm": {"leaver"}, "version": {s.version(t, u.ID)}}); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", r.StatusCode)
	}
	b.Open("/admin").Sees("has no owner", "/studio/p/"+p.ID+"/settings#owner-title")
	for i := range 7 {
		s.owned(t, u, "production", "more"+strconv.Itoa(i))
	}
	b.Open("/admin").Sees("3 more projects belong to nobody")
}

// TestProjectsAreHandedOver suspends and deletes owners, one and several, and gives
// their projects to somebody who may own them.
func TestProjectsAreHandedOver(t *testing.T) {
	s := withStaff(t)
	one, two, three := webtest.AddUser(t, s.Site, "one", access.Writer, "production"), webtest.AddUser(t, s.Site, "two", access.Writer, "production", "sandbox"), webtest.AddUser(t, s.Site, "three", access.Writer, "production")
	mine, far, third := s.owned(t, one, "production", "mine"), s.owned(t, two, "sandbox", "far"), s.owned(t, three, "production", "third")
	offer := func(id string) string { return `<option value="` + id + `">` }
	user := webtest.AddUser(t, s.Site, "plain", access.User, "production")
	page := s.page(t, "chief", "/admin/users/"+one.ID)
	mustHold(t, page, true, "Give 1 project to", offer(s.writer.ID), offer(two.ID), offer(s.chief.ID))
	mustHold(t, page, false, offer(one.ID), offer(user.ID))
	mustHold(t, s.page(t, "chief", "/admin/users/"+s.writer.ID), false, "Give 1 project to")

	state := "/admin/users/" + one.ID + "/state"
	for _, bad := range []string{user.ID, one.ID, "none"} {
		r := s.post("chief", state, url.Values{"state": {"suspended"}, "version": {s.version(t, one.ID)}, "heir": {bad}})
		if r.StatusCode != http.StatusUnprocessableEntity || s.ownerOf(t, mine.ID) != one.ID {
			t.Errorf("given to %s: %d", bad, r.StatusCode)
		}
	}
	s.post("chief", state, url.Values{"state": {"suspended"}, "version": {"99"}, "heir": {s.writer.ID}})
	if s.ownerOf(t, mine.ID) != one.ID {
		t.Error("given although the account was changed meanwhile")
	}
	if r := s.post("chief", state, url.Values{"state": {"suspended"}, "version": {s.version(t, one.ID)}, "heir": {s.writer.ID}}); r.StatusCode != http.StatusSeeOther || s.ownerOf(t, mine.ID) != s.writer.ID {
		t.Errorf("%d, it belongs to %s", r.StatusCode, s.ownerOf(t, mine.ID))
	}

	several := url.Values{"do": {"suspend"}, "pick": {two.ID, three.ID}}
	page = webtest.Text(t, s.post("chief", "/admin/users/choose", several))
	mustHold(t, page, true, "Give 2 projects to", offer(s.chief.ID))
	mustHold(t, page, false, offer(s.writer.ID), offer(two.ID)) // who is in one of the domains only, and who is suspended
	several.Set("heir", s.chief.ID)
	if r := s.post("chief", "/admin/users/apply", several); r.StatusCode != http.StatusSeeOther || s.ownerOf(t, far.ID) != s.chief.ID || s.ownerOf(t, third.ID) != s.chief.ID {
		t.Errorf("%d", r.StatusCode)
	}
	left := s.owned(t, three, "production", "late")
	page = s.page(t, "chief", "/admin/users/"+three.ID)
	mustHold(t, page, true, "Give 1 project to")
	s.post("chief", "/admin/users/"+three.ID+"/delete", url.Values{"confirm": {"three"}, "version": {s.version(t, three.ID)}, "heir": {s.writer.ID}})
	if s.ownerOf(t, left.ID) != s.writer.ID {
		t.Error("the project of a deleted account went to nobody")
	}
	entries, err := s.Content.AuditLike(t.Context(), store.AuditFilter{Action: "project.owner", Limit: 10})
	if err != nil || len(entries) != 4 || entries[0].Actor != s.chief.ID {
		t.Errorf("the audit has %d of it, %v", len(entries), err)
	}
	if got, want := string(entries[0].Detail), `{"owner":{"was":"`+three.ID+`","now":"`+s.writer.ID+`"}}`; got != want {
		t.Errorf("the audit says %s, not %s", got, want)
	}
}

// TestHeirsThatAreNone names somebody who may not own, or an heir of nothing: the page
// asks again, or nothing is said of it.
func TestHeirsThatAreNone(t *testing.T) {
	s := withStaff(t)
	idle, owner := webtest.AddUser(t, s.Site, "idle", access.Writer, "production"), webtest.AddUser(t, s.Site, "owner", access.Writer, "production")
	s.owned(t, owner, "production", "mine")
	picks := url.Values{"do": {"suspend"}, "pick": {owner.ID}, "heir": {idle.ID + "x"}}
	if r := s.post("chief", "/admin/users/apply", picks); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("an heir who is nobody: %d", r.StatusCode)
	} else {
		says(t, webtest.MainOf(webtest.Text(t, r)), `id="heir-error"`)
	}
	if r := s.post("chief", "/admin/users/"+idle.ID+"/state", url.Values{"state": {"suspended"}, "version": {"99"}}); r.StatusCode != http.StatusConflict {
		t.Errorf("overtaken: %d", r.StatusCode)
	} else {
		says(t, webtest.MainOf(webtest.Text(t, r)), "<form", "idle")
	}
	if r := s.post("chief", "/admin/users/"+idle.ID+"/state", url.Values{"state": {"suspended"}, "version": {s.version(t, idle.ID)}, "heir": {owner.ID}}); r.StatusCode != http.StatusSeeOther {
		t.Errorf("an heir of nothing: %d", r.StatusCode)
	}
}

// TestOwnersWhoLoseTheirRoleOrDomain takes from owners what lets them own: the form
// offers to give their projects away, and the overview names those that stay.
func TestOwnersWhoLoseTheirRoleOrDomain(t *testing.T) {
	s := withStaff(t)
	u := webtest.AddUser(t, s.Site, "leaver", access.Writer, "production", "sandbox")
	here, there := s.owned(t, u, "production", "here"), s.owned(t, u, "sandbox", "there")
	address := "/admin/users/" + u.ID
	form := func(role access.Role, more ...string) url.Values {
		values := url.Values{"login": {"leaver"}, "role": {string(role)}, "version": {s.version(t, u.ID)}, "domain": {"production"}}
		for i := 0; i < len(more); i += 2 {
			values.Add(more[i], more[i+1])
		}
		return values
	}
	r := s.post("chief", address, form(access.Writer)) // no longer in the sandbox
	page := webtest.Text(t, r)
	if r.StatusCode != http.StatusConflict {
		t.Errorf("a domain with a project was taken away: %d", r.StatusCode)
	}
	mustHold(t, page, true, "could no longer own", "Give 1 project to", `name="lost" value="sandbox"`, `<option value="`+s.chief.ID+`">`)
	mustHold(t, page, false, `<option value="`+s.writer.ID+`">`) // who is in production only
	if r := s.post("chief", address, form(access.Writer, "lost", "sandbox", "heir", s.writer.ID)); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("given to somebody of another domain: %d", r.StatusCode)
	}
	if r := s.post("chief", address, form(access.User, "lost", "sandbox", "heir", s.chief.ID)); r.StatusCode != http.StatusConflict {
		t.Errorf("more was taken away than was asked about: %d", r.StatusCode)
	}
	if r := s.post("chief", address, form(access.Writer, "lost", "sandbox", "heir", s.chief.ID)); r.StatusCode != http.StatusSeeOther || s.ownerOf(t, there.ID) != s.chief.ID || s.ownerOf(t, here.ID) != u.ID {
		t.Errorf("%d, they belong to %s and %s", r.StatusCode, s.ownerOf(t, there.ID), s.ownerOf(t, here.ID))
	}
	b := webtest.SignedInAs(t, s.Site, "chief")
	b.Open("/admin").SeesNot("may not own")
	mustHold(t, webtest.Text(t, s.post("chief", address, form(access.User))), true, "could no longer own")
	if r := s.post("chief", address, form(access.User, "lost", "production", "heir", "")); r.StatusCode != http.StatusSeeOther || s.ownerOf(t, here.ID) != u.ID {
		t.Errorf("left as it is: %d", r.StatusCode)
	}
	b.Open("/admin").Sees("may not own", "/studio/p/"+here.ID+"/settings#owner-title")
	if r := s.post("chief", address, form(access.User, "first_name", "Zoé")); r.StatusCode != http.StatusSeeOther {
		t.Errorf("what was left before is asked about again: %d", r.StatusCode)
	}
}

// TestHeirsBeyondTheList names somebody by login where not everybody who may own a
// project is offered, and says so.
func TestHeirsBeyondTheList(t *testing.T) {
	s := withStaff(t)
	owner := webtest.AddUser(t, s.Site, "owner", access.Writer, "production")
	p := s.owned(t, owner, "production", "mine")
	for i := range 201 {
		login := fmt.Sprintf("writer-%03d", i)
		u, err := s.Content.CreateUser(t.Context(), store.User{Login: login, LastName: login, Role: access.Writer, Active: true}, "test")
		if err == nil {
			err = s.Content.SetMemberships(t.Context(), u.ID, []string{"production"}, nil, "test")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	webtest.AddUser(t, s.Site, "elsewhere", access.Writer, "sandbox")
	webtest.SignedInAs(t, s.Site, "chief").Open("/admin/users/"+owner.ID).Sees("Not everybody who may own them", `name="heir_login"`)
	give := func(login string) *http.Response {
		return s.post("chief", "/admin/users/"+owner.ID+"/state", url.Values{"state": {"suspended"}, "version": {s.version(t, owner.ID)}, "heir_login": {login}})
	}
	for _, login := range []string{"nobody", "elsewhere", "owner"} {
		r := give(login)
		if r.StatusCode != http.StatusUnprocessableEntity {
			t.Fatalf("%s: %d", login, r.StatusCode)
		}
		says(t, webtest.Text(t, r), `id="heir_login-error"`)
	}
	heir, err := s.Content.UserByLogin(t.Context(), "writer-200")
	if err != nil {
		t.Fatal(err)
	}
	if r := give("WRITER-200 "); r.StatusCode != http.StatusSeeOther || s.ownerOf(t, p.ID) != heir.ID {
		t.Errorf("%d, and it belongs to %s", r.StatusCode, s.ownerOf(t, p.ID))
	}
}
