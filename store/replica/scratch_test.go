package replica_test

import (
	"os"
	"path/filepath"
	"testing"

	"selfhelp/store/replica"
)

func TestSweepTakesWhatKilledRestoresLeft(t *testing.T) {
	place := replica.Place{Dir: t.TempDir()}
	working, err := place.Scratch()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".restore-123", "..restore-456"} {
		if err := os.MkdirAll(filepath.Join(place.Dir, name, "files"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := place.Sweep(); n != 2 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	left, err := filepath.Glob(filepath.Join(place.Dir, ".*restore-*"))
	if err != nil || len(left) != 1 || left[0] != working.Dir {
		t.Errorf("left: %v %v, at work is %s", left, err, working.Dir)
	}
	if err := working.Remove(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(working.Dir); !os.IsNotExist(err) {
		t.Errorf("removed: %v", err)
	}
}
