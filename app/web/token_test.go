package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/login/factor"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
	"selfhelp/store/clocktest"
)

var secretOnPage = regexp.MustCompile(`sh_[a-z2-7]{52}`)

// asks what a program sees with a token.
func asks(s *frame.Site, secret, method, path string, change ...func(*http.Request)) *http.Response {
	return webtest.Ask(s, method, path, append(change, webtest.Bearer(secret))...)
}

// versions are a call that a right is needed for.
const versions = "/api/v1/projects/aaaaaaaaaaaaaaaaaaaaaaaaaa/versions"

// tokenSite has a project that chief may read, and a clock to turn.
func tokenSite(t *testing.T) (s *frame.Site, chief store.User, pass func(time.Duration)) {
	t.Helper()
	clock := clocktest.At(time.Now())
	s = webtest.DeskSite(t, func(c *frame.Config) { c.Now = clock.Now })
	chief = webtest.AddUser(t, s, "chief", access.Administrator)
	chief.Everywhere = true
	chief, err := s.Content.SaveUser(t.Context(), chief, "test")
	if err == nil {
		_, err = s.Content.CreateProject(t.Context(), "production", webtest.Desk(t), chief.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s, chief, clock.Pass
}

// TestTokensAreMadeUsedAndRevoked goes the whole way of a person's token.
func TestTokensAreMadeUsedAndRevoked(t *testing.T) {
	s, chief, _ := tokenSite(t)
	b := webtest.SignedInAs(t, s, "chief").Open("/me")
	b.Sees("My tokens", "/me/tokens")
	b.Open("/me/tokens").Sees("No token yet", "Provision accounts")
	r := b.Send("POST", "/me/tokens", webtest.Form("name=&scope=everything&days=9999"))
	if page := webtest.Text(t, r); r.StatusCode != 422 || strings.Count(page, `class="error"`) != 3 {
		t.Errorf("a form with everything wrong: %d", r.StatusCode)
	}
	r = b.Send("POST", "/me/tokens", webtest.Form("name=Intranet&scope=studio&days=30"))
	page := webtest.Text(t, r)
	secret := secretOnPage.FindString(page)
	if r.StatusCode != 201 || secret == "" || r.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("make one: %d, %q", r.StatusCode, secret)
	}
	if b.Open("/me/tokens"); secretOnPage.MatchString(b.Page) {
		t.Error("the secret is shown twice")
	}
	b.Sees("Intranet", "never used")
	if r := asks(s, secret, "GET", versions); r.StatusCode != 200 {
		t.Errorf("its call: %d", r.StatusCode)
	}
	b.Open("/me/tokens").SeesNot("never used")
	kept, err := s.Content.TokensOf(t.Context(), chief.ID)
	if err != nil || len(kept) != 1 {
		t.Fatalf("%d tokens, %v", len(kept), err)
	}
	b.Open("/admin/tokens").Sees("Intranet", kept[0].ID)
	if r := b.Send("GET", "/admin/tokens.csv"); !strings.Contains(webtest.Text(t, r), "Intranet") {
		t.Error("the table lacks it")
	}
	b.Follow(b.Send("POST", "/me/tokens/revoke", webtest.Form("pick="+kept[0].ID)), "/me/tokens").Sees("revoked", "No token yet")
	if r := asks(s, secret, "GET", versions); r.StatusCode != 401 {
		t.Errorf("revoked, it gets %d", r.StatusCode)
	}
	b.Open("/admin/audit").Sees("Token made", "Token revoked")
	b.SeesNot(secret)
}

// TestOthersTokens: nobody revokes those of others by their own page, users of
// the portal have none, and administrators revoke any.
func TestOthersTokens(t *testing.T) {
	s, chief, _ := tokenSite(t)
	webtest.AddUser(t, s, "writer", access.Writer, "production")
	webtest.AddUser(t, s, "user", access.User, "production")
	secret := webtest.Token(t, s, "chief", access.ScopeStudio)
	kept, _ := s.Content.TokensOf(t.Context(), chief.ID)
	form := webtest.Form("pick=" + kept[0].ID)
	writer := webtest.SignedInAs(t, s, "writer")
	writer.Send("POST", "/me/tokens/revoke", form)
	for _, path := range []string{"/admin/tokens/choose", "/admin/tokens/apply"} {
		if r := writer.Send("POST", path, form); r.StatusCode != 403 {
			t.Errorf("%s as a writer: %d", path, r.StatusCode)
		}
	}
	if r := writer.Send("POST", "/me/tokens", webtest.Form("name=x&scope=provision&days=7")); r.StatusCode != 422 {
		t.Errorf("a writer gives provisioning: %d", r.StatusCode)
	}
	user := webtest.SignedInAs(t, s, "user")
	user.Open("/me").SeesNot("/me/tokens")
	if r := user.Send("POST", "/me/tokens", webtest.Form("name=x&scope=run&days=7")); r.StatusCode != 403 {
		t.Errorf("a user makes one: %d", r.StatusCode)
	}
	if r := asks(s, webtest.Token(t, s, "user", access.ScopeRun), "GET", "/api/v1"); r.StatusCode != 401 {
		t.Errorf("a user's, were there one, gets %d", r.StatusCode)
	}
	if r := asks(s, secret, "GET", versions); r.StatusCode != 200 {
		t.Errorf("chief's token is gone: %d", r.StatusCode)
	}
	boss := webtest.SignedInAs(t, s, "chief").Open("/admin/tokens?q=chief")
	boss.Follow(boss.Send("POST", "/admin/tokens/choose", form), "/admin/tokens").Sees("Revoke 1 token")
	boss.Follow(boss.Send("POST", "/admin/tokens/apply", form), "/admin/tokens")
	if r := asks(s, secret, "GET", versions); r.StatusCode != 401 {
		t.Errorf("revoked by an administrator, it gets %d", r.StatusCode)
	}
}

// TestTokensDieWithTheirAccount at the next request, whatever happens to it.
func TestTokensDieWithTheirAccount(t *testing.T) {
	for name, change := range map[string]func(*testing.T, *frame.Site, *webtest.Browser, store.User){
		"suspended": func(_ *testing.T, _ *frame.Site, b *webtest.Browser, u store.User) {
			b.Send("POST", "/admin/users/"+u.ID+"/state", webtest.Form("state=suspended&version="+versionField.FindStringSubmatch(b.Page)[1]))
		},
		"password": func(_ *testing.T, _ *frame.Site, b *webtest.Browser, u store.User) {
			b.Send("POST", "/admin/users/"+u.ID+"/password", webtest.Form("password="+url.QueryEscape("another good password")))
		},
		"own password": func(t *testing.T, s *frame.Site, _ *webtest.Browser, _ store.User) {
			own := webtest.SignedInAs(t, s, "helper")
			own.Send("POST", "/me/password", webtest.Form(url.Values{"present": {webtest.GoodPassword}, "password": {"another good password"}}.Encode()))
		},
		"deleted": func(t *testing.T, s *frame.Site, b *webtest.Browser, u store.User) {
			for _, act := range []string{"/state", "/delete"} {
				b.Open("/admin/users/" + u.ID)
				b.Send("POST", "/admin/users/"+u.ID+act, webtest.Form("state=suspended&confirm="+u.Login+"&version="+versionField.FindStringSubmatch(b.Page)[1]))
			}
			if left, err := s.Content.TokensOf(t.Context(), u.ID); err != nil || len(left) > 0 {
				t.Errorf("%d tokens are left, %v", len(left), err)
			}
		},
		"demoted": func(t *testing.T, s *frame.Site, _ *webtest.Browser, u store.User) {
			u.Role = access.User
			if _, err := s.Content.SaveUser(t.Context(), u, "test"); err != nil {
				t.Fatal(err)
			}
			s.Sessions.Forget()
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, _, pass := tokenSite(t)
			webtest.AddUser(t, s, "helper", access.Administrator, "production")
			helper, err := s.Content.UserByLogin(t.Context(), "helper")
			if err != nil {
				t.Fatal(err)
			}
			secret := webtest.Token(t, s, "helper", access.ScopeStudio)
			if r := asks(s, secret, "GET", versions); r.StatusCode != 200 {
				t.Fatalf("before: %d", r.StatusCode)
			}
			pass(time.Second) // a token of the very moment stays
			b := webtest.SignedInAs(t, s, "chief").Open("/admin/users/" + helper.ID)
			change(t, s, b, helper)
			r := asks(s, secret, "GET", versions)
			if r.StatusCode != 401 || !strings.Contains(r.Header.Get("WWW-Authenticate"), `error="invalid_token"`) {
				t.Errorf("after: %d %q", r.StatusCode, r.Header.Get("WWW-Authenticate"))
			}
		})
	}
}

