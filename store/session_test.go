package store

import (
	"bytes"
	"context"
	"os"
	"testing"
	"time"
)

// aDay is how long the sessions of these tests may be idle.
func aDay(context.Context) (time.Duration, error) { return 24 * time.Hour, nil }

func TestSessions(t *testing.T) {
	s, c := open(t)
	sessions := s.Activity.Sessions(aDay)
	token := "a-token-that-only-the-browser-has"
	check(t, sessions.Commit(token, []byte("data"), c.now().Add(time.Hour)))
	check(t, sessions.Commit("other", nil, c.now().Add(3*time.Hour)))
	if b, found, err := sessions.Find(token); err != nil || !found || string(b) != "data" {
		t.Errorf("got %q, %v, %v", b, found, err)
	}
	if _, found, err := sessions.Find("\x00'; DROP TABLE session"); err != nil || found {
		t.Errorf("a token nobody has: got %v, %v", found, err)
	}
	c.pass(2 * time.Hour)
	if _, found, _ := sessions.Find(token); found {
		t.Error("an expired session was found")
	}
	if n := must[int64](t)(s.Activity.PurgeSessions(t.Context(), 100)); n != 1 {
		t.Errorf("purged %d", n)
	}
	check(t, sessions.Delete("other"))
	if _, found, _ := sessions.Find("other"); found {
		t.Error("a deleted session was found")
	}
}

// A stolen copy of the database opens no session.
func TestSessionTokensAreNotKept(t *testing.T) {
	s, c := open(t)
	token := "KqXv2mT9wZ7RbN4pLs8dYhF3"
	check(t, s.Activity.Sessions(aDay).Commit(token, []byte("data"), c.now().Add(time.Hour)))
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(s.Activity.Path() + end)
		check(t, err)
		if bytes.Contains(b, []byte(token)) {
			t.Errorf("the token stands in activity.db%s", end)
		}
	}
}

// TestIdleSessionsEnd: what is said of idle sessions holds at once, also for those
// that were kept when more was allowed.
func TestIdleSessionsEnd(t *testing.T) {
	s, c := open(t)
	idle := 2 * time.Hour
	sessions := s.Activity.Sessions(func(context.Context) (time.Duration, error) { return idle, nil })
	found := func() bool {
		t.Helper()
		_, found, err := sessions.FindCtx(t.Context(), "one")
		check(t, err)
		return found
	}
	check(t, sessions.Commit("one", []byte("x"), c.now().Add(12*time.Hour)))
	if c.pass(119 * time.Minute); !found() {
		t.Error("it ends before it is idle for so long")
	}
	if idle = time.Hour; found() {
		t.Error("a shorter limit does not hold for a session that is there")
	}
	idle = 3 * time.Hour // what was kept with an end of its own ends there
	if c.pass(2 * time.Minute); found() {
		t.Error("a longer limit wakes a session that has ended")
	}
}

// TestSessionsAreCurbed brings ends forward, and puts none off.
func TestSessionsAreCurbed(t *testing.T) {
	s, c := open(t)
	for token, lasts := range map[string]time.Duration{"short": 10 * time.Minute, "long": 12 * time.Hour} {
		check(t, s.Activity.Sessions(aDay).CommitCtx(t.Context(), token, nil, c.now().Add(lasts)))
		check(t, s.Activity.NameSession(t.Context(), token, Session{User: "ada", Began: c.now()}, 20))
	}
	check(t, s.Activity.CurbSessions(t.Context(), time.Hour, 2*time.Hour))
	for _, want := range []int{2, 1, 0} {
		if left := must[[]Session](t)(s.Activity.SessionsOf(t.Context(), "ada", 0)); len(left) != want {
			t.Errorf("%d sessions are left, want %d", len(left), want)
		}
		c.pass(31 * time.Minute)
	}
}

// TestAnAccountHasSoManySessions: one more ends the one that was not used for the
// longest time, and none of others.
func TestAnAccountHasSoManySessions(t *testing.T) {
	s, c := open(t)
	keeper := s.Activity.Sessions(aDay)
	begin := func(token, user string) {
		t.Helper()
		check(t, keeper.CommitCtx(t.Context(), token, nil, c.now().Add(time.Hour)))
		check(t, s.Activity.NameSession(t.Context(), token, Session{User: user, Began: c.now()}, 2))
		c.pass(time.Minute)
	}
	begin("of bob", "bob")
	begin("one", "ada")
	begin("two", "ada")
	check(t, keeper.CommitCtx(t.Context(), "one", nil, c.now().Add(time.Hour))) // it is used
	begin("three", "ada")
	for token, want := range map[string]bool{"one": true, "two": false, "three": true, "of bob": true} {
		if _, found, err := keeper.FindCtx(t.Context(), token); err != nil || found != want {
			t.Errorf("%s is there: %t, %v", token, found, err)
		}
	}
}
