package app

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/procedure"
	"selfhelp/store"
	"selfhelp/store/backup"
)

// lined runs a command line without a file of settings.
func lined(t *testing.T, env map[string]string, args ...string) (code int, out, err string) {
	t.Helper()
	var o, e bytes.Buffer
	code = Main(t.Context(), Terminal{Args: args, Out: &o, Err: &e, Env: func(name string) (string, bool) { v, given := env[name]; return v, given }})
	return code, o.String(), e.String()
}

func (s *Server) domain(t *testing.T, id string) {
	t.Helper()
	if _, err := s.store.Content.CreateDomain(t.Context(), store.Domain{ID: id, Title: procedure.T(id, id)}, "test"); err != nil {
		t.Fatal(err)
	}
}

// listed are the backups that the command line tells of.
func listed(t *testing.T, env map[string]string) (all []struct {
	Name, Kind, How, Signed string
	At                      time.Time
	Wrong                   []string
}) {
	t.Helper()
	code, out, err := lined(t, env, "backup", "list", "--json")
	if code != 0 {
		t.Fatalf("list: %d %s", code, err)
	}
	if err := json.Unmarshal([]byte(out), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// here says which domains a folder has.
func here(t *testing.T, data string, ids ...string) (there []bool) {
	t.Helper()
	st, err := store.Open(t.Context(), data, store.Options{Existing: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		_, err := st.Content.Domain(t.Context(), id)
		there = append(there, err == nil)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	return there
}

// Keys of backups that are none stop a server before it makes anything.
func TestKeysOfBackupsThatAreNone(t *testing.T) {
	data, keys := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(keys, []byte("no key\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"SELFHELP_DATA": data, "SELFHELP_BACKUP": t.TempDir(), "SELFHELP_BACKUP_AGE": keys, "SELFHELP_LISTEN": "127.0.0.1:0"}
	if code, _, err := lined(t, env, "serve", "--new"); code != 3 || !strings.Contains(err, keys) {
		t.Errorf("it serves: %d %s", code, err)
	}
	if _, err := os.Stat(filepath.Join(data, "content.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a database was made: %v", err)
	}
}

func TestBackupsFromTheCommandLine(t *testing.T) {
	t.Parallel()
	data, root := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "backups")
	env := map[string]string{"SELFHELP_DATA": data, "SELFHELP_BACKUP": root}
	s, end := started(t, config.Config{Data: data})
	if code, _, err := lined(t, env, "backup"); code != 3 || !strings.Contains(err, "backup init") {
		t.Errorf("a folder that is none: %d %s", code, err)
	}
	if code, out, err := lined(t, env, "backup", "init", root); code != 0 || !strings.Contains(out, root) {
		t.Fatalf("init: %d %s %s", code, out, err)
	}
	if code, _, err := lined(t, env, "restore"); code != 3 || !strings.Contains(err, "holds no backup") && !strings.Contains(err, "already open") {
		t.Errorf("nothing to restore: %d %s", code, err)
	}
	s.domain(t, "early")
	if code, out, err := lined(t, env, "backup"); code != 0 || !strings.Contains(out, "-full") || !strings.Contains(out, "verified by a restore") {
		t.Fatalf("the first one: %d %s %s", code, out, err)
	}
	time.Sleep(1100 * time.Millisecond)
	s.domain(t, "hour")
	if code, out, err := lined(t, env, "backup"); code != 0 || !strings.Contains(out, "-increment") {
		t.Fatalf("the second one: %d %s %s", code, out, err)
	}
	s.domain(t, "late")
	all := listed(t, env)
	if len(all) != 2 || all[1].Kind != "increment" || all[1].How != backup.Restored || all[1].Signed != "own" || len(all[1].Wrong) > 0 {
		t.Fatalf("listed: %+v", all)
	}
	if code, _, err := lined(t, env, "restore"); code != 3 || !strings.Contains(err, "already open") {
		t.Errorf("over a server that runs: %d %s", code, err)
	}
	if code, out, err := lined(t, env, "restore", "--dry-run"); code != 0 || !strings.Contains(out, "-increment") || !strings.Contains(out, ": -1)") || !strings.Contains(out, "signed by this platform's key") {
		t.Errorf("dry run beside a server that runs: %d %s %s", code, out, err)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	if code, out, err := lined(t, env, "restore", "--at", all[1].At.Add(time.Second).Format(time.RFC3339)); code != 0 || !strings.Contains(out, "goes on as e0002-main") {
		t.Fatalf("restore: %d %s %s", code, out, err)
	}
	if kept, _ := filepath.Glob(filepath.Join(data, "recovery", "*", "content.db")); len(kept) != 1 {
		t.Errorf("what was there is not kept: %v", kept)
	}
	if there := here(t, data, "early", "hour", "late"); !there[0] || !there[1] || there[2] {
		t.Errorf("came back: %v", there)
	}
	if code, _, err := lined(t, env, "restore", "--at", "2020-01-01 00:00"); code != 3 || !strings.Contains(err, "Nothing that is kept reaches back") || !strings.Contains(err, "the backups go back to 20") {
		t.Errorf("before the first one: %d %s", code, err)
	}
	if code, out, err := lined(t, env, "backup", "verify"); code != 0 || !strings.Contains(out, "-increment") {
		t.Errorf("verify: %d %s %s", code, out, err)
	}
	pieces, _ := filepath.Glob(filepath.Join(root, "*-full", "content.db.zst"))
	if err := os.Truncate(pieces[0], 100); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := lined(t, env, "backup", "verify"); code != 1 || !strings.Contains(out, "wrong: ") {
		t.Errorf("verify what is damaged: %d %s", code, out)
	}
	time.Sleep(1100 * time.Millisecond) // names are told apart by the second
	// All of it lost but the keys: the folder comes back from the backups alone.
	if code, _, err := lined(t, env, "backup", "--full"); code != 0 {
		t.Fatalf("a full one: %d %s", code, err)
	}
	next := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(filepath.Join(next, "keys"), os.DirFS(filepath.Join(data, "keys"))); err != nil {
		t.Fatal(err)
	}
	env["SELFHELP_DATA"] = next
	if code, out, err := lined(t, env, "restore"); code != 0 || strings.Contains(out, "recovery") {
		t.Fatalf("restore to nothing: %d %s %s", code, out, err)
	}
	if there := here(t, next, "early", "hour"); !there[0] || !there[1] {
		t.Errorf("came back: %v", there)
	}
	// The newest one is damaged on the disk: it is named, with the one before it.
	time.Sleep(1100 * time.Millisecond)
	if code, _, err := lined(t, env, "backup", "--full"); code != 0 {
		t.Fatalf("another full one: %d %s", code, err)
	}
	all = listed(t, env)
	newest, older := all[len(all)-1], all[len(all)-2]
	if err := os.Truncate(filepath.Join(root, newest.Name, "content.db.zst"), 100); err != nil {
		t.Fatal(err)
	}
	if code, _, err := lined(t, env, "restore"); code != 3 || !strings.Contains(err, newest.Name+" is damaged") || !strings.Contains(err, older.Name+" is whole") || !strings.Contains(err, "without --config") {
		t.Errorf("the newest one is damaged: %d %s", code, err)
	}
	if code, _, err := lined(t, env, "restore", "--at", older.At.Format(time.RFC3339Nano)); code != 0 {
		t.Errorf("the one before it: %d %s", code, err)
	}
}

// TestReplicaOrBackup takes what comes nearest before the moment.
func TestReplicaOrBackup(t *testing.T) {
	t.Parallel()
	data, target, root := filepath.Join(t.TempDir(), "data"), t.TempDir(), t.TempDir()
	if code, _, err := ran(t, target, "replica", "init", target); code != 0 {
		t.Fatal(err)
	}
	if err := backup.Prepare(root); err != nil {
		t.Fatal(err)
	}
	s, end := started(t, copied(t, data, target))
	s.domain(t, "early")
	if code, _, err := ran(t, target, "backup", "--data", data, "--backup", root); code != 0 {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond)
	s.domain(t, "late")
	if err := s.store.Secure(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	origin := func(target string, more ...string) string {
		t.Helper()
		code, out, _ := ran(t, target, append([]string{"restore", "--data", data, "--backup", root, "--dry-run", "--json"}, more...)...)
		if code != 0 {
			return out
		}
		var r struct{ Origin string }
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatal(err)
		}
		return r.Origin
	}
	gone := filepath.Join(t.TempDir(), "gone")
	for want, got := range map[string]string{
		"replica":                 origin(target),
		"backup":                  origin(target, "--from", "backup"),
		"the folder is not a":     origin(gone, "--from", "replica"),
		"takes replica or backup": origin(target, "--from", "tape"),
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s instead of %s", got, want)
		}
	}
	if got := origin(gone); got != "backup" {
		t.Errorf("without the target it comes from %s", got)
	}
	// A backup of after the replica ended.
	if code, _, err := ran(t, target, "backup", "--data", data, "--backup", root); code != 0 {
		t.Fatal(err)
	}
	if got := origin(target); got != "backup" {
		t.Errorf("the last state comes from %s", got)
	}
	if code, out, err := ran(t, target, "restore", "--data", data, "--backup", root, "--from", "backup"); code != 0 || !strings.Contains(out, "goes on as e0002-lyon") {
		t.Errorf("restore: %d %s %s", code, out, err)
	}
	c := copied(t, data, target)
	c.New = false
	_, end = started(t, c)
	if err := end(); err != nil {
		t.Fatal(err)
	}
}

// TestABackupThatSomebodyChanged has a manifest changed with its sum: it is named by the list
// and refused by a restore, unless it is wanted all the same. Without keys it comes back.
func TestABackupThatSomebodyChanged(t *testing.T) {
	t.Parallel()
	data, root := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "backups")
	env := map[string]string{"SELFHELP_DATA": data, "SELFHELP_BACKUP": root}
	_, end := started(t, config.Config{Data: data})
	if err := errors.Join(end(), backup.Prepare(root)); err != nil {
		t.Fatal(err)
	}
	if code, out, err := lined(t, env, "backup"); code != 0 {
		t.Fatalf("%d %s %s", code, out, err)
	}
	bare := filepath.Join(t.TempDir(), "data")
	if err := os.MkdirAll(filepath.Join(bare, "keys"), 0o700); err != nil { // they were lost, and are given up
		t.Fatal(err)
	}
	env["SELFHELP_DATA"] = bare
	if code, out, err := lined(t, env, "restore"); code != 0 || !strings.Contains(out, "signed by an unknown key") {
		t.Errorf("without keys: %d %s %s", code, out, err)
	}
	env["SELFHELP_DATA"] = data

	name := filepath.Join(root, listed(t, env)[0].Name, "backup.json")
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Hash      string          `json:"sha256"`
		Holds     json.RawMessage `json:"holds"`
		Signature json.RawMessage `json:"signature"`
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	file.Holds = bytes.Replace(file.Holds, []byte(`"host":"`), []byte(`"host":"x`), 1)
	file.Hash = fmt.Sprintf("%x", sha256.Sum256(file.Holds))
	if b, err = json.Marshal(file); err == nil {
		err = os.WriteFile(name, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if all := listed(t, env); all[0].Signed != "wrong" || len(all[0].Wrong) != 1 {
		t.Errorf("listed: %+v", all)
	}
	if code, _, err := lined(t, env, "restore"); code != 3 || !strings.Contains(err, "somebody changed it") {
		t.Errorf("restored: %d %s", code, err)
	}
	if code, out, err := lined(t, env, "restore", "--anyway"); code != 1 || !strings.Contains(out, "its signature is wrong") || !strings.Contains(out, "put in place as it was asked") {
		t.Errorf("wanted all the same: %d %s %s", code, out, err)
	}
}