// TestTokensExpire, to the second, and are seen to.
func TestTokensExpire(t *testing.T) {
	s, _, pass := tokenSite(t)
	secret := webtest.Token(t, s, "chief", access.ScopeStudio)
	pass(30*24*time.Hour - 2*time.Second)
	if r := asks(s, secret, "GET", versions); r.StatusCode != 200 {
		t.Errorf("just before: %d", r.StatusCode)
	}
	b := webtest.SignedInAs(t, s, "chief").Open("/me/tokens")
	b.Sees("Expires within a day", "expires within two weeks")
	b.Open("/admin").Sees("A token in use expires")
	pass(3 * time.Second) // within the time that an account is remembered
	if r := asks(s, secret, "GET", versions); r.StatusCode != 401 {
		t.Errorf("just after: %d", r.StatusCode)
	}
	b.Open("/me/tokens").Sees("Expired")
	b.Open("/admin/tokens?state=expired").Sees("of the tests")
	b.Open("/admin/tokens?state=open").SeesNot("of the tests")
}

// TestTokenUseIsNotedOnceAMinute, and otherwise writes nothing.
func TestTokenUseIsNotedOnceAMinute(t *testing.T) {
	s, chief, pass := tokenSite(t)
	secret := webtest.Token(t, s, "chief", access.ScopeStudio)
	used := func() time.Time {
		t.Helper()
		asks(s, secret, "GET", versions)
		all, err := s.Content.TokensOf(t.Context(), chief.ID)
		if err != nil || len(all) != 1 {
			t.Fatal(err)
		}
		return all[0].Used
	}
	first := used()
	if pass(10 * time.Second); first.IsZero() || !used().Equal(first) {
		t.Error("it is written again after seconds")
	}
	if pass(time.Minute); used().Equal(first) {
		t.Error("it is not written after a minute")
	}
}

