package replica_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"selfhelp/app/peer"
	"selfhelp/store/replica"
)

// What one machine loses when it burns is measured with a child that writes a
// chain of hashes, says each link once it is committed, and waits at the barrier
// now and then. It is killed at a random moment, its folder is thrown away, and
// what comes back from the target is held against what it said.

// burning says that this process is the child: FOLDER|SETTINGS|MODE.
const burning = "SELFHELP_TEST_BURNING"

// pace is how often a child writes.
const pace = 5 * time.Millisecond

// link is the hash of a link of the chain: of its number and the one before.
func link(n int, before string) string {
	sum := sha256.Sum256([]byte(strconv.Itoa(n) + before))
	return hex.EncodeToString(sum[:])
}

// burn writes until it is killed.
func burn(line string) error {
	dir, settings, _ := strings.Cut(line, "|")
	place, err := replica.Of(settings, dir, "lyon", os.LookupEnv, "chain.db")
	if err == nil {
		err = place.Epoch.Keep(dir)
	}
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "chain.db")+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(10000)")
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`CREATE TABLE link (n INTEGER PRIMARY KEY, hash TEXT NOT NULL, padding TEXT NOT NULL)`); err != nil {
		return err
	}
	ctx := context.Background()
	r, err := replica.Start(ctx, place.Settings, replica.Options{
		Dir: dir, Epoch: place.Epoch, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Now: time.Now, Replaced: func(replica.Replaced) {}, Healed: func(replica.Healed) {},
	})
	if err != nil {
		return err
	}
	if st := r.Status(); st.Err != nil {
		return fmt.Errorf("begin: %w", st.Err)
	}
	hash, padding := "", strings.Repeat("x", 300)
	for n := 1; ; n++ {
		hash = link(n, hash)
		if _, err := db.Exec(`INSERT INTO link (n, hash, padding) VALUES (?, ?, ?)`, n, hash, padding); err != nil {
			return err
		}
		fmt.Printf("c %d %d\n", n, time.Now().UnixMicro())
		if n%400 == 0 {
			if err := r.Barrier(ctx); err != nil {
				return err
			}
			fmt.Printf("b %d %d\n", n, time.Now().UnixMicro())
		}
		time.Sleep(pace)
	}
}

// burnt is one fire: what was lost of what had been said.
type burnt struct {
	said, back int
	window     time.Duration // between the first that was lost and the fire
}

