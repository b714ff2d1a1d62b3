package web_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/login/saml"
	"selfhelp/app/login/saml/samltest"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
)

const publicAddress = "https://help.example.org"

// federation is a site with one identity provider.
type federation struct {
	t    *testing.T
	s    *frame.Site
	idp  *samltest.Provider
	ours saml.ServiceProvider
}

func newFederation(t *testing.T, change func(*admission.Method)) *federation {
	t.Helper()
	f := &federation{t: t, idp: samltest.New("https://idp.example.org", 2048, time.Now())}
	f.s = webtest.DeskSite(t, func(c *frame.Config) { c.Origin, c.Limits.Signs.PerSecond = publicAddress, -1 })
	provider := f.idp.Settings()
	m := admission.Method{ID: "sso", Kind: admission.SAML, Name: "Head office", SAML: &provider, Accounts: admission.Accounts{Create: true, Domains: []string{"production"}}}
	if change != nil {
		change(&m)
	}
	settings, version, err := f.s.Desk.Settings(t.Context())
	if err == nil {
		settings, err = settings.Put(m).WithPair(publicAddress, time.Now())
	}
	if err == nil {
		err = f.s.Desk.Save(t.Context(), settings, version, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	f.ours = settings.SAMLOurs("sso", publicAddress)
	return f
}

var requestID = regexp.MustCompile(` ID="([^"]+)"`)

// leaves goes to the provider and returns the request that it is to answer.
func (f *federation) leaves(b *webtest.Browser, next string) (request string) {
	f.t.Helper()
	r := b.Send("GET", "/login/saml/sso?next="+url.QueryEscape(next), https)
	to, err := url.Parse(r.Header.Get("Location"))
	if err != nil || r.StatusCode != http.StatusSeeOther || to.Host != "idp.example.org" {
		f.t.Fatalf("%d %s %v", r.StatusCode, r.Header.Get("Location"), err)
	}
	packed, err := base64.StdEncoding.DecodeString(to.Query().Get("SAMLRequest"))
	if err != nil {
		f.t.Fatal(err)
	}
	document, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil {
		f.t.Fatal(err)
	}
	return requestID.FindStringSubmatch(string(document))[1]
}

// https makes a request one that came encrypted from a page of ours.
func https(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") }

func foreign(r *http.Request) {
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.Header.Set("Origin", "https://idp.example.org")
	r.Header.Del("Cookie") // Lax cookies stay behind
}

// brings posts an answer to us as the provider's page does, and then as ours does.
func (f *federation) brings(b *webtest.Browser, value string) *http.Response {
	f.t.Helper()
	r := b.Send("POST", "/login/saml/sso/acs", webtest.Form(url.Values{"SAMLResponse": {value}, "RelayState": {"https://evil.example"}}.Encode()), foreign)
	page := html.UnescapeString(webtest.Text(f.t, r))
	if r.StatusCode != 200 || !strings.Contains(page, `action="/login/saml/sso/finish"`) || !strings.Contains(page, value) || len(r.Cookies()) > 0 {
		f.t.Fatalf("%d: %s", r.StatusCode, webtest.MainOf(page))
	}
	return b.Send("POST", "/login/saml/sso/finish", webtest.Form(url.Values{"SAMLResponse": {value}}.Encode()), https)
}

func (f *federation) answer(request string) samltest.Answer {
	return f.idp.Answer(f.ours, request, time.Now())
}

func TestSignInAtAnIdentityProvider(t *testing.T) {
	f := newFederation(t, nil)
	b := webtest.NewBrowser(t, f.s)
	page := webtest.Text(t, b.Send("GET", "/login?next=/me", https))
	if !strings.Contains(page, `href="/login/saml/sso?next=%2Fme"`) {
		t.Errorf("the sign-in page offers no provider: %s", webtest.MainOf(page))
	}
	r := f.brings(b, f.idp.Make(f.answer(f.leaves(b, "/me"))))
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/me" {
		t.Fatalf("%d %s: %s", r.StatusCode, r.Header.Get("Location"), webtest.MainOf(webtest.Text(t, r)))
	}
	if page := webtest.Text(t, b.Send("GET", "/me", https)); !strings.Contains(page, "Ada") || !strings.Contains(page, "ada@example.org") {
		t.Errorf("Ada's profile: %s", webtest.MainOf(page))
	}
	u, err := f.s.Content.UserByLogin(t.Context(), "ada")
	if err != nil || u.Attributes["entity"] != "Sales" || u.Role != access.User {
		t.Errorf("%+v %v", u, err)
	}
}

// TestAnswersThatAreNot holds for each that nobody comes in.
func TestAnswersThatAreNot(t *testing.T) {
	f := newFederation(t, nil)
	refused := func(what string, b *webtest.Browser, response string) {
		t.Helper()
		r := f.brings(b, response)
		if page := webtest.Text(t, r); r.StatusCode == http.StatusSeeOther || !strings.Contains(html.UnescapeString(page), "could not confirm who you are") {
			t.Errorf("%s: %d %s", what, r.StatusCode, webtest.MainOf(page))
		}
		if r := b.Send("GET", "/me", https); r.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: somebody is signed in", what)
		}
	}
	b := webtest.NewBrowser(t, f.s)
	good := f.idp.Make(f.answer(f.leaves(b, "/")))
	refused("brought by another browser", webtest.NewBrowser(t, f.s), good)
	if r := f.brings(b, good); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("the right browser: %d", r.StatusCode)
	}
	again := webtest.NewBrowser(t, f.s)
	f.leaves(again, "/")
	refused("brought again", again, good)
	unsolicited := f.answer("")
	refused("not asked for", webtest.NewBrowser(t, f.s), f.idp.Make(unsolicited))
	third := webtest.NewBrowser(t, f.s)
	request := f.leaves(third, "/")
	unsigned := f.answer(request)
	unsigned.SignAssertion = false
	refused("unsigned", third, f.idp.Make(unsigned))
	r := third.Send("POST", "/login/saml/sso/finish", webtest.Form(url.Values{"SAMLResponse": {"x"}}.Encode()), foreign)
	if r.StatusCode != http.StatusForbidden {
		t.Errorf("another site may finish: %d", r.StatusCode)
	}
	if r := third.Send("POST", "/login/saml/other/acs", webtest.Form("SAMLResponse=x"), foreign); r.StatusCode != 200 {
		t.Logf("an unknown method: %d", r.StatusCode)
	}
	if r := third.Send("GET", "/login/saml/other", https); r.StatusCode != http.StatusNotFound {
		t.Errorf("an unknown method: %d", r.StatusCode)
	}
	f.s.Desk.Settle()
	attempts, err := f.s.Activity.Attempts(t.Context(), "sso", 10)
	if err != nil || len(attempts) < 4 {
		t.Errorf("the log has %d: %v", len(attempts), err)
	}
}

