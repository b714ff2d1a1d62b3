package login

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

// TestTheLineGoesByRank: while one hash is made, those who are known and those who
// come for the first time pass the ones who guess, and the last are sent away.
func TestTheLineGoesByRank(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(1, 3)
		if err := l.enter(t.Context(), Stranger(0)); err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var served, sent []Rank
		for _, rank := range []Rank{Stranger(20), Stranger(9), Stranger(20), Stranger(0), First, Stranger(30)} {
			go func() {
				err := l.enter(t.Context(), rank)
				mu.Lock()
				defer mu.Unlock()
				if errors.Is(err, ErrBusy) {
					sent = append(sent, rank)
					return
				}
				served = append(served, rank)
				l.leave()
			}()
			synctest.Wait()
		}
		l.leave()
		synctest.Wait()
		if want := []Rank{First, Stranger(0), Stranger(9)}; !slices.Equal(served, want) {
			t.Errorf("served %v, want %v", served, want)
		}
		if want := []Rank{Stranger(20), Stranger(20), Stranger(30)}; !slices.Equal(sent, want) {
			t.Errorf("sent away %v, want %v", sent, want)
		}
		if l.free != 1 || len(l.waiting) != 0 {
			t.Errorf("%d places are free and %d wait after all left", l.free, len(l.waiting))
		}
	})
}

// TestTheLineForgetsWhoLeft: a browser that gave up holds no place.
func TestTheLineForgetsWhoLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(1, 3)
		if err := l.enter(t.Context(), First); err != nil {
			t.Fatal(err)
		}
		ctx, leave := context.WithCancel(t.Context())
		gone := make(chan error, 1)
		go func() { gone <- l.enter(ctx, First) }()
		synctest.Wait()
		leave()
		if err := <-gone; !errors.Is(err, ErrBusy) {
			t.Errorf("who left got %v", err)
		}
		if l.leave(); l.free != 1 || len(l.waiting) != 0 {
			t.Errorf("%d places are free and %d wait", l.free, len(l.waiting))
		}
	})
}
