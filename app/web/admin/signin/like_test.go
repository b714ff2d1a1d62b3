package signin_test

import (
	"net/url"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/webtest"
)

// TestALikenessKeepsWhatWasTyped fills in what a kind of directory needs in a form that
// was begun.
func TestALikenessKeepsWhatWasTyped(t *testing.T) {
	s := webtest.NewSite(t)
	boss := webtest.AddUser(t, s, "boss", access.Administrator)
	boss.Everywhere = true
	if _, err := s.Content.SaveUser(t.Context(), boss, "test"); err != nil {
		t.Fatal(err)
	}
	b := visitor{t, webtest.SignedInAs(t, s, "boss")}
	b.Get("/admin/sign-in/new?kind=ldap").Contains("title = personalTitle", "job = title")
	typed := url.Values{
		"kind": {"ldap"}, "like": {"ad"}, "name": {"Lyon"}, "urls": {"ldaps://dc.example.org"}, "base": {"dc=example"}, "login": {"uid"}, "id": {"employeeNumber"},
		"filter": {""}, "names": {"mail = mail\nfirst_name = prenom"}, "password": {"s3cret-of-lyon"}, "version": {"0"},
	}
	b.Post("/admin/sign-in", typed).Status(200).
		Contains(`value="Lyon"`, `value="ldaps://dc.example.org"`, `value="dc=example"`, `value="employeeNumber"`, `value="sAMAccountName"`, "sAMAccountName={login}", "first_name = prenom", "entity = department", "type it again").
		Lacks("s3cret-of-lyon", "entity = departmentNumber", "It is kept")
	b.Post("/admin/sign-in", url.Values{"kind": {"saml"}, "like": {"ms"}, "name": {"Entra"}, "sso": {"https://login.example.org"}, "names": {"mail = mail\nlast_name = sn"}}).Status(200).
		Contains(`value="Entra"`, `value="https://login.example.org"`, "claims/surname")
	if settings, _, err := s.Desk.Settings(t.Context()); err != nil || len(settings.Methods) != 1 {
		t.Errorf("kept %v: %v", settings.Methods, err)
	}
}

// TestASecretThatIsNotKept is refused the form of a new way in: nothing of it is kept,
// and the page does not say so.
func TestASecretThatIsNotKept(t *testing.T) {
	s := webtest.NewSite(t)
	boss := webtest.AddUser(t, s, "boss", access.Administrator)
	boss.Everywhere = true
	if _, err := s.Content.SaveUser(t.Context(), boss, "test"); err != nil {
		t.Fatal(err)
	}
	b := visitor{t, webtest.SignedInAs(t, s, "boss")}
	for _, form := range map[string]url.Values{
		"ldap": {"kind": {"ldap"}, "urls": {"http://x"}, "bind_as": {"cn=x"}, "password": {"s3cret"}, "version": {"0"}},
		"oidc": {"kind": {"oidc"}, "issuer": {"no address"}, "client_secret": {"s3cret"}, "version": {"0"}},
	} {
		b.Post("/admin/sign-in", form).Status(422).Contains("type it again").Lacks("It is kept", "s3cret")
	}
	b.Post("/admin/mail", url.Values{"host": {"no host"}, "login": {"x"}, "password": {"s3cret"}, "port": {"x"}, "version": {"0"}}).Status(422).Contains("type it again").Lacks("It is kept", "s3cret")
	b.Get("/admin/sign-in/new?kind=ldap").Lacks("It is kept", "type it again")
}
