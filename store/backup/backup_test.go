package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store"
	"selfhelp/store/backup"
	"selfhelp/store/clocktest"
	"selfhelp/store/storetest"
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		check(t, err)
		return v
	}
}

func refused(t *testing.T, err error, key string) {
	t.Helper()
	if got, _ := fault.TextOf(err); got != key {
		t.Errorf("got %v, want %s", err, key)
	}
}

var quiet = slog.New(slog.DiscardHandler)

// folder is a data folder with an open store in it, and a folder for its backups.
type folder struct {
	backup.Maker
	t     *testing.T
	clock *clocktest.Clock
	store *store.Store
}

func open(ctx context.Context, dir string, now func() time.Time) (*store.Store, error) {
	return store.Open(ctx, dir, store.Options{Log: quiet, Now: now})
}

func aFolder(t *testing.T) *folder {
	t.Helper()
	f := &folder{t: t, clock: clocktest.At(time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC))}
	data := storetest.Folder(t, func(dir string) (*store.Store, error) { return open(t.Context(), dir, f.clock.Now) })
	root := t.TempDir()
	check(t, backup.Prepare(root))
	f.store = must[*store.Store](t)(open(t.Context(), data, f.clock.Now))
	t.Cleanup(func() { check(t, f.store.Close()) })
	f.Maker = maker(data, root, f.clock)
	return f
}

func maker(data, root string, c *clocktest.Clock) backup.Maker {
	return backup.Maker{
		Folder: backup.Folder{Root: root}, Data: data, Databases: store.Databases(), Keep: backup.Usual, Now: c.Now, Log: quiet,
		Copy: func(ctx context.Context, name, to string) error { return store.CopyDatabase(ctx, data, name, to) },
		Look: func(ctx context.Context, dir string) (any, []string, error) { return look(ctx, dir, data) },
	}
}

// look looks through a store that came back, with the keys of the folder it is of.
func look(ctx context.Context, dir, data string) (store.Extent, []string, error) {
	if err := os.Symlink(filepath.Join(data, "keys"), filepath.Join(dir, "keys")); err != nil && !errors.Is(err, os.ErrExist) {
		return store.Extent{}, nil, err
	}
	s, err := store.Open(ctx, dir, store.Options{Existing: true, Log: quiet})
	if err != nil {
		return store.Extent{}, nil, err
	}
	v, err := s.Verify(ctx)
	return v.Extent, v.Wrong, errors.Join(err, s.Close())
}

// project keeps one that names a file of its own, and one execution.
func (f *folder) project(alias string) {
	f.t.Helper()
	stored := must[store.Stored](f.t)(f.store.Files.Put(f.t.Context(), strings.NewReader("the picture of "+alias), 1<<20))
	p := &procedure.Project{
		Schema: procedure.Schema, UID: store.NewID(), Alias: alias, Name: procedure.T(alias, alias), Languages: []string{"fr", "en"},
		Resources: []procedure.Resource{{ID: "pic", Kind: procedure.KindImage, Files: map[string]procedure.File{"": {Hash: stored.Hash, Size: stored.Size, Name: "pic.png"}}}},
	}
	must[store.Project](f.t)(f.store.Content.CreateProject(f.t.Context(), "sandbox", p, "test"))
}

func (f *folder) make(kind backup.Kind) backup.Entry {
	f.t.Helper()
	f.clock.Pass(time.Second)
	e := must[backup.Entry](f.t)(f.Make(f.t.Context(), kind))
	if e.Kind != kind || !e.Good() {
		f.t.Fatalf("made %+v %+v", e, e.Verdict)
	}
	return e
}

// back brings a backup back and returns its extent.
func (f *folder) back(name string, by backup.Identities) store.Extent {
	f.t.Helper()
	dir := f.t.TempDir()
	must[backup.Back](f.t)(f.Folder.Restore(f.t.Context(), dir, backup.Wanted{Name: name, By: by}))
	e, wrong, err := look(f.t.Context(), dir, f.Data)
	if err != nil || len(wrong) > 0 {
		f.t.Fatalf("%s came back and is not whole: %q %v", name, wrong, err)
	}
	return e
}

func same(t *testing.T, what string, a, b store.Extent) {
	t.Helper()
	if a != b {
		t.Errorf("%s: %+v came back instead of %+v", what, b, a)
	}
}

