package web_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"selfhelp/app/admission"
	"selfhelp/app/login/oidc/oidctest"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
)

// TestSignInByOpenIDConnect goes to a real provider and back, and holds that what
// one browser brings back is nothing in another, and nothing a second time.
func TestSignInByOpenIDConnect(t *testing.T) {
	s := webtest.DeskSite(t, func(c *frame.Config) { c.Origin, c.Limits.Signs.PerSecond = publicAddress, -1 })
	provider := oidctest.Provider(oidctest.Start(t, publicAddress+"/login/oidc/cloud/back"))
	addMethod(t, s, admission.Method{ID: "cloud", Kind: admission.OIDC, Name: "Cloud", OIDC: &provider, Accounts: admission.Accounts{Create: true, Domains: []string{"production"}}})

	begin := func(b *webtest.Browser) (back url.Values) {
		t.Helper()
		r := b.Send("GET", "/login/oidc/cloud?next=/me", https)
		if r.StatusCode != http.StatusSeeOther || !strings.HasPrefix(r.Header.Get("Location"), provider.Issuer) {
			t.Fatalf("%d %s %s", r.StatusCode, r.Header.Get("Location"), webtest.MainOf(webtest.Text(t, r)))
		}
		return oidctest.SignIn(t, r.Header.Get("Location"), "camille")
	}
	bring := func(b *webtest.Browser, back url.Values) *http.Response {
		return b.Send("GET", "/login/oidc/cloud/back?"+back.Encode(), https)
	}
	refused := func(what string, r *http.Response) {
		t.Helper()
		page := html.UnescapeString(webtest.Text(t, r)) // in the language of the one who was in last
		if r.StatusCode != http.StatusUnauthorized || !strings.Contains(page, "could not confirm who you are") && !strings.Contains(page, "n’a pas pu confirmer qui vous êtes") {
			t.Errorf("%s: %d %s", what, r.StatusCode, webtest.MainOf(page))
		}
	}
	b := webtest.NewBrowser(t, s)
	back := begin(b)
	refused("brought by another browser", bring(webtest.NewBrowser(t, s), back))
	if r := bring(b, back); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/me" {
		t.Fatalf("%d %s: %s", r.StatusCode, r.Header.Get("Location"), webtest.MainOf(webtest.Text(t, r)))
	}
	if page := webtest.Text(t, b.Send("GET", "/me", https)); !strings.Contains(page, "Camille Moreau") {
		t.Errorf("Camille's profile: %s", webtest.MainOf(page))
	}
	refused("brought again", bring(b, back))
	other := webtest.NewBrowser(t, s)
	begin(other)
	refused("the answer to another question", bring(other, back))

	page := html.UnescapeString(webtest.Text(t, b.Send("POST", "/logout", webtest.Form(""), https)))
	if !strings.Contains(page, `action="`+provider.Issuer) {
		t.Errorf("signing out asks nothing of the provider: %s", webtest.MainOf(page))
	}
	if r := b.Send("GET", "/me", https); r.StatusCode != http.StatusSeeOther {
		t.Errorf("the session goes on: %d", r.StatusCode)
	}
}

// addMethod keeps one more way in.
func addMethod(t *testing.T, s *frame.Site, m admission.Method) {
	t.Helper()
	settings, version, err := s.Desk.Settings(t.Context())
	if err == nil {
		err = s.Desk.Save(t.Context(), settings.Put(m), version, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
}
