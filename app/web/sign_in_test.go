package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/login"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

func TestSignIn(t *testing.T) {
	s := webtest.NewSite(t)
	webtest.AddUser(t, s, "camille", access.User, "production")
	off := webtest.AddUser(t, s, "suspended", access.User, "production")
	off.Active = false
	if _, err := s.Content.SaveUser(t.Context(), off, "test"); err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct {
		login, password string
		status          int
	}{
		{"camille", webtest.GoodPassword, 303},
		{"CAMILLE", webtest.GoodPassword, 303},
		{"camille", "something else", 422},
		{"nobody", webtest.GoodPassword, 422},
		{"suspended", webtest.GoodPassword, 422},
		{"", "", 422},
		{"camille\x00", webtest.GoodPassword, 422},
		{"\xff\xfe", webtest.GoodPassword, 422},
		{strings.Repeat("a", 5000), webtest.GoodPassword, 422},
		{"camille", strings.Repeat("x", 2000), 422},
		{"camille", strings.Repeat("x", 1<<20), 413},
	} {
		r := webtest.TryToSignIn(s, c.login, c.password, webtest.FromAddress(i))
		if r.StatusCode != c.status {
			t.Errorf("%.20q %.20q: %d, want %d", c.login, c.password, r.StatusCode, c.status)
		}
		if c.status == 422 && !strings.Contains(webtest.Text(t, r), "do not go together") {
			t.Errorf("%.20q: the page says something of its own", c.login)
		}
	}
}

func TestSessionsAreGuarded(t *testing.T) {
	s := webtest.NewSite(t, func(c *frame.Config) { c.Origin = "https://help.example.org" })
	webtest.AddUser(t, s, "camille", access.User, "production")
	planted := func(r *http.Request) {
		r.AddCookie(&http.Cookie{Name: "__Host-session", Value: "planted-by-someone-else"})
	}
	r := webtest.TryToSignIn(s, "camille", webtest.GoodPassword, planted)
	for _, c := range r.Cookies() {
		if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || !strings.HasPrefix(c.Name, "__Host-") {
			t.Errorf("cookie %s is not guarded: %s", c.Name, c.Raw)
		}
		if c.Value == "planted-by-someone-else" {
			t.Error("the token was not renewed")
		}
	}
	if got := webtest.Ask(s, "GET", "/me", planted).StatusCode; got != 303 {
		t.Errorf("a planted token opens a page: %d", got)
	}
	if got := webtest.Ask(s, "GET", "/me?session="+r.Cookies()[0].Value).StatusCode; got != 303 {
		t.Errorf("a token in the address opens a page: %d", got)
	}
}

func TestSignOut(t *testing.T) {
	s := webtest.NewSite(t)
	webtest.AddUser(t, s, "camille", access.User, "production")
	me := webtest.SignedIn(t, s, "camille")
	r := webtest.Ask(s, "GET", "/me", me)
	if r.StatusCode != 200 || !strings.Contains(webtest.Text(t, r), "camille") || r.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("the profile answers %d", r.StatusCode)
	}
	if got := webtest.Ask(s, "GET", "/logout", me).StatusCode; got != 405 {
		t.Errorf("signing out by GET: %d", got)
	}
	webtest.Ask(s, "POST", "/logout", me)
	if got := webtest.Ask(s, "GET", "/me", me).StatusCode; got != 303 {
		t.Errorf("after signing out the page still answers %d", got)
	}
}

func TestDemotionIsSeenAtOnce(t *testing.T) {
	s := webtest.NewSite(t)
	u := webtest.AddUser(t, s, "boss", access.Administrator)
	u.Everywhere = true
	u, err := s.Content.SaveUser(t.Context(), u, "test")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Content.CreateUser(t.Context(), store.User{Login: "second", Role: access.Administrator, Everywhere: true, Active: true}, "test"); err != nil {
		t.Fatal(err)
	}
	boss := webtest.SignedIn(t, s, "boss")
	if got := webtest.Ask(s, "GET", "/gallery", boss).StatusCode; got != 200 {
		t.Fatalf("the administrator gets %d", got)
	}
	u.Role = access.User
	if _, err := s.Content.SaveUser(t.Context(), u, "test"); err != nil {
		t.Fatal(err)
	}
	s.Sessions.Forget()
	if got := webtest.Ask(s, "GET", "/gallery", boss).StatusCode; got == 200 {
		t.Error("a demoted administrator still gets in")
	}
}