// fire lets a child work for a while, kills it and restores.
func fire(t *testing.T, target kind, sync time.Duration) burnt {
	t.Helper()
	dir, settings := t.TempDir(), filepath.Join(t.TempDir(), "litestream.yml")
	text := "dbs:\n  - path: ${SELFHELP_DATA}/chain.db\n    monitor-interval: " + sync.String() + "\n    replica: {sync-interval: " + sync.String() + ", " + strings.ReplaceAll(target.replica(t), "{DB}", "chain") + "}\n"
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), burning+"="+dir+"|"+settings)
	var errs bytes.Buffer
	child.Stderr = &errs
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var at time.Time
	lines := bufio.NewScanner(out)
	said := map[int]time.Time{}
	last, waited := 0, 0
	for lines.Scan() {
		var mark string
		var n int
		var us int64
		if _, err := fmt.Sscan(lines.Text(), &mark, &n, &us); err != nil {
			t.Fatalf("the child says %q", lines.Text())
		}
		if last == 0 { // it began: the fire is to come
			time.AfterFunc(sync+time.Duration(rand.Int64N(int64(2*sync))), func() { at = time.Now(); child.Process.Kill() })
		}
		if mark == "b" {
			waited = max(waited, n)
			continue
		}
		said[n], last = time.UnixMicro(us), n
	}
	if err := child.Wait(); err == nil || last == 0 {
		t.Fatalf("the child ended by itself: %v %s", err, errs.String())
	}
	place, err := replica.Of(settings, t.TempDir(), "lyon", func(v string) (string, bool) { return os.LookupEnv(v) }, "chain.db")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := place.Settings.Restore(t.Context(), place.Dir, replica.Wanted{}, slog.New(slog.DiscardHandler), func(string, int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	back := chain(t, filepath.Join(place.Dir, "chain.db"))
	if back < waited {
		t.Errorf("%d links came back, and %d had waited at the barrier", back, waited)
	}
	b := burnt{said: last, back: back}
	if lost, is := said[back+1]; is {
		b.window = at.Sub(lost)
	}
	return b
}

// chain follows what came back, and fails where a link does not hold.
func chain(t *testing.T, name string) (last int) {
	t.Helper()
	rows, err := open(t, name).Query(`SELECT n, hash FROM link ORDER BY n`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	before := ""
	for rows.Next() {
		var n int
		var hash string
		if err := rows.Scan(&n, &hash); err != nil {
			t.Fatal(err)
		}
		if n != last+1 || hash != link(n, before) {
			t.Fatalf("the chain breaks after %d", last)
		}
		last, before = n, hash
	}
	return last
}

// kind is a kind of target.
type kind struct {
	name    string
	replica func(*testing.T) string // keys of litestream.yml
	folder  string                  // of this machine, where a receiver keeps it
}

func kinds(t *testing.T) []kind {
	receives := t.TempDir()
	return []kind{
		{"folder", func(t *testing.T) string {
			dir := t.TempDir()
			if err := replica.Prepare(dir); err != nil {
				t.Fatal(err)
			}
			return "path: '" + dir + "/{DB}/${SELFHELP_EPOCH}'"
		}, ""},
		{"our receiver", func(t *testing.T) string {
			dir, err := os.MkdirTemp(receives, "")
			if err == nil {
				err = replica.Prepare(dir)
			}
			if err != nil {
				t.Fatal(err)
			}
			s := httptest.NewServer(&peer.Receiver{Folder: dir, User: "lyon", Password: "secret", Log: slog.New(slog.DiscardHandler)})
			t.Cleanup(s.Close)
			return "type: webdav, webdav-url: '" + s.URL + "', webdav-username: lyon, webdav-password: secret, path: 'replica/{DB}/${SELFHELP_EPOCH}'"
		}, receives},
		{"SFTP", sftpTarget, ""},
		{"S3", func(t *testing.T) string {
			store := s3mem.New()
			if err := store.CreateBucket("replicas"); err != nil {
				t.Fatal(err)
			}
			s := httptest.NewServer(gofakes3.New(store).Server())
			t.Cleanup(s.Close)
			return "type: s3, bucket: replicas, endpoint: '" + s.URL + "', region: eu-west-3, access-key-id: lyon, secret-access-key: secret, path: 'selfhelp/{DB}/${SELFHELP_EPOCH}'"
		}, ""},
	}
}

// sftpTarget starts Debian's sshd on loopback, for this very user, and returns the
// keys of a target there.
func sftpTarget(t *testing.T) string {
	t.Helper()
	sshd := "/usr/sbin/sshd"
	_, err := os.Stat(sshd)
	if err == nil {
		err = os.MkdirAll("/run/sshd", 0o755) // where it locks itself in, as root
	}
	if err != nil && os.Getenv("SELFHELP_PEERS") == "required" {
		t.Fatalf("sshd cannot be started: %v", err)
	}
	if err != nil {
		t.Skipf("sshd cannot be started (apt install openssh-server): %v", err)
	}
	dir := t.TempDir()
	for _, name := range []string{"host", "user"} {
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(dir, name)).CombinedOutput(); err != nil {
			t.Fatalf("ssh-keygen: %v %s", err, out)
		}
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := free.Addr().(*net.TCPAddr).Port
	free.Close()
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	config := fmt.Sprintf("Port %d\nListenAddress 127.0.0.1\nHostKey %s\nAuthorizedKeysFile %s\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\nPidFile none\nSubsystem sftp internal-sftp\n",
		port, filepath.Join(dir, "host"), filepath.Join(dir, "user.pub"))
	if err := os.WriteFile(filepath.Join(dir, "sshd_config"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	server := exec.Command(sshd, "-D", "-e", "-f", filepath.Join(dir, "sshd_config"))
	said, err := os.Create(filepath.Join(dir, "log")) // a file: its own children hold on to it
	if err != nil {
		t.Fatal(err)
	}
	server.Stderr = said
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Process.Kill(); server.Wait() })
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			conn.Close()
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("sshd does not answer; its log is %s", said.Name())
		}
	}
	key, err := os.ReadFile(filepath.Join(dir, "host.pub"))
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(string(key))
	return fmt.Sprintf("type: sftp, host: '127.0.0.1:%d', user: '%s', key-path: '%s', host-key: '%s %s', path: '%s/{DB}/${SELFHELP_EPOCH}'",
		port, me.Username, filepath.Join(dir, "user"), words[0], words[1], filepath.Join(dir, "target"))
}

// TestBurned lets machines burn, over each kind of target: never more than two
// intervals are lost, and nothing that waited. SELFHELP_FIRES says how many, a few
// without it.
func TestBurned(t *testing.T) {
	fires := 2
	if n, err := strconv.Atoi(os.Getenv("SELFHELP_FIRES")); err == nil {
		fires = n
	}
	for _, target := range kinds(t) {
		for _, sync := range []time.Duration{100 * time.Millisecond, time.Second} {
			t.Run(fmt.Sprintf("%s, %v", target.name, sync), func(t *testing.T) {
				t.Parallel()
				var windows []time.Duration
				for range fires {
					b := fire(t, target, sync)
					windows = append(windows, b.window)
				}
				slices.Sort(windows)
				t.Logf("%d fires, RPO: lost at most the last %v, half of them less than %v", fires, windows[len(windows)-1], windows[len(windows)/2])
				// Two intervals, and what a loaded machine takes to do its turn.
				if most := windows[len(windows)-1]; most > 2*sync+time.Second {
					t.Errorf("%v were lost", most)
				}
			})
		}
	}
}