// TestTokensAreNarrow: what a token cannot is refused with the scope it takes.
func TestTokensAreNarrow(t *testing.T) {
	s, _, _ := tokenSite(t)
	for _, c := range []struct {
		scope        access.Scope
		method, path string
		want         int
		challenge    string
	}{
		{access.ScopeStudio, "GET", versions, 200, ""},
		{access.ScopeRun, "GET", versions, 403, `scope="studio"`},
		{access.ScopeReports, "GET", "/api/v1/executions?project=aaaaaaaaaaaaaaaaaaaaaaaaaa", 200, ""},
		{access.ScopeStudio, "GET", "/api/v1/executions?project=aaaaaaaaaaaaaaaaaaaaaaaaaa", 403, `scope="read_reports"`},
		{access.ScopeProvision, "GET", versions, 403, `error="insufficient_scope"`},
		{access.ScopeRun, "GET", "/api/v1/procedures/lamp", 200, ""},
		{access.ScopeProvision, "GET", "/api/v1/procedures/lamp", 403, `scope="run"`},
		{access.ScopeRun, "GET", "/api/v1", 200, ""},
	} {
		r := asks(s, webtest.Token(t, s, "chief", c.scope), c.method, c.path)
		if r.StatusCode != c.want || !strings.Contains(r.Header.Get("WWW-Authenticate"), c.challenge) {
			t.Errorf("%s on %s: %d %q, want %d", c.scope, c.path, r.StatusCode, r.Header.Get("WWW-Authenticate"), c.want)
		}
		if c.want >= 400 && r.Header.Get("Content-Type") != frame.MediaProblem {
			t.Errorf("%s on %s: refused as %s", c.scope, c.path, r.Header.Get("Content-Type"))
		}
	}
}

