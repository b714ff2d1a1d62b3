package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/login"
	"selfhelp/store"
)

const goodPassword = "a good long password"

// addUser makes an account whose password is goodPassword.
func addUser(t testing.TB, s *Site, name string, role access.Role, domains ...string) store.User {
	t.Helper()
	u, err := s.content.CreateUser(t.Context(), store.User{Login: name, Role: role, Active: true, Password: quickHash}, "test")
	if err == nil {
		err = s.content.SetMemberships(t.Context(), u.ID, domains, nil, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// quickHash is made once: hashing is slow on purpose.
var quickHash = login.Hash(goodPassword)

// signedIn signs an account in and returns what its browser then sends.
func signedIn(t testing.TB, s *Site, name string) func(*http.Request) {
	t.Helper()
	r := tryToSignIn(s, name, goodPassword)
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s cannot sign in: %d", name, r.StatusCode)
	}
	return cookies(r)
}

func tryToSignIn(s *Site, name, password string, change ...func(*http.Request)) *http.Response {
	values := url.Values{"login": {name}, "password": {password}, "next": {"/me"}}
	return ask(s, "POST", "/login", append(change, form(values.Encode()))...)
}

// fromAddress makes a request come from elsewhere.
func fromAddress(i int) func(*http.Request) {
	return func(r *http.Request) { r.RemoteAddr = fmt.Sprintf("198.51.100.%d:5", i+1) }
}

func TestSignIn(t *testing.T) {
	s := newSite(t)
	addUser(t, s, "camille", access.User, "production")
	off := addUser(t, s, "suspended", access.User, "production")
	off.Active = false
	if _, err := s.content.SaveUser(t.Context(), off, "test"); err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct {
		login, password string
		status          int
	}{
		{"camille", goodPassword, 303},
		{"CAMILLE", goodPassword, 303},
		{"camille", "something else", 422},
		{"nobody", goodPassword, 422},
		{"suspended", goodPassword, 422},
		{"", "", 422},
		{"camille\x00", goodPassword, 422},
		{"\xff\xfe", goodPassword, 422},
		{strings.Repeat("a", 5000), goodPassword, 422},
		{"camille", strings.Repeat("x", 2000), 422},
		{"camille", strings.Repeat("x", 1<<20), 413},
	} {
		r := tryToSignIn(s, c.login, c.password, fromAddress(i))
		if r.StatusCode != c.status {
			t.Errorf("%.20q %.20q: %d, want %d", c.login, c.password, r.StatusCode, c.status)
		}
		if c.status == 422 && !strings.Contains(text(t, r), "do not go together") {
			t.Errorf("%.20q: the page says something of its own", c.login)
		}
	}
}

func TestSessionsAreGuarded(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Origin = "https://help.example.org" })
	addUser(t, s, "camille", access.User, "production")
	planted := func(r *http.Request) {
		r.AddCookie(&http.Cookie{Name: "__Host-session", Value: "planted-by-someone-else"})
	}
	r := tryToSignIn(s, "camille", goodPassword, planted)
	for _, c := range r.Cookies() {
		if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || !strings.HasPrefix(c.Name, "__Host-") {
			t.Errorf("cookie %s is not guarded: %s", c.Name, c.Raw)
		}
		if c.Value == "planted-by-someone-else" {
			t.Error("the token was not renewed")
		}
	}
	if got := ask(s, "GET", "/me", planted).StatusCode; got != 303 {
		t.Errorf("a planted token opens a page: %d", got)
	}
	if got := ask(s, "GET", "/me?session="+r.Cookies()[0].Value).StatusCode; got != 303 {
		t.Errorf("a token in the address opens a page: %d", got)
	}
}

func TestSignOut(t *testing.T) {
	s := newSite(t)
	addUser(t, s, "camille", access.User, "production")
	me := signedIn(t, s, "camille")
	r := ask(s, "GET", "/me", me)
	if r.StatusCode != 200 || !strings.Contains(text(t, r), "camille") || r.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("the profile answers %d", r.StatusCode)
	}
	if got := ask(s, "GET", "/logout", me).StatusCode; got != 405 {
		t.Errorf("signing out by GET: %d", got)
	}
	ask(s, "POST", "/logout", me)
	if got := ask(s, "GET", "/me", me).StatusCode; got != 303 {
		t.Errorf("after signing out the page still answers %d", got)
	}
}

