package job

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/store/clocktest"
)

// openOutbox is one that does what results say, message by message.
func openOutbox(t *testing.T, results map[string][]error) (Outbox, *store.Store, *clocktest.Clock, *[]string) {
	t.Helper()
	st, now := openStore(t)
	var done []string
	o := Outbox{Activity: st.Activity, Now: now.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	o.Deeds = map[string]Deed{"mail": func(_ context.Context, m store.Message) error {
		done = append(done, m.Key)
		left := results[m.Key]
		if len(left) == 0 {
			return nil
		}
		if len(left) > 1 {
			results[m.Key] = left[1:]
		}
		return left[0]
	}}
	for key := range results {
		if err := st.Activity.Enqueue(t.Context(), store.Message{Kind: "mail", Key: key, Payload: json.RawMessage(`"secret"`)}); err != nil {
			t.Fatal(err)
		}
	}
	return o, st, now, &done
}

// TestOutbox lets a day go by: what works is done once, what does not is tried
// ever more seldom, what never will is given up at once.
func TestOutbox(t *testing.T) {
	away := fault.New(fault.Unavailable, "fault.mail.unreachable", "mail.example.org:587")
	o, st, now, done := openOutbox(t, map[string][]error{"fine": nil, "soon": {away, nil}, "never": {fault.New(fault.Invalid, "fault.mail.letter")}, "away": {away}})
	if err := st.Activity.Enqueue(t.Context(), store.Message{Kind: "odd", Key: "odd"}); err != nil {
		t.Fatal(err)
	}
	var tried []time.Duration
	for begun := now.Now(); now.Now().Sub(begun) < 48*time.Hour; now.Pass(30 * time.Second) {
		*done = nil
		if _, err := o.Round(t.Context()); err != nil {
			t.Fatal(err)
		}
		if slices.Contains(*done, "away") {
			tried = append(tried, now.Now().Sub(begun).Truncate(time.Minute))
		}
		if slices.Contains(*done, "fine") && !now.Now().Equal(begun) {
			t.Error("done twice")
		}
	}
	minutes := func(n int) time.Duration { return time.Duration(n) * time.Minute }
	if want := []time.Duration{0, minutes(1), minutes(3), minutes(7), minutes(15), minutes(31), minutes(63), minutes(123)}; len(tried) != mostTries || !slices.Equal(tried[:8], want) {
		t.Errorf("%d tries, %v", len(tried), tried)
	}
	if last := tried[len(tried)-1]; last < 23*time.Hour || last > 24*time.Hour {
		t.Errorf("given up after %s", last)
	}
	failed, err := st.Activity.Messages(t.Context(), store.MessageFailed, "", 0, 10)
	if err != nil || len(failed) != 3 {
		t.Fatalf("%+v, %v", failed, err)
	}
	for _, m := range failed {
		if key, args := Said(m.Error); m.Key == "away" && (key != away.Key || args[0] != "mail.example.org:587") {
			t.Errorf("said %s", m.Error)
		}
	}
	sent, err := st.Activity.Messages(t.Context(), store.MessageDone, "", 0, 10)
	if err != nil || len(sent) != 2 || string(sent[0].Payload) != "null" || string(sent[1].Payload) != "null" {
		t.Errorf("what was done keeps what it said: %+v, %v", sent, err)
	}
}

// TestOutboxCutShort stops in the middle: what was done is done, the rest comes
// back.
func TestOutboxCutShort(t *testing.T) {
	o, st, now, done := openOutbox(t, map[string][]error{"one": nil, "two": nil})
	ctx, cancel := context.WithCancel(t.Context())
	mail := o.Deeds["mail"]
	o.Deeds["mail"] = func(ctx context.Context, m store.Message) error {
		cancel()
		if m.Key == "one" {
			return mail(ctx, m)
		}
		return ctx.Err()
	}
	if _, err := o.Round(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	now.Pass(lease + time.Second)
	o.Deeds["mail"] = mail
	if _, err := o.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	slices.Sort(*done)
	if sent, err := st.Activity.Messages(t.Context(), store.MessageDone, "", 0, 10); err != nil || len(sent) != 2 || !slices.Equal(*done, []string{"one", "two"}) {
		t.Errorf("%v, %+v, %v", *done, sent, err)
	}
}

// TestRunWakes does a message at once when it is woken.
func TestRunWakes(t *testing.T) {
	o, st, _, _ := openOutbox(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	did, wake, ended := make(chan string, 1), make(chan struct{}, 1), make(chan struct{})
	o.Deeds["mail"] = func(_ context.Context, m store.Message) error { did <- m.Key; return nil }
	go func() { o.Run(ctx, wake); close(ended) }()
	time.Sleep(50 * time.Millisecond) // it has looked, and found nothing
	if err := st.Activity.Enqueue(t.Context(), store.Message{Kind: "mail", Key: "now"}); err != nil {
		t.Fatal(err)
	}
	wake <- struct{}{}
	select {
	case <-did:
	case <-time.After(time.Minute):
		t.Error("it sleeps on")
	}
	cancel()
	<-ended
}
