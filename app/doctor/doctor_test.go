package doctor

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"database/sql"
	"encoding/pem"
	"errors"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"modernc.org/sqlite"

	"selfhelp/app/config"
	"selfhelp/store"
	"selfhelp/store/backup"
	"selfhelp/store/disk"
	"selfhelp/store/disktest"
	"selfhelp/store/replica"
)

func TestMain(m *testing.M) {
	if _, err := sqlite.OFDLocking(true); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// well is a patient with nothing wrong: a folder, a replica and a certificate.
func well(t *testing.T) *Patient {
	t.Helper()
	data, target := filepath.Join(t.TempDir(), "data"), t.TempDir()
	st, err := store.Open(t.Context(), data, store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if err := replica.Prepare(target); err != nil {
		t.Fatal(err)
	}
	cert, key := makeCertificate(t, time.Now().Add(90*24*time.Hour))
	file := filepath.Join(t.TempDir(), "litestream.yml")
	write(t, file, `dbs:
  - {path: "${SELFHELP_DATA}/content.db", replica: {type: file, path: "`+target+`/content/${SELFHELP_EPOCH}"}}
  - {path: "${SELFHELP_DATA}/activity.db", replica: {type: file, path: "`+target+`/activity/${SELFHELP_EPOCH}"}}
`)
	return &Patient{Now: time.Now(), Config: config.Config{
		Data: data, File: file, Replication: config.Embedded, Site: "lyon", Listen: "127.0.0.1:0",
		Address: "https://help.example.org", Certificate: cert, Key: key,
		Environment: func(string) (string, bool) { return "", false },
	}}
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// copiesTo copies the patient to a small disk, and returns that.
func copiesTo(t *testing.T, p *Patient, size int) string {
	t.Helper()
	place, err := p.copying()
	if err != nil {
		t.Fatal(err)
	}
	target := place.Settings.Databases[0].Target.Path
	root := filepath.Dir(filepath.Dir(target))
	disktest.Over(t, root, size)
	if err := replica.Prepare(root); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(place.Epoch.Keep(p.Config.Data), os.Mkdir(filepath.Join(root, "epochs"), 0o700)); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "epochs", "0001.json"), read(t, filepath.Join(p.Config.Data, "epoch.json")))
	return root
}

func fill(t *testing.T, name string) {
	t.Helper()
	if err := os.WriteFile(name, make([]byte, 4<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
}

// targetOf is the folder that the patient is copied to.
func targetOf(t *testing.T, p *Patient) string {
	t.Helper()
	_, after, _ := strings.Cut(read(t, p.Config.File), `type: file, path: "`)
	path, _, _ := strings.Cut(after, `"`)
	return filepath.Dir(filepath.Dir(path))
}

// prepare gives the patient a folder of backups, and returns what makes them.
func prepare(t *testing.T, p *Patient) backup.Maker {
	t.Helper()
	p.Config.Backup = t.TempDir()
	if err := backup.Prepare(p.Config.Backup); err != nil {
		t.Fatal(err)
	}
	data := p.Config.Data
	return backup.Maker{
		Folder: backup.Folder{Root: p.Config.Backup}, Data: data, Epoch: "e0001-lyon", Databases: store.Databases(), Keep: backup.Usual, Now: func() time.Time { return p.Now }, Log: slog.New(slog.DiscardHandler),
		Copy: func(ctx context.Context, name, to string) error { return store.CopyDatabase(ctx, data, name, to) },
		Look: func(context.Context, string) (any, []string, error) { return nil, nil, nil },
	}
}

func backUp(t *testing.T, k backup.Maker) {
	t.Helper()
	if _, err := k.Make(t.Context(), backup.Full); err != nil {
		t.Fatal(err)
	}
}

func makeCertificate(t *testing.T, until time.Time) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "help"}, DNSNames: []string{"help.example.org"}, NotBefore: until.Add(-365 * 24 * time.Hour), NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "site.pem"), filepath.Join(dir, "site.key")
	write(t, cert, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	write(t, key, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
	return cert, key
}

// TestNothingIsWrong holds that a server in order is told nothing wrong.
func TestNothingIsWrong(t *testing.T) {
	p := well(t)
	p.Thorough, p.Network = true, true
	for _, l := range Look(t.Context(), *p) {
		if l.Verdict == Wrong {
			t.Errorf("%+v", l)
		}
		if l.Verdict == OK && l.Mend != "" || l.Verdict != OK && l.Mend == "" {
			t.Errorf("%+v: what is not ok, and nothing else, has a mend", l)
		}
	}
}

// ills are what makes one check fail for real.
var ills = []struct {
	check   string
	verdict Verdict
	says    string
	make    func(*testing.T, *Patient)
}{
	{"settings", Wrong, "HOST:PORT", func(_ *testing.T, p *Patient) { p.Config.Listen = "nowhere" }},
	{"settings file", Warning, "not honour", func(t *testing.T, p *Patient) {
		b, err := os.ReadFile(p.Config.File)
		if err != nil {
			t.Fatal(err)
		}
		write(t, p.Config.File, "addr: \":9090\"\n"+string(b))
	}},
	{"settings file", Wrong, "", func(t *testing.T, p *Patient) { write(t, p.Config.File, "dbs: [") }},
	{"data folder", Wrong, "does not exist", func(t *testing.T, p *Patient) { p.Config.Data = filepath.Join(t.TempDir(), "none") }},
	{"data folder", Wrong, "other accounts", func(t *testing.T, p *Patient) { mode(t, p.Config.Data, 0o755) }},
	{"file system", Warning, "memory", func(_ *testing.T, p *Patient) { p.Config.Data = "/dev/shm" }},
	{"locks", Wrong, "safely", func(_ *testing.T, p *Patient) { p.Locks = errors.New("no such call") }},
	{"content.db", Wrong, "malformed", func(t *testing.T, p *Patient) { spoil(t, p, "content.db") }},
	{"activity.db", Warning, "not there", func(t *testing.T, p *Patient) { remove(t, p, "activity.db") }},
	{"log of changes", Warning, "300 MB", func(t *testing.T, p *Patient) {
		name := filepath.Join(p.Config.Data, "content.db-wal")
		write(t, name, "")
		if err := os.Truncate(name, 300<<20); err != nil {
			t.Fatal(err)
		}
	}},
	{"keys", Wrong, "not there", func(t *testing.T, p *Patient) { remove(t, p, "keys") }},
	{"keys", Wrong, "holds no key", func(t *testing.T, p *Patient) { write(t, filepath.Join(p.Config.Data, "keys", "secret.key"), "") }},
	{"keys", Wrong, "other accounts", func(t *testing.T, p *Patient) { mode(t, filepath.Join(p.Config.Data, "keys", "secret.key"), 0o644) }},
	{"other programs", Wrong, "litestream, process", func(t *testing.T, p *Patient) { begin(t, p, "litestream") }},
	{"other programs", Warning, "sqlite3, process", func(t *testing.T, p *Patient) { begin(t, p, "sqlite3") }},
	{"other programs", Warning, "external", func(_ *testing.T, p *Patient) { p.Config.Replication = config.External }},
	{"replica", Wrong, "not a target", func(t *testing.T, p *Patient) {
		b, err := os.ReadFile(p.Config.File)
		if err != nil {
			t.Fatal(err)
		}
		write(t, p.Config.File, strings.ReplaceAll(string(b), `path: "/`, `path: "/nowhere/`))
	}},
	{"replica", Wrong, "a server on other", func(t *testing.T, p *Patient) {
		target := targetOf(t, p)
		place, err := p.copying()
		if err != nil {
			t.Fatal(err)
		}
		since := place.Epoch.Since.Format(time.RFC3339Nano)
		for name, content := range map[string]string{
			"epochs/0001.json":               `{"number": 1, "site": "lyon", "since": "` + since + `"}`,
			"writers/e0001-lyon/000001.json": `{"turn": 1, "nonce": "of a clone", "host": "other"}`,
		} {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(target, name)), 0o700); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(target, name), content)
		}
		if err := place.Epoch.Keep(p.Config.Data); err != nil {
			t.Fatal(err)
		}
	}},
	{"replica", Wrong, "no space left", func(t *testing.T, p *Patient) {
		fill(t, filepath.Join(copiesTo(t, p, 1<<20), "ballast"))
	}},
	{"replica", Wrong, "read-only", func(t *testing.T, p *Patient) {
		disktest.Remount(t, copiesTo(t, p, 1<<20), 1<<20, true)
	}},
	{"replica", Wrong, "not those of what was copied", func(t *testing.T, p *Patient) {
		target := targetOf(t, p)
		place, err := p.copying()
		if err == nil {
			err = place.Epoch.Keep(p.Config.Data)
		}
		if err != nil {
			t.Fatal(err)
		}
		epoch := `{"number": 1, "site": "lyon", "since": "` + place.Epoch.Since.Format(time.RFC3339Nano) + `"}`
		for name, content := range map[string]string{
			"epochs/0001.json":          epoch,
			"manifests/e0001-lyon.json": `{"at": "` + p.Now.UTC().Format(time.RFC3339) + `", "epoch": ` + epoch + `, "positions": {}, "keys": "of another server"}`,
		} {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(target, name)), 0o700); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(target, name), content)
		}
	}},
	{"backups", Warning, "none are made", func(_ *testing.T, p *Patient) { p.Config.Listen = "0.0.0.0:0" }},
	{"backups", Wrong, "not one of backups", func(t *testing.T, p *Patient) { p.Config.Backup = t.TempDir() }},
	{"backups", Warning, "none that is whole", func(t *testing.T, p *Patient) { prepare(t, p) }},
	{"backups", Warning, "is of", func(t *testing.T, p *Patient) {
		k := prepare(t, p)
		backUp(t, k)
		p.Now = p.Now.Add(48 * time.Hour)
		lock, err := disk.Hold(p.Config.Data)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = lock.Release() })
	}},
	{"backups", Wrong, "by another server", func(t *testing.T, p *Patient) {
		k := prepare(t, p)
		backUp(t, k)
		clone := k
		clone.Data = filepath.Join(t.TempDir(), "data")
		if err := os.CopyFS(clone.Data, os.DirFS(k.Data)); err != nil {
			t.Fatal(err)
		}
		clone.Now = func() time.Time { return p.Now.Add(time.Minute) }
		backUp(t, clone)
	}},
	{"clock", Wrong, "the time of", func(_ *testing.T, p *Patient) { p.Now = p.Now.Add(-time.Hour) }},
	{"time zone", Wrong, "Mars", func(_ *testing.T, p *Patient) { p.Config.TimeZone = "Mars/Phobos" }},
	{"address", Warning, "not encrypted", func(_ *testing.T, p *Patient) {
		p.Config.Address, p.Config.Listen = "http://help.example.org", "0.0.0.0:0"
	}},
	{"certificate", Wrong, "ended", func(t *testing.T, p *Patient) {
		p.Config.Certificate, p.Config.Key = makeCertificate(t, p.Now.Add(-time.Hour))
	}},
	{"certificate", Warning, "6 days", func(t *testing.T, p *Patient) {
		p.Config.Certificate, p.Config.Key = makeCertificate(t, p.Now.Add(7*24*time.Hour-time.Minute))
	}},
	{"certificate", Wrong, "people come to", func(_ *testing.T, p *Patient) { p.Config.Address = "https://other.example.org" }},
	{"certificate", Wrong, "private key does not match", func(t *testing.T, p *Patient) {
		_, p.Config.Key = makeCertificate(t, p.Now.Add(time.Hour))
	}},
	{"key of the certificate", Wrong, "everybody", func(t *testing.T, p *Patient) { mode(t, p.Config.Key, 0o644) }},
	{"port", Wrong, "another program", func(t *testing.T, p *Patient) {
		other := httptest.NewTLSServer(http.NotFoundHandler())
		t.Cleanup(other.Close)
		p.Config.Listen = other.Listener.Addr().String()
	}},
	{"breached passwords", Wrong, "not sorted", func(t *testing.T, p *Patient) {
		p.Config.Breached = filepath.Join(t.TempDir(), "list")
		write(t, p.Config.Breached, strings.Repeat("F", 40)+":1\n"+strings.Repeat("A", 40)+":1\n")
	}},
	{"first site", Warning, "was heard last", func(t *testing.T, p *Patient) { heard(t, p, p.Now.Add(-time.Hour)) }},
	{"first site", Wrong, "and the clock here says", func(t *testing.T, p *Patient) { heard(t, p, p.Now.Add(time.Hour)) }},
	{"receiving", Wrong, "no folder is named", func(_ *testing.T, p *Patient) { p.Standby = true }},
	{"receiving", Wrong, "not a target", func(t *testing.T, p *Patient) { p.Standby, p.Config.Receive = true, t.TempDir() }},
	{"mail server", Warning, "none is set up", func(_ *testing.T, p *Patient) { p.Network = true }},
}