// TestTokensStandAlone: cookies beside one are nothing, it is nothing in an
// address or on a page, and a wrong one is not made up for by a session.
func TestTokensStandAlone(t *testing.T) {
	s, _, _ := tokenSite(t)
	webtest.AddUser(t, s, "writer", access.Writer, "production")
	secret, chief := webtest.Token(t, s, "writer", access.ScopeStudio), webtest.SignedIn(t, s, "chief")
	if r := asks(s, secret, "GET", versions, chief); r.StatusCode == 200 {
		t.Error("the session beside a token opens what the token does not")
	}
	wrong := frame.TokenPrefix + strings.Repeat("a", 52)
	for _, bad := range []string{wrong, frame.TokenPrefix, secret + "a", secret[:len(secret)-1], strings.ToUpper(secret)[3:], frame.TokenPrefix + strings.Repeat("a", 100_000)} {
		if r := asks(s, bad, "GET", versions, chief); bad[:3] == frame.TokenPrefix && r.StatusCode != 401 {
			t.Errorf("%.20q beside a session gets %d", bad, r.StatusCode)
		}
	}
	good := webtest.Token(t, s, "chief", access.ScopeStudio)
	for _, path := range []string{versions + "?access_token=" + good, versions + "?token=" + good} {
		if r := webtest.Ask(s, "GET", path); r.StatusCode != 401 && r.StatusCode != 400 {
			t.Errorf("in the address it gets %d", r.StatusCode)
		}
	}
	for _, path := range []string{"/me", "/me/tokens", "/studio", "/admin", "/admin/tokens"} {
		if r := asks(s, good, "GET", path); r.StatusCode == 200 {
			t.Errorf("%s is opened by a token", path)
		}
	}
	if r := asks(s, good, "POST", "/me/tokens", webtest.Form("name=more&scope=run&days=7")); r.StatusCode == 201 {
		t.Error("a token makes a token")
	}
}

// TestCrossSite: a token needs no proof of where a request comes from, and
// nothing else comes in by the door that stands open for it.
func TestCrossSite(t *testing.T) {
	s, _, _ := tokenSite(t)
	elsewhere := func(r *http.Request) {
		r.Header.Set("Origin", "https://evil.example")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
	}
	begin := func(change ...func(*http.Request)) int {
		return webtest.Ask(s, "POST", "/api/v1/procedures/lamp/executions", append(change, elsewhere, func(r *http.Request) {
			webtest.Form(`{"lang":"en","params":{"room":"12"}}`)(r)
			r.Header.Set("Content-Type", "application/json")
		})...).StatusCode
	}
	chief := webtest.SignedIn(t, s, "chief")
	if got := begin(webtest.Bearer(webtest.Token(t, s, "chief", access.ScopeRun))); got != 201 {
		t.Errorf("with a token: %d", got)
	}
	if got := begin(chief); got != 403 {
		t.Errorf("with a session: %d", got)
	}
	if got := begin(chief, webtest.Bearer(frame.TokenPrefix+"x")); got != 401 {
		t.Errorf("with a session and a token that is none: %d", got)
	}
	for _, path := range []string{"/me", "/logout", "/me/tokens", "/admin/settings", "//api/v1/../../me/tokens"} {
		if r := webtest.Ask(s, "POST", path, chief, elsewhere, webtest.Bearer(frame.TokenPrefix+"x"), webtest.Form("name=x&scope=run&days=7")); r.StatusCode < 300 {
			t.Errorf("%s from another site: %d", path, r.StatusCode)
		}
	}
}

// TestTokensRun an execution as their owner, and nobody else goes on with it.
func TestTokensRun(t *testing.T) {
	s, chief, _ := tokenSite(t)
	secret := webtest.Token(t, s, "chief", access.ScopeRun)
	r := asks(s, secret, "POST", "/api/v1/procedures/lamp/executions", func(r *http.Request) {
		webtest.Form(`{"lang":"en","params":{"room":"12"}}`)(r)
		r.Header.Set("Content-Type", "application/json")
	})
	found := regexp.MustCompile(`"id":"([a-z0-9]{26})"`).FindStringSubmatch(webtest.Text(t, r))
	if r.StatusCode != 201 || found == nil {
		t.Fatalf("start: %d", r.StatusCode)
	}
	if e, err := s.Activity.Execution(t.Context(), found[1]); err != nil || e.User != chief.ID {
		t.Errorf("it is of %q, %v", e.User, err)
	}
	webtest.AddUser(t, s, "writer", access.Writer, "production")
	at := "/api/v1/executions/" + found[1]
	for who, want := range map[string]int{secret: 200, webtest.Token(t, s, "writer", access.ScopeRun): 404, webtest.Token(t, s, "chief", access.ScopeStudio): 403} {
		if r := asks(s, who, "GET", at); r.StatusCode != want {
			t.Errorf("%d, want %d", r.StatusCode, want)
		}
	}
	if r := asks(s, secret, "GET", at+"/report.json"); r.StatusCode != 200 {
		t.Errorf("its report: %d", r.StatusCode)
	}
}

