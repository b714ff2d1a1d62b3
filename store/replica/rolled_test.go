package replica_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"selfhelp/store/clocktest"
)

// A machine is put back to an earlier moment while its server works, which knows nothing
// of it: what it did since is at the target, and it goes on from before. It notices, and
// what it has now comes back whole.
func TestAMachineThatIsPutBackWhileItWorks(t *testing.T) {
	for name, later := range map[string]int{"after less than it does then": 1, "after more": 9} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.clock = clocktest.At(time.Now())
			r := s.started(t)
			s.says(t, r, 3)
			r.Look(t.Context())

			future := s.cloned(t) // what it does until it is put back, under the same turn
			writers := filepath.Join(s.target, "writers")
			if err := os.CopyFS(writers+"-of-now", os.DirFS(writers)); err != nil {
				t.Fatal(err)
			}
			f := future.started(t)
			future.clock.Pass(time.Minute)
			recovers(t, f)
			for range later {
				future.note(t, "what nobody remembers")
				if err := f.Barrier(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			f.Look(t.Context())
			future.closeAll(t, f)
			if err := os.RemoveAll(writers); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(writers+"-of-now", writers); err != nil {
				t.Fatal(err)
			}

			s.note(t, "this is what is so")
			r.Look(t.Context())
			recovers(t, r)
			s.note(t, "this, too")
			if err := r.Barrier(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.comesBack(t, 5)
			s.closeAll(t, r)

			s.reopened(t)
			r = s.started(t)
			s.note(t, "after a start")
			if err := r.Barrier(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.comesBack(t, 6)
			s.closeAll(t, r)
		})
	}
}