// heard makes the patient a second site that waits, and what came of the first.
func heard(t *testing.T, p *Patient, at time.Time) {
	t.Helper()
	p.Standby, p.Config.Receive = true, t.TempDir()
	if err := replica.Prepare(p.Config.Receive); err != nil {
		t.Fatal(err)
	}
	epoch := `{"number": 1, "site": "lyon", "since": "2026-01-01T00:00:00Z"}`
	for name, content := range map[string]string{
		"epochs/0001.json": epoch, "content/e0001-lyon/ltx": "", "activity/e0001-lyon/ltx": "",
		"manifests/e0001-lyon.json": `{"at": "` + at.UTC().Format(time.RFC3339) + `", "epoch": ` + epoch + `, "positions": {}}`,
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(p.Config.Receive, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(p.Config.Receive, name), content)
	}
}

func TestWhatIsWrongIsFound(t *testing.T) {
	for _, ill := range ills {
		t.Run(ill.check+", "+ill.says, func(t *testing.T) {
			p := well(t)
			ill.make(t, p)
			for range 50 { // a process that was started needs a moment
				for _, l := range Look(t.Context(), *p) {
					if l.Check == ill.check && l.Verdict == ill.verdict && strings.Contains(l.Found, ill.says) && l.Mend != "" {
						return
					}
				}
				time.Sleep(20 * time.Millisecond)
			}
			t.Errorf("it is not %s: %+v", ill.verdict, Look(t.Context(), *p))
		})
	}
}

