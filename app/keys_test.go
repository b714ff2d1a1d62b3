package app

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"selfhelp/app/config"
	"selfhelp/store/replica"
)

// Nothing comes back to the keys of another server: not by a start on an empty folder,
// which replaces nobody, and not from a backup.
func TestKeysOfAnotherServer(t *testing.T) {
	t.Parallel()
	target := t.TempDir()
	if err := replica.Prepare(target); err != nil {
		t.Fatal(err)
	}
	s, end := started(t, copied(t, filepath.Join(t.TempDir(), "data"), target))
	if err := s.store.Secure(t.Context()); err != nil {
		t.Fatal(err)
	}
	other, endOther := started(t, config.Config{})
	if err := endOther(); err != nil {
		t.Fatal(err)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	backups := (&twoSites{a: s.config.Data}).backup(t)
	next := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(filepath.Join(next, "keys"), os.DirFS(filepath.Join(other.config.Data, "keys"))); err != nil {
		t.Fatal(err)
	}
	bare := copied(t, next, target)
	bare.New, bare.Listen = false, "127.0.0.1:0"
	if _, err := Open(t.Context(), bare, slog.New(slog.DiscardHandler)); keyOf(err) != "fault.store.keys.other" {
		t.Errorf("a start: %v", err)
	}
	if epochs, _ := filepath.Glob(filepath.Join(target, "epochs", "*")); len(epochs) != 1 {
		t.Errorf("it took over all the same: %v", epochs)
	}
	var out, errs said
	env := func(string) (string, bool) { return "", false }
	code := Main(t.Context(), Terminal{Args: []string{"restore", "--data", next, "--backup", backups, "--json"}, Out: &out, Err: &errs, Env: env})
	if code == 0 || !strings.Contains(out.String()+errs.String(), "those of another server") {
		t.Errorf("from a backup: %d %s%s", code, out.String(), errs.String())
	}
}

// A server whose folder of keys was exchanged for that of another one says so, and the
// doctor does.
func TestKeysThatWereExchanged(t *testing.T) {
	data := seed(t)
	_, end := started(t, config.Config{Role: config.Edition, Data: data})
	if err := end(); err != nil {
		t.Fatal(err)
	}
	other, endOther := started(t, config.Config{})
	if err := endOther(); err != nil {
		t.Fatal(err)
	}
	keys := filepath.Join(data, "keys")
	if err := os.RemoveAll(keys); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(keys, os.DirFS(filepath.Join(other.config.Data, "keys"))); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), config.Config{Data: data, Listen: "127.0.0.1:0"}, slog.New(slog.DiscardHandler))
	if err == nil {
		s.Close()
	}
	if keyOf(err) != "fault.store.keys.foreign" {
		t.Errorf("a start: %v", err)
	}
}
