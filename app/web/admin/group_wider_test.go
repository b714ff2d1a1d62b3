package admin_test

import (
	"net/http"
	"testing"

	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// TestOtherDomainsAreNotNamed: who administers one of the domains of a group sees
// nothing of the others, neither on its page nor by asking for their groups.
func TestOtherDomainsAreNotNamed(t *testing.T) {
	s := withStaff(t)
	g, err := s.Content.CreateGroup(t.Context(), store.Group{Domain: "production", Name: "bridge"}, "test")
	if err == nil {
		err = s.Content.AttachGroup(t.Context(), g.ID, "sandbox", "test")
	}
	here, herr := s.Content.CreateGroup(t.Context(), store.Group{Domain: "sandbox", Name: "annex"}, "test")
	if err == nil && herr == nil {
		err = s.Content.AttachGroup(t.Context(), here.ID, "production", "test")
	}
	if err != nil || herr != nil {
		t.Fatal(err, herr)
	}
	for _, id := range []string{g.ID, here.ID} {
		mustHold(t, s.page(t, "local", "/admin/groups/"+id), false, "Sandbox")
		mustHold(t, s.page(t, "local", "/admin/groups/"+id), true, "Production", "domains that you do not administer")
		mustHold(t, s.page(t, "chief", "/admin/groups/"+id), true, "Sandbox", "Production")
	}
	for _, path := range []string{"/admin/groups?domain=sandbox", "/admin/groups.csv?domain=sandbox"} {
		mustHold(t, s.page(t, "local", path), false, "bridge", "annex", "Sandbox")
		mustHold(t, s.page(t, "chief", path), true, "bridge", "annex")
	}
	if r := webtest.Ask(s.Site, "GET", "/admin/groups?domain=production", s.as["local"]); r.StatusCode != http.StatusOK {
		t.Errorf("%d", r.StatusCode)
	}
}
