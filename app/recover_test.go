package app

import (
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/config"
	"selfhelp/app/connect/mail"
	"selfhelp/app/post"
	"selfhelp/app/recovery"
	"selfhelp/store"
)

// TestWhoIsToldOfATakeover: a site that has taken over writes, once, that the service
// can be used again, and enters that in the plan.
func TestWhoIsToldOfATakeover(t *testing.T) {
	c := config.Config{Data: t.TempDir()}
	s, end := started(t, c)
	boss := store.User{Login: "boss", Mail: "boss@example.org", Role: access.Administrator, Everywhere: true, Active: true}
	if _, err := s.store.Content.CreateUser(t.Context(), boss, "test"); err != nil {
		t.Fatal(err)
	}
	// Nothing listens there: the letter waits.
	server := mail.Server{Host: "127.0.0.1", Port: 9, Security: mail.TLS, Sender: "help@example.org"}
	if err := post.SaveServer(t.Context(), s.store.Content, s.store.Keys, server, 0, "test"); err != nil {
		t.Fatal(err)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	if err := store.KeepRecoveryNote(c.Data, recovery.Event{At: time.Now().UTC(), By: "root@metz", Kind: recovery.Done, Phase: recovery.Takeover}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // a second start tells nobody again
		s, end = started(t, c)
		events, err := s.store.Content.Recovery(t.Context())
		if err != nil || len(events) != 2 || events[1].Phase != recovery.Available || events[1].By != "selfhelp" {
			t.Errorf("the plan: %+v %v", events, err)
		}
		waiting, err := s.post.Backlog(t.Context(), store.MessageWaiting)
		if err != nil || waiting.Count != 1 {
			t.Errorf("letters: %+v %v", waiting, err)
		}
		if err := end(); err != nil {
			t.Fatal(err)
		}
	}
}
