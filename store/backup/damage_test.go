package backup_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/store"
	"selfhelp/store/backup"
)

// TestADamagedContent turns a bit of a file that came with the full: looking through an
// increment on it finds that, and all but the file comes back.
func TestADamagedContent(t *testing.T) {
	f := aFolder(t)
	hash := must[store.Stored](t)(f.store.Files.Put(t.Context(), strings.NewReader("the leaflet"), 100)).Hash
	f.make(backup.Full)
	f.clock.Pass(time.Hour)
	last := f.make(backup.Increment)
	at := filepath.Join(f.Folder.Root, "files", hash[:2], hash[2:4], hash)
	check(t, os.Chmod(at, 0o600))
	check(t, os.WriteFile(at, []byte("the leaflat"), 0o600))

	dir := t.TempDir()
	back := must[backup.Back](t)(f.Folder.Restore(t.Context(), dir, backup.Wanted{Name: last.Name}))
	if len(back.Lacking) != 1 || !strings.Contains(back.Lacking[0], hash) {
		t.Errorf("it lacks %q", back.Lacking)
	}
	if _, err := os.Stat(filepath.Join(dir, "content.db")); err != nil {
		t.Error(err)
	}
	if e := must[backup.Entry](t)(f.Verify(t.Context(), last.Name, nil)); e.Good() {
		t.Errorf("it is whole: %+v", e.Verdict)
	}
	f.clock.Pass(time.Hour)
	f.make(backup.Full) // which copies the file again
}

// TestWhatIsOnADamagedFull looks through an increment whose full is damaged: no other one on
// it counts as whole.
func TestWhatIsOnADamagedFull(t *testing.T) {
	f := aFolder(t)
	f.project("first")
	full := f.make(backup.Full)
	f.clock.Pass(time.Hour)
	f.make(backup.Increment)
	f.clock.Pass(time.Hour)
	last := f.make(backup.Increment)
	at := filepath.Join(f.Folder.Root, full.Name, "content.db.zst")
	b := must[[]byte](t)(os.ReadFile(at))
	b[len(b)/2] ^= 1
	check(t, os.Chmod(at, 0o600))
	check(t, os.WriteFile(at, b, 0o600))
	if e := must[backup.Entry](t)(f.Verify(t.Context(), last.Name, nil)); e.Good() {
		t.Fatalf("it is whole: %+v", e.Verdict)
	}
	all := must[[]backup.Entry](t)(f.Folder.List())
	for _, e := range all {
		if e.Good() {
			t.Errorf("%s counts as whole", e.Name)
		}
	}
	if _, found := backup.Newest(all, ""); found || len(all) != 3 {
		t.Errorf("of %d one is the newest", len(all))
	}
	f.clock.Pass(time.Hour)
	if next := must[backup.Entry](t)(f.Make(t.Context(), backup.Increment)); next.Kind != backup.Full || !next.Good() {
		t.Errorf("the next one is %+v", next)
	}
}
