package app

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"selfhelp/app/config"
	"selfhelp/app/connect/delivery/deliverytest"
	"selfhelp/store/backup"
)

func TestCopyElsewhereFromTheCommandLine(t *testing.T) {
	data, root := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := backup.Prepare(root); err != nil {
		t.Fatal(err)
	}
	peer := deliverytest.Vsftpd(t, true)
	env := map[string]string{
		"SELFHELP_DATA": data, "SELFHELP_BACKUP": root, "SELFHELP_SITE": "lyon",
		"SELFHELP_BACKUP_COPY": peer.Address, "SELFHELP_BACKUP_COPY_CA": peer.CA, "SELFHELP_BACKUP_COPY_PASSWORD": peer.Password,
	}
	s, end := started(t, config.Config{Data: data})
	s.domain(t, "early")
	if code, _, err := lined(t, env, "backup", "copy"); code != 3 || !strings.Contains(err, "no good full backup") {
		t.Errorf("without a backup: %d %s", code, err)
	}
	if code, _, err := lined(t, env, "backup"); code != 0 {
		t.Fatal(err)
	}
	code, out, err := lined(t, env, "backup", "copy", "--json")
	var r struct{ Name, File, To, SHA256 string }
	if json.Unmarshal([]byte(out), &r) != nil || code != 0 || r.File != "selfhelp-lyon-"+r.Name+".tar" || len(r.SHA256) != 64 {
		t.Fatalf("copy: %d %s %s", code, out, err)
	}
	if code, out, err := lined(t, env, "backup", "list"); code != 0 || !strings.Contains(out, "a copy was delivered") {
		t.Errorf("list: %d %s %s", code, out, err)
	}
	if code, out, err := lined(t, env, "doctor", "--network"); !strings.Contains(out, "lets the server in") {
		t.Errorf("doctor: %d %s %s", code, out, err)
	}
	if err := os.WriteFile(filepath.Join(peer.Folder, r.File), []byte("of somebody else"), 0o600); err != nil {
		t.Fatal(err)
	}
	peer.Give(t, r.File)
	if code, _, err := lined(t, env, "backup", "copy", r.Name); code != 3 || !strings.Contains(err, "Another file of that name is already") {
		t.Errorf("over another file: %d %s", code, err)
	}
	env["SELFHELP_BACKUP_COPY_PASSWORD"] = "wrong"
	if code, _, err := lined(t, env, "backup", "copy"); code != 3 || !strings.Contains(err, "refuses the account") {
		t.Errorf("the wrong password: %d %s", code, err)
	}
	env["SELFHELP_BACKUP_COPY"] = strings.Replace(peer.Address, "ftps://", "ftp://", 1)
	delete(env, "SELFHELP_BACKUP_COPY_CA")
	if code, _, err := lined(t, env, "backup", "copy"); code != 2 || !strings.Contains(err, "in clear") {
		t.Errorf("in clear: %d %s", code, err)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
}
