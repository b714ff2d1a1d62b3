package web_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/login"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store/clocktest"
)

// codeOf is the code of a secret at a time (RFC 6238).
func codeOf(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(secret, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	binary.Write(mac, binary.BigEndian, at.Unix()/30)
	sum := mac.Sum(nil)
	n := binary.BigEndian.Uint32(sum[sum[19]&15:]) & 0x7fffffff
	return fmt.Sprintf("%06d", n%1_000_000)
}

var (
	shownSecret = regexp.MustCompile(`<code>([A-Z2-7 ]{30,})</code>`)
	sealedPart  = regexp.MustCompile(`name="secret" value="([^"]+)"`)
	recovered   = regexp.MustCompile(`<li><code>([^<]+)</code></li>`)
)

func fill(pairs ...string) func(*http.Request) {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return webtest.Form(values.Encode())
}

// TestCodesOfAnApp sets an app up, signs in with it and with a recovery code, and
// holds that each code counts once.
func TestCodesOfAnApp(t *testing.T) {
	clock := clocktest.At(time.Date(2026, 11, 28, 9, 0, 10, 0, time.UTC))
	s := webtest.DeskSite(t, func(c *frame.Config) {
		c.Origin, c.Limits.Signs.PerSecond, c.Now = publicAddress, -1, clock.Now
	})
	webtest.AddUser(t, s, "ada", access.Writer, "production")
	b := webtest.SignedInAs(t, s, "ada")
	page := webtest.Text(t, b.Send("GET", "/me/factors?add=app", https))
	secret, sealed := shownSecret.FindStringSubmatch(page), sealedPart.FindStringSubmatch(page)
	if secret == nil || sealed == nil || !strings.Contains(page, "<path d=") {
		t.Fatalf("no secret is shown: %s", webtest.MainOf(page))
	}
	keep := func(code, present string) *http.Response {
		return b.Send("POST", "/me/factors/app", fill("secret", html.UnescapeString(sealed[1]), "code", code, "present", present), https)
	}
	if r := keep(codeOf(t, secret[1], clock.Now()), "wrong"); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("without the password: %d", r.StatusCode)
	}
	if r := keep("000000", webtest.GoodPassword); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("with a wrong code: %d", r.StatusCode)
	}
	r := keep(codeOf(t, secret[1], clock.Now()), webtest.GoodPassword)
	codes := recovered.FindAllStringSubmatch(webtest.Text(t, r), -1)
	if r.StatusCode != 200 || len(codes) != 10 {
		t.Fatalf("%d recovery codes, %d", len(codes), r.StatusCode)
	}

	signIn := func() *webtest.Browser {
		b := webtest.NewBrowser(t, s)
		r := b.Send("POST", "/login", fill("login", "ada", "password", webtest.GoodPassword, "next", "/studio"), https)
		if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/login/second" {
			t.Fatalf("%d %s", r.StatusCode, r.Header.Get("Location"))
		}
		if r := b.Send("GET", "/studio", https); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") == "/studio" {
			t.Fatalf("a password alone opens the Studio: %d", r.StatusCode)
		}
		return b
	}
	show := func(b *webtest.Browser, code string) *http.Response {
		return b.Send("POST", "/login/second", fill("code", code), https)
	}
	first := signIn()
	if r := show(first, codeOf(t, secret[1], clock.Now())); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("the code that set the app up is taken again: %d", r.StatusCode)
	}
	clock.Pass(30 * time.Second)
	fresh := codeOf(t, secret[1], clock.Now())
	if r := show(first, fresh); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/studio" {
		t.Fatalf("the right code: %d %s", r.StatusCode, webtest.MainOf(webtest.Text(t, r)))
	}
	if r := first.Send("GET", "/studio", https); r.StatusCode != 200 {
		t.Errorf("with both: %d", r.StatusCode)
	}
	second := signIn()
	if r := show(second, fresh); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a code counts twice: %d", r.StatusCode)
	}
	paper := html.UnescapeString(codes[3][1])
	if r := show(second, paper); r.StatusCode != http.StatusSeeOther {
		t.Errorf("a recovery code: %d", r.StatusCode)
	}
	if r := show(signIn(), paper); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a recovery code counts twice: %d", r.StatusCode)
	}
	gone := signIn()
	if r := gone.Send("POST", "/login/second", webtest.Form("leave=yes"), https); !strings.HasPrefix(r.Header.Get("Location"), "/login?next=") {
		t.Errorf("somebody else: %d %s", r.StatusCode, r.Header.Get("Location"))
	}
	clock.Pass(30 * time.Second)
	if r := show(gone, codeOf(t, secret[1], clock.Now())); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(webtest.Text(t, r), "Too much time") {
		t.Errorf("a code after leaving: %d", r.StatusCode)
	}
	late := signIn()
	clock.Pass(time.Hour)
	if r := show(late, codeOf(t, secret[1], clock.Now())); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(webtest.Text(t, r), "Too much time") {
		t.Errorf("an hour after the password: %d", r.StatusCode)
	}
	if r := show(webtest.NewBrowser(t, s), codeOf(t, secret[1], clock.Now())); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("without a password: %d", r.StatusCode)
	}
}