func mode(t *testing.T, name string, to os.FileMode) {
	t.Helper()
	if err := os.Chmod(name, to); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, p *Patient, name string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(p.Config.Data, name)); err != nil {
		t.Fatal(err)
	}
}

// spoil writes over the beginning of every page after the first.
func spoil(t *testing.T, p *Patient, name string) {
	t.Helper()
	path := filepath.Join(p.Config.Data, name)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 4096; at+64 < len(b); at += 4096 {
		copy(b[at:], strings.Repeat("\xff", 64))
	}
	write(t, path, string(b))
}

// begin starts a process under a name, that has a database open.
func begin(t *testing.T, p *Patient, name string) {
	t.Helper()
	f, err := os.Open(filepath.Join(p.Config.Data, "content.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c := &exec.Cmd{Path: "/bin/sleep", Args: []string{name, "60"}, ExtraFiles: []*os.File{f}}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
}

// TestADatabaseOfANewerProgram: what mends it is that program, and no restore.
func TestADatabaseOfANewerProgram(t *testing.T) {
	p := well(t)
	d, err := sql.Open("sqlite", filepath.Join(p.Config.Data, "content.db"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Exec("PRAGMA user_version = 999")
	if err := errors.Join(err, d.Close()); err != nil {
		t.Fatal(err)
	}
	l, _ := database("content.db")(t.Context(), p)
	if l.Verdict != Wrong || !strings.Contains(l.Mend, "start the newer program") || strings.Contains(l.Found, "fault.") {
		t.Errorf("%+v", l)
	}
}

// TestThePortOfOurServer finds a server that answers as ours does.
func TestThePortOfOurServer(t *testing.T) {
	status := http.StatusOK
	ours := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
	}))
	defer ours.Close()
	p := well(t)
	p.Config.Listen = ours.Listener.Addr().(*net.TCPAddr).String()
	if l, _ := lookAtPort(t.Context(), p); l.Verdict != OK {
		t.Errorf("%+v", l)
	}
	status = http.StatusServiceUnavailable
	if l, _ := lookAtPort(t.Context(), p); l.Verdict != Wrong || !strings.Contains(l.Found, "not well") {
		t.Errorf("%+v", l)
	}
}

// TestAnotherServerTookOver looks at a folder whose target is another's now.
func TestAnotherServerTookOver(t *testing.T) {
	p := well(t)
	place, err := p.copying()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Dir(filepath.Dir(place.Settings.Databases[0].Target.Path))
	if err := os.MkdirAll(filepath.Join(root, "epochs"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "epochs", "0007.json"), `{"number": 7, "site": "metz", "since": "2026-01-01T00:00:00Z"}`)
	if l, _ := lookAtReplica(t.Context(), p); l.Verdict != Wrong || !strings.Contains(l.Found, "e0007-metz") {
		t.Errorf("%+v", l)
	}
}

func TestTheMachine(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "meminfo"), "MemTotal: 4000000 kB\nMemAvailable:  2000000 kB\n")
	write(t, filepath.Join(dir, "max"), "104857600\n")
	if got, err := available(filepath.Join(dir, "meminfo"), filepath.Join(dir, "max")); err != nil || got != 100<<20 {
		t.Errorf("in a container: %d %v", got, err)
	}
	if got, err := available(filepath.Join(dir, "meminfo"), filepath.Join(dir, "none")); err != nil || got != 2000000<<10 {
		t.Errorf("on a machine: %d %v", got, err)
	}
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &was); err != nil {
		t.Fatal(err)
	}
	if was.Max < fewFiles {
		if os.Getenv("SELFHELP_THOROUGH") != "" {
			t.Fatal("this machine allows too few files for the test")
		}
		t.Skip("this machine allows few files itself")
	}
	if l, _ := lookAtOpenFiles(t.Context(), nil); l.Verdict != OK {
		t.Errorf("%+v", l)
	}
}
