package replica_test

import (
	"io/fs"
	"os"
	"testing"
	"time"

	"selfhelp/store/replica"
)

// What can be restored is told by what is at the target: of one that was emptied nothing
// of before, though the server remembers it; of one that lost a change nothing of the
// time between.
func TestSpans(t *testing.T) {
	places(t, func(t *testing.T, s *site, p place) {
		r := s.started(t)
		defer s.closeAll(t, r)
		moments := s.says(t, r, 3)
		begun(t, p)
		spans := func() []replica.Span {
			t.Helper()
			all, err := s.settings(t).Spans(t.Context(), s.epoch(t))
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		in := func(at time.Time) (is bool) {
			for _, one := range spans() {
				is = is || !at.Before(one.From) && (one.Until.IsZero() || !at.After(one.Until))
			}
			return is
		}
		if all := spans(); len(all) != 1 || !all[0].Until.IsZero() || !in(time.Now()) {
			t.Errorf("at first: %+v", all)
		}
		for _, dir := range []string{"content", "activity", "epochs", "manifests", "writers"} {
			for _, name := range below(t, p, dir) {
				p.remove(t, name)
			}
		}
		if all := spans(); len(all) != 0 {
			t.Errorf("of an empty target: %+v", all)
		}
		emptied := time.Now().Add(-time.Second) // stores that speak S3 tell seconds
		time.Sleep(1200 * time.Millisecond)
		s.note(t, "after")
		r.Look(t.Context())
		if err := r.Examine(t.Context()); err != nil {
			t.Fatal(err)
		}
		if all := spans(); len(all) != 1 || all[0].From.Before(emptied) || in(moments[2].Add(-time.Second)) || !in(time.Now().Add(time.Second)) {
			t.Errorf("once it is filled again: %+v, emptied %v", all, emptied)
		}
	})
}

// below are the files in a folder of a target and in the folders of it.
func below(t *testing.T, p place, dir string) (all []string) {
	t.Helper()
	d, is := p.(disk)
	if !is {
		return p.list(t, dir)
	}
	err := fs.WalkDir(os.DirFS(string(d)), dir, func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			all = append(all, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
