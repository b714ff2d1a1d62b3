package admin_test

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// TestRefusalsAreAudited: who is refused in the administration or the Studio, and
// who is not let in.
func TestRefusalsAreAudited(t *testing.T) {
	s := withStaff(t)
	actions := func(action string) (found []store.AuditEntry) {
		all, err := s.Content.AuditLike(t.Context(), store.AuditFilter{Action: action, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	webtest.Ask(s.Site, "GET", "/admin/settings", s.as["writer"])
	webtest.Ask(s.Site, "GET", "/admin/settings", s.as["nobody"]) // is asked to sign in
	webtest.Ask(s.Site, "GET", "/me", s.as["writer"])
	if got := actions("access.refused"); len(got) != 1 || got[0].Actor != s.writer.ID || !strings.Contains(string(got[0].Detail), "GET /admin/settings") {
		t.Errorf("%+v", got)
	}
	for range 20 {
		webtest.Ask(s.Site, "GET", "/studio", s.as["user"])
	}
	if got := actions("access.refused"); len(got) != 5 {
		t.Errorf("%d entries of one address in a minute", len(got))
	}
	webtest.TryToSignIn(s.Site, "writer", "wrong", webtest.FromAddress(3))
	webtest.TryToSignIn(s.Site, "my secret password", "wrong", webtest.FromAddress(4))
	got := actions("sign_in.refused")
	if len(got) != 2 || got[0].Object != "" || got[1].Object != "user:"+s.writer.ID || strings.Contains(string(got[0].Detail), "secret") {
		t.Errorf("%+v", got)
	}
	if begun := actions("session.begin"); len(begun) == 0 || !strings.Contains(string(begun[0].Detail), `"address":"192.0.2.0/24"`) {
		t.Errorf("a sign-in: %+v", begun)
	}
	page := webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin/audit", s.as["chief"], webtest.Header("Accept-Language", "en")))
	for _, words := range []string{"Access refused", "Sign-in refused", "asked for: GET /admin/settings", "from: 198.51.100.0/24", "Sign-in page", "an address as its network alone"} {
		if !strings.Contains(page, words) {
			t.Errorf("the list does not say %q", words)
		}
	}
}

// TestExportsAreAudited: each list that leaves is written down.
func TestExportsAreAudited(t *testing.T) {
	s := withStaff(t)
	for list, action := range map[string]string{"users": "user.export", "groups": "group.export", "domains": "domain.export", "sessions": "session.export", "audit": "audit.export"} {
		for _, ending := range []string{".csv", ".xlsx"} {
			webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin/"+list+ending, s.as["chief"]))
		}
		if got, err := s.Content.AuditLike(t.Context(), store.AuditFilter{Action: action, Limit: 10}); err != nil || len(got) != 2 {
			t.Errorf("%s: %d entries, %v", list, len(got), err)
		}
	}
}

// TestAuditIsVerified: the page says how far the chain holds, and where it
// breaks.
func TestAuditIsVerified(t *testing.T) {
	s := withStaff(t)
	b := webtest.SignedInAs(t, s.Site, "chief")
	verify := func() string {
		return b.Follow(b.Send("POST", "/admin/audit/verify", webtest.Form(""), webtest.Header("Accept-Language", "en")), "/admin/audit").Page
	}
	if page := verify(); !strings.Contains(page, "verified up to entry") {
		t.Error(webtest.MainOf(page))
	}
	if r := webtest.Ask(s.Site, "POST", "/admin/audit/verify", s.as["local"], webtest.Form("")); r.StatusCode != http.StatusForbidden {
		t.Errorf("an administrator of a domain: %d", r.StatusCode)
	}
	folder, _ := webtest.DataFolders.Load(s.Site)
	db, err := sql.Open("sqlite", filepath.Join(folder.(string), "content.db"))
	if err == nil {
		_, err = db.Exec(`DROP TRIGGER audit_stays; UPDATE audit SET actor = 'someone' WHERE seq = 3`)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if page := verify(); !strings.Contains(page, "The chain breaks at entry 3") || !strings.Contains(page, "verified up to entry 2") {
		t.Error(webtest.MainOf(page))
	}
}
