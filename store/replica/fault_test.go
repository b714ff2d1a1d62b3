package replica_test

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"selfhelp/store/clocktest"
	"selfhelp/store/disktest"
	"selfhelp/store/replica"
)

// comesBack restores the newest state and counts its rows.
func (s *site) comesBack(t *testing.T, rows int) {
	t.Helper()
	dir, back, err := s.restored(t, replica.Wanted{})
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, open(t, filepath.Join(dir, "content.db"))); n != rows || len(back.Lacking) > 0 {
		t.Errorf("%d rows came back, not %d; lacking: %v", n, rows, back.Lacking)
	}
}

// fails looks at the target, which is not well, and returns what is said of it.
func fails(t *testing.T, r *replica.Replicator) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	r.Look(ctx)
	st := r.Status()
	if st.Err == nil {
		t.Fatal("the target is said to have everything")
	}
	return st.Err.Error()
}

func recovers(t *testing.T, r *replica.Replicator) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		r.Look(t.Context())
		err := r.Status().Err
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("it does not recover: %v", err)
		}
	}
}

// smallSite is a site whose target is a disk of its own.
func smallSite(t *testing.T, size int) *site {
	t.Helper()
	s := newSite(t)
	s.target = disktest.Small(t, size)
	if err := replica.Prepare(s.target); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestATargetThatIsFull(t *testing.T) {
	s := smallSite(t, 4<<20)
	r := s.started(t)
	defer s.closeAll(t, r)
	s.says(t, r, 1)
	full := filepath.Join(s.target, "something else")
	if err := os.WriteFile(full, make([]byte, 4<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES (?)`, strings.Repeat("x", 20_000))
	if said := fails(t, r); !strings.Contains(said, "no space left") || replica.ReasonOf(r.Status().Err) != replica.Full {
		t.Error(said)
	}
	if err := os.Remove(full); err != nil {
		t.Fatal(err)
	}
	recovers(t, r)
	s.comesBack(t, 2)
	if err := r.Examine(t.Context()); err != nil || len(r.Status().Gaps) > 0 {
		t.Errorf("%v %v", r.Status().Gaps, err)
	}
}

func TestATargetThatIsReadOnly(t *testing.T) {
	s := smallSite(t, 8<<20)
	r := s.started(t)
	defer s.closeAll(t, r)
	s.says(t, r, 1)
	disktest.Remount(t, s.target, 8<<20, true)
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES ('meanwhile')`)
	if said := fails(t, r); !strings.Contains(said, "read-only file system") || replica.ReasonOf(r.Status().Err) != replica.ReadOnly {
		t.Error(said)
	}
	s.comesBack(t, 1)
	disktest.Remount(t, s.target, 8<<20, false)
	recovers(t, r)
	s.comesBack(t, 2)
}

// TestASlowTarget: who waits for a copy waits as long as they said, and nobody else does.
func TestASlowTarget(t *testing.T) {
	s, b := s3Site(t)
	r := s.started(t)
	defer s.closeAll(t, r)
	s.says(t, r, 1)
	b.delay.Store(int64(time.Second))
	began := time.Now()
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES ('meanwhile')`)
	if took := time.Since(began); took > 500*time.Millisecond {
		t.Errorf("a commit waited %v for the target", took)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := r.Barrier(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the barrier: %v", err)
	}
	if took := time.Since(began); took > 900*time.Millisecond {
		t.Errorf("the barrier took %v", took)
	}
	b.delay.Store(0)
	recovers(t, r)
	s.comesBack(t, 2)
}

// TestATargetThatIsAwayForADay (H95): it is told for how long, the log of changes does
// not grow without end, and what was written meanwhile comes over without a gap.
func TestATargetThatIsAwayForADay(t *testing.T) {
	s := newSite(t)
	s.clock = clocktest.At(time.Now())
	r := s.started(t)
	defer s.closeAll(t, r)
	s.says(t, r, 1)
	r.Look(t.Context())
	whole := r.Status().Whole
	if err := os.Rename(s.target, s.target+".away"); err != nil {
		t.Fatal(err)
	}
	for range 24 {
		s.clock.Pass(time.Hour)
		for range 20 {
			run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES (?)`, strings.Repeat("x", 100_000))
		}
		fails(t, r)
		time.Sleep(100 * time.Millisecond) // an hour is long enough to fold the log back
	}
	if why := replica.ReasonOf(r.Status().Err); why != replica.Unprepared {
		t.Errorf("why: %q", why)
	}
	if st := r.Status(); !st.Whole.Equal(whole) || st.Asked.Sub(whole) != 24*time.Hour || st.Errors < 24 {
		t.Errorf("%+v", st)
	}
	if log, err := os.Stat(filepath.Join(s.data, "content.db-wal")); err != nil || log.Size() > 24<<20 {
		t.Errorf("the log of changes has %d bytes, %v", log.Size(), err)
	} else {
		t.Logf("the log of changes has %d bytes after 48 MB of changes", log.Size())
	}
	if err := os.Rename(s.target+".away", s.target); err != nil {
		t.Fatal(err)
	}
	recovers(t, r)
	s.comesBack(t, 481)
	if err := r.Examine(t.Context()); err != nil || len(r.Status().Gaps) > 0 || len(s.healed) > 0 {
		t.Errorf("%v %v", r.Status().Gaps, err)
	}
}

