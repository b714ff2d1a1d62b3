package store

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"selfhelp/app/fault"
	"selfhelp/store/disktest"
)

// unwritable is a folder with what a store left, on a disk that cannot be
// written.
func unwritable(t *testing.T, prepare func(dir string)) string {
	t.Helper()
	const size = 64 << 20
	disk := disktest.Small(t, size)
	dir := filepath.Join(disk, "data")
	s := must[*Store](t)(Open(t.Context(), dir, Options{Log: quiet()}))
	_, err := s.Content.CreateProject(t.Context(), "sandbox", aProject("desk", 1), "test")
	check(t, err)
	_, err = s.Files.Put(t.Context(), strings.NewReader("a picture"), 100)
	check(t, err)
	check(t, s.Close())
	prepare(dir)
	disktest.Remount(t, disk, size, true)
	return dir
}

// TestReadWhatCannotBeWritten opens a backup on a read-only disk.
func TestReadWhatCannotBeWritten(t *testing.T) {
	dir := unwritable(t, func(string) {})
	_, err := Open(t.Context(), dir, Options{Log: quiet(), Existing: true})
	refused(t, err, fault.Unavailable, "fault.read_only")
	r := must[*Reading](t)(Read(t.Context(), dir, Options{Log: quiet()}))
	second := must[*Reading](t)(Read(t.Context(), dir, Options{Log: quiet()})) // who only reads keeps nobody out
	check(t, second.Close())
	p := must[Project](t)(r.Content.ProjectByAlias(t.Context(), "sandbox", "desk"))
	if whole, err := r.Content.WholeProject(t.Context(), p.ID); err != nil || whole.Alias != "desk" {
		t.Errorf("%+v, %v", whole, err)
	}
	if !r.Files.Has(fmt.Sprintf("%x", sha256.Sum256([]byte("a picture")))) {
		t.Error("the picture is not found")
	}
	_, err = r.Content.CreateUser(t.Context(), User{Login: "ada"}, "test")
	refused(t, err, fault.Unavailable, "fault.read_only")
	check(t, r.Close())
}

// setShape gives the database of content another number of migrations.
func setShape(t *testing.T, dir string, shape int) {
	t.Helper()
	db := rawly(t, filepath.Join(dir, "content.db"), "")
	_, err := db.Exec(fmt.Sprintf("PRAGMA user_version = %d", shape))
	check(t, err)
	check(t, db.Close())
}

// TestReadWhatWasLeftInDisorder refuses what could only be read wrong: each
// with its reason.
func TestReadWhatWasLeftInDisorder(t *testing.T) {
	for key, prepare := range map[string]func(dir string){
		"fault.store.unfolded": func(dir string) {
			check(t, os.WriteFile(filepath.Join(dir, "content.db-wal"), []byte("changes"), 0o600))
		},
		"fault.store.older": func(dir string) { setShape(t, dir, len(contentSchema.Steps)-1) },
		"fault.store.newer": func(dir string) { setShape(t, dir, len(contentSchema.Steps)+1) },
		"fault.store.none":  func(dir string) { check(t, os.Remove(filepath.Join(dir, "content.db"))) },
	} {
		dir := unwritable(t, prepare)
		_, err := Read(t.Context(), dir, Options{Log: quiet()})
		if got, args := fault.TextOf(err); got != key || key != "fault.store.newer" && args[0] != dir {
			t.Errorf("%s: got %s %v", key, got, args)
		}
	}
}

// TestReadWhatIsHeld refuses what another process is writing.
func TestReadWhatIsHeld(t *testing.T) {
	dir := t.TempDir()
	child, out := child(t, "hold", dir)
	_, err := out.ReadString('\n')
	check(t, err)
	_, err = Read(t.Context(), dir, Options{Log: quiet()})
	refused(t, err, fault.Unavailable, "fault.store.locked")
	_, err = readAsItLies(t.Context(), dir)
	refused(t, err, fault.Unavailable, "fault.store.locked")
	check(t, child.Process.Kill())
	_ = child.Wait()
	r := must[*Reading](t)(Read(t.Context(), dir, Options{Log: quiet()}))
	check(t, r.Close())
}
