package app

import (
	"errors"
	"flag"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"modernc.org/sqlite"

	"selfhelp/app/command"
	"selfhelp/app/config"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store"
	"selfhelp/store/replica"
)

// waiting has more tests at work at a time than the machine has cores, unless somebody
// says how many: most of the time a test of several servers waits for what one of them does
// each second.
func waiting() error {
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "test.parallel" })
	if said {
		return nil
	}
	return flag.Set("test.parallel", strconv.Itoa(4*runtime.GOMAXPROCS(0)))
}

func TestMain(m *testing.M) {
	if _, err := sqlite.OFDLocking(true); err != nil {
		panic(err)
	}
	flag.Parse()
	if err := waiting(); err != nil {
		panic(err)
	}
	code := m.Run()
	if seeded.folder != "" {
		if err := os.RemoveAll(seeded.folder); err != nil {
			panic(err)
		}
	}
	os.Exit(code)
}

// copied is a configuration whose databases are copied to a target, by the file
// that the product comes with.
func copied(t *testing.T, data, target string) config.Config {
	t.Helper()
	env := map[string]string{"SELFHELP_REPLICA": target}
	return config.Config{
		Data: data, Replication: config.Embedded, Site: "lyon", File: "../litestream.yml", New: true,
		Environment: func(name string) (string, bool) { v, given := env[name]; return v, given },
	}
}

// keyOf tells the sentence of an error.
func keyOf(err error) string { key, _ := fault.TextOf(err); return key }

func TestTheMachineBurns(t *testing.T) {
	data, target := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := replica.Prepare(target); err != nil {
		t.Fatal(err)
	}
	c := copied(t, data, target)
	s, _ := started(t, c)
	if _, err := s.store.Content.CreateDomain(t.Context(), store.Domain{ID: "north", Title: procedure.T("Nord", "North")}, "test"); err != nil {
		t.Fatal(err)
	}
	kept, err := s.store.Files.Put(t.Context(), strings.NewReader("a picture"), 100)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.store.Secure(t.Context()); err != nil {
		t.Fatal(err)
	}

	// Elsewhere, with nothing but the keys: the server that burns is still open.
	next := filepath.Join(t.TempDir(), "data")
	bare := copied(t, next, target)
	bare.New, bare.Listen = false, "127.0.0.1:0"
	if _, err := Open(t.Context(), bare, slog.New(slog.DiscardHandler)); !errors.Is(err, command.ErrNoKeys) {
		t.Errorf("without keys: %v", err)
	}
	if epochs, _ := filepath.Glob(filepath.Join(target, "epochs", "*")); len(epochs) != 1 {
		t.Errorf("without keys it took over all the same: %v", epochs)
	}
	if err := os.CopyFS(filepath.Join(next, "keys"), os.DirFS(filepath.Join(data, "keys"))); err != nil {
		t.Fatal(err)
	}
	c = copied(t, next, target)
	c.New = false
	second, end := started(t, c)
	if _, err := second.store.Content.Domain(t.Context(), "north"); err != nil {
		t.Error(err)
	}
	if !second.store.Files.Has(kept.Hash) {
		t.Error("the picture did not come back")
	}
	if got := second.place.Epoch.Name(); got != "e0002-lyon" {
		t.Errorf("the second one is of %s", got)
	}
	if held := second.watch.Restorable().Held(t.Context()); held.ReplicaErr != nil || len(held.Periods) != 2 || held.Periods[0].Goes || held.Periods[0].Until.IsZero() || !held.Periods[1].Goes {
		t.Errorf("the calendar: %+v", held)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}

	// The first one is told, and writes no more.
	s.replicator.Look(t.Context())
	_, err = s.store.Content.CreateDomain(t.Context(), store.Domain{ID: "south", Title: procedure.T("Sud", "South")}, "test")
	if keyOf(err) != "fault.store.fenced" {
		t.Errorf("the first one writes: %v", err)
	}
}

func TestStartsThatWouldLoseSomething(t *testing.T) {
	t.Parallel()
	target := t.TempDir()
	if err := replica.Prepare(target); err != nil {
		t.Fatal(err)
	}
	start := func(c config.Config) error {
		c.Listen = "127.0.0.1:0"
		s, err := Open(t.Context(), c, slog.New(slog.DiscardHandler))
		if err == nil {
			err = s.Close()
		}
		return err
	}
	first := copied(t, filepath.Join(t.TempDir(), "a"), target)
	first.New = false
	if err := start(first); keyOf(err) != "fault.store.nothing" {
		t.Errorf("neither databases nor replica: %v", err)
	}
	first.New = true
	if err := start(first); err != nil {
		t.Fatal(err)
	}
	// Another server names the same target.
	if err := start(copied(t, filepath.Join(t.TempDir(), "b"), target)); keyOf(err) != "fault.store.other" {
		t.Errorf("a target of another server: %v", err)
	}
	// The target is not there, and the databases are missing.
	lost := copied(t, filepath.Join(t.TempDir(), "c"), filepath.Join(t.TempDir(), "unmounted"))
	lost.New = false
	if err := start(lost); !errors.Is(err, replica.ErrNoTarget) {
		t.Errorf("no target: %v", err)
	}
	if _, err := os.Stat(filepath.Join(lost.Data, "content.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a database was made all the same: %v", err)
	}
	// Half of the databases.
	if err := os.Remove(filepath.Join(first.Data, "activity.db")); err != nil {
		t.Fatal(err)
	}
	if err := start(first); err == nil || !strings.Contains(err.Error(), "restored together") {
		t.Errorf("half of them: %v", err)
	}
}