// TestStaffMustShowMore holds who works in the Studio to the rule.
func TestStaffMustShowMore(t *testing.T) {
	s := webtest.DeskSite(t, func(c *frame.Config) { c.Limits.Signs.PerSecond = -1 })
	webtest.AddUser(t, s, "writer", access.Writer, "production")
	webtest.AddUser(t, s, "user", access.User, "production")
	settings, version, err := s.Desk.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	settings.Second = true
	if err := s.Desk.Save(t.Context(), settings, version, "test"); err != nil {
		t.Fatal(err)
	}
	w, u := webtest.SignedInAs(t, s, "writer"), webtest.SignedInAs(t, s, "user")
	if r := w.Send("GET", "/studio"); r.Header.Get("Location") != "/me/factors" {
		t.Errorf("a writer with a password alone: %d %s", r.StatusCode, r.Header.Get("Location"))
	}
	if r := w.Send("GET", "/me/factors"); r.StatusCode != 200 || !strings.Contains(webtest.Text(t, r), "asks for more than a password") {
		t.Errorf("the page that helps: %d", r.StatusCode)
	}
	if r := w.Send("POST", "/studio/new", fill("name", "x")); r.StatusCode == http.StatusSeeOther && !strings.HasPrefix(r.Header.Get("Location"), "/me") {
		t.Errorf("a writer makes a project: %d %s", r.StatusCode, r.Header.Get("Location"))
	}
	if r := u.Send("GET", "/me"); r.StatusCode != 200 {
		t.Errorf("who only runs procedures: %d", r.StatusCode)
	}
}

// TestHalfASignInEnds: a password that was taken away opens nothing with a code
// shown after it.
func TestHalfASignInEnds(t *testing.T) {
	clock := clocktest.At(time.Date(2026, 11, 28, 9, 0, 10, 0, time.UTC))
	s := webtest.DeskSite(t, func(c *frame.Config) {
		c.Origin, c.Limits.Signs.PerSecond, c.Now = publicAddress, -1, clock.Now
	})
	u := webtest.AddUser(t, s, "ada", access.Writer, "production")
	b := webtest.SignedInAs(t, s, "ada")
	page := webtest.Text(t, b.Send("GET", "/me/factors?add=app", https))
	secret, sealed := shownSecret.FindStringSubmatch(page), sealedPart.FindStringSubmatch(page)
	b.Send("POST", "/me/factors/app", fill("secret", html.UnescapeString(sealed[1]), "code", codeOf(t, secret[1], clock.Now()), "present", webtest.GoodPassword), https)
	half := webtest.NewBrowser(t, s)
	if r := half.Send("POST", "/login", fill("login", "ada", "password", webtest.GoodPassword), https); r.Header.Get("Location") != "/login/second" {
		t.Fatalf("%d %s", r.StatusCode, r.Header.Get("Location"))
	}
	if r := half.Send("GET", "/login/second", https); r.StatusCode != 200 {
		t.Fatalf("%d", r.StatusCode)
	}
	clock.Pass(time.Second)
	if err := s.Content.EndSessions(t.Context(), u.ID, "test"); err != nil {
		t.Fatal(err)
	}
	if r := half.Send("GET", "/login/second", https); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("half a sign-in goes on: %d", r.StatusCode)
	}
	if r := half.Send("POST", "/login/second", fill("code", codeOf(t, secret[1], clock.Now().Add(30*time.Second))), https); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("half a sign-in is completed: %d", r.StatusCode)
	}
}

// TestGivenPasswordsAreReplaced by another, and only by those who came in by one.
func TestGivenPasswordsAreReplaced(t *testing.T) {
	h := newHostProduct(t, nil)
	u := webtest.AddUser(t, h.s, "ada", access.User, "production")
	if err := h.s.Content.SetFirstPassword(t.Context(), u.ID, login.Hash(webtest.GoodPassword), "test"); err != nil {
		t.Fatal(err)
	}
	b := webtest.NewBrowser(t, h.s)
	b.Send("POST", "/login", fill("login", "ada", "password", webtest.GoodPassword), https)
	if r := b.Send("GET", "/me/executions", https); r.StatusCode != http.StatusSeeOther {
		t.Errorf("a given password opens more than its own change: %d %s", r.StatusCode, r.Header.Get("Location"))
	}
	if r := b.Send("POST", "/me/password", fill("present", webtest.GoodPassword, "password", webtest.GoodPassword), https); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("the given password is kept: %d", r.StatusCode)
	}
	if r := b.Send("POST", "/me/password", fill("present", webtest.GoodPassword, "password", "another good one"), https); r.StatusCode != http.StatusSeeOther {
		t.Errorf("another one is refused: %d", r.StatusCode)
	}
	if err := h.s.Content.SetFirstPassword(t.Context(), u.ID, login.Hash(webtest.GoodPassword), "test"); err != nil {
		t.Fatal(err)
	}
	by := webtest.NewBrowser(t, h.s)
	h.brings(by, h.assertion("ada", "Ada Lovelace"), "/")
	if r := by.Send("GET", "/me/executions", https); r.StatusCode != 200 {
		t.Errorf("who came by another way is asked for a password they may not know: %d %s", r.StatusCode, r.Header.Get("Location"))
	}
}