// TestComingBackStaysHere holds that nobody is sent elsewhere after signing in.
func TestComingBackStaysHere(t *testing.T) {
	f := newFederation(t, func(m *admission.Method) { m.SAML.Unsolicited = true })
	for _, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)", "/a\nb"} {
		b := webtest.NewBrowser(t, f.s)
		if r := f.brings(b, f.idp.Make(f.answer(f.leaves(b, next)))); r.Header.Get("Location") != "/" {
			t.Errorf("%q leads to %q", next, r.Header.Get("Location"))
		}
	}
	b := webtest.NewBrowser(t, f.s)
	if r := f.brings(b, f.idp.Make(f.answer(""))); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/" {
		t.Errorf("who did not ask: %d %s", r.StatusCode, r.Header.Get("Location"))
	}
}

// TestAnAnswerNobodyAskedForSwapsNobody: where providers may send people unasked,
// somebody else's session is not taken over without a question, and the same person
// keeps theirs.
func TestAnAnswerNobodyAskedForSwapsNobody(t *testing.T) {
	f := newFederation(t, func(m *admission.Method) { m.SAML.Unsolicited = true })
	webtest.AddUser(t, f.s, "writer", access.Writer, "production")
	for as, who := range map[string]string{"mine": "writer", "theirs": "ada"} {
		b := webtest.SignedInAs(t, f.s, "writer")
		r := f.brings(b, f.idp.Make(f.answer("")))
		page := html.UnescapeString(webtest.Text(t, r))
		if r.StatusCode != http.StatusOK || whoIsIn(t, b) != "writer" || !strings.Contains(page, "You are signed in as writer") || !strings.Contains(page, "Head office says that you are Ada") {
			t.Fatalf("%d, %s is in: %s", r.StatusCode, whoIsIn(t, b), webtest.MainOf(page))
		}
		r.Body = io.NopCloser(strings.NewReader(page))
		if r := goesOn(t, b, r, "as", as); r.StatusCode != http.StatusSeeOther || whoIsIn(t, b) != who {
			t.Errorf("as %s: %d, %s is in", as, r.StatusCode, whoIsIn(t, b))
		}
		if who != "ada" {
			continue
		}
		if r := f.brings(b, f.idp.Make(f.answer(""))); r.StatusCode != http.StatusSeeOther || len(r.Cookies()) > 0 {
			t.Errorf("the same person: %d %v", r.StatusCode, r.Cookies())
		}
		u, err := f.s.Content.UserByLogin(t.Context(), "ada")
		if err != nil {
			t.Fatal(err)
		}
		all, err := f.s.Activity.SessionsOf(t.Context(), u.ID, 10)
		if err != nil || len(all) != 1 || all[0].Method != "sso" {
			t.Errorf("sessions: %+v, %v", all, err)
		}
	}
}

