package store

import (
	"path/filepath"
	"testing"

	"selfhelp/store/db"
)

// TestCopyBesideWriters copies a database that people write to.
func TestCopyBesideWriters(t *testing.T) {
	s, c := open(t)
	ids := startMany(t, s, c, 4)
	done := make(chan error)
	go func() {
		_, err := answerMany(t, s, ids, 200)
		done <- err
	}()
	for i, name := range []string{"activity.db", "content.db", "activity.db"} {
		to := filepath.Join(t.TempDir(), name)
		check(t, CopyDatabase(t.Context(), s.dir, name, to))
		if wrong := must[[]string](t)(db.Examine(t.Context(), to)); len(wrong) > 0 {
			t.Errorf("copy %d: %v", i, wrong)
		}
	}
	check(t, <-done)
	if err := CopyDatabase(t.Context(), s.dir, "other.db", filepath.Join(t.TempDir(), "x")); err == nil {
		t.Error("a database that a store has not was copied")
	}
}
