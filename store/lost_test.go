package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/store/files"
)

// TestLostBetweenStatesThatParted compares a store with a copy that went its own way since:
// what only the first one has is named, whatever came to the other.
func TestLostBetweenStatesThatParted(t *testing.T) {
	s, clock := open(t)
	ctx := t.Context()
	begin := func(s *Store, id string) {
		t.Helper()
		check(t, s.Activity.StartExecution(ctx, Execution{ID: id, Project: "p", Procedure: "u", Alias: "rounds", Owner: "o", Started: clock.now()}, Turn{Input: "1", Step: "first", At: clock.now()}))
	}
	must[Project](t)(s.Content.CreateProject(ctx, "sandbox", aProject("it", 2), "ada"))
	begin(s, "x1")
	dir := t.TempDir()
	for _, name := range Databases() {
		check(t, CopyDatabase(ctx, s.dir, name, filepath.Join(dir, name)))
	}
	same := must[Lost](t)(LostBetween(ctx, s.dir, dir))
	if len(same.Procedures) > 0 || same.Executions > 0 || !same.Changed.IsZero() {
		t.Errorf("a copy lacks %+v", same)
	}
	clock.pass(time.Minute)
	must[Project](t)(s.Content.CreateProject(ctx, "sandbox", aProject("hr", 1), "ada"))
	begin(s, "x2")
	check(t, os.CopyFS(filepath.Join(dir, "keys"), os.DirFS(filepath.Join(s.dir, "keys"))))
	other := must[*Store](t)(Open(ctx, dir, Options{Now: clock.now, Log: quiet()}))
	clock.pass(time.Minute)
	must[Project](t)(other.Content.CreateProject(ctx, "sandbox", aProject("elsewhere", 3), "ada"))
	for i := range 3 {
		begin(other, fmt.Sprint("elsewhere ", i))
	}
	check(t, other.Close())
	lost := must[Lost](t)(LostBetween(ctx, s.dir, dir))
	if len(lost.Procedures) != 1 || lost.Procedures[0].Alias != "hr-0" || lost.Procedures[0].Project != "hr" || lost.Executions != 1 || lost.Changed.IsZero() {
		t.Errorf("only the first one has %+v", lost)
	}
}

// TestVerifyLooksForWhatPeopleSent looks for files that answers name: those that are missing
// are told, the first hundred by name.
func TestVerifyLooksForWhatPeopleSent(t *testing.T) {
	s, clock := open(t)
	ctx := t.Context()
	kept := must[files.Stored](t)(s.Files.Put(ctx, strings.NewReader("a scan"), 100))
	answers := func(id, hash string) {
		t.Helper()
		events := fmt.Appendf(nil, `[{"kind":"answered","value":{"scan":[{"name":"scan.pdf","hash":"%s"}]}}]`, hash)
		check(t, s.Activity.StartExecution(ctx, Execution{ID: id, Project: "p", Procedure: "u", Alias: "rounds", Owner: "o", Started: clock.now()}, Turn{Input: "1", Step: "first", At: clock.now(), Events: events}))
	}
	answers("there", kept.Hash)
	if v := must[Verified](t)(s.Verify(ctx)); v.Sent != 1 || len(v.Missing) > 0 || len(v.Wrong) > 0 {
		t.Errorf("all is there: %+v", v)
	}
	for i := range 105 {
		answers(fmt.Sprint("missing ", i), fmt.Sprintf("%064x", i))
	}
	v := must[Verified](t)(s.Verify(ctx))
	if v.Sent != 106 || len(v.Missing) != 101 || !strings.Contains(v.Missing[0], fmt.Sprintf("%064x", 0)) || !strings.Contains(v.Missing[100], "5 times") {
		t.Errorf("%d are named, %d told: %q", v.Sent, len(v.Missing), v.Missing)
	}
}
