package replica_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"selfhelp/store/replica"
)

// place is where a replica lies, for hands that spoil it.
type place interface {
	changes() string                        // where the single changes of content.db lie
	snapshots() string                      // and its snapshots
	list(t *testing.T, dir string) []string // files, in their order
	read(t *testing.T, name string) []byte
	write(t *testing.T, name string, b []byte)
	remove(t *testing.T, name string)
}

// places makes a site for each kind of target that tests can put their hands into.
func places(t *testing.T, do func(t *testing.T, s *site, p place)) {
	t.Run("folder", func(t *testing.T) {
		s := newSite(t)
		do(t, s, disk(s.target))
	})
	t.Run("S3", func(t *testing.T) {
		s, b := s3Site(t)
		do(t, s, b)
	})
}

type disk string

func (disk) changes() string   { return "content/e0001-lyon/ltx/0" }
func (disk) snapshots() string { return "content/e0001-lyon/ltx/9" }

func (d disk) list(t *testing.T, dir string) (all []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(string(d), dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		all = append(all, strings.TrimPrefix(name, string(d)+"/"))
	}
	return all
}

func (d disk) read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(string(d), name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (d disk) write(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(string(d), name), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (d disk) remove(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(string(d), name)); err != nil {
		t.Fatal(err)
	}
}

type bucket struct {
	*s3mem.Backend
	deny  *atomic.Bool  // whatever is asked
	delay *atomic.Int64 // nanoseconds before each answer
}

func (bucket) changes() string   { return "content/e0001-lyon/0000" }
func (bucket) snapshots() string { return "content/e0001-lyon/0009" }

// s3Site is a site that is copied to a bucket.
func s3Site(t *testing.T) (*site, bucket) {
	t.Helper()
	store := s3mem.New()
	if err := store.CreateBucket("replicas"); err != nil {
		t.Fatal(err)
	}
	b := bucket{store, &atomic.Bool{}, &atomic.Int64{}}
	answer := gofakes3.New(store).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		time.Sleep(time.Duration(b.delay.Load()))
		if b.deny.Load() {
			w.WriteHeader(http.StatusForbidden)
			io.WriteString(w, `<?xml version="1.0"?><Error><Code>InvalidAccessKeyId</Code><Message>The key was revoked.</Message></Error>`)
			return
		}
		answer.ServeHTTP(w, q)
	}))
	t.Cleanup(server.Close)
	s := newSite(t)
	s.replica = "type: s3, bucket: replicas, endpoint: '" + server.URL + "', region: eu-west-3, access-key-id: lyon, secret-access-key: secret, path: 'selfhelp/{DB}/${SELFHELP_EPOCH}'"
	return s, b
}

func (b bucket) list(t *testing.T, dir string) (all []string) {
	t.Helper()
	prefix := gofakes3.NewPrefix(new("selfhelp/"+dir+"/"), nil)
	list, err := b.ListBucket("replicas", &prefix, gofakes3.ListBucketPage{})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range list.Contents {
		all = append(all, strings.TrimPrefix(o.Key, "selfhelp/"))
	}
	slices.Sort(all)
	return all
}

func (b bucket) read(t *testing.T, name string) []byte {
	t.Helper()
	o, err := b.GetObject("replicas", "selfhelp/"+name, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Contents.Close()
	all, err := io.ReadAll(o.Contents)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (b bucket) write(t *testing.T, name string, content []byte) {
	t.Helper()
	old, err := b.HeadObject("replicas", "selfhelp/"+name)
	if err == nil {
		_, err = b.PutObject("replicas", "selfhelp/"+name, old.Metadata, bytes.NewReader(content), int64(len(content)), nil)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (b bucket) remove(t *testing.T, name string) {
	t.Helper()
	if _, err := b.DeleteObject("replicas", "selfhelp/"+name); err != nil {
		t.Fatal(err)
	}
}

// begun waits until what a replicator does at its start is done: a snapshot, and what
// it puts together.
func begun(t *testing.T, p place) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); len(p.list(t, p.snapshots())) == 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("there is no first snapshot")
		}
	}
	time.Sleep(300 * time.Millisecond)
}

// says writes some rows, each copied by itself, and returns a moment after each.
func (s *site) says(t *testing.T, r *replica.Replicator, n int) (moments []time.Time) {
	t.Helper()
	for range n {
		run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES ('this')`)
		if err := r.Barrier(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond) // moments of copies are told apart by the millisecond
		moments = append(moments, time.Now())
		time.Sleep(20 * time.Millisecond)
	}
	return moments
}

// TestAGapIsFoundAndHealed takes a change away, turns a bit of one, or takes the last
// away: it is named, the newest state comes back again, and a moment inside the gap is
// refused in plain words, not answered with the one before it.
func TestAGapIsFoundAndHealed(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, p place, file string){
		"a file is gone": func(t *testing.T, p place, file string) { p.remove(t, file) },
		"a bit turned": func(t *testing.T, p place, file string) {
			b := p.read(t, file)
			b[len(b)/2] ^= 1
			p.write(t, file, b)
		},
		"cut short": func(t *testing.T, p place, file string) { p.write(t, file, p.read(t, file)[:120]) },
	} {
		t.Run(name, func(t *testing.T) {
			places(t, func(t *testing.T, s *site, p place) {
				r := s.started(t)
				defer s.closeAll(t, r)
				begun(t, p)
				moments := s.says(t, r, 6)
				if err := r.Examine(t.Context()); err != nil || len(r.Status().Gaps) > 0 || len(s.healed) > 0 {
					t.Fatalf("as it is: %v %v %v", err, r.Status().Gaps, s.healed)
				}
				files := p.list(t, p.changes())
				spoilt := files[len(files)-3]
				// What was read a moment ago is believed: another process looks.
				spoil(t, p, spoilt)
				gaps, err := s.settings(t).Gaps(t.Context(), s.epoch(t))
				if err != nil || len(gaps) != 1 || !gaps[0].Open() || gaps[0].Database != "content.db" || name != "a file is gone" && !strings.HasPrefix(gaps[0].File, path.Base(spoilt)) {
					t.Fatalf("%s is found as %v, %v", spoilt, gaps, err)
				}
				r.Doubt()
				if err := r.Examine(t.Context()); err != nil {
					t.Fatal(err)
				}
				left := r.Status().Gaps
				if len(left) != 1 || left[0].Open() || len(s.healed) != 1 || left[0].From != left[0].To {
					t.Fatalf("healed: %v, left: %v", s.healed, left)
				}
				s.says(t, r, 1)
				dir, _, err := s.restored(t, replica.Wanted{})
				if err != nil {
					t.Fatal(err)
				}
				if n := count(t, open(t, filepath.Join(dir, "content.db"))); n != 7 {
					t.Errorf("%d rows came back, not 7", n)
				}
				_, _, err = s.restored(t, replica.Wanted{At: moments[4]})
				if !errors.Is(err, replica.ErrGap) || !strings.Contains(err.Error(), "content.db") {
					t.Errorf("a moment inside the gap: %v", err)
				}
				dir, _, err = s.restored(t, replica.Wanted{At: left[0].After.Add(time.Millisecond)})
				if err != nil {
					t.Errorf("the last moment before it: %v", err)
				} else if n := count(t, open(t, filepath.Join(dir, "content.db"))); n != 3 {
					t.Errorf("%d rows of before it %v", n, left)
				}
				if err := r.Examine(t.Context()); err != nil || len(s.healed) != 1 {
					t.Errorf("it was healed again: %v %v", err, s.healed)
				}
			})
		})
	}
}
