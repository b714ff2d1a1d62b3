package web_test

import (
	"strings"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/post"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// TestOwnersAreToldOfTokens lets a month go by, day by day: the owner of a token
// is written to seven days and one day before it expires, once each, and nobody is
// of one that opens nothing.
func TestOwnersAreToldOfTokens(t *testing.T) {
	m := newMailing(t)
	began := time.Now()
	now := began
	p := post.New(m.Store, "http://help.example.org", func() time.Time { return now }, m.Log)
	give := func(login, name string, days int) {
		t.Helper()
		u, err := m.Content.UserByLogin(t.Context(), login)
		if err != nil {
			t.Fatal(err)
		}
		_, hash := frame.NewToken()
		k := store.Token{User: u.ID, Name: name, Scopes: []access.Scope{access.ScopeRun}, Expires: began.Add(time.Duration(days) * 24 * time.Hour)}
		if _, err := m.Content.CreateToken(t.Context(), k, hash, u.ID); err != nil {
			t.Fatal(err)
		}
	}
	m.person(t, "zoe", "zoe@example.org")
	m.person(t, "nobody", "")
	gone := m.person(t, "gone", "gone@example.org")
	for login, tokens := range map[string]map[string]int{"zoe": {"Intranet <b>": 30, "for a week": 7, "for long": 90}, "nobody": {"unheard": 30}, "gone": {"void": 30}} {
		for name, days := range tokens {
			give(login, name, days)
		}
	}
	gone.Active = false
	if _, err := m.Content.SaveUser(t.Context(), gone, "test"); err != nil {
		t.Fatal(err)
	}
	letters := map[int]string{}
	for hour := 0; hour < 31*24; hour += 12 {
		now = began.Add(time.Duration(hour) * time.Hour)
		if err := p.RemindOfTokens(t.Context()); err != nil {
			t.Fatal(err)
		}
		m.send(t)
		done, err := m.Activity.Messages(t.Context(), store.MessageDone, "mail", 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		for len(letters) < len(done) {
			got := m.peer.Next(t)
			_, plain, page := texts(t, got.Raw)
			if got.To[0] != "zoe@example.org" || !strings.Contains(plain, "http://help.example.org/me/tokens") || strings.Contains(page, "<b>") {
				t.Errorf("to %v: %s", got.To, plain)
			}
			letters[len(letters)] = strings.Join([]string{now.Sub(began).Truncate(12 * time.Hour).String(), plain}, " ")
		}
	}
	want := []string{"144h0m0s for a week", "552h0m0s Intranet <b>", "696h0m0s Intranet <b>"}
	if len(letters) != len(want) {
		t.Errorf("%d letters, want %d: %v", len(letters), len(want), letters)
	}
	for i, what := range want {
		at, name, _ := strings.Cut(what, " ")
		if !strings.HasPrefix(letters[i], at+" ") || !strings.Contains(letters[i], name) {
			t.Errorf("letter %d is %q, want %s", i, letters[i], what)
		}
	}
	m.peer.None(t)
}

// TestTokensSayHowLongTheyLast on the page of their owner.
func TestTokensSayHowLongTheyLast(t *testing.T) {
	s := webtest.DeskSite(t)
	u := webtest.AddUser(t, s, "ada", access.Writer, "production")
	for name, left := range map[string]time.Duration{"soon": 3*24*time.Hour + time.Hour, "today": time.Hour, "later": 40 * 24 * time.Hour} {
		_, hash := frame.NewToken()
		if _, err := s.Content.CreateToken(t.Context(), store.Token{User: u.ID, Name: name, Scopes: []access.Scope{access.ScopeRun}, Expires: s.Now().Add(left)}, hash, u.ID); err != nil {
			t.Fatal(err)
		}
	}
	webtest.SignedInAs(t, s, "ada").Open("/me/tokens", webtest.Header("Accept-Language", "en")).Sees("Expires in 3 days", "Expires within a day", "Valid")
}