func TestBackToAnHour(t *testing.T) {
	f := aFolder(t)
	f.project("first")
	type hour struct {
		backup.Entry
		extent store.Extent
	}
	var hours []hour
	add := func(e backup.Entry) {
		hours = append(hours, hour{e, must[store.Extent](t)(f.store.Extent(t.Context()))})
	}
	add(f.make(backup.Full))
	for i := range 4 {
		f.clock.Pass(time.Hour)
		if i != 2 { // an hour in which nobody did anything
			f.project(fmt.Sprint("hour-", i))
		}
		add(f.make(backup.Increment))
	}
	for i, h := range hours {
		same(t, h.Name, h.extent, f.back(h.Name, nil))
		if i > 0 && (h.Base != hours[0].Name || h.Size >= hours[0].Size) {
			t.Errorf("%s is on %s and takes %d bytes, the full %d", h.Name, h.Base, h.Size, hours[0].Size)
		}
	}
	if hours[3].Contents != 2 || hours[0].Contents != 1 {
		t.Errorf("an increment lists %d files, the full %d", hours[3].Contents, hours[0].Contents)
	}
	// Nothing of later is in what is before a moment.
	all := must[[]backup.Entry](t)(f.Folder.List())
	if e, found := backup.Before(all, hours[2].At.Add(30*time.Minute)); !found || e.Name != hours[2].Name {
		t.Errorf("found %s before half past", e.Name)
	}
	if _, found := backup.Before(all, hours[0].At.Add(-time.Second)); found {
		t.Error("a backup was found before the first one")
	}
	left, err := filepath.Glob(filepath.Join(f.Folder.Root, ".*"))
	if check(t, err); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

// TestAFlippedByte turns one bit in each file of a full and an increment.
func TestAFlippedByte(t *testing.T) {
	f := aFolder(t)
	f.project("first")
	full := f.make(backup.Full)
	f.clock.Pass(time.Hour)
	f.project("second")
	increment := f.make(backup.Increment)
	var names []string
	check(t, filepath.WalkDir(f.Folder.Root, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && d.Name() != "lock" && d.Name() != ".backup-target" {
			names = append(names, path)
		}
		return err
	}))
	if len(names) != 2+7+5 {
		t.Errorf("the backups stand in %d files: %v", len(names), names)
	}
	for _, name := range names {
		b := must[[]byte](t)(os.ReadFile(name))
		flipped := bytes.Clone(b)
		flipped[len(b)/2] ^= 1
		check(t, os.Chmod(name, 0o600))
		check(t, os.WriteFile(name, flipped, 0o600))
		if f.found(full.Name) == nil && f.found(increment.Name) == nil {
			t.Errorf("a byte of %s was changed, and nobody sees it", name)
		}
		check(t, os.WriteFile(name, b, 0o600))
		check(t, errors.Join(os.RemoveAll(name+".damaged")))
		for _, e := range []string{full.Name, increment.Name} {
			must[backup.Entry](t)(f.Verify(t.Context(), e, nil))
		}
	}
}

// found says what is wrong with a backup.
func (f *folder) found(name string) error {
	for _, e := range must[[]backup.Entry](f.t)(f.Folder.List()) {
		if e.Name == name && e.Broken != nil {
			return e.Broken
		}
	}
	e, err := f.Verify(f.t.Context(), name, nil)
	if err == nil && !e.Good() {
		err = fmt.Errorf("%q", e.Verdict.Wrong)
	}
	return err
}

// TestBadOnesDoNotPileUp makes backups of what is not whole, hour after hour.
func TestBadOnesDoNotPileUp(t *testing.T) {
	f := aFolder(t)
	f.project("first")
	good := f.make(backup.Full)
	whole := f.Look
	f.Look = func(context.Context, string) (any, []string, error) { return nil, []string{"a row is odd"}, nil }
	for range 3 {
		f.clock.Pass(time.Hour)
		_, err := f.Make(t.Context(), backup.Full)
		refused(t, err, "fault.backup.bad")
	}
	if all := names(t, f.Folder); len(all) != 2 || all[0] != good.Name {
		t.Errorf("kept are %v", all)
	}
	f.Look = func(context.Context, string) (any, []string, error) { return nil, nil, context.Canceled }
	f.clock.Pass(time.Hour)
	if _, err := f.Make(t.Context(), backup.Increment); !errors.Is(err, context.Canceled) || len(names(t, f.Folder)) != 2 {
		t.Errorf("one that nobody looked through: %v, and kept are %v", err, names(t, f.Folder))
	}
	f.Look = whole
	f.clock.Pass(time.Hour)
	if e := f.make(backup.Increment); e.Base != good.Name {
		t.Errorf("the increment is on %s", e.Base)
	}
}
