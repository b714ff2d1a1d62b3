package replica_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"selfhelp/store/replica"
)

// trials are the small files that were written to a target to see whether it takes any.
func (s *site) trials(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(s.target, "writers", "*", "*.ltx"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestATrialThatIsLeft kills who tries a target between the file and its end: the next one
// who tries takes it away, and so does the server when it sweeps.
func TestATrialThatIsLeft(t *testing.T) {
	s, f := webdavSite(t)
	r := s.started(t)
	defer s.closeAll(t, r)
	s.says(t, r, 1)
	r.Look(t.Context())
	place := replica.Place{Settings: s.settings(t), Epoch: s.epoch(t), Dir: s.data}
	left := func() {
		t.Helper()
		ctx, kill := context.WithCancel(t.Context())
		before := func(q *http.Request) {
			if q.Method == http.MethodDelete {
				kill()
				panic(http.ErrAbortHandler) // it is not done
			}
		}
		f.before.Store(&before)
		if err := place.TryWriting(ctx); err == nil || len(s.trials(t)) != 1 {
			t.Fatalf("nothing is left: %v %v", s.trials(t), err)
		}
		f.before.Store(nil)
	}
	left()
	if err := place.TryWriting(t.Context()); err != nil || len(s.trials(t)) > 0 {
		t.Errorf("after the next one: %v %v", s.trials(t), err)
	}
	left()
	if _, err := r.Prune(t.Context()); err != nil || len(s.trials(t)) > 0 {
		t.Errorf("after the sweep: %v %v", s.trials(t), err)
	}
	if turns, err := os.ReadDir(filepath.Join(s.target, "writers", s.epoch(t).Name())); err != nil || len(turns) != 1 {
		t.Errorf("the turns: %v %v", turns, err)
	}
}