func TestDemotionIsSeenAtOnce(t *testing.T) {
	s := newSite(t)
	u := addUser(t, s, "boss", access.Administrator)
	u.Everywhere = true
	u, err := s.content.SaveUser(t.Context(), u, "test")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.content.CreateUser(t.Context(), store.User{Login: "second", Role: access.Administrator, Everywhere: true, Active: true}, "test"); err != nil {
		t.Fatal(err)
	}
	boss := signedIn(t, s, "boss")
	if got := ask(s, "GET", "/gallery", boss).StatusCode; got != 200 {
		t.Fatalf("the administrator gets %d", got)
	}
	u.Role = access.User
	if _, err := s.content.SaveUser(t.Context(), u, "test"); err != nil {
		t.Fatal(err)
	}
	s.sessions.forget()
	if got := ask(s, "GET", "/gallery", boss).StatusCode; got == 200 {
		t.Error("a demoted administrator still gets in")
	}
}

func TestChangePassword(t *testing.T) {
	s := newSite(t)
	addUser(t, s, "camille", access.User, "production")
	me, other := signedIn(t, s, "camille"), signedIn(t, s, "camille")
	for _, c := range []struct {
		present, password string
		status            int
	}{
		{"wrong", "another long password", 422},
		{goodPassword, "short", 422},
		{goodPassword, "another long password", 303},
	} {
		r := ask(s, "POST", "/me/password", form(url.Values{"present": {c.present}, "password": {c.password}}.Encode()), me)
		if r.StatusCode != c.status {
			t.Errorf("%s → %s: %d, want %d", c.present, c.password, r.StatusCode, c.status)
		}
		if c.status == 303 && ask(s, "GET", "/me", cookies(r)).StatusCode != 200 {
			t.Error("the session that changed the password is closed too")
		}
	}
	for name, browser := range map[string]func(*http.Request){"the old token": me, "another browser": other} {
		if got := ask(s, "GET", "/me", browser).StatusCode; got != 303 {
			t.Errorf("%s still answers %d", name, got)
		}
	}
	if tryToSignIn(s, "camille", goodPassword).StatusCode != 422 || tryToSignIn(s, "camille", "another long password").StatusCode != 303 {
		t.Error("the password did not change")
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	s := newSite(t)
	addUser(t, s, "camille", access.User, "production")
	known := signedIn(t, s, "camille")
	for i := range 6 {
		tryToSignIn(s, "camille", "guess", fromAddress(i))
	}
	if body := text(t, tryToSignIn(s, "camille", goodPassword, fromAddress(7))); !strings.Contains(body, "wait") {
		t.Error("after six failures from everywhere, a stranger does not have to wait")
	}
	if got := tryToSignIn(s, "camille", goodPassword, known).StatusCode; got != 303 {
		t.Errorf("the person's own browser is kept out: %d", got)
	}
}

func TestSetup(t *testing.T) {
	s := newSite(t)
	token, err := s.content.NewSetupToken(t.Context(), 1<<40)
	if err != nil {
		t.Fatal(err)
	}
	fill := func(token, password string) func(*http.Request) {
		return form(url.Values{"token": {token}, "login": {"admin"}, "password": {password}}.Encode())
	}
	for _, c := range []struct {
		token, password string
		status          int
	}{
		{"", goodPassword, 403}, {"wrong", goodPassword, 403}, {token, "short", 422}, {token, goodPassword, 303}, {token, goodPassword, 404},
	} {
		if r := ask(s, "POST", "/setup", fill(c.token, c.password)); r.StatusCode != c.status {
			t.Errorf("token %.6q: %d, want %d", c.token, r.StatusCode, c.status)
		}
	}
	if got := ask(s, "GET", "/setup?token="+token).StatusCode; got != 404 {
		t.Errorf("once there is an account, the page answers %d", got)
	}
}

func TestSetupIsRunOnce(t *testing.T) {
	s := newSite(t)
	token, err := s.content.NewSetupToken(t.Context(), 1<<40)
	if err != nil {
		t.Fatal(err)
	}
	statuses := make(chan int, 4)
	for i := range 4 {
		go func() {
			values := url.Values{"token": {token}, "login": {"admin" + string(rune('a'+i))}, "password": {goodPassword}}
			statuses <- ask(s, "POST", "/setup", form(values.Encode())).StatusCode
		}()
	}
	made := 0
	for range 4 {
		if <-statuses == 303 {
			made++
		}
	}
	if n, _ := s.content.CountUsers(t.Context()); made != 1 || n != 1 {
		t.Errorf("%d were let in, %d accounts were made", made, n)
	}
}
