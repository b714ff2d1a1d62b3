package webtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/login"
	"selfhelp/app/web/frame"
	"selfhelp/store"
)

// GoodPassword is that of every account of the tests.
const GoodPassword = "a good long password"

// AddUser makes an account whose password is goodPassword.
func AddUser(t testing.TB, s *frame.Site, name string, role access.Role, domains ...string) store.User {
	t.Helper()
	u, err := s.Content.CreateUser(t.Context(), store.User{Login: name, Role: role, Active: true, Password: quickHash}, "test")
	if err == nil {
		err = s.Content.SetMemberships(t.Context(), u.ID, domains, nil, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// quickHash is made once: hashing is slow on purpose.
var quickHash = login.Hash(GoodPassword)

// SignedIn returns what the browser of an account sends that has just signed in
// with its password.
func SignedIn(t testing.TB, s *frame.Site, name string) func(*http.Request) {
	t.Helper()
	return Cookies(signIn(t, s, name))
}

// signIn answers as the sign-in page does to the password of an account, without
// the time that hashing takes.
func signIn(t testing.TB, s *frame.Site, name string) *http.Response {
	t.Helper()
	u, err := s.Content.UserByLogin(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	of := store.Session{User: u.ID, Method: admission.InternalID, Agent: "Go", Address: "192.0.2.1", Era: u.Era, Began: s.Now()}
	if err := s.Sessions.Begin(t.Context(), w, "", of, admission.Entry{User: u, Method: admission.InternalID, Proved: s.Now()}); err != nil {
		t.Fatal(err)
	}
	s.KnowDevice(w, u.ID)
	return w.Result()
}

// TryToSignIn sends the form of the sign-in page.
func TryToSignIn(s *frame.Site, name, password string, change ...func(*http.Request)) *http.Response {
	values := url.Values{"login": {name}, "password": {password}, "next": {"/me"}}
	return Ask(s, "POST", "/login", append(change, Form(values.Encode()))...)
}

// FromAddress makes a request come from elsewhere.
func FromAddress(i int) func(*http.Request) {
	return func(r *http.Request) { r.RemoteAddr = fmt.Sprintf("198.51.100.%d:5", i+1) }
}

// AddToGroup puts an account in a group of a domain.
func AddToGroup(t *testing.T, s *frame.Site, user, domain, group string) {
	t.Helper()
	g, err := s.Content.CreateGroup(t.Context(), store.Group{Domain: domain, Name: group}, "test")
	if err == nil {
		u, findErr := s.Content.UserByLogin(t.Context(), user)
		if findErr != nil {
			t.Fatal(findErr)
		}
		err = s.Content.SetMemberships(t.Context(), u.ID, []string{domain}, []string{g.ID}, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Token makes a token of an account and returns its secret.
func Token(t testing.TB, s *frame.Site, name string, scopes ...access.Scope) string {
	t.Helper()
	u, err := s.Content.UserByLogin(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	secret, hash := frame.NewToken()
	k := store.Token{User: u.ID, Name: "of the tests", Scopes: scopes, Expires: s.Now().Add(30 * 24 * time.Hour)}
	if _, err := s.Content.CreateToken(t.Context(), k, hash, u.ID); err != nil {
		t.Fatal(err)
	}
	return secret
}

// Bearer gives a request a token.
func Bearer(secret string) func(*http.Request) { return Header("Authorization", "Bearer "+secret) }

// ForbidWords makes words those of the organisation, which no new password may hold.
func ForbidWords(t testing.TB, s *frame.Site, words ...string) {
	t.Helper()
	settings, version, err := s.Desk.Settings(t.Context())
	var m admission.Method
	if err == nil {
		m, err = settings.Method(admission.InternalID)
	}
	m.Kept.Words = words
	if err == nil {
		err = s.Desk.Save(t.Context(), settings.Put(m), version, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
}
