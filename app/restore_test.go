package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/store"
	"selfhelp/store/db"
	"selfhelp/store/replica"
)

// ran runs a command line with the file that the product comes with.
func ran(t *testing.T, target string, args ...string) (code int, out, err string) {
	t.Helper()
	var o, e bytes.Buffer
	env := map[string]string{"SELFHELP_REPLICA": target, "SELFHELP_CONFIG": "../litestream.yml", "SELFHELP_SITE": "lyon"}
	code = Main(t.Context(), Terminal{Args: args, Out: &o, Err: &e, Env: func(name string) (string, bool) { v, given := env[name]; return v, given }})
	return code, o.String(), e.String()
}

func TestRestoreFromTheCommandLine(t *testing.T) {
	t.Parallel()
	data, target := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := os.MkdirAll(filepath.Join(data, "keys"), 0o700); err != nil {
		t.Fatal(err)
	}
	if code, _, err := ran(t, target, "restore", "--data", data); code != 3 || !strings.Contains(err, "replica init") {
		t.Errorf("a target that is none: %d %s", code, err)
	}
	if code, out, _ := ran(t, target, "replica", "init", target); code != 0 || !strings.Contains(out, target) {
		t.Fatalf("init: %d %s", code, out)
	}
	if code, _, err := ran(t, target, "replica", "status", "--data", data); code != 1 || !strings.Contains(err, "holds no replica") {
		t.Errorf("an empty target: %d %s", code, err)
	}
	s, end := started(t, copied(t, data, target))
	domain := func(id string) {
		if _, err := s.store.Content.CreateDomain(t.Context(), store.Domain{ID: id, Title: procedure.T(id, id)}, "test"); err != nil {
			t.Fatal(err)
		}
		if err := s.store.Secure(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	domain("early")
	time.Sleep(1100 * time.Millisecond)
	at := time.Now().UTC().Format(time.RFC3339)
	time.Sleep(1100 * time.Millisecond)
	domain("late")
	if code, _, err := ran(t, target, "restore", "--data", data); code != 3 || !strings.Contains(err, "already open") {
		t.Errorf("over a server that runs: %d %s", code, err)
	}
	var dry struct {
		Before, After store.Extent
		Wrong         []string
	}
	code, out, errs := ran(t, target, "restore", "--data", data, "--dry-run", "--json", "--at", at)
	if err := json.Unmarshal([]byte(out), &dry); err != nil || code != 0 {
		t.Fatalf("dry run beside a server that runs: %d %v %s", code, err, errs)
	}
	if dry.Before.Audit != 2 || dry.After.Audit != 1 || len(dry.Wrong) > 0 {
		t.Errorf("dry run: %+v", dry)
	}
	if code, _, err := ran(t, target, "restore", "--data", data, "--dry-run", "--at", "2001-01-01 00:00"); code != 3 || !strings.Contains(err, "the replica goes back to 20") {
		t.Errorf("before the first moment: %d %s", code, err)
	}
	if code, _, err := ran(t, target, "restore", "--data", data, "--dry-run", "--at", "2101-01-01 00:00"); code != 3 || !strings.Contains(err, "still to come") {
		t.Errorf("a moment to come: %d %s", code, err)
	}
	if code, _, err := ran(t, target, "restore", "--data", data, "--dry-run", "--site", "metz"); code != 0 || !strings.Contains(err, "--site metz is not taken") {
		t.Errorf("another site: %d %s", code, err)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}

	if code, out, err := ran(t, target, "restore", "--data", data, "--at", at); code != 0 || !strings.Contains(out, "goes on as e0002-lyon") {
		t.Fatalf("restore: %d %s %s", code, out, err)
	}
	if kept, _ := filepath.Glob(filepath.Join(data, "recovery", "*", "content.db")); len(kept) != 1 {
		t.Errorf("what was there is not kept: %v", kept)
	}
	st, err := store.Open(t.Context(), data, store.Options{Existing: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Content.Domain(t.Context(), "early"); err != nil {
		t.Error(err)
	}
	if _, err := st.Content.Domain(t.Context(), "late"); err == nil {
		t.Error("the later one came back, too")
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := ran(t, target, "verify", "--data", data); code != 0 || !strings.Contains(out, "all of it is whole") {
		t.Errorf("verify: %d %s", code, out)
	}
	// The server goes on where it was brought back to, in an epoch of its own.
	c := copied(t, data, target)
	c.New = false
	_, end = started(t, c)
	if err := end(); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := ran(t, target, "replica", "status", "--data", data); code != 0 || strings.Count(out, "whole up to") != 2 {
		t.Errorf("status: %d %s", code, out)
	}
}

func TestRestoreNeedsTheKeys(t *testing.T) {
	data, target := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := replica.Prepare(target); err != nil {
		t.Fatal(err)
	}
	_, end := started(t, copied(t, data, target))
	if err := end(); err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "data")
	if code, _, err := ran(t, target, "restore", "--data", elsewhere); code != 3 || !strings.Contains(err, "the keys are needed") || strings.Contains(err, "restoring") {
		t.Errorf("without keys, which is said before anything is restored: %d %s", code, err)
	}
	left, err := os.ReadDir(elsewhere)
	if !errors.Is(err, fs.ErrNotExist) || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestRestoreSignsOut ends the sessions of a state of before, and none of the last one.
func TestRestoreSignsOut(t *testing.T) {
	t.Parallel()
	data, target := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := replica.Prepare(target); err != nil {
		t.Fatal(err)
	}
	s, end := started(t, copied(t, data, target))
	err := s.store.Activity.Sessions(func(context.Context) (time.Duration, error) { return time.Hour, nil }).CommitCtx(t.Context(), "token", []byte("{}"), time.Now().Add(time.Hour))
	if err == nil {
		err = s.store.Activity.NameSession(t.Context(), "token", store.Session{User: "zoe", Began: time.Now()}, 5)
	}
	if err == nil {
		err = s.store.Secure(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond)
	at := time.Now().UTC().Format(time.RFC3339)
	if err := end(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want int64
	}{{nil, 1}, {[]string{"--at", at, "--epoch", "e0001-lyon"}, 0}} {
		if code, _, err := ran(t, target, append([]string{"restore", "--data", data}, c.args...)...); code != 0 {
			t.Fatalf("%v: %d %s", c.args, code, err)
		}
		st, err := store.Open(t.Context(), data, store.Options{Existing: true, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := st.Activity.CountSessions(t.Context()); err != nil || n != c.want {
			t.Errorf("%v: %d sessions (%v)", c.args, n, err)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestANewerReplicaIsRefused: what a newer version of the product wrote comes back to
// none that is older, and what is there stays.
func TestANewerReplicaIsRefused(t *testing.T) {
	data, target := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := replica.Prepare(target); err != nil {
		t.Fatal(err)
	}
	s, end := started(t, copied(t, data, target))
	err := s.store.Content.Write(t.Context(), "become newer", func(t *db.Tx) error {
		_, err := t.Exec(`PRAGMA user_version = 9999`)
		return err
	})
	if err == nil {
		err = s.store.Secure(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(filepath.Join(elsewhere, "keys"), os.DirFS(filepath.Join(data, "keys"))); err != nil {
		t.Fatal(err)
	}
	code, _, errs := ran(t, target, "restore", "--data", elsewhere)
	if code != 3 || !strings.Contains(errs, "written by a newer version of the product") {
		t.Errorf("restored: %d %s", code, errs)
	}
	left, err := os.ReadDir(elsewhere)
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestVerifyNamesSentFiles takes away what somebody sent with an answer: verify says so, and
// where it may come from, and a restore puts the rest in place all the same and says it too.
func TestVerifyNamesSentFiles(t *testing.T) {
	t.Parallel()
	data, target := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := replica.Prepare(target); err != nil {
		t.Fatal(err)
	}
	s, end := started(t, copied(t, data, target))
	kept, err := s.store.Files.Put(t.Context(), strings.NewReader("a scan"), 100)
	if err != nil {
		t.Fatal(err)
	}
	e := store.Execution{ID: store.NewID(), Project: "p", Procedure: "printer", Alias: "printer", Version: "1.0", Channel: "portal", Language: "fr", Started: time.Now()}
	events := fmt.Appendf(nil, `[{"kind":"answered","value":{"scan":[{"name":"scan.pdf","hash":"%s"}]}}]`, kept.Hash)
	if err := errors.Join(s.store.Activity.StartExecution(t.Context(), e, store.Turn{Input: "start", Step: "start", At: time.Now(), Events: events}), end()); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := ran(t, target, "verify", "--data", data); code != 0 || !strings.Contains(out, "1 by answers") {
		t.Errorf("verify of all: %d %s", code, out)
	}
	for _, name := range []string{filepath.Join(data, "files", kept.Hash[:2], kept.Hash[2:4], kept.Hash), filepath.Join(target, "files", kept.Hash[:2], kept.Hash)} {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	if code, out, _ := ran(t, target, "verify", "--data", data); code != 1 || !strings.Contains(out, "wrong: the file "+kept.Hash+", which an answer names, is missing") || !strings.Contains(out, "presentation servers") {
		t.Errorf("verify: %d %s", code, out)
	}
	if code, out, errs := ran(t, target, "restore", "--data", data, "--config", "../litestream.yml"); code != 0 || !strings.Contains(out, "missing: the file "+kept.Hash) {
		t.Errorf("restore: %d %s%s", code, out, errs)
	}
}