// TestTokenRate: one token used too often does not stop another.
func TestTokenRate(t *testing.T) {
	s := webtest.DeskSite(t, func(c *frame.Config) { c.Limits.Tokens = frame.Rate{PerSecond: 0.001, Burst: 3} })
	webtest.AddUser(t, s, "writer", access.Writer, "production")
	one, two := webtest.Token(t, s, "writer", access.ScopeRun), webtest.Token(t, s, "writer", access.ScopeRun)
	var last *http.Response
	for range 4 {
		last = asks(s, one, "GET", "/api/v1")
	}
	if last.StatusCode != 429 || last.Header.Get("Retry-After") == "" {
		t.Errorf("the fourth: %d", last.StatusCode)
	}
	if r := asks(s, two, "GET", "/api/v1"); r.StatusCode != 200 {
		t.Errorf("another: %d", r.StatusCode)
	}
}

// TestNoRouteButThoseOfProgramsTakesTokens asks for every address with a token
// of all scopes: to pages it is as nothing.
func TestNoRouteButThoseOfProgramsTakesTokens(t *testing.T) {
	s, _, _ := tokenSite(t)
	secret := webtest.Token(t, s, "chief", access.Scopes()...)
	for _, rt := range s.Table() {
		method, path, _ := strings.Cut(rt.Pattern, " ")
		programs := strings.HasPrefix(path, "/api") || strings.HasPrefix(path, "/scim/")
		if programs != (rt.Callers != frame.Browsers) {
			t.Errorf("%s: tokens are taken: %v", rt.Pattern, !programs)
		}
		if programs || path == "" || allowed(rt.Needs, "anonymous") {
			continue
		}
		path = strings.NewReplacer("{$}", "", "{domain}", "production", "{project}", "desk", "{", "", "}", "").Replace(path)
		if r := asks(s, secret, method, path, webtest.Form("domain=production")); !isRefusal(r) && r.StatusCode != http.StatusBadRequest {
			t.Errorf("%s with a token: %d", rt.Pattern, r.StatusCode)
		}
	}
}

// TestTokensOfStaffWhoMustShowMore: the rule holds for their programs too, says
// what to do, and is content once it is done.
func TestTokensOfStaffWhoMustShowMore(t *testing.T) {
	s, chief, _ := tokenSite(t)
	secret := webtest.Token(t, s, "chief", access.ScopeStudio, access.ScopeProvision)
	settings, version, err := s.Desk.Settings(t.Context())
	settings.Second = true
	settings = settings.Put(admission.Method{ID: "entra", Kind: admission.SCIM, Name: "Entra ID", Accounts: admission.Accounts{Domains: []string{"production"}}})
	if err == nil {
		err = s.Desk.Save(t.Context(), settings, version, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	for path, form := range map[string]string{versions: `"type":"urn:selfhelp:forbidden"`, "/scim/v2/Users": "messages:2.0:Error"} {
		r := asks(s, secret, "GET", path)
		if page := webtest.Text(t, r); r.StatusCode != 403 || !strings.Contains(page, "authenticator app") || !strings.Contains(page, form) {
			t.Errorf("%s without one: %d %s", path, r.StatusCode, page)
		}
	}
	app := factor.NewSecret()
	if err := s.Desk.AddCode(t.Context(), chief.ID, app, codeOf(t, app, s.Now())); err != nil {
		t.Fatal(err)
	}
	s.Sessions.Forget()
	for _, path := range []string{versions, "/scim/v2/Users"} {
		if r := asks(s, secret, "GET", path); r.StatusCode != 200 {
			t.Errorf("%s with one: %d", path, r.StatusCode)
		}
	}
}
