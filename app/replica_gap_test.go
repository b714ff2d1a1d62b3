package app

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/store"
	"selfhelp/store/backup"
	"selfhelp/store/replica"
)

// TestAGapInTheReplicaIsTold takes a change away at the target: the command that looks
// through all names it, the server heals it and says so on the status, in the figures
// and in the audit.
func TestAGapInTheReplicaIsTold(t *testing.T) {
	data, target := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := replica.Prepare(target); err != nil {
		t.Fatal(err)
	}
	c := copied(t, data, target)
	verify := func() (int, string) {
		var out bytes.Buffer
		code := Main(t.Context(), Terminal{
			Args: []string{"verify", "--data", data, "--config", "../litestream.yml", "--site", "lyon"}, In: strings.NewReader(""), Out: &out, Err: &out, Env: c.Environment,
		})
		return code, out.String()
	}
	s, end := started(t, c)
	snapshots := filepath.Join(target, "content", "e0001-lyon", "ltx", "9", "*.ltx")
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if there, _ := filepath.Glob(snapshots); len(there) > 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("there is no first snapshot")
		}
	}
	for _, id := range []string{"north", "south", "east", "west"} {
		if _, err := s.store.Content.CreateDomain(t.Context(), store.Domain{ID: id, Title: procedure.T(id, id)}, "test"); err != nil {
			t.Fatal(err)
		}
		if err := s.store.Secure(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	if code, said := verify(); code != 0 {
		t.Fatalf("as it is: %d %s", code, said)
	}
	files, err := filepath.Glob(filepath.Join(target, "content", "e0001-lyon", "ltx", "0", "*.ltx"))
	if err != nil || len(files) < 4 {
		t.Fatal(files, err)
	}
	if err := os.Remove(files[len(files)-2]); err != nil {
		t.Fatal(err)
	}
	if code, said := verify(); code != 1 || !strings.Contains(said, "wrong: the target lacks what was committed to content.db") {
		t.Errorf("%d %s", code, said)
	}

	c.New = false
	s, end = started(t, c)
	if err := s.replicator.Examine(t.Context()); err != nil {
		t.Fatal(err)
	}
	if open, closed := s.watch.Report(t.Context()).Replica.Gaps(); open != 0 || closed != 1 {
		t.Errorf("%d open, %d closed", open, closed)
	}
	entries, err := s.store.Content.AuditLike(t.Context(), store.AuditFilter{Action: "replica.healed", Limit: 20})
	if err != nil || len(entries) != 1 {
		t.Errorf("the audit does not tell: %v %v", entries, err)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
}

// TestAFileThatIsDamagedHereAndThere is told on the status with the backup that has it, and
// not copied.
func TestAFileThatIsDamagedHereAndThere(t *testing.T) {
	t.Parallel()
	data, target, backups := filepath.Join(t.TempDir(), "data"), t.TempDir(), t.TempDir()
	if err := errors.Join(replica.Prepare(target), backup.Prepare(backups)); err != nil {
		t.Fatal(err)
	}
	c := copied(t, data, target)
	c.Backup = backups
	s, end := started(t, c)
	kept, err := s.store.Files.Put(t.Context(), strings.NewReader("the leaflet"), 100)
	if err == nil {
		err = s.store.Secure(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	s.replicator.Look(t.Context())
	if _, err := s.backups.Maker.Make(t.Context(), backup.Full); err != nil {
		t.Fatal(err)
	}
	hash := kept.Hash
	here, there := filepath.Join(data, "files", hash[:2], hash[2:4], hash), filepath.Join(target, "files", hash[:2], hash)
	for _, name := range []string{here, there} {
		if err := errors.Join(os.Remove(name), os.WriteFile(name, []byte("the leaflat"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	s.replicator.Doubt()
	if err := s.replicator.Examine(t.Context()); err != nil {
		t.Fatal(err)
	}
	where := filepath.Join(backups, "files", hash[:2], hash[2:4], hash)
	var text string
	for range 60 { // facts are those of a second ago at most
		if _, text = status(t, "--data", data); strings.Contains(text, where) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if !strings.Contains(text, "wrong    files        1 is damaged, and is not copied, "+hash+", which is whole in 20") || !strings.Contains(text, where) {
		t.Errorf("the status:\n%s", text)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
}
