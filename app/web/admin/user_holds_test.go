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

// TestWhatSomebodyHoldsInOneDomain shows a domain administrator what an account of two
// domains holds in theirs, and of the rest only that there is some.
func TestWhatSomebodyHoldsInOneDomain(t *testing.T) {
	s := withStaff(t)
	both := webtest.AddUser(t, s.Site, "both", access.Writer, "production", "sandbox")
	near := s.owned(t, both, "production", "near")
	webtest.Token(t, s.Site, "both", access.ScopeStudio)
	page := s.page(t, "local", "/admin/users/"+both.ID)
	mustHold(t, page, true, "What they hold", "1 project of theirs", "/studio/p/"+near.ID+"/settings#owner-title", "1 token")
	mustHold(t, page, false, "outside the domains that you administer", "/admin/users/"+both.ID+"/state")
	far := s.owned(t, both, "sandbox", "far")
	if err := s.Content.SetGrants(t.Context(), far.ID, []access.Grant{{User: both.ID, Right: access.Approval}}, "test"); err != nil {
		t.Fatal(err)
	}
	page = s.page(t, "local", "/admin/users/"+both.ID)
	mustHold(t, page, true, "1 project of theirs", "outside the domains that you administer")
	mustHold(t, page, false, far.ID)
	mustHold(t, s.page(t, "chief", "/admin/users/"+both.ID), false, "outside the domains that you administer")
}
