package replica_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/store/clocktest"
	"selfhelp/store/replica"
)

// cloned is a copy of the whole data folder, as that of a machine that was cloned, with
// the same target.
func (s *site) cloned(t *testing.T) *site {
	t.Helper()
	c := &site{data: filepath.Join(t.TempDir(), "data"), target: s.target, replica: s.replica, clock: clocktest.At(time.Now()), dbs: map[string]*sql.DB{}}
	if err := os.CopyFS(c.data, os.DirFS(s.data)); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		c.dbs[name] = open(t, filepath.Join(c.data, name+".db"))
	}
	return c
}

// reopened opens the databases of a site that was stopped.
func (s *site) reopened(t *testing.T) {
	t.Helper()
	for _, name := range names {
		s.dbs[name] = open(t, filepath.Join(s.data, name+".db"))
	}
}

func (s *site) note(t *testing.T, what string) {
	t.Helper()
	run(t, s.dbs["content"], `INSERT INTO fact (said) VALUES (?)`, what)
}

func isTwin(err error) bool { _, is := errors.AsType[replica.Twin](err); return is }

// A machine is cloned while its server works, and both go on: the one that was started
// last copies, and only after the other one had the time to notice that it does no more.
func TestAServerThatIsClonedWhileItWorks(t *testing.T) {
	for name, meanwhile := range map[string]int{"and nothing happens": 0, "and goes on for a while": 3} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.clock = clocktest.At(time.Now())
			first := s.started(t)
			s.says(t, first, 1)
			first.Look(t.Context())

			c := s.cloned(t)
			second := c.started(t)
			c.note(t, "the clone's own")
			for range meanwhile { // the first one has not noticed yet
				s.note(t, "the first one's")
			}
			if err := first.Barrier(t.Context()); err != nil {
				t.Fatal(err)
			}
			if st := second.Status(); st.Err == nil || !st.Whole.IsZero() {
				t.Errorf("the clone copies at once: %+v", st)
			}

			first.Look(t.Context())
			if st := first.Status(); st.Twin == nil || !isTwin(st.Err) || st.Twin.By.Host == "" {
				t.Errorf("the first one did not notice: %+v", st)
			}
			was := s.files(t)
			s.note(t, "nobody copies it")
			if err := first.Barrier(t.Context()); !isTwin(err) {
				t.Errorf("the first one copies: %v", err)
			}
			if is := s.files(t); is != was {
				t.Errorf("the first one wrote to the target: %s, then %s", was, is)
			}

			c.clock.Pass(time.Minute)
			recovers(t, second)
			c.note(t, "more of the clone")
			if err := second.Barrier(t.Context()); err != nil {
				t.Fatal(err)
			}
			c.comesBack(t, 3)
			if _, err := first.Prune(t.Context()); !isTwin(err) {
				t.Errorf("the first one takes things away: %v", err)
			}
			s.closeAll(t, first)
			c.closeAll(t, second)

			s.reopened(t)
			if _, err := s.start(t); !isTwin(err) {
				t.Errorf("the first one starts again: %v", err)
			}
		})
	}
}

// files are the names of what the target holds of content.db.
func (s *site) files(t *testing.T) string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(s.target, "content", "*", "ltx", "0", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, " ")
}

// A machine is cloned while it is off, and both are started: the second one finds a turn
// that is not of its folder, and does not begin.
func TestTwoClonesAreStarted(t *testing.T) {
	s := newSite(t)
	first := s.started(t)
	s.says(t, first, 1)
	s.closeAll(t, first)
	c := s.cloned(t)

	s.reopened(t)
	first = s.started(t)
	defer s.closeAll(t, first)
	if _, err := c.start(t); !isTwin(err) {
		t.Errorf("the second one starts: %v", err)
	}
	first.Look(t.Context())
	if st := first.Status(); st.Err != nil {
		t.Errorf("the first one: %v", st.Err)
	}
}

// What is normal is not hindered: a server that was killed starts again on its folder and
// copies at once, again and again; and to a target that was emptied.
func TestAServerStartsAgain(t *testing.T) {
	s := newSite(t)
	for n := range 4 {
		r := s.started(t)
		if st := r.Status(); st.Err != nil {
			t.Fatalf("start %d: %v", n, st.Err)
		}
		s.says(t, r, 1)
		s.closeAll(t, r)
		s.reopened(t)
		manifest := filepath.Join(s.target, "manifests", "e0001-lyon.json")
		b, err := os.ReadFile(manifest)
		if err == nil { // as one that is killed leaves it
			err = os.WriteFile(manifest, []byte(strings.Replace(string(b), `"ended":true`, `"ended":false`, 1)), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	r := s.started(t)
	if _, err := r.Prune(t.Context()); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(s.target, "writers", "e0001-lyon", "*")); len(left) != 2 {
		t.Errorf("turns of before: %v", left)
	}
	s.closeAll(t, r)
	s.reopened(t)
	for _, dir := range []string{"writers", "epochs", "content", "activity", "manifests"} {
		if err := os.RemoveAll(filepath.Join(s.target, dir)); err != nil {
			t.Fatal(err)
		}
	}
	r = s.started(t)
	defer s.closeAll(t, r)
	if st := r.Status(); st.Err != nil {
		t.Errorf("on an empty target: %v", st.Err)
	}
}

// A machine that was paused while a clone of it took over believes that no time has
// passed: it looks before it writes anything.
func TestAMachineThatWasPaused(t *testing.T) {
	s := newSite(t)
	s.clock = clocktest.At(time.Now())
	first := s.started(t)
	s.says(t, first, 1)
	c := s.cloned(t)
	second := c.started(t)
	s.clock.Pass(time.Hour)
	was := s.files(t)
	s.note(t, "nobody copies it")
	if err := first.Barrier(t.Context()); !isTwin(err) {
		t.Errorf("it writes: %v", err)
	}
	if is := s.files(t); is != was {
		t.Errorf("it wrote to the target: %s, then %s", was, is)
	}
	s.closeAll(t, first)
	c.clock.Pass(time.Minute)
	recovers(t, second)
	c.closeAll(t, second)
}
