package backup_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"selfhelp/store"
	"selfhelp/store/backup"
)

// cloned is a copy of the data folder, as that of a machine that was cloned, whose backups
// go to the same place.
func (f *folder) cloned() *folder {
	f.t.Helper()
	data := filepath.Join(f.t.TempDir(), "data")
	check(f.t, os.CopyFS(data, os.DirFS(f.Data)))
	c := &folder{t: f.t, clock: f.clock, Maker: maker(data, f.Folder.Root, f.clock)}
	c.store = must[*store.Store](f.t)(open(f.t.Context(), data, f.clock.Now))
	f.t.Cleanup(func() { check(f.t, c.store.Close()) })
	return c
}

// Two servers on clones of one folder make backups into one place: the second one to make
// one is refused, until it is said which of them goes on.
func TestTwoClonesMakeBackups(t *testing.T) {
	f := aFolder(t)
	f.make(backup.Full)
	c := f.cloned()
	f.clock.Pass(time.Hour)
	last := f.make(backup.Increment)

	f.clock.Pass(time.Hour)
	_, err := c.Make(t.Context(), backup.Increment)
	refused(t, err, "fault.backup.twin")
	f.clock.Pass(time.Second)
	if next := f.make(backup.Increment); next.Mark == last.Mark || next.Host == "" {
		t.Errorf("marks %q and %q, on %q", last.Mark, next.Mark, next.Host)
	}

	check(t, c.Begin())
	f.clock.Pass(time.Hour)
	c.make(backup.Increment)
	f.clock.Pass(time.Hour)
	_, err = f.Make(t.Context(), backup.Increment)
	refused(t, err, "fault.backup.twin")
}

// TestDisksThatAreExchanged makes backups on several disks in turn at one place, and now and
// then one elsewhere: each goes on where it was.
func TestDisksThatAreExchanged(t *testing.T) {
	f := aFolder(t)
	place := f.Folder.Root
	other := t.TempDir()
	check(t, backup.Prepare(other))
	for range 3 {
		f.make(backup.Full)
		f.clock.Pass(time.Hour)
		aside := place + "-aside"
		check(t, os.Rename(place, aside))
		check(t, os.Rename(other, place))
		check(t, os.Rename(aside, other))
	}
}

// What is normal is not hindered: a folder that came back remembers nothing, one that
// took office anew neither, and one that broke off while it made one makes the next.
func TestWhoMayGoOnWithBackups(t *testing.T) {
	f := aFolder(t)
	f.make(backup.Full)
	c := f.cloned()
	f.clock.Pass(time.Hour)
	f.make(backup.Increment)

	c.Epoch = "e0002-lyon"
	f.clock.Pass(time.Hour)
	c.make(backup.Increment)

	f.Epoch = "e0003-lyon"
	f.clock.Pass(time.Hour)
	f.make(backup.Increment)
	check(t, os.Remove(filepath.Join(c.Data, "backups.json")))
	f.clock.Pass(time.Hour)
	c.make(backup.Increment)

	before := must[[]byte](t)(os.ReadFile(filepath.Join(c.Data, "backups.json")))
	f.clock.Pass(time.Hour)
	c.Look = nil // it dies while it is looked through
	func() {
		defer func() { _ = recover() }()
		_, _ = c.Make(t.Context(), backup.Increment)
	}()
	if string(must[[]byte](t)(os.ReadFile(filepath.Join(c.Data, "backups.json")))) == string(before) {
		t.Fatal("it did not remember that it makes one")
	}
	c.Look = maker(c.Data, c.Folder.Root, c.clock).Look
	f.clock.Pass(time.Hour)
	c.make(backup.Increment)
}

// TestOneServerAtOddTimes makes two backups within one second, the increment first, and goes
// on with a clock that was put back: what was made last is not what has the latest name.
func TestOneServerAtOddTimes(t *testing.T) {
	f := aFolder(t)
	f.make(backup.Full)
	f.clock.Pass(time.Hour)
	f.make(backup.Increment)
	must[backup.Entry](t)(f.Make(t.Context(), backup.Full))
	f.make(backup.Increment)

	c := f.cloned()
	f.clock.Pass(-30 * time.Minute)
	f.make(backup.Increment)
	f.make(backup.Increment)
	f.clock.Pass(time.Second)
	_, err := c.Make(t.Context(), backup.Increment)
	refused(t, err, "fault.backup.twin")
}

// TestAnOldOneIsPutBack goes on beside a backup of long ago, brought back from a copy.
func TestAnOldOneIsPutBack(t *testing.T) {
	f := aFolder(t)
	old := f.make(backup.Full)
	aside := filepath.Join(t.TempDir(), old.Name)
	check(t, os.CopyFS(aside, os.DirFS(filepath.Join(f.Folder.Root, old.Name))))
	for range 8 {
		f.clock.Pass(24 * time.Hour)
		f.make(backup.Full)
	}
	back := filepath.Join(f.Folder.Root, old.Name)
	if _, err := os.Stat(back); err == nil {
		t.Fatalf("%s is there still", old.Name)
	}
	check(t, os.CopyFS(back, os.DirFS(aside)))
	f.clock.Pass(time.Hour)
	f.make(backup.Increment)
}

// TestTwoPlacesAtOnce has backups of one data folder remembered for two places at the same
// moment, as the hourly one of the server and one made by hand: none of both is forgotten.
func TestTwoPlacesAtOnce(t *testing.T) {
	f := aFolder(t)
	elsewhere := f.Maker
	elsewhere.Folder.Root = t.TempDir()
	check(t, backup.Prepare(elsewhere.Folder.Root))
	f.make(backup.Full)
	must[backup.Entry](t)(elsewhere.Make(t.Context(), backup.Full))
	name := filepath.Join(f.Data, "backups.json")
	for range 40 {
		check(t, os.Remove(name))
		var both sync.WaitGroup
		for _, k := range []backup.Maker{f.Maker, elsewhere} {
			both.Go(func() {
				if err := k.Begin(); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		var kept struct{ Folders map[string]any }
		check(t, json.Unmarshal(must[[]byte](t)(os.ReadFile(name)), &kept))
		if len(kept.Folders) != 2 {
			t.Fatalf("backups of %d places are remembered, not of 2", len(kept.Folders))
		}
	}
}