// TestCredentials: wrong ones at the start, and ones that are revoked while it runs,
// are named; it goes on by itself once they hold.
func TestCredentials(t *testing.T) {
	s, b := s3Site(t)
	b.deny.Store(true)
	if _, _, err := s.restored(t, replica.Wanted{}); err == nil || errors.Is(err, replica.ErrNothing) || !strings.Contains(err.Error(), "InvalidAccessKeyId") {
		t.Errorf("a restore with wrong ones: %v", err)
	}
	r := s.started(t)
	defer s.closeAll(t, r)
	if st := r.Status(); st.Err == nil || !strings.Contains(st.Err.Error(), "InvalidAccessKeyId") {
		t.Errorf("at the start: %v", st.Err)
	}
	b.deny.Store(false)
	for deadline := time.Now().Add(20 * time.Second); r.Status().Err != nil; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it does not begin: %v", r.Status().Err)
		}
	}
	s.says(t, r, 1)
	b.deny.Store(true)
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES ('meanwhile')`)
	if said := fails(t, r); !strings.Contains(said, "InvalidAccessKeyId") {
		t.Error(said)
	}
	if err := r.Examine(t.Context()); err == nil || len(s.healed) > 0 {
		t.Errorf("it looks through what it may not read: %v", err)
	}
	b.deny.Store(false)
	recovers(t, r)
	s.comesBack(t, 2)
}

// TestTheTargetIsEmptied (H95), by hands or by a rule of the bucket, while it runs: it
// is told, and everything is there again, files and the epoch too.
func TestTheTargetIsEmptied(t *testing.T) {
	s, b := s3Site(t)
	hash := s.file(t, "picture")
	r := s.started(t)
	defer s.closeAll(t, r)
	s.says(t, r, 3)
	r.Look(t.Context())
	for _, dir := range []string{"content", "activity", "files", "epochs", "manifests"} {
		for _, name := range b.list(t, dir) {
			b.remove(t, name)
		}
	}
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES ('after')`)
	if err := r.Barrier(t.Context()); err != nil { // before anybody noticed
		t.Fatal(err)
	}
	r.Look(t.Context())
	if got := len(b.list(t, "files")); got != 1 {
		t.Errorf("a manifest was entered with %d of 1 files", got)
	}
	if err := r.Examine(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(s.healed) != 2 || s.healed[0].Database != "content.db" || !s.healed[0].After.IsZero() {
		t.Errorf("healed: %v", s.healed)
	}
	dir, back, err := s.restored(t, replica.Wanted{})
	if err != nil || back.Files != 1 || back.Epoch.Name() != "e0001-lyon" {
		t.Fatalf("%+v, %v", back, err)
	}
	if n := count(t, open(t, filepath.Join(dir, "content.db"))); n != 4 {
		t.Errorf("%d rows", n)
	}
	if _, err := os.Stat(filepath.Join(dir, "files", hash[:2], hash[2:4], hash)); err != nil {
		t.Error(err)
	}
}

// TestAFlippedByteDoesNotComeBack: what cannot be restored whole is not restored, and
// the sentence says what to do.
func TestAFlippedByteDoesNotComeBack(t *testing.T) {
	places(t, func(t *testing.T, s *site, p place) {
		r := s.started(t)
		defer s.closeAll(t, r)
		begun(t, p)
		s.says(t, r, 3)
		files := p.list(t, p.changes())
		b := p.read(t, files[len(files)-1])
		b[len(b)/2] ^= 1
		p.write(t, files[len(files)-1], b)
		dir, _, err := s.restored(t, replica.Wanted{})
		if err == nil || !strings.Contains(err.Error(), "content.db") || !strings.Contains(err.Error(), "selfhelp verify") {
			t.Errorf("restored: %v", err)
		}
		if _, err := os.Stat(filepath.Join(dir, "content.db")); err == nil {
			t.Error("a database that is not whole stands there")
		}
	})
}

func TestRestoreOntoWhatIsThere(t *testing.T) {
	s := newSite(t)
	r := s.started(t)
	defer s.closeAll(t, r)
	s.says(t, r, 1)
	dir := t.TempDir()
	mine := filepath.Join(dir, "content.db")
	if err := os.WriteFile(mine, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := s.settings(t).Restore(t.Context(), dir, replica.Wanted{}, slog.New(slog.DiscardHandler), func(string, int64, int64) {})
	if err == nil || !strings.Contains(err.Error(), "already there") {
		t.Errorf("restored onto a database: %v", err)
	}
	if b, err := os.ReadFile(mine); err != nil || string(b) != "mine" {
		t.Errorf("%q %v", b, err)
	}
}

// cutter hands connections on, and cuts them.
type cutter struct {
	net.Listener
	mu    sync.Mutex
	conns []net.Conn
	shut  bool         // the new ones too
	gate  sync.RWMutex // held to write while nothing comes through, and nobody is told
}

func newCutter(t *testing.T, to string) *cutter {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{Listener: l}
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", to)
			c.mu.Lock()
			if err != nil || c.shut {
				in.Close()
				c.mu.Unlock()
				continue
			}
			c.conns = append(c.conns, in, out)
			c.mu.Unlock()
			go c.hand(out, in)
			go c.hand(in, out)
		}
	}()
	t.Cleanup(func() { l.Close(); c.cut(true) })
	return c
}

