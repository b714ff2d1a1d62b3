package app

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"selfhelp/app/job"
	"selfhelp/store"
	"selfhelp/store/replica"
)

// TestATicketIsNotHandedOutTwice: a ticket is handed to another system, by the outbox
// and by a step, and the machine burns at this moment. Whoever takes over knows of both.
func TestATicketIsNotHandedOutTwice(t *testing.T) {
	t.Parallel()
	data, target := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := replica.Prepare(target); err != nil {
		t.Fatal(err)
	}
	open := func(data string, isNew bool) *Server {
		t.Helper()
		c := copied(t, data, target)
		c.Listen, c.New = "127.0.0.1:0", isNew
		s, err := Open(t.Context(), c, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	sent := 0
	round := func(s *Server, now func() time.Time) {
		t.Helper()
		o := job.Outbox{
			Activity: s.store.Activity, Now: now, Log: slog.New(slog.DiscardHandler), Secure: s.store.SecureHandedOut,
			Deeds: map[string]job.Deed{"ticket": func(context.Context, store.Message) error { sent++; return nil }},
		}
		if _, err := o.Round(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	first := open(data, true)
	if err := first.store.Activity.Enqueue(t.Context(), store.Message{Kind: "ticket", Key: "ticket/1"}); err != nil {
		t.Fatal(err)
	}
	_, mine, err := first.store.Activity.ClaimEffect(t.Context(), "effect/1", "execution")
	if err != nil || !mine {
		t.Fatal(mine, err)
	}
	round(first, time.Now)

	// The first one burns: it is not closed. Elsewhere there are the keys and the replica.
	next := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(filepath.Join(next, "keys"), os.DirFS(filepath.Join(data, "keys"))); err != nil {
		t.Fatal(err)
	}
	second := open(next, false)
	done, err := second.store.Activity.Messages(t.Context(), store.MessageDone, "ticket", 0, 10)
	if err != nil || len(done) != 1 {
		t.Errorf("known as sent: %+v, %v", done, err)
	}
	round(second, func() time.Time { return time.Now().Add(time.Hour) })
	if sent != 1 {
		t.Errorf("it was sent %d times", sent)
	}
	if _, mine, err := second.store.Activity.ClaimEffect(t.Context(), "effect/1", "execution"); err != nil || mine {
		t.Errorf("the step would be carried out again: %v, %v", mine, err)
	}
}

// TestATicketDoesNotWaitForASecondSiteThatIsAway: it is handed out, soon, and told.
func TestATicketDoesNotWaitForASecondSiteThatIsAway(t *testing.T) {
	data, target := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := replica.Prepare(target); err != nil {
		t.Fatal(err)
	}
	s, _ := started(t, copied(t, data, target))
	if err := s.store.SecureHandedOut(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(target, target+".away"); err != nil {
		t.Fatal(err)
	}
	defer os.Rename(target+".away", target)
	for range 2 {
		began := time.Now()
		if _, _, err := s.store.Activity.ClaimEffect(t.Context(), "effect/2", "execution"); err != nil {
			t.Fatal(err)
		}
		if err := s.store.SecureHandedOut(t.Context()); keyOf(err) != "fault.store.not_copied" {
			t.Errorf("the second site is away: %v", err)
		}
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("it waited %v", took)
		}
		s.replicator.Look(t.Context())
	}
	if r := s.watch.Report(t.Context()).Replica; r.Unsecured != 2 {
		t.Errorf("the status tells of %d", r.Unsecured)
	}
}
