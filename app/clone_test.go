package app

import (
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/watch"
	"selfhelp/store"
	"selfhelp/store/replica"
)

// A machine was cloned, and both servers go on: the one that does not copy any more says
// so wherever somebody looks, does not start again, and is given its place by a command.
func TestAServerThatWasCloned(t *testing.T) {
	t.Parallel()
	data, target := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := replica.Prepare(target); err != nil {
		t.Fatal(err)
	}
	c := copied(t, data, target)
	c.Metrics = "127.0.0.1:0"
	s, end := started(t, c)
	if err := s.store.Secure(t.Context()); err != nil {
		t.Fatal(err)
	}
	stopped := func(want string) {
		t.Helper()
		page := ""
		for range 100 { // the facts are those of a second ago at most
			if _, page = get(t, "http://"+s.metrics.listener.Addr().String()+"/metrics"); strings.Contains(page, "\nselfhelp_replica_stopped "+want+"\n") {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Errorf("selfhelp_replica_stopped is not %s:\n%s", want, page)
	}
	stopped("0")
	clone := copied(t, filepath.Join(t.TempDir(), "data"), target)
	if out, err := exec.Command("cp", "-a", data, clone.Data).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	clone.New = false
	second, endSecond := started(t, clone)
	s.replicator.Look(t.Context())
	stopped("1")
	host, _ := os.Hostname()
	facts := s.watch.Facts(t.Context())
	if facts.Replica.Twin != host {
		t.Errorf("the replica: %+v", facts.Replica)
	}
	if row := watch.JudgeReplica(facts.Replica, facts.At, true)[0]; row.State != watch.Wrong || row.Figure.Key != "admin.alert.twin" || row.Mend == nil {
		t.Errorf("the status: %+v", row)
	}
	failing := s.watch.Ready(t.Context())
	if len(failing) != 1 || failing[0].Name != "twin" {
		t.Errorf("readiness: %+v", failing)
	}
	if err := s.store.Secure(t.Context()); keyOf(err) != "fault.store.not_copied" {
		t.Errorf("what is published: %v", err)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	c.New, c.Listen = false, "127.0.0.1:0"
	if _, err := Open(t.Context(), c, slog.New(slog.DiscardHandler)); keyOf(err) != "fault.store.twin" {
		t.Errorf("it starts again: %v", err)
	}

	var out, errs said
	args := []string{"replica", "begin", "--config", c.File, "--data", data, "--site", "lyon"}
	if code := Main(t.Context(), Terminal{Args: args, Out: &out, Err: &errs, Env: c.Environment}); code != 0 || !strings.Contains(out.String(), "e0002-lyon") {
		t.Fatalf("begin: %d %s%s", code, out.String(), errs.String())
	}
	second.replicator.Look(t.Context())
	if by := second.replicator.Status().Replaced; by == nil || by.By.Name() != "e0002-lyon" {
		t.Errorf("the clone goes on: %+v", second.replicator.Status())
	}
	if err := endSecond(); err != nil {
		t.Error(err)
	}
	s, _ = started(t, c)
	if err := s.store.Secure(t.Context()); err != nil {
		t.Error(err)
	}
	if c, is := s.store.Copying(); !is || c.Twin != "" || c.Epoch != "e0002-lyon" {
		t.Errorf("it goes on: %+v", c)
	}
	place, err := replica.Of(c.File, data, "lyon", c.Environment, store.Databases()...)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := place.Settings.Restore(t.Context(), t.TempDir(), replica.Wanted{}, slog.New(slog.DiscardHandler), func(string, int64, int64) {}); err != nil || back.Epoch.Name() != "e0002-lyon" || len(back.Lacking) > 0 {
		t.Errorf("what comes back: %+v %v", back, err)
	}
	args[3], args[5] = clone.File, clone.Data
	if code := Main(t.Context(), Terminal{Args: args, Out: &out, Err: &errs, Env: c.Environment}); code == 0 || !strings.Contains(errs.String(), "e0002-lyon") {
		t.Errorf("the clone takes it back: %d %s", code, errs.String())
	}
}

// A machine was put back to an earlier copy of its folder while it was off: what stops it
// may be that or a clone, and both are told, with what each way leaves behind.
func TestAServerThatWasPutBackWhileItWasOff(t *testing.T) {
	data, target := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := replica.Prepare(target); err != nil {
		t.Fatal(err)
	}
	c := copied(t, data, target)
	runs := func() {
		s, end := started(t, c)
		if err := errors.Join(s.store.Secure(t.Context()), end()); err != nil {
			t.Fatal(err)
		}
		c.New, c.Listen = false, "127.0.0.1:0"
	}
	runs()
	before := data + "-of-before"
	if out, err := exec.Command("cp", "-a", data, before).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	runs()
	if err := errors.Join(os.RemoveAll(data), os.Rename(before, data)); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), c, slog.New(slog.DiscardHandler))
	told, is := errors.AsType[*fault.Error](err)
	if !is || told.Key != "fault.store.twin" {
		t.Fatalf("it starts: %v", err)
	}
	for _, want := range []string{"put back", "selfhelp restore", "selfhelp replica begin", "clone"} {
		if !strings.Contains(told.Hint, want) {
			t.Errorf("the hint says nothing of %q: %s", want, told.Hint)
		}
	}
	run := func(args ...string) (int, string) {
		var out, errs said
		code := Main(t.Context(), Terminal{Args: append(args, "--config", c.File, "--data", data, "--site", "lyon"), Out: &out, Err: &errs, Env: c.Environment})
		return code, out.String() + errs.String()
	}
	if code, out := run("status"); code != 1 || !strings.Contains(out, "put back") {
		t.Errorf("status at rest: %d %s", code, out)
	}
	place, err := replica.Of(c.File, data, "lyon", c.Environment, store.Databases()...)
	if err != nil {
		t.Fatal(err)
	}
	until, err := place.Settings.Whole(t.Context(), place.Epoch)
	if err != nil {
		t.Fatal(err)
	}
	if code, out := run("replica", "begin"); code != 0 || !strings.Contains(out, "e0002-lyon") || !strings.Contains(out, "left at the target: e0001-lyon, up to "+until.Format(time.RFC3339)) || !strings.Contains(out, "restore --epoch e0001-lyon") {
		t.Errorf("begin: %d %s", code, out)
	}
}