func (c *cutter) hand(to, from net.Conn) {
	defer to.Close()
	for block := make([]byte, 32<<10); ; {
		n, err := from.Read(block)
		c.gate.RLock()
		_, failed := to.Write(block[:n])
		c.gate.RUnlock()
		if err != nil || failed != nil {
			return
		}
	}
}

func (c *cutter) cut(shut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shut = shut
	for _, conn := range c.conns {
		conn.Close()
	}
	c.conns = nil
}

// sftpSite is a site that is copied over SFTP, through what can cut it.
func sftpSite(t *testing.T) (*site, *cutter) {
	t.Helper()
	s := newSite(t)
	s.replica = sftpTarget(t)
	host := regexp.MustCompile(`127\.0\.0\.1:\d+`)
	c := newCutter(t, host.FindString(s.replica))
	s.replica = host.ReplaceAllString(s.replica, c.Addr().String())
	return s, c
}

// TestAnSFTPConnectionThatIsCut: the next question asks over a new one.
func TestAnSFTPConnectionThatIsCut(t *testing.T) {
	s, c := sftpSite(t)
	r := s.started(t)
	defer s.closeAll(t, r)
	s.says(t, r, 1)
	c.cut(false)
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES ('after')`)
	recovers(t, r)
	s.comesBack(t, 2)
	c.cut(true)
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES ('nobody there')`)
	fails(t, r)
	c.cut(false)
	recovers(t, r)
	s.comesBack(t, 3)
}

// TestAnSFTPConnectionThatIsSilent: a firewall that forgets a connection tells nobody.
// It is given up, and the next question asks over a new one.
func TestAnSFTPConnectionThatIsSilent(t *testing.T) {
	s, c := sftpSite(t)
	s.silence = 2 * time.Second
	r := s.started(t)
	defer s.closeAll(t, r)
	s.says(t, r, 1)
	c.gate.Lock()
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES ('meanwhile')`)
	began := time.Now()
	fails(t, r)
	if took := time.Since(began); took > 6*time.Second {
		t.Errorf("the question took %v", took)
	}
	c.mu.Lock()
	old := c.conns
	c.conns = nil // they stay silent: nobody hears of it
	c.mu.Unlock()
	c.gate.Unlock()
	for _, conn := range old {
		defer conn.Close()
	}
	recovers(t, r)
	s.comesBack(t, 2)
}

func TestAWrongSFTPKey(t *testing.T) {
	s, _ := sftpSite(t)
	key := regexp.MustCompile(`key-path: '([^']+)'`)
	s.replica = key.ReplaceAllString(s.replica, "key-path: '$1/../host'")
	s.replica = strings.ReplaceAll(s.replica, "user/../", "")
	r := s.started(t)
	if st := r.Status(); st.Err == nil || !strings.Contains(st.Err.Error(), "unable to authenticate") {
		t.Errorf("at the start: %v", st.Err)
	}
	for _, db := range s.dbs {
		db.Close()
	}
	r.Close(t.Context()) //nolint // it cannot copy what is left
}

// TestWhatComesBackIsPrivate: a database that was restored is read by who runs the server,
// as the one before was.
func TestWhatComesBackIsPrivate(t *testing.T) {
	s := newSite(t)
	r := s.started(t)
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES ('x')`)
	s.closeAll(t, r)
	dir, _, err := s.restored(t, replica.Wanted{})
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, "content.db"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("it has mode %v (%v)", info.Mode().Perm(), err)
	}
}

// TestAFileThatIsCutShort: a file of the replica that ends too soon, wherever, is an
// error and nothing comes back of it.
func TestAFileThatIsCutShort(t *testing.T) {
	s := newSite(t)
	r := s.started(t)
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES (hex(randomblob(9000)))`)
	s.closeAll(t, r)
	files, err := filepath.Glob(filepath.Join(s.target, "content", "*", "ltx", "*", "*.ltx"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	name := slices.MaxFunc(files, func(a, b string) int { return cmp.Compare(filepath.Base(a), filepath.Base(b)) })
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for left := range len(whole) {
		if left < len(whole)-120 && left%997 != 0 { // what follows the pages is looked at byte by byte
			continue
		}
		if err := os.WriteFile(name, whole[:left], 0o600); err != nil {
			t.Fatal(err)
		}
		dir, _, err := s.restored(t, replica.Wanted{})
		if _, there := os.Stat(filepath.Join(dir, "content.db")); err == nil || there == nil {
			t.Errorf("%d of %d bytes came back: %v", left, len(whole), err)
		}
	}
}
