package store

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"selfhelp/app/fault"
	"selfhelp/store/keys"
)

func TestKeysStay(t *testing.T) {
	dir := t.TempDir()
	first := must[*Keys](t)(keys.Open(dir, contentSchema.Name+".db", quiet()))
	if len(first.States) != 1 || len(first.States[0].Key) != 32 || len(first.Visitors[0].Key) != 32 || bytes.Equal(first.Visitors[0].Key, first.States[0].Key) {
		t.Errorf("got %+v", first)
	}
	old := first.States[0]
	check(t, first.AddStateKey())
	again := must[*Keys](t)(keys.Open(dir, contentSchema.Name+".db", quiet()))
	if len(again.States) != 2 || again.States[0].ID == old.ID || again.States[1].ID != old.ID || !bytes.Equal(again.States[1].Key, old.Key) {
		t.Errorf("got %+v", again.States)
	}
	check(t, os.Remove(filepath.Join(dir, "keys", "state-0001.key"))) // nothing it sealed is left
	pruned := must[*Keys](t)(keys.Open(dir, contentSchema.Name+".db", quiet()))
	check(t, pruned.AddStateKey())
	if len(pruned.States) != 2 || pruned.States[0].ID != "0003" {
		t.Errorf("got %+v", pruned.States)
	}
	if !again.Publication.Equal(first.Publication) || !bytes.Equal(again.Visitors[0].Key, first.Visitors[0].Key) {
		t.Error("the keys are others")
	}
	other := must[*Keys](t)(keys.Open(t.TempDir(), contentSchema.Name+".db", quiet()))
	if other.Publication.Equal(first.Publication) || bytes.Equal(other.Visitors[0].Key, first.Visitors[0].Key) {
		t.Error("two stores have the same keys")
	}
}

// TestDatabasesWithoutKeys restores databases and forgets the keys.
func TestDatabasesWithoutKeys(t *testing.T) {
	s, c := open(t)
	check(t, s.Close())
	keys := filepath.Join(s.dir, "keys")
	check(t, os.Rename(keys, keys+".aside"))
	_, err := Open(t.Context(), s.dir, Options{Now: c.now, Log: quiet()})
	refused(t, err, fault.Unavailable, "fault.store.keys")
	check(t, os.Mkdir(keys, 0o700)) // the operator gives the old ones up
	again := must[*Store](t)(Open(t.Context(), s.dir, Options{Now: c.now, Log: quiet()}))
	*s = *again
}

func TestDamagedKeys(t *testing.T) {
	for name, content := range map[string]string{"empty": "", "short": "00ff", "text": strings.Repeat("z", 64)} {
		dir := t.TempDir()
		must[*Keys](t)(keys.Open(dir, contentSchema.Name+".db", quiet()))
		check(t, os.WriteFile(filepath.Join(dir, "keys", "visitor.key"), []byte(content), 0o600))
		_, err := keys.Open(dir, contentSchema.Name+".db", quiet())
		if !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestOpenKeysAreSaid(t *testing.T) {
	dir := t.TempDir()
	must[*Keys](t)(keys.Open(dir, contentSchema.Name+".db", quiet()))
	check(t, os.Chmod(filepath.Join(dir, "keys", "visitor.key"), 0o644))
	var log bytes.Buffer
	must[*Keys](t)(keys.Open(dir, contentSchema.Name+".db", slog.New(slog.NewTextHandler(&log, nil))))
	if !strings.Contains(log.String(), "chmod 600") {
		t.Errorf("the log says %q", log.String())
	}
}
