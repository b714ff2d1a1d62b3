package replica_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"selfhelp/store/replica"
)

// heard is a log that is read while it is written.
type heard struct {
	mu   sync.Mutex
	said bytes.Buffer
}

// Write is that of the log.
func (h *heard) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.said.Write(b)
}

// times counts the lines with a sentence.
func (h *heard) times(sentence string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Count(h.said.String(), sentence)
}

// closing begins to stop a site whose target does not answer, and waits until the log says
// so.
func closing(t *testing.T, stop time.Duration) (log *heard, f *far, closed <-chan error) {
	t.Helper()
	s, f := webdavSite(t)
	s.silence = time.Second
	settings := s.settings(t)
	settings.Stop = stop
	log = &heard{}
	r, err := replica.Start(t.Context(), settings, replica.Options{
		Dir: s.data, Epoch: s.epoch(t), Log: slog.New(slog.NewTextHandler(log, nil)), Now: time.Now, Replaced: func(replica.Replaced) {}, Healed: func(replica.Healed) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.says(t, r, 1)
	f.hangs.Store(true)
	s.note(t, "the last one")
	for _, db := range s.dbs {
		db.Close()
	}
	done := make(chan error, 1)
	go func() { done <- r.Close(context.Background()) }()
	for deadline := time.Now().Add(20 * time.Second); log.times("stopping waits for the target") == 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("nobody says what is waited for:\n%s", &log.said)
		}
	}
	return log, f, done
}

// TestAStopThatWaits says once that it waits for the target, until when, and how it went.
func TestAStopThatWaits(t *testing.T) {
	log, f, closed := closing(t, 30*time.Second)
	f.hangs.Store(false)
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	if log.times("stopping waits for the target") != 1 || log.times("until=") != 1 || log.times("the last changes are at the target") != 1 {
		t.Errorf("the log:\n%s", &log.said)
	}
}

// TestAStopThatWaitsInVain says that what is left did not come to the target.
func TestAStopThatWaitsInVain(t *testing.T) {
	log, _, closed := closing(t, 3*time.Second)
	if err := <-closed; err == nil {
		t.Error("it is said to be copied")
	}
	if log.times("stopping waits for the target") != 1 || log.times("the last changes are not at the target") != 1 || log.times("the last changes are at the target") != 0 {
		t.Errorf("the log:\n%s", &log.said)
	}
}
