package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"selfhelp/app/web/frame"
	"selfhelp/app/web/seal"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
	"selfhelp/store/clocktest"
)

// opensAt reports whether a server knows who comes with some cookies.
func opensAt(t *testing.T, s *frame.Site, cookies ...*http.Cookie) bool {
	t.Helper()
	r := webtest.Ask(s, "GET", "/me", func(r *http.Request) {
		for _, c := range cookies {
			r.AddCookie(c)
		}
	})
	switch r.StatusCode {
	case http.StatusOK:
		return true
	case http.StatusSeeOther:
		return false
	}
	t.Fatalf("/me answers %d", r.StatusCode)
	return false
}

// signedInAt are the cookies of a browser in which ada signed in at a server.
func signedInAt(t *testing.T, s *frame.Site) (session, ticket *http.Cookie) {
	t.Helper()
	r := webtest.TryToSignIn(s, "ada", webtest.GoodPassword)
	for _, c := range r.Cookies() {
		switch c.Name {
		case "session":
			session = c
		case "ticket":
			ticket = c
		}
	}
	if session == nil || ticket == nil {
		t.Fatalf("signing in (%d) sets %v", r.StatusCode, r.Cookies())
	}
	return session, ticket
}

// TestTickets open a session at another server for whoever has both cookies, within
// its hour and its limits, and nothing else opens anything.
func TestTickets(t *testing.T) {
	change := func(of func(string) string) func(*testing.T, *scene) {
		return func(_ *testing.T, c *scene) { c.ticket.Value = of(c.ticket.Value) }
	}
	account := func(of func(*store.User)) func(*testing.T, *scene) {
		return func(t *testing.T, c *scene) {
			u, err := c.there.Content.UserByLogin(t.Context(), "ada")
			if err != nil {
				t.Fatal(err)
			}
			of(&u)
			if _, err := c.there.Content.SaveUser(t.Context(), u, "test"); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, one := range map[string]struct {
		do    func(*testing.T, *scene)
		opens bool
	}{
		"as it was given":         {func(*testing.T, *scene) {}, true},
		"after an hour less":      {func(_ *testing.T, c *scene) { c.clock.Pass(59 * time.Minute) }, true},
		"stale":                   {func(_ *testing.T, c *scene) { c.clock.Pass(time.Hour) }, false},
		"future-dated":            {func(_ *testing.T, c *scene) { c.clock.Pass(-5 * time.Minute) }, false},
		"by a clock a bit behind": {func(_ *testing.T, c *scene) { c.clock.Pass(-30 * time.Second) }, true},
		"cut short":               {change(func(v string) string { return v[:len(v)-7] }), false},
		"another sign":            {change(func(v string) string { return v[:40] + flip(v[40]) + v[41:] }), false},
		"empty":                   {change(func(string) string { return "" }), false},
		"very long":               {change(func(v string) string { return v + strings.Repeat("A", 1<<20) }), false},
		"forged in the clear":     {change(func(string) string { return "eyJ1IjoiYWRhIiwiaSI6MSwidCI6OTk5OTk5OTk5OTk5OTl9" }), false},
		"of another purpose": {func(t *testing.T, c *scene) {
			c.ticket.Value = c.here.Keys.Seal("reset", store.SessionID(c.session.Value), []byte(`{"u":"ada","i":1,"t":9999999999999}`))
		}, false},
		"by another platform's key": {func(t *testing.T, c *scene) {
			other := seal.Keys{Visitors: [][]byte{[]byte(strings.Repeat("x", 32))}}
			c.ticket.Value = other.Seal("ticket", store.SessionID(c.session.Value), []byte(`{"u":"ada"}`))
		}, false},
		"of another session": {func(t *testing.T, c *scene) { _, c.ticket = signedInAt(t, c.here) }, false},
		"with another token": {func(t *testing.T, c *scene) { c.session.Value += "x" }, false},
		"replayed after signing out there": {func(t *testing.T, c *scene) {
			if !opensAt(t, c.there, c.session, c.ticket) {
				t.Fatal("it does not open at first")
			}
			r := webtest.Ask(c.there, "POST", "/logout", func(r *http.Request) { r.AddCookie(c.session); r.AddCookie(c.ticket) })
			for _, name := range []string{"session", "ticket"} {
				if !dropped(r, name) {
					t.Errorf("signing out leaves the cookie %s", name)
				}
			}
		}, false},
		"replayed after an end that was carried": {func(t *testing.T, c *scene) {
			webtest.Ask(c.here, "POST", "/logout", func(r *http.Request) { r.AddCookie(c.session) })
			ended, err := c.here.Activity.EndedSessions(t.Context(), c.clock.Now().Add(-time.Minute), 10)
			if err != nil || len(ended) != 1 || ended[0].ID != store.SessionID(c.session.Value) {
				t.Fatalf("ended %v, %v", ended, err)
			}
			for range 2 {
				if err := c.there.Activity.EndSessionsOf(t.Context(), ended[0], store.EndedSession{ID: "no hex"}); err != nil {
					t.Fatal(err)
				}
			}
		}, false},
		"ended in the list of sessions": {func(t *testing.T, c *scene) {
			opensAt(t, c.there, c.session, c.ticket)
			if n, err := c.there.Activity.StopSessions(t.Context(), "", []string{store.SessionID(c.session.Value)}); n != 1 || err != nil {
				t.Fatal(n, err)
			}
			c.there.Sessions.Forget()
		}, false},
		"of another session of theirs, when all others were ended there": {func(t *testing.T, c *scene) {
			c.clock.Pass(time.Second)
			opensAt(t, c.there, c.session, c.ticket)
			endOthers(t, c, "another")
			if opensAt(t, c.there, c.session) {
				t.Error("the session that is known goes on")
			}
		}, false},
		"of the session that ended all others": {func(t *testing.T, c *scene) {
			c.clock.Pass(time.Second)
			endOthers(t, c, c.session.Value)
		}, true},
		"that began after all others were ended": {func(t *testing.T, c *scene) {
			endOthers(t, c, "another")
			c.clock.Pass(time.Second)
			c.session, c.ticket = signedInAt(t, c.here)
		}, true},
		"of who was suspended": {account(func(u *store.User) { u.Active = false }), false},
		"of who was signed out everywhere": {func(t *testing.T, c *scene) {
			c.clock.Pass(time.Second)
			account(func(u *store.User) { u.Everywhere = true })(t, c)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			p, clock := platform(t)
			c := &scene{p: p, clock: clock, here: p.Servers[0], there: p.Servers[1]}
			c.session, c.ticket = signedInAt(t, c.here)
			if opensAt(t, c.there, c.session) || opensAt(t, c.there, c.ticket) {
				t.Error("one of the cookies is enough")
			}
			one.do(t, c)
			if opens := opensAt(t, c.there, c.session, c.ticket); opens != one.opens {
				t.Errorf("it opens: %t, want %t", opens, one.opens)
			}
		})
	}
}

// scene is a session at one of two servers.
type scene struct {
	p               *webtest.Platform
	clock           *clocktest.Clock
	session, ticket *http.Cookie
	here, there     *frame.Site
}

// TestEndingAllOthersGoesAbout has somebody at one server end all their sessions but the one
// that asks: at the other server those are over that it knows, and those it does not; the
// one that asked goes on there too.
func TestEndingAllOthersGoesAbout(t *testing.T) {
	p, clock := platform(t)
	here, there := p.Servers[0], p.Servers[1]
	lost, lostTicket := signedInAt(t, there)
	known, knownTicket := signedInAt(t, there)
	if !opensAt(t, here, known, knownTicket) {
		t.Fatal("a session does not go about")
	}
	clock.Pass(time.Second)
	mine, mineTicket := signedInAt(t, here)
	since := clock.Now()
	r := webtest.Ask(here, "POST", "/me/sessions", webtest.Form("every=yes"), func(r *http.Request) { r.AddCookie(mine); r.AddCookie(mineTicket) })
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("ending all others gave %d", r.StatusCode)
	}
	for _, c := range r.Cookies() {
		switch c.Name {
		case "session":
			mine = c
		case "ticket":
			mineTicket = c
		}
	}
	ended, err := here.Activity.EndedSessions(t.Context(), since, 10)
	if err == nil {
		err = there.Activity.EndSessionsOf(t.Context(), ended...)
	}
	if err != nil {
		t.Fatal(err)
	}
	there.Sessions.Forget()
	for name, one := range map[string][2]*http.Cookie{"that the first server did not know": {lost, lostTicket}, "that both knew": {known, knownTicket}} {
		for at, s := range map[string]*frame.Site{"there": there, "here": here} {
			if opensAt(t, s, one[0], one[1]) {
				t.Errorf("a session %s goes on %s", name, at)
			}
		}
	}
	for at, s := range map[string]*frame.Site{"there": there, "here": here} {
		if !opensAt(t, s, mine, mineTicket) {
			t.Errorf("the session that ended the others does not go on %s", at)
		}
	}
}

// TestEndingAllOthersAsksNoClock has a session end all others of a person, one of which is at
// a server whose clock is ahead: it is over there as soon as the server hears of it, and
// everywhere soon after. Who signs in later is not put out when the same is heard again.
func TestEndingAllOthersAsksNoClock(t *testing.T) {
	p, clock := platform(t)
	here, there := p.Servers[0], p.Servers[1]
	mine, _ := signedInAt(t, here)
	since := clock.Now()
	of, err := here.Activity.SessionsOf(t.Context(), "", 10)
	if err != nil || len(of) != 1 {
		t.Fatalf("%v, %v", of, err)
	}
	if _, err := here.Activity.StopOtherSessions(t.Context(), of[0].User, store.SessionID(mine.Value)); err != nil {
		t.Fatal(err)
	}
	clock.Pass(30 * time.Second) // by so much is the other clock ahead
	ahead, aheadTicket := signedInAt(t, there)
	carry := func(from, to *frame.Site) {
		t.Helper()
		ended, err := from.Activity.EndedSessions(t.Context(), since, 10)
		if err == nil {
			err = to.Activity.EndSessionsOf(t.Context(), ended...)
		}
		if err != nil {
			t.Fatal(err)
		}
		to.Sessions.Forget()
	}
	carry(here, there)
	carry(there, here)
	for at, s := range map[string]*frame.Site{"there": there, "here": here} {
		if opensAt(t, s, ahead, aheadTicket) {
			t.Errorf("a session of a clock that is ahead goes on %s", at)
		}
	}
	later, _ := signedInAt(t, there)
	carry(here, there)
	if !opensAt(t, there, later) {
		t.Error("what was heard before ends a session that began since")
	}
}

// endOthers ends all sessions of the person but one, and carries that to the other server.
func endOthers(t *testing.T, c *scene, but string) {
	t.Helper()
	since := c.clock.Now()
	of, err := c.here.Activity.SessionsOf(t.Context(), "", 10)
	if err != nil || len(of) == 0 {
		t.Fatalf("%v, %v", of, err)
	}
	if _, err := c.here.Activity.StopOtherSessions(t.Context(), of[0].User, store.SessionID(but)); err != nil {
		t.Fatal(err)
	}
	ended, err := c.here.Activity.EndedSessions(t.Context(), since, 10)
	if err != nil || len(ended) == 0 {
		t.Fatalf("%v, %v", ended, err)
	}
	if err := c.there.Activity.EndSessionsOf(t.Context(), ended...); err != nil {
		t.Fatal(err)
	}
	c.there.Sessions.Forget()
}

func flip(b byte) string {
	if b == 'A' {
		return "B"
	}
	return "A"
}

func dropped(r *http.Response, name string) bool {
	for _, c := range r.Cookies() {
		if c.Name == name && c.MaxAge < 0 {
			return true
		}
	}
	return false
}

// TestTicketsSayNothing of whom they are for.
func TestTicketsSayNothing(t *testing.T) {
	p, _ := platform(t)
	u, err := p.Servers[0].Content.UserByLogin(t.Context(), "ada")
	if err != nil {
		t.Fatal(err)
	}
	_, ticket := signedInAt(t, p.Servers[0])
	if strings.Contains(ticket.Value, u.ID) || strings.Contains(ticket.Value, "ada") || !ticket.HttpOnly {
		t.Errorf("the ticket is %+v", ticket)
	}
}

// TestASessionGoesAbout: what began at one server lasts at all of them as long as it
// would have there, its ticket replaced every minute; and a single server gives none.
func TestASessionGoesAbout(t *testing.T) {
	p, clock := platform(t)
	b := p.SignedInAs(t, "ada")
	given := map[string]bool{}
	for minutes := 0; minutes < 12*60; minutes += 20 { // as long as sessions last
		for range 2 {
			r := b.Send("GET", "/me")
			if r.StatusCode != http.StatusOK {
				t.Fatalf("after %d minutes it answers %d", minutes, r.StatusCode)
			}
			for _, c := range r.Cookies() {
				if c.Name == "ticket" {
					given[c.Value] = true
				}
			}
		}
		clock.Pass(20 * time.Minute)
	}
	if len(given) < 35 || len(given) > 37 {
		t.Errorf("%d tickets were given in 36 visits", len(given))
	}
	for range 2 {
		if r := b.Send("GET", "/me"); r.StatusCode != http.StatusSeeOther {
			t.Errorf("after twelve hours it answers %d", r.StatusCode)
		}
	}
	single := webtest.NewSite(t)
	webtest.AddUser(t, single, "ada", "user", "production")
	for _, c := range webtest.TryToSignIn(single, "ada", webtest.GoodPassword).Cookies() {
		if c.Name == "ticket" {
			t.Error("a single server gives a ticket")
		}
	}
}

// TestIdleSessionsAreNotWokenByTickets: who left the place is signed out at each
// server, as soon as sessions that nobody uses end.
func TestIdleSessionsAreNotWokenByTickets(t *testing.T) {
	p, clock := platform(t)
	session, ticket := signedInAt(t, p.Servers[0])
	for _, s := range p.Servers {
		if err := s.Content.SaveSetting(t.Context(), "sessions", 0, map[string]int{"unused": 5, "longest": 600, "most": 20}, "test", nil); err != nil {
			t.Fatal(err)
		}
		s.Sessions.Forget()
	}
	clock.Pass(5 * time.Minute)
	for i, s := range p.Servers {
		if opensAt(t, s, session, ticket) {
			t.Errorf("server %d: an idle session opens", i)
		}
	}
}

// TestAnEndedSessionIsNotSentInCircles ends a session at one of two servers, of which the
// other one has not heard. The balancer sends each request of its browser to the next
// server: it comes to the form all the same, and signing in there opens both.
func TestAnEndedSessionIsNotSentInCircles(t *testing.T) {
	p, _ := platform(t)
	b := p.SignedInAs(t, "ada")
	for range p.Servers {
		b.Open("/me").Sees("ada")
	}
	here := p.Servers[0]
	known, err := here.Activity.SessionsOf(t.Context(), "", 10)
	if err != nil || len(known) != 1 {
		t.Fatalf("%v, %v", known, err)
	}
	if n, err := here.Activity.StopSessions(t.Context(), "", []string{known[0].ID}); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	here.Sessions.Forget()
	p.Next() // so that it is the turn of the one that refuses it
	b.Open("/me").Sees(`action="/login"`, "another server")
	b.Follow(b.Send("POST", "/login", webtest.Form("next=/me&login=ada&password="+webtest.Escape(webtest.GoodPassword))), "/login")
	for range p.Servers {
		b.Open("/me").Sees("ada").SeesNot(`action="/login"`)
	}
}

// TestAStaleTicketIsMadeGood has somebody come back after the hour of a ticket: the server
// that knows the session no more sends them to sign in, and the one that does sends them
// on with a fresh ticket.
func TestAStaleTicketIsMadeGood(t *testing.T) {
	p, clock := platform(t)
	b := p.SignedInAs(t, "ada")
	clock.Pass(store.TicketLife)
	for range p.Servers {
		b.Open("/me").SeesNot(`action="/login"`)
	}
}
