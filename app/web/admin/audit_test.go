package admin_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"selfhelp/app/admission"
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
	webtest.TryToSignIn(s.Site, "writer", webtest.GoodPassword)
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
	verify()
	if page := verify(); !strings.Contains(page, "hold together") || !strings.Contains(page, "that entry is there") {
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

// TestAuditIsCut: the page says which entries are missing at the end.
func TestAuditIsCut(t *testing.T) {
	s := withStaff(t)
	b := webtest.SignedInAs(t, s.Site, "chief")
	found, err := s.Content.VerifyAudit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	folder, _ := webtest.DataFolders.Load(s.Site)
	db, err := sql.Open("sqlite", filepath.Join(folder.(string), "content.db"))
	if err == nil {
		_, err = db.Exec(`DROP TRIGGER audit_keeps; DELETE FROM audit WHERE seq > ?`, found.Entries-2)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	page := b.Follow(b.Send("POST", "/admin/audit/verify", webtest.Form(""), webtest.Header("Accept-Language", "en")), "/admin/audit").Page
	if want := fmt.Sprintf("Entries missing: %d to %d", found.Entries-1, found.Entries); !strings.Contains(page, want) || strings.Contains(page, "that entry is there") {
		t.Errorf("not %q: %s", want, webtest.MainOf(page))
	}
}

// TestAuditSaysWhat changed, by whom and by which program, and finds people as
// others call them.
func TestAuditSaysWhat(t *testing.T) {
	s := withStaff(t)
	ctx := store.ByProgram(t.Context(), store.Program{Token: "t1", Name: "Entra ID"})
	u := s.writer
	u.FirstName, u.LastName, u.Mail, u.Active = "Claire", "Fontanel", "claire@example.org", false
	if _, err := s.Content.SaveUser(ctx, u, u.ID); err != nil {
		t.Fatal(err)
	}
	settings, version, err := s.Desk.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	settings.Second = true
	settings = settings.Put(admission.Method{ID: "entra", Kind: admission.SCIM, Name: "Annuaire", Accounts: admission.Accounts{Domains: []string{"production"}}})
	for i := range settings.Methods {
		settings.Methods[i].Kept.Shortest = 12
	}
	for range 2 { // and back again: the administrator has no second factor
		if err := s.Desk.Save(t.Context(), settings, version, u.ID); err != nil {
			t.Fatal(err)
		}
		version, settings.Second = version+1, false
	}
	for lang, all := range map[string][]string{
		"en": {"Claire Fontanel (writer)", "by the program “Entra ID”", "Account suspended", "changed: First name, Last name, E-mail", "Annuaire added", "Shortest password: not set → 12", "More than a password from staff: no → yes"},
		"fr": {"Claire Fontanel (writer)", "par le programme «\u202fEntra ID\u202f»", "Compte suspendu", "modifiés\u202f: Prénom, Nom, ", "Annuaire ajouté", "Plus qu’un mot de passe pour l’équipe\u202f: non → oui"},
	} {
		page := webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin/audit?who=claire+fontanel", s.as["chief"], webtest.Header("Accept-Language", lang)))
		for _, words := range all {
			if !strings.Contains(page, words) {
				t.Errorf("%s: the list does not say %q: %s", lang, words, webtest.MainOf(page))
			}
		}
	}
	page := webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin/audit?q=Entra", s.as["chief"], webtest.Header("Accept-Language", "en")))
	if !strings.Contains(page, "Account suspended") || strings.Contains(page, "Signed in</td>") || strings.Count(page, ">Sessions ended</option>") > 1 {
		t.Errorf("by the name of the program: %s", webtest.MainOf(page))
	}
	if table := webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin/audit.csv?who=writer", s.as["chief"])); !strings.Contains(table, "Claire Fontanel (writer)") || !strings.Contains(table, "Entra ID") {
		t.Errorf("the table lacks them:\n%s", table)
	}
}

// TestTokensAreNamedInTheAudit as long as they are there.
func TestTokensAreNamedInTheAudit(t *testing.T) {
	s := withStaff(t)
	r := webtest.Ask(s.Site, "POST", "/me/tokens", webtest.Form("name=Intranet&scope=run&days=90"), s.as["chief"])
	if r.StatusCode != http.StatusCreated {
		t.Fatalf("%d", r.StatusCode)
	}
	page := webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin/audit?action=token.create", s.as["chief"], webtest.Header("Accept-Language", "en")))
	if strings.Count(page, "Intranet") < 2 || strings.Contains(page, "no longer there") {
		t.Errorf("a token that is there is said to be gone: %s", webtest.MainOf(page))
	}
}
