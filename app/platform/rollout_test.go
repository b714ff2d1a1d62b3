package platform

import (
	"slices"
	"testing"
	"time"

	"selfhelp/store"
)

// TestWhoseTurnItIs goes through the ways a group may come to publication 7.
func TestWhoseTurnItIs(t *testing.T) {
	now := time.Date(2026, 11, 29, 15, 0, 0, 0, time.UTC)
	seat := func(id, mark, next string) Seat {
		return Seat{ID: id, Mark: mark, Next: next, Reached: true, Ready: true}
	}
	there, ready, coming := func(id string) Seat { return seat(id, "7", "") }, func(id string) Seat { return seat(id, "6", "7") }, func(id string) Seat { return seat(id, "6", "") }
	other := func(id string) Seat { return seat(id, "another 7", "") } // published before this server was brought back
	away := func(s Seat) Seat { s.Reached = false; return s }
	ill := func(s Seat) Seat { s.Ready = false; return s }
	light := func(s Seat) Seat { s.Light = true; return s }
	at := func(sequence uint64, s Seat) Seat { s.Sequence = sequence; return s }
	for _, c := range []struct {
		name  string
		way   store.RolloutWay
		r     Rollout
		seats []Seat
		due   []string
	}{
		{"together: one is not ready", store.Together, Rollout{}, []Seat{ready("a"), coming("b")}, nil},
		{"together: all are ready", store.Together, Rollout{}, []Seat{ready("a"), ready("b")}, []string{"a", "b"}},
		{"together: one is away", store.Together, Rollout{}, []Seat{ready("a"), away(ready("b"))}, nil},
		{"together: one is away and somebody said to go on", store.Together, Rollout{Forced: true}, []Seat{ready("a"), away(ready("b")), coming("c")}, []string{"a"}},
		{"together: one comes back later", store.Together, Rollout{}, []Seat{there("a"), ready("b"), away(coming("c"))}, []string{"b"}},
		{"together: nobody is there", store.Together, Rollout{}, nil, nil},
		{"together: all is done", store.Together, Rollout{}, []Seat{there("a"), there("b")}, nil},
		{"together: one serves another publication of the number", store.Together, Rollout{}, []Seat{ready("a"), other("b")}, nil},
		{"rolling: the first", store.Rolling, Rollout{}, []Seat{ready("a"), ready("b")}, []string{"a"}},
		{"rolling: the next", store.Rolling, Rollout{}, []Seat{there("a"), ready("b"), ready("c")}, []string{"b"}},
		{"rolling: the one before is not well", store.Rolling, Rollout{}, []Seat{ill(there("a")), ready("b")}, nil},
		{"rolling: the one before went away", store.Rolling, Rollout{}, []Seat{away(there("a")), ready("b")}, nil},
		{"rolling: one is away, the others go on", store.Rolling, Rollout{}, []Seat{away(coming("a")), ready("b")}, []string{"b"}},
		{"canary: the first", store.Canary, Rollout{}, []Seat{ready("a"), ready("b"), ready("c")}, []string{"a"}},
		{"canary: too early", store.Canary, Rollout{Well: now.Add(-9 * time.Minute)}, []Seat{there("a"), ready("b"), ready("c")}, nil},
		{"canary: the others", store.Canary, Rollout{Well: now.Add(-10 * time.Minute)}, []Seat{there("a"), ready("b"), ready("c")}, []string{"b", "c"}},
		{"canary: the first is not well", store.Canary, Rollout{Well: now.Add(-time.Hour)}, []Seat{ill(there("a")), ready("b")}, nil},
		{"canary: somebody said to go on", store.Canary, Rollout{Well: now, Forced: true}, []Seat{there("a"), ready("b")}, []string{"b"}},
		{"canary: the next one, where the first has the one before", store.Canary, Rollout{}, []Seat{at(5, ready("a")), at(6, ready("b")), at(5, ready("c"))}, []string{"b"}},
		{"canary: the next one, which the first has not ready", store.Canary, Rollout{}, []Seat{at(5, ready("a")), at(6, coming("b"))}, nil},
		{"canary: the next one, and the first is away", store.Canary, Rollout{}, []Seat{at(5, ready("a")), away(at(6, ready("b")))}, nil},
		{"canary: the next one, and somebody said to go on", store.Canary, Rollout{Forced: true}, []Seat{at(5, ready("a")), away(at(6, coming("b")))}, []string{"a"}},
		{"canary: one lags behind", store.Canary, Rollout{}, []Seat{at(5, ready("a")), at(6, ready("b")), at(6, ready("c"))}, []string{"b"}},
		{"canary: one serves what is not known here", store.Canary, Rollout{}, []Seat{at(6, ready("a")), at(8, other("b"))}, []string{"a"}},
		{"canary: back to what all had", store.Canary, Rollout{}, []Seat{light(ready("a")), light(ready("b"))}, []string{"a", "b"}},
		{"canary: back, and the first is not well", store.Canary, Rollout{Well: now}, []Seat{ill(there("a")), light(ready("b"))}, []string{"b"}},
		{"canary: back to what one has never served", store.Canary, Rollout{Well: now}, []Seat{light(ready("a")), ready("b")}, []string{"a"}},
		{"rolling: back to what all had", store.Rolling, Rollout{}, []Seat{light(ill(ready("a"))), light(ready("b")), coming("c")}, []string{"a", "b"}},
		{"together: back to what all had, and one is away", store.Together, Rollout{}, []Seat{light(ready("a")), away(light(ready("b")))}, nil},
	} {
		c.r.Mark, c.r.Sequence = "7", 7
		if due := Due(store.Target{Way: c.way, Pause: 10 * time.Minute}, c.r, c.seats, now); !slices.Equal(due, c.due) {
			t.Errorf("%s: %v, want %v", c.name, due, c.due)
		}
	}
}

func TestAddressesOfServers(t *testing.T) {
	for address, good := range map[string]bool{
		"https://help1.example.org": true, "https://help1.example.org:8443": true, "http://127.0.0.1:8080": true, "http://[::1]:8080": true, "http://localhost:1": true,
		"http://help1.example.org": false, "help1.example.org": false, "https://": false, "https://x/y": false, "https://u:p@x": false, "https://x?y": false, "ftp://x": false, "http://127.0.0.1.nip.io": false, "": false,
	} {
		if err := checkAddress(address); (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		}
	}
}
