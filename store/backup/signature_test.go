package backup_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/store/backup"
	"selfhelp/store/keys"
)

// edit changes what stands in the manifest of a backup, and gives it the sum that fits.
func (f *folder) edit(name string, change func(map[string]any)) {
	f.t.Helper()
	at := filepath.Join(f.Folder.Root, name, "backup.json")
	var file map[string]any
	read := json.NewDecoder(bytes.NewReader(must[[]byte](f.t)(os.ReadFile(at))))
	read.UseNumber()
	check(f.t, read.Decode(&file))
	change(file)
	held := must[[]byte](f.t)(json.Marshal(file["holds"]))
	sum := sha256.Sum256(held)
	file["sha256"], file["holds"] = hex.EncodeToString(sum[:]), json.RawMessage(held)
	check(f.t, os.WriteFile(at, must[[]byte](f.t)(json.Marshal(file)), 0o600))
}

// TestWhoSignedABackup holds what is said of one that this server signed, one of another,
// one whose signature was taken away, and one that was changed afterwards.
func TestWhoSignedABackup(t *testing.T) {
	f := aFolder(t)
	f.Sign = func(text []byte) (ed25519.PublicKey, []byte, error) { return keys.Sign(f.Data, text) }
	own := must[ed25519.PublicKey](t)(keys.PublicOf(f.Data))
	other, _, err := ed25519.GenerateKey(nil)
	check(t, err)
	full := f.make(backup.Full)
	f.clock.Pass(time.Hour)
	increment := f.make(backup.Increment)
	signer := func(name string, key ed25519.PublicKey, want backup.Signed) {
		t.Helper()
		if got := must[backup.Signed](t)(f.Folder.Signer(name, key)); got != want {
			t.Errorf("%s is signed by %s, not %s", name, got, want)
		}
	}
	signer(full.Name, own, backup.Own)
	signer(increment.Name, own, backup.Own)
	signer(increment.Name, other, backup.Unknown)
	signer(increment.Name, nil, backup.Unknown)

	kept := must[[]byte](t)(os.ReadFile(filepath.Join(f.Folder.Root, full.Name, "backup.json")))
	f.edit(full.Name, func(m map[string]any) { delete(m, "signature") })
	signer(full.Name, own, backup.Unsigned)
	signer(increment.Name, own, backup.Unsigned) // it is on the other
	must[backup.Back](t)(f.Folder.Restore(t.Context(), t.TempDir(), backup.Wanted{Name: increment.Name}))

	check(t, os.WriteFile(filepath.Join(f.Folder.Root, full.Name, "backup.json"), kept, 0o600))
	f.edit(full.Name, func(m map[string]any) { m["holds"].(map[string]any)["host"] = "elsewhere" })
	signer(full.Name, own, backup.Forged)
	signer(increment.Name, own, backup.Forged)
	_, err = f.Folder.Restore(t.Context(), t.TempDir(), backup.Wanted{Name: increment.Name})
	refused(t, err, "fault.backup.forged")
	refused(t, f.Folder.BringFiles(t.Context(), t.TempDir(), backup.Wanted{Name: increment.Name}, nil), "fault.backup.forged")
	must[backup.Back](t)(f.Folder.Restore(t.Context(), t.TempDir(), backup.Wanted{Name: increment.Name, Anyway: true}))
	f.clock.Pass(time.Hour)
	if next := must[backup.Entry](t)(f.Make(t.Context(), backup.Increment)); next.Kind != backup.Full {
		t.Error("it is on one that somebody changed")
	}
	if e, err := f.Verify(t.Context(), full.Name, nil); err != nil || e.Good() || !strings.Contains(e.Verdict.Wrong[0], "signature") {
		t.Errorf("looked through: %+v %v", e.Verdict, err)
	}
}