func TestChangePassword(t *testing.T) {
	s := webtest.NewSite(t)
	webtest.AddUser(t, s, "camille", access.User, "production")
	me, other := webtest.SignedIn(t, s, "camille"), webtest.SignedIn(t, s, "camille")
	for _, c := range []struct {
		present, password string
		status            int
	}{
		{"wrong", "another long password", 422},
		{webtest.GoodPassword, "short", 422},
		{webtest.GoodPassword, "another long password", 303},
	} {
		r := webtest.Ask(s, "POST", "/me/password", webtest.Form(url.Values{"present": {c.present}, "password": {c.password}}.Encode()), me)
		if r.StatusCode != c.status {
			t.Errorf("%s → %s: %d, want %d", c.present, c.password, r.StatusCode, c.status)
		}
		if c.status == 303 && webtest.Ask(s, "GET", "/me", webtest.Cookies(r)).StatusCode != 200 {
			t.Error("the session that changed the password is closed too")
		}
	}
	for name, browser := range map[string]func(*http.Request){"the old token": me, "another browser": other} {
		if got := webtest.Ask(s, "GET", "/me", browser).StatusCode; got != 303 {
			t.Errorf("%s still answers %d", name, got)
		}
	}
	if webtest.TryToSignIn(s, "camille", webtest.GoodPassword).StatusCode != 422 || webtest.TryToSignIn(s, "camille", "another long password").StatusCode != 303 {
		t.Error("the password did not change")
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	now := time.Now() // which stands still: a wait must not end while a slow machine hashes
	s := webtest.NewSite(t, func(c *frame.Config) { c.Now = func() time.Time { return now } })
	webtest.AddUser(t, s, "camille", access.User, "production")
	known := webtest.SignedIn(t, s, "camille")
	for range 6 {
		webtest.TryToSignIn(s, "camille", "guess", webtest.FromAddress(1))
	}
	if r := webtest.TryToSignIn(s, "camille", webtest.GoodPassword, webtest.FromAddress(1)); r.StatusCode != 429 || r.Header.Get("Retry-After") == "" || !strings.Contains(webtest.Text(t, r), "Wait 5") {
		t.Errorf("after six failures from one address, it is answered %d", r.StatusCode)
	}
	if got := webtest.TryToSignIn(s, "camille", webtest.GoodPassword, webtest.FromAddress(2)).StatusCode; got != 303 {
		t.Errorf("one outsider keeps the person out of their account elsewhere: %d", got)
	}
	for range 100 { // others, from everywhere
		s.Guesses.Take(now, login.Name{Of: login.Account, ID: "camille"})
	}
	if got := webtest.TryToSignIn(s, "camille", webtest.GoodPassword, webtest.FromAddress(7)).StatusCode; got != 429 {
		t.Error("after a hundred failures from everywhere, a stranger does not have to wait")
	}
	webtest.AddUser(t, s, "mallory", access.User, "production")
	other := webtest.SignedIn(t, s, "mallory")
	if got := webtest.TryToSignIn(s, "camille", webtest.GoodPassword, other, webtest.FromAddress(8)).StatusCode; got != 429 {
		t.Error("a browser that is known for another account does not have to wait")
	}
	if got := webtest.TryToSignIn(s, "camille", webtest.GoodPassword, known).StatusCode; got != 303 {
		t.Errorf("the person's own browser is kept out: %d", got)
	}
}

func TestSetup(t *testing.T) {
	s := webtest.NewSite(t)
	token, err := s.Content.NewSetupToken(t.Context(), 1<<40)
	if err != nil {
		t.Fatal(err)
	}
	fill := func(token, password string) func(*http.Request) {
		return webtest.Form(url.Values{"token": {token}, "login": {"admin"}, "password": {password}}.Encode())
	}
	for _, c := range []struct {
		token, password string
		status          int
	}{
		{"", webtest.GoodPassword, 403}, {"wrong", webtest.GoodPassword, 403}, {token, "short", 422}, {token, webtest.GoodPassword, 303}, {token, webtest.GoodPassword, 404},
	} {
		if r := webtest.Ask(s, "POST", "/setup", fill(c.token, c.password)); r.StatusCode != c.status {
			t.Errorf("token %.6q: %d, want %d", c.token, r.StatusCode, c.status)
		}
	}
	if got := webtest.Ask(s, "GET", "/setup?token="+token).StatusCode; got != 404 {
		t.Errorf("once there is an account, the page answers %d", got)
	}
}

// TestTheFirstPagesOfAnEmptyServer say that it waits and for whom; what is wrong
// is said before anything is typed, all at once, and what was typed stays.
func TestTheFirstPagesOfAnEmptyServer(t *testing.T) {
	s := webtest.NewSite(t)
	token, err := s.Content.NewSetupToken(t.Context(), 1<<40)
	if err != nil {
		t.Fatal(err)
	}
	b := webtest.NewBrowser(t, s)
	english := webtest.Header("Accept-Language", "en")
	for _, path := range []string{"/", "/login", "/setup"} {
		b.Open(path, english).Sees("This server waits for its first administrator", "log of the server").SeesNot(`name="password"`)
	}
	b.Open("/login", webtest.Header("Accept-Language", "fr")).Sees("Ce serveur attend son premier administrateur")
	if b.Open("/setup?token=wrong", english).Sees("This link is not the last one").SeesNot(`name="login"`); b.Status != http.StatusForbidden {
		t.Errorf("a wrong link: %d", b.Status)
	}
	b.Open("/setup?token="+token, english).Sees(`name="mail"`, `name="login"`).SeesNot("This server waits")
	send := func(token string, pairs ...string) {
		t.Helper()
		values := url.Values{"token": {token}, "first_name": {"Ada"}, "login": {"ada"}, "mail": {"ada@example.org"}, "password": {webtest.GoodPassword}}
		for i := 0; i < len(pairs); i += 2 {
			values.Set(pairs[i], pairs[i+1])
		}
		b.Follow(b.Send("POST", "/setup", webtest.Form(values.Encode()), english), "/setup")
	}
	send(token, "login", "-", "mail", "nowhere", "password", "short")
	b.Sees(`value="Ada"`, `value="nowhere"`, `id="login-error"`, `id="mail-error"`, `id="password-error"`)
	send("wrong")
	b.Sees("This link is not the last one", `value="ada@example.org"`)
	send(token)
	if u, err := s.Content.UserByLogin(t.Context(), "ada"); err != nil || u.Mail != "ada@example.org" || b.Status != 200 {
		t.Errorf("%+v %v %d", u, err, b.Status)
	}
	other := webtest.NewBrowser(t, s)
	for _, path := range []string{"/", "/login", "/setup"} {
		other.Open(path, english).SeesNot("waits for its first")
	}
}

// TestTheFirstPagesOfAPresentationServer say where its accounts come from: nobody makes
// one there.
func TestTheFirstPagesOfAPresentationServer(t *testing.T) {
	s := webtest.NewSite(t, func(c *frame.Config) { c.Role, c.Edition = frame.Presentation, nil })
	b := webtest.NewBrowser(t, s)
	for _, path := range []string{"/", "/login"} {
		b.Open(path, webtest.Header("Accept-Language", "en")).Sees("its accounts come from the edition server").SeesNot("first administrator", `name="password"`)
		b.Open(path, webtest.Header("Accept-Language", "fr")).Sees("ses comptes viennent du serveur d")
	}
}

func TestSetupIsRunOnce(t *testing.T) {
	s := webtest.NewSite(t)
	token, err := s.Content.NewSetupToken(t.Context(), 1<<40)
	if err != nil {
		t.Fatal(err)
	}
	statuses := make(chan int, 4)
	for i := range 4 {
		go func() {
			values := url.Values{"token": {token}, "login": {"admin" + string(rune('a'+i))}, "password": {webtest.GoodPassword}}
			statuses <- webtest.Ask(s, "POST", "/setup", webtest.Form(values.Encode())).StatusCode
		}()
	}
	made := 0
	for range 4 {
		if <-statuses == 303 {
			made++
		}
	}
	if n, _ := s.Content.CountUsers(t.Context()); made != 1 || n != 1 {
		t.Errorf("%d were let in, %d accounts were made", made, n)
	}
}

// TestAnAccountOfNoDomain gets an answer to the right password, and no session.
func TestAnAccountOfNoDomain(t *testing.T) {
	s := webtest.DeskSite(t)
	u := webtest.AddUser(t, s, "nowhere", access.Writer)
	r := webtest.TryToSignIn(s, "nowhere", webtest.GoodPassword, webtest.Header("Accept-Language", "en"))
	if page := webtest.Text(t, r); r.StatusCode != http.StatusForbidden || !strings.Contains(page, "your account belongs to no domain yet") {
		t.Errorf("%d: %s", r.StatusCode, webtest.MainOf(page))
	}
	if all, err := s.Activity.SessionsOf(t.Context(), u.ID, 10); err != nil || len(all) != 0 {
		t.Errorf("%d sessions, %v", len(all), err)
	}
	if told, err := s.Content.AuditLike(t.Context(), store.AuditFilter{Action: "sign_in.refused"}); err != nil || len(told) != 1 || told[0].Object != "user:"+u.ID {
		t.Errorf("%+v, %v", told, err)
	}
}
