package replica_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"modernc.org/sqlite"

	"selfhelp/store/clocktest"
	"selfhelp/store/replica"
)

func TestMain(m *testing.M) {
	if _, err := sqlite.OFDLocking(true); err != nil {
		panic(err)
	}
	if line := os.Getenv(burning); line != "" {
		fmt.Fprintln(os.Stderr, burn(line))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// site is a data folder with two databases and files, and where it is copied to.
type site struct {
	data, target string
	dbs          map[string]*sql.DB
	replica      string           // keys of litestream.yml, with {DB} for the database; "" for the folder
	clock        *clocktest.Clock // nil for the machine's
	healed       []replica.Healed
	silence      time.Duration
}

var names = []string{"content", "activity"}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{data: filepath.Join(t.TempDir(), "data"), target: filepath.Join(t.TempDir(), "target"), dbs: map[string]*sql.DB{}}
	if err := errors.Join(os.MkdirAll(filepath.Join(s.data, "files"), 0o700), replica.Prepare(s.target)); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		s.dbs[name] = open(t, filepath.Join(s.data, name+".db"))
		run(t, s.dbs[name], `CREATE TABLE fact (id INTEGER PRIMARY KEY, said TEXT)`)
	}
	return s
}

func open(t *testing.T, name string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+name+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(10000)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func run(t *testing.T, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	if err := db.QueryRow(`SELECT count(*) FROM fact`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// file keeps a content under its hash, as the store does.
func (s *site) file(t *testing.T, content string) string {
	t.Helper()
	sum := sha256.Sum256([]byte(content))
	hash := hex.EncodeToString(sum[:])
	name := filepath.Join(s.data, "files", hash[:2], hash[2:4], hash)
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, []byte(content), 0o400)); err != nil {
		t.Fatal(err)
	}
	return hash
}

// yml is the litestream.yml of the site.
func (s *site) yml(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "litestream.yml")
	text := "x-app: {replication: embedded}\nshutdown-sync-timeout: 1s\nsnapshot: {interval: 24h, retention: 144h}\nlevels: [{interval: 24h}, {interval: 48h}, {interval: 72h}]\ndbs:\n"
	for _, db := range names {
		to := cmp.Or(s.replica, "path: '${TARGET}/{DB}/${SELFHELP_EPOCH}'")
		text += "  - path: ${SELFHELP_DATA}/" + db + ".db\n    monitor-interval: 50ms\n    replica: {sync-interval: 50ms, " + strings.ReplaceAll(to, "{DB}", db) + "}\n"
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func (s *site) env(name string) (string, bool) {
	v, given := map[string]string{"TARGET": s.target}[name]
	return v, given
}

func (s *site) settings(t *testing.T) replica.Settings {
	t.Helper()
	s.epoch(t)
	place, err := replica.Of(s.yml(t), s.data, "lyon", s.env, "content.db", "activity.db")
	if err != nil {
		t.Fatal(err)
	}
	for i := range place.Settings.Databases {
		place.Settings.Databases[i].Target.Silence = s.silence
	}
	return place.Settings
}

func (s *site) epoch(t *testing.T) replica.Epoch {
	t.Helper()
	e, err := replica.EpochOf(s.data, "lyon", time.Now())
	if err == nil {
		err = e.Keep(s.data)
	}
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (s *site) start(t *testing.T) (*replica.Replicator, error) {
	t.Helper()
	return replica.Start(t.Context(), s.settings(t), replica.Options{
		Dir: s.data, Epoch: s.epoch(t), Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Now: s.now(), Replaced: func(replica.Replaced) {},
		Healed: func(h replica.Healed) { s.healed = append(s.healed, h) },
	})
}

func (s *site) now() func() time.Time {
	if s.clock != nil {
		return s.clock.Now
	}
	return time.Now
}

func (s *site) started(t *testing.T) *replica.Replicator {
	t.Helper()
	r, err := s.start(t)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (s *site) closeAll(t *testing.T, r *replica.Replicator) {
	t.Helper()
	for _, db := range s.dbs {
		db.Close()
	}
	if err := r.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

func (s *site) restored(t *testing.T, w replica.Wanted) (string, replica.Restored, error) {
	t.Helper()
	dir := t.TempDir()
	r, err := s.settings(t).Restore(t.Context(), dir, w, slog.New(slog.DiscardHandler), func(string, int64, int64) {})
	return dir, r, err
}

func TestWhatWasCommittedComesBack(t *testing.T) {
	s := newSite(t)
	first := s.file(t, "there before the start")
	r := s.started(t)
	second := s.file(t, "kept while it works")
	r.NewFile(second)
	for i := range 200 {
		run(t, s.dbs[names[i%2]], `INSERT INTO fact (said) VALUES (?)`, strings.Repeat("x", 300))
	}
	if err := r.Barrier(t.Context()); err != nil {
		t.Fatal(err)
	}
	// Nothing is closed: the machine burns here.
	dir, back, err := s.restored(t, replica.Wanted{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if n := count(t, open(t, filepath.Join(dir, name+".db"))); n != 100 {
			t.Errorf("%s has %d of 100 rows", name, n)
		}
	}
	for _, hash := range []string{first, second} {
		if _, err := os.Stat(filepath.Join(dir, "files", hash[:2], hash[2:4], hash)); err != nil {
			t.Error(err)
		}
	}
	if back.Epoch.Name() != "e0001-lyon" || back.Files != 2 {
		t.Errorf("came back: %+v", back)
	}
	st := r.Status()
	if st.Err != nil || st.Whole.IsZero() {
		t.Errorf("status: %+v", st)
	}
	s.closeAll(t, r)
}

func TestAMomentOfBefore(t *testing.T) {
	s := newSite(t)
	r := s.started(t)
	defer s.closeAll(t, r)
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES ('early')`)
	if err := r.Barrier(t.Context()); err != nil {
		t.Fatal(err)
	}
	time.Sleep(20 * time.Millisecond) // moments of copies are told apart by the millisecond
	at := time.Now()
	time.Sleep(20 * time.Millisecond)
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES ('late')`)
	run(t, s.dbs["activity"], `INSERT INTO fact (said) VALUES ('late')`)
	if err := r.Barrier(t.Context()); err != nil {
		t.Fatal(err)
	}
	dir, _, err := s.restored(t, replica.Wanted{At: at})
	if err != nil {
		t.Fatal(err)
	}
	if n, m := count(t, open(t, filepath.Join(dir, "content.db"))), count(t, open(t, filepath.Join(dir, "activity.db"))); n != 1 || m != 0 {
		t.Errorf("content has %d rows and not 1, activity %d and not 0", n, m)
	}
	if _, back, err := s.restored(t, replica.Wanted{At: at}); err != nil || back.Databases["content.db"].After(at) {
		t.Errorf("what came back is of %v, after %v: %v", back.Databases, at, err)
	}
	// Nothing changed between the last write and the moment: one database was not
	// written since, and then neither.
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES ('last')`)
	if err := r.Barrier(t.Context()); err != nil {
		t.Fatal(err)
	}
	time.Sleep(20 * time.Millisecond)
	dir, _, err = s.restored(t, replica.Wanted{At: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if n, m := count(t, open(t, filepath.Join(dir, "content.db"))), count(t, open(t, filepath.Join(dir, "activity.db"))); n != 3 || m != 1 {
		t.Errorf("after the last write content has %d rows and not 3, activity %d and not 1", n, m)
	}
	if _, _, err := s.restored(t, replica.Wanted{At: at.Add(-24 * time.Hour)}); !errors.Is(err, replica.ErrNothing) {
		t.Errorf("a day before: %v", err)
	}
}

// A file is at the target before the transaction that names it, whatever happens
// in between and whichever database names it: here the target takes no files, and so no
// transactions. What comes back meanwhile names nothing that does not come.
func TestAFileComesBeforeItsTransaction(t *testing.T) {
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			r := s.started(t)
			defer s.closeAll(t, r)
			inTheWay := filepath.Join(s.target, "files")
			if err := errors.Join(os.RemoveAll(inTheWay), os.WriteFile(inTheWay, nil, 0o600)); err != nil {
				t.Fatal(err)
			}
			hash := s.file(t, "picture")
			r.NewFile(hash)
			run(t, s.dbs[name], `INSERT INTO fact (said) VALUES (?)`, hash)
			if err := r.Barrier(t.Context()); err == nil {
				t.Error("the barrier passed though the file is not there")
			}
			if err := os.Remove(inTheWay); err != nil {
				t.Fatal(err)
			}
			dir, _, err := s.restored(t, replica.Wanted{})
			if err != nil {
				t.Fatal(err)
			}
			_, lacks := os.Stat(filepath.Join(dir, "files", hash[:2], hash[2:4], hash))
			if n := count(t, open(t, filepath.Join(dir, name+".db"))); n > 0 && lacks != nil {
				t.Errorf("a transaction comes back whose file does not: %v", lacks)
			}
			if err := r.Barrier(t.Context()); err != nil {
				t.Fatal(err)
			}
			if b, err := os.ReadFile(filepath.Join(s.target, "files", hash[:2], hash)); err != nil || !bytes.Equal(b, []byte("picture")) {
				t.Errorf("at the target: %q, %v", b, err)
			}
		})
	}
}

// What comes back while the other server works names nothing that did not come: here a
// file and what names it reach the target in the middle of it.
func TestAFileThatComesDuringARestore(t *testing.T) {
	s := newSite(t)
	r := s.started(t)
	defer s.closeAll(t, r)
	if err := r.Barrier(t.Context()); err != nil {
		t.Fatal(err)
	}
	var hash string
	dir := t.TempDir()
	_, err := s.settings(t).Restore(t.Context(), dir, replica.Wanted{}, slog.New(slog.DiscardHandler), func(what string, _, _ int64) {
		if hash != "" || what != "content.db" {
			return
		}
		hash = s.file(t, "picture")
		r.NewFile(hash)
		run(t, s.dbs["activity"], `INSERT INTO fact (said) VALUES (?)`, hash)
		if err := r.Barrier(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, open(t, filepath.Join(dir, "activity.db"))); n != 1 {
		t.Fatalf("%d rows came back: this tells nothing", n)
	}
	if _, err := os.Stat(filepath.Join(dir, "files", hash[:2], hash[2:4], hash)); err != nil {
		t.Errorf("a transaction came back whose file did not: %v", err)
	}
}

// Who stops copies the files of the last moment too, before it says that all is there.
func TestTheLastFilesComeBeforeTheEnd(t *testing.T) {
	s := newSite(t)
	r := s.started(t)
	if err := r.Barrier(t.Context()); err != nil {
		t.Fatal(err)
	}
	named, alone := s.file(t, "sent with an answer"), s.file(t, "sent, and not answered yet")
	r.NewFile(named)
	run(t, s.dbs["activity"], `INSERT INTO fact (said) VALUES (?)`, named)
	for _, db := range s.dbs {
		db.Close()
	}
	r.NewFile(alone)
	s.closeAll(t, r)
	for _, hash := range []string{named, alone} {
		if !s.has("files/" + hash[:2] + "/" + hash) {
			t.Errorf("the end is entered without %s", hash)
		}
	}
}

func TestAMountThatWentAway(t *testing.T) {
	s := newSite(t)
	r := s.started(t)
	defer s.closeAll(t, r)
	away := s.target + ".away"
	if err := errors.Join(os.Rename(s.target, away), os.Mkdir(s.target, 0o700)); err != nil {
		t.Fatal(err)
	}
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES ('meanwhile')`)
	if err := r.Barrier(t.Context()); !errors.Is(err, replica.ErrNoTarget) {
		t.Errorf("the barrier says %v", err)
	}
	if left, _ := os.ReadDir(s.target); len(left) > 0 {
		t.Errorf("something was written under the mount: %v", left)
	}
	if err := errors.Join(os.Remove(s.target), os.Rename(away, s.target)); err != nil {
		t.Fatal(err)
	}
	if err := r.Barrier(t.Context()); err != nil {
		t.Fatal(err)
	}
	dir, _, err := s.restored(t, replica.Wanted{})
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, open(t, filepath.Join(dir, "content.db"))); n != 1 {
		t.Errorf("%d rows came back, not 1", n)
	}
}

// TestADatabaseThatShrankComesBack: pages that a later file has no more are cut off, and
// those that it has are those that count.
func TestADatabaseThatShrankComesBack(t *testing.T) {
	s := newSite(t)
	r := s.started(t)
	for _, query := range []string{
		`INSERT INTO fact (said) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) SELECT hex(randomblob(500)) FROM n`,
		`DELETE FROM fact WHERE id % 100 <> 0`, `VACUUM`, `UPDATE fact SET said = 'short'`,
		`INSERT INTO fact (said) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) SELECT hex(randomblob(500)) FROM n`,
	} {
		run(t, s.dbs["content"], query)
		if err := r.Barrier(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	dir, _, err := s.restored(t, replica.Wanted{})
	if err != nil {
		t.Fatal(err)
	}
	said := func(db *sql.DB) (all string, pages int) {
		if err := errors.Join(db.QueryRow(`SELECT group_concat(id || said) FROM (SELECT * FROM fact ORDER BY id)`).Scan(&all), db.QueryRow(`PRAGMA page_count`).Scan(&pages)); err != nil {
			t.Fatal(err)
		}
		return all, pages
	}
	back, pages := said(open(t, filepath.Join(dir, "content.db")))
	if want, of := said(s.dbs["content"]); back != want || pages != of {
		t.Errorf("%d bytes in %d pages came back, not %d in %d", len(back), pages, len(want), of)
	}
	s.closeAll(t, r)
}

func TestAnEpochThatIsOver(t *testing.T) {
	s := newSite(t)
	r := s.started(t)
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES ('mine')`)
	s.closeAll(t, r)

	b := &site{data: filepath.Join(t.TempDir(), "data"), target: s.target, dbs: map[string]*sql.DB{}}
	if _, err := s.settings(t).Restore(t.Context(), b.data, replica.Wanted{}, slog.New(slog.DiscardHandler), func(string, int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	if err := (replica.Epoch{Number: 2, Site: "metz", Since: time.Now()}).Keep(b.data); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b.dbs[name] = open(t, filepath.Join(b.data, name+".db"))
	}
	second := b.started(t)
	defer b.closeAll(t, second)

	for _, name := range names {
		s.dbs[name] = open(t, filepath.Join(s.data, name+".db"))
	}
	_, err := s.start(t)
	over, is := errors.AsType[replica.Replaced](err)
	if !is || over.By.Name() != "e0002-metz" || over.Own.Name() != "e0001-lyon" {
		t.Errorf("the first one starts again: %v", err)
	}
	// A third one that takes the same number comes too late.
	c := &site{data: filepath.Join(t.TempDir(), "data"), target: s.target, dbs: map[string]*sql.DB{}}
	if err := errors.Join((replica.Epoch{Number: 2, Site: "nice", Since: time.Now()}).Keep(c.data), os.MkdirAll(filepath.Join(c.data, "files"), 0o700)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.start(t); err == nil || !strings.Contains(err.Error(), "e0002-metz") {
		t.Errorf("two of one number: %v", err)
	}
}

// The second site takes over by a clock that is an hour behind: the number decides.
func TestNoClockDecidesWhoWrites(t *testing.T) {
	s := newSite(t)
	r := s.started(t)
	defer s.closeAll(t, r)
	later, err := json.Marshal(replica.Epoch{Number: 2, Site: "metz", Since: time.Now().Add(-time.Hour)})
	if err == nil {
		err = replica.Receive(s.target, "epochs/0002.json", bytes.NewReader(later), true)
	}
	if err != nil {
		t.Fatal(err)
	}
	r.Look(t.Context())
	if by := r.Status().Replaced; by == nil || by.By.Name() != "e0002-metz" {
		t.Errorf("the first one goes on: %v", r.Status().Err)
	}
}

// An epoch that was entered and came to nothing, as when taking over fails in the
// middle, hides nothing of the one before.
func TestAnEpochThatCameToNothing(t *testing.T) {
	s := newSite(t)
	r := s.started(t)
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES ('mine')`)
	s.closeAll(t, r)
	place, err := replica.Of(s.yml(t), s.data, "lyon", s.env, "content.db", "activity.db")
	if err != nil {
		t.Fatal(err)
	}
	known := place.Epoch
	for n := 2; n <= 3; n++ {
		last, next, err := place.TakeOver(t.Context(), place.Settings, known)
		if err != nil || last.Name() != "e0001-lyon" || next.Number != n {
			t.Errorf("%v, %v, %v", last, next, err)
		}
		if _, _, err := place.TakeOver(t.Context(), place.Settings, known); !isReplaced(err) {
			t.Errorf("who did not know of %s: %v", next.Name(), err)
		}
		known = next
	}
	dir, back, err := s.restored(t, replica.Wanted{})
	if err != nil || back.Epoch.Name() != "e0001-lyon" || back.Latest.Number != 3 {
		t.Fatalf("%+v, %v", back, err)
	}
	if n := count(t, open(t, filepath.Join(dir, "content.db"))); n != 1 {
		t.Errorf("%d rows", n)
	}
}

// What was at the target and is not any more is told: a replica whose last changes
// were taken away is whole in itself.
func TestWhatTheTargetLost(t *testing.T) {
	s := newSite(t)
	r := s.started(t)
	for range 2 {
		run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES ('this')`)
		if err := r.Barrier(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	r.Look(t.Context()) // enters what is there
	if _, back, err := s.restored(t, replica.Wanted{}); err != nil || len(back.Lacking) > 0 || back.Manifest.Ended {
		t.Errorf("as it is: %+v %v", back, err)
	}
	files, err := filepath.Glob(filepath.Join(s.target, "content", "e0001-lyon", "ltx", "0", "*.ltx"))
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	if err := os.Remove(files[len(files)-1]); err != nil {
		t.Fatal(err)
	}
	_, back, err := s.restored(t, replica.Wanted{})
	if err != nil || len(back.Lacking) != 1 || !strings.Contains(back.Lacking[0], "content.db came back up to its transaction") {
		t.Errorf("the last change taken away: %q %v", back.Lacking, err)
	}
	if _, back, err := s.restored(t, replica.Wanted{At: back.Manifest.At.Add(-time.Minute)}); err == nil && len(back.Lacking) > 0 {
		t.Errorf("a moment of before the manifest: %q", back.Lacking)
	}
	s.closeAll(t, r)
}

func TestTheEndIsEntered(t *testing.T) {
	s := newSite(t)
	r := s.started(t)
	run(t, s.dbs["activity"], `INSERT INTO fact (said) VALUES ('last')`)
	s.closeAll(t, r)
	_, last, err := s.settings(t).Last(t.Context())
	if err != nil || !last.Manifest.Ended {
		t.Errorf("after the end: %+v %v", last.Manifest, err)
	}
	for _, name := range names {
		s.dbs[name] = open(t, filepath.Join(s.data, name+".db"))
	}
	again := s.started(t)
	defer s.closeAll(t, again)
	if _, last, err := s.settings(t).Last(t.Context()); err != nil || last.Manifest.Ended {
		t.Errorf("started again: %+v %v", last.Manifest, err)
	}
}
