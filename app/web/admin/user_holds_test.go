package admin_test

import (
	"net/url"
	"strconv"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/webtest"
)

// TestWhatSomebodyHolds looks at what a writer holds before they are suspended, and at
// what the overview says afterwards.
func TestWhatSomebodyHolds(t *testing.T) {
	s := withStaff(t)
	u := webtest.AddUser(t, s.Site, "leaver", access.Writer, "production")
	p, err := s.Content.CreateProject(t.Context(), "production", webtest.Desk(t), u.ID)
	if err == nil {
		err = s.Content.SetGrants(t.Context(), p.ID, []access.Grant{{User: u.ID, Right: access.Publication}}, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	webtest.Token(t, s.Site, "leaver", access.ScopeStudio)
	b := webtest.SignedInAs(t, s.Site, "chief")
	b.Open("/admin").SeesNot("belongs to an account that is suspended")
	b.Open("/admin/users/"+u.ID).Sees("What they hold", "1 project of theirs", "/studio/p/"+p.ID+"/settings#owner-title", "Publish", "1 token stops with the account")
	u, err = s.Content.User(t.Context(), u.ID)
	if err != nil {
		t.Fatal(err)
	}
	s.post("chief", "/admin/users/"+u.ID+"/state", url.Values{"state": {"suspended"}, "version": {strconv.FormatInt(u.Version, 10)}})
	b.Open("/admin").Sees("belongs to an account that is suspended", "/studio/p/"+p.ID+"/settings#owner-title")
	b.Open("/admin/users/" + u.ID).Sees("1 project belongs to this account").SeesNot("1 token")
}
