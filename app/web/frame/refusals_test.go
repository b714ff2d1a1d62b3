package frame

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"sync"
	"testing"
	"time"
)

// ledger is an audit in memory.
type ledger struct {
	mu      sync.Mutex
	entries []string
	told    chan string
}

func (l *ledger) keep(_ context.Context, actor, action, object string, detail any) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, action)
	if action == "refusal.more" {
		l.told <- fmt.Sprint(detail)
	}
	return nil
}

// TestRefusalsAreBounded: an address fills a few lines a minute, all of them
// together some more, and the rest is one entry.
func TestRefusalsAreBounded(t *testing.T) {
	l := &ledger{told: make(chan string, 10)}
	r := newRefusals(l.keep, slog.New(slog.NewTextHandler(io.Discard, nil)))
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	at := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, byte(i / 256), byte(i)}) }
	kept := 0
	for range 1000 {
		if r.takes(at(1), now) {
			kept++
		}
	}
	if kept != refusalsOfAddress {
		t.Errorf("%d of one address", kept)
	}
	for i := range 5000 {
		if r.takes(at(i), now.Add(30*time.Second)) {
			kept++
		}
	}
	if kept != refusalsOfMinute || len(r.more.of) > addressesCounted {
		t.Errorf("%d of a minute, %d addresses remembered", kept, len(r.more.of))
	}
	if !r.takes(at(1), now.Add(time.Minute)) {
		t.Error("the next minute begins refused")
	}
	select {
	case told := <-l.told:
		if want := fmt.Sprintf("map[count:%d from:[10.0.0.0/24", 6000-refusalsOfMinute); len(told) < len(want) || told[:len(want)] != want {
			t.Errorf("told %s", told)
		}
	case <-time.After(time.Minute):
		t.Fatal("the others are not told")
	}
	if r.takes(at(2), now.Add(3*time.Minute)); len(l.told) > 0 {
		t.Error("told twice")
	}
}

// TestTheAuditKeepsNoWholeAddress: an entry is for ever, and a whole address is
// that of somebody.
func TestTheAuditKeepsNoWholeAddress(t *testing.T) {
	for whole, near := range map[string]string{
		"198.51.100.77": "198.51.100.0/24", "::ffff:198.51.100.77": "198.51.100.0/24",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1::/48", "fe80::1%eth0": "fe80::/48",
	} {
		if got := Neighbourhood(netip.MustParseAddr(whole)); got != near {
			t.Errorf("of %s the audit keeps %q, want %q", whole, got, near)
		}
	}
	if got := Neighbourhood(netip.Addr{}); got != "" {
		t.Errorf("of nothing it keeps %q", got)
	}
}
