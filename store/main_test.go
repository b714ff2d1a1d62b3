package store

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"modernc.org/sqlite"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store/storetest"
)

func TestMain(m *testing.M) {
	if _, err := sqlite.OFDLocking(true); err != nil { // as main does
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if job, ok := children[os.Getenv(childJob)]; ok {
		if err := job(os.Getenv(childPath)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// The environment variables that make the test binary, started by a test, do a
// job in a process of its own instead of running tests.
const (
	childJob  = "SELFHELP_STORE_CHILD"
	childPath = "SELFHELP_STORE_CHILD_PATH"
)

var children = map[string]func(path string) error{
	"bring":   bringForEver,
	"hold":    holdOpen,
	"migrate": migrateLong,
	"work":    workHard,
}

// clock is a time that goes on by a millisecond each time it is asked, and by
// more when told.
type clock struct{ micros atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.micros.Store(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC).UnixMicro())
	return c
}

func (c *clock) now() time.Time       { return time.UnixMicro(c.micros.Add(1000)).UTC() }
func (c *clock) pass(d time.Duration) { c.micros.Add(d.Microseconds()) }

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// open opens a new store that is closed with the test.
func open(t testing.TB) (*Store, *clock) {
	t.Helper()
	c := newClock()
	s, err := Open(t.Context(), anEmptyStore(t), Options{Now: c.now, Log: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, c
}

// anEmptyStore is the folder of a store with nothing in it.
func anEmptyStore(t testing.TB) string {
	return storetest.Folder(t, func(dir string) (*Store, error) { return Open(t.Context(), dir, Options{Log: quiet()}) })
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused checks that an error is of a kind and has the key of a sentence.
func refused(t testing.TB, err error, kind fault.Kind, key string) {
	t.Helper()
	got, _ := fault.TextOf(err)
	if !fault.Is(err, kind) || key != "" && got != key {
		t.Fatalf("got %v (%s, %s), want %s, %s", err, fault.KindOf(err), got, kind, key)
	}
}

// aProject is a small project with n procedures.
func aProject(alias string, n int) *procedure.Project {
	p := &procedure.Project{
		Schema: procedure.Schema, UID: NewID(), Alias: alias,
		Name: procedure.T("Projet "+alias, "Project "+alias), Languages: []string{"fr", "en"},
	}
	for i := range n {
		p.Procedures = append(p.Procedures, aProcedure(fmt.Sprintf("%s-%d", alias, i)))
	}
	return p
}

func aProcedure(alias string) *procedure.Procedure {
	return &procedure.Procedure{
		Schema: procedure.Schema, UID: NewID(), Alias: alias, Entry: true,
		Title: procedure.T("Procédure "+alias, "Procedure "+alias),
		Steps: []procedure.Step{
			{ID: "start", Start: &procedure.Start{}, Next: "end"},
			{ID: "end", End: &procedure.End{Outcome: procedure.Solved}},
		},
	}
}
