package web_test

import (
	"html"
	"net/http"
	"strings"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store/clocktest"
)

// TestChangesNeedAFreshSignIn: whoever sits at a browser that was left open, even
// one who knows the password, takes no app away and ends no other session.
func TestChangesNeedAFreshSignIn(t *testing.T) {
	clock := clocktest.At(time.Date(2026, 11, 28, 9, 0, 10, 0, time.UTC))
	s := webtest.DeskSite(t, func(c *frame.Config) {
		c.Origin, c.Limits.Signs.PerSecond, c.Now = publicAddress, -1, clock.Now
	})
	u := webtest.AddUser(t, s, "ada", access.Writer, "production")
	b := webtest.SignedInAs(t, s, "ada")
	page := webtest.Text(t, b.Send("GET", "/me/factors?add=app", https))
	secret, sealed := shownSecret.FindStringSubmatch(page), sealedPart.FindStringSubmatch(page)
	if r := b.Send("POST", "/me/factors/app", fill("secret", html.UnescapeString(sealed[1]), "code", codeOf(t, secret[1], clock.Now()), "present", webtest.GoodPassword), https); r.StatusCode != 200 {
		t.Fatalf("the app is not kept: %d", r.StatusCode)
	}
	all, err := s.Content.Factors(t.Context(), u.ID)
	if err != nil || len(all) != 2 {
		t.Fatalf("%+v, %v", all, err)
	}
	app := all[0].ID
	remove := func(b *webtest.Browser) *http.Response {
		return b.Send("POST", "/me/factors/remove", fill("factor", app, "present", webtest.GoodPassword, "others", "yes"), https)
	}
	again := func(r *http.Response) bool {
		return r.StatusCode == http.StatusSeeOther && strings.HasPrefix(r.Header.Get("Location"), "/login?again=yes")
	}
	clock.Pass(11 * time.Minute)
	if r := b.Send("GET", "/me/factors", https); !strings.Contains(webtest.Text(t, r), "/login?again=yes") {
		t.Error("the page does not say that one signs in again")
	}
	for what, r := range map[string]*http.Response{
		"an app is taken away": remove(b), "sessions end": b.Send("POST", "/me/sessions", fill("every", "yes"), https),
		"recovery codes are made": b.Send("POST", "/me/factors/recovery", fill("present", webtest.GoodPassword), https),
		"an app is added":         b.Send("POST", "/me/factors/app", fill("secret", html.UnescapeString(sealed[1]), "code", codeOf(t, secret[1], clock.Now()), "present", webtest.GoodPassword), https),
	} {
		if !again(r) {
			t.Errorf("%s eleven minutes after the sign-in: %d %s", what, r.StatusCode, r.Header.Get("Location"))
		}
	}
	if left, _ := s.Content.Factors(t.Context(), u.ID); len(left) != 2 {
		t.Fatalf("%d factors are left", len(left))
	}

	// A password alone is not all: with the code it is.
	r := b.Send("GET", "/login?again=yes&next=/me/factors", https)
	if page := webtest.Text(t, r); r.StatusCode != 200 || !strings.Contains(page, `value="ada"`) {
		t.Errorf("the page to sign in again: %d", r.StatusCode)
	}
	b.Send("POST", "/login", fill("login", "ada", "password", webtest.GoodPassword, "next", "/me/factors"), https)
	if r := remove(b); !again(r) {
		t.Errorf("after the password alone: %d", r.StatusCode)
	}
	clock.Pass(30 * time.Second)
	if r := b.Send("POST", "/login/second", fill("code", codeOf(t, secret[1], clock.Now())), https); r.Header.Get("Location") != "/me/factors" {
		t.Fatalf("the code: %d %s", r.StatusCode, r.Header.Get("Location"))
	}
	if r := remove(b); r.Header.Get("Location") != "/me/factors" {
		t.Errorf("just signed in: %d %s", r.StatusCode, r.Header.Get("Location"))
	}
}

// TestAChangeMovesTheSession: after a change of what is shown, the token of before
// opens nothing, and other browsers are signed out when that is wished.
func TestAChangeMovesTheSession(t *testing.T) {
	s := webtest.DeskSite(t, func(c *frame.Config) { c.Limits.Signs.PerSecond = -1 })
	webtest.AddUser(t, s, "ada", access.Writer, "production")
	r := webtest.TryToSignIn(s, "ada", webtest.GoodPassword)
	before, other := webtest.Cookies(r), webtest.SignedInAs(t, s, "ada")
	change := func(as func(*http.Request), others string) *http.Response {
		return webtest.Ask(s, "POST", "/me/factors/recovery", fill("present", webtest.GoodPassword, "others", others), as)
	}
	r = change(before, "")
	after := webtest.Cookies(r)
	if r.StatusCode != 200 {
		t.Fatalf("the change: %d", r.StatusCode)
	}
	if webtest.Ask(s, "GET", "/me", before).StatusCode == 200 || webtest.Ask(s, "GET", "/me", after).StatusCode != 200 {
		t.Error("the token of before the change opens something, or the one after it does not")
	}
	if other.Send("GET", "/me").StatusCode != 200 {
		t.Error("another browser is signed out though nobody wished it")
	}
	r = change(after, "yes")
	if other.Send("GET", "/me").StatusCode == 200 {
		t.Error("another browser goes on though it was to be signed out")
	}
	if webtest.Ask(s, "GET", "/me", webtest.Cookies(r)).StatusCode != 200 {
		t.Error("the browser that asked is signed out")
	}
}

// TestAPageThatAsksByItselfIsNobody: what a page asks on a wall does not keep the
// session of its person from being idle, nor hide that they are back.
func TestAPageThatAsksByItselfIsNobody(t *testing.T) {
	step := admission.DefaultLimits.IdleTime() * 6 / 10
	for name, c := range map[string]struct {
		headers []func(*http.Request) // of each request but the last
		lasts   bool
	}{
		"somebody": {[]func(*http.Request){https}, true},
		"a page":   {[]func(*http.Request){https, webtest.Header(frame.UnattendedHeader, "1")}, false},
	} {
		clock := clocktest.At(time.Date(2026, 11, 28, 9, 0, 10, 0, time.UTC))
		s := webtest.DeskSite(t, func(c *frame.Config) { c.Origin, c.Now = publicAddress, clock.Now })
		webtest.AddUser(t, s, "ada", access.Writer, "production")
		b := webtest.SignedInAs(t, s, "ada")
		clock.Pass(step)
		for range 2 {
			if r := b.Send("GET", "/studio", c.headers...); r.StatusCode != 200 {
				t.Fatalf("%s: within the limit: %d", name, r.StatusCode)
			}
		}
		clock.Pass(step)
		if r := b.Send("GET", "/studio", https); (r.StatusCode == 200) != c.lasts {
			t.Errorf("%s: after it: %d", name, r.StatusCode)
		}
	}
	// Back just after the page asked.
	clock := clocktest.At(time.Date(2026, 11, 28, 9, 0, 10, 0, time.UTC))
	s := webtest.DeskSite(t, func(c *frame.Config) { c.Origin, c.Now = publicAddress, clock.Now })
	webtest.AddUser(t, s, "ada", access.Writer, "production")
	b := webtest.SignedInAs(t, s, "ada")
	clock.Pass(step)
	b.Send("GET", "/studio", https, webtest.Header(frame.UnattendedHeader, "1"))
	b.Send("GET", "/studio", https)
	clock.Pass(step)
	if r := b.Send("GET", "/studio", https); r.StatusCode != 200 {
		t.Errorf("they were there, and it ended: %d", r.StatusCode)
	}
}