// TestTheSameNameElsewhere holds that who somebody is at one provider says nothing
// about whose account here has their mail or login.
func TestTheSameNameElsewhere(t *testing.T) {
	f := newFederation(t, nil)
	ada := webtest.AddUser(t, f.s, "ada", access.Writer, "production")
	b := webtest.NewBrowser(t, f.s)
	r := f.brings(b, f.idp.Make(f.answer(f.leaves(b, "/"))))
	if page := html.UnescapeString(webtest.Text(t, r)); !strings.Contains(page, "you have no account here") {
		t.Errorf("%d %s", r.StatusCode, webtest.MainOf(page))
	}
	known, err := f.s.Content.IdentitiesOf(t.Context(), ada.ID)
	if err != nil || len(known) > 0 {
		t.Errorf("%+v %v", known, err)
	}
}

func TestSignOutEverywhere(t *testing.T) {
	f := newFederation(t, nil)
	enter := func() *webtest.Browser {
		b := webtest.NewBrowser(t, f.s)
		if r := f.brings(b, f.idp.Make(f.answer(f.leaves(b, "/me")))); r.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d", r.StatusCode)
		}
		return b
	}
	b := enter()
	r := b.Send("POST", "/logout", webtest.Form(""), https)
	page := html.UnescapeString(webtest.Text(t, r))
	if r.StatusCode != 200 || !strings.Contains(page, `action="https://idp.example.org/slo"`) || !strings.Contains(r.Header.Get("Content-Security-Policy"), "form-action 'self' https://idp.example.org;") {
		t.Fatalf("%d %s %s", r.StatusCode, r.Header.Get("Content-Security-Policy"), webtest.MainOf(page))
	}
	if r := b.Send("GET", "/me", https); r.StatusCode != http.StatusSeeOther {
		t.Errorf("the session goes on here: %d", r.StatusCode)
	}

	one, other := enter(), enter()
	request := f.idp.LogoutRequest(f.ours, f.answer(""), time.Now())
	query := f.idp.Query("SAMLRequest", samltest.Deflate(samltest.Bytes(request)), "", samltest.Signing{})
	if r := webtest.NewBrowser(t, f.s).Send("GET", "/login/saml/sso/logout?"+strings.Replace(query, "SigAlg", "SigAlg2", 1), https); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("an unsigned request: %d", r.StatusCode)
	}
	if r := one.Send("GET", "/me", https); r.StatusCode != 200 {
		t.Fatalf("an unsigned request ended a session: %d", r.StatusCode)
	}
	r = webtest.NewBrowser(t, f.s).Send("GET", "/login/saml/sso/logout?"+query, https)
	if to := r.Header.Get("Location"); r.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "https://idp.example.org/slo?") {
		t.Fatalf("%d %s", r.StatusCode, to)
	}
	for _, b := range []*webtest.Browser{one, other} {
		if r := b.Send("GET", "/me", https); r.StatusCode != http.StatusSeeOther {
			t.Errorf("a session goes on: %d", r.StatusCode)
		}
	}
}

func TestMetadataOfOurs(t *testing.T) {
	f := newFederation(t, nil)
	r := webtest.NewBrowser(t, f.s).Send("GET", "/login/saml/sso/metadata")
	if page := webtest.Text(t, r); r.StatusCode != 200 || !strings.Contains(page, publicAddress+"/login/saml/sso/acs") || strings.Contains(page, "PRIVATE") {
		t.Errorf("%d %s", r.StatusCode, page)
	}
}

// TestCookiesOfTheHostEnd holds that the passage is over once somebody is back:
// browsers drop no cookie bound to the host unless it is told as secure.
func TestCookiesOfTheHostEnd(t *testing.T) {
	f := newFederation(t, nil)
	b := webtest.NewBrowser(t, f.s)
	r := f.brings(b, f.idp.Make(f.answer(f.leaves(b, "/me"))))
	for _, c := range r.Cookies() {
		if c.Name == "__Host-passage" {
			if c.MaxAge >= 0 || !c.Secure || c.Path != "/" {
				t.Errorf("%+v", c)
			}
			return
		}
	}
	t.Error("the passage is not ended")
}

// TestCertificatesThatEndAreTold on the first page of the administration.
func TestCertificatesThatEndAreTold(t *testing.T) {
	f := newFederation(t, nil)
	boss := webtest.AddUser(t, f.s, "boss", access.Administrator)
	boss.Everywhere = true
	if _, err := f.s.Content.SaveUser(t.Context(), boss, "test"); err != nil {
		t.Fatal(err)
	}
	b := webtest.SignedInAs(t, f.s, "boss")
	if page := webtest.Text(t, b.Send("GET", "/admin", https)); strings.Contains(page, "certificate") {
		t.Errorf("half a year before: %s", webtest.MainOf(page))
	}
	f.s.Now = func() time.Time { return time.Now().AddDate(0, 5, 0) }
	if page := html.UnescapeString(webtest.Text(t, webtest.SignedInAs(t, f.s, "boss").Send("GET", "/admin", https))); !strings.Contains(page, "Their certificate https://idp.example.org ends on") {
		t.Errorf("a month before: %s", webtest.MainOf(page))
	}
}
