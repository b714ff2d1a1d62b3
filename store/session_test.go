package store

import (
	"bytes"
	"os"
	"testing"
	"time"
)

func TestSessions(t *testing.T) {
	s, c := open(t)
	sessions := s.Activity.Sessions()
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
	check(t, s.Activity.Sessions().Commit(token, []byte("data"), c.now().Add(time.Hour)))
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(s.Activity.Path() + end)
		check(t, err)
		if bytes.Contains(b, []byte(token)) {
			t.Errorf("the token stands in activity.db%s", end)
		}
	}
}
