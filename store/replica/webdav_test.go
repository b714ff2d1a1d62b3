package replica_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/webdav"

	"selfhelp/store/clocktest"
	"selfhelp/store/replica"
)

// far is a server that speaks WebDAV, and can fall silent or refuse.
type far struct {
	hangs   atomic.Bool
	refuses atomic.Int64  // with this status, unless 0
	holds   atomic.Bool   // changes of activity.db, until they are let go
	held    chan struct{} // one of them came
	let     chan struct{}
	before  atomic.Pointer[func(*http.Request)] // each request, where there is one
	over    chan struct{}                       // the test
}

// webdavSite is a site that is copied to such a server.
func webdavSite(t *testing.T) (*site, *far) {
	t.Helper()
	s := newSite(t)
	f := &far{held: make(chan struct{}), let: make(chan struct{}), over: make(chan struct{})}
	answer := &webdav.Handler{FileSystem: webdav.Dir(s.target), LockSystem: webdav.NewMemLS()}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if f.hangs.Load() {
			select {
			case <-f.over:
			case <-q.Context().Done():
			}
			return
		}
		if before := f.before.Load(); before != nil {
			(*before)(q)
		}
		if q.Method == http.MethodPut && strings.HasPrefix(q.URL.Path, "/activity/") && f.holds.CompareAndSwap(true, false) {
			close(f.held)
			select {
			case <-f.let:
			case <-f.over:
			}
		}
		if status := f.refuses.Load(); status != 0 {
			w.WriteHeader(int(status))
			return
		}
		if user, password, _ := q.BasicAuth(); user != "lyon" || password != "secret" {
			w.Header().Set("WWW-Authenticate", `Basic realm="replicas"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		answer.ServeHTTP(w, q)
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(f.over) })
	s.replica = "type: webdav, webdav-url: '" + server.URL + "', webdav-username: lyon, webdav-password: secret, path: '{DB}/${SELFHELP_EPOCH}'"
	return s, f
}

// A server that takes the connection and never answers keeps nobody longer than they
// wanted to wait, and is not waited for when the server stops.
func TestAWebDAVServerThatHangs(t *testing.T) {
	s, f := webdavSite(t)
	s.silence = time.Second
	r := s.started(t)
	s.says(t, r, 2)
	s.comesBack(t, 2)
	settings := s.settings(t)
	f.hangs.Store(true)
	for name, ask := range map[string]func(context.Context) error{
		"what it holds": func(ctx context.Context) error { _, err := settings.Held(ctx); return err },
		"to when":       func(ctx context.Context) error { _, err := settings.Spans(ctx, s.epoch(t)); return err },
		"a barrier":     func(ctx context.Context) error { s.note(t, "more"); return r.Barrier(ctx) },
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		done := make(chan error, 1)
		go func() { done <- ask(ctx) }()
		select {
		case err := <-done:
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %v", name, err)
			}
		case <-time.After(10 * time.Second):
			t.Errorf("%s: it is still waited for", name)
		}
		cancel()
	}
	f.hangs.Store(false)
	recovers(t, r)
	s.comesBack(t, 3)
	f.hangs.Store(true)
	s.note(t, "nobody takes it")
	for _, db := range s.dbs {
		db.Close()
	}
	closed := make(chan error, 1)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second) // who stops a server says how long
	defer cancel()
	go func() { closed <- r.Close(ctx) }()
	select {
	case err := <-closed:
		if err == nil {
			t.Error("it is said to be copied")
		}
	case <-time.After(20 * time.Second):
		t.Error("stopping waits for what hangs")
	}
}

// What refuses the user is named as that, and everything goes on once it does no more.
func TestCredentialsAreNamed(t *testing.T) {
	for _, status := range []int64{http.StatusUnauthorized, http.StatusForbidden} {
		s, f := webdavSite(t)
		r := s.started(t)
		s.says(t, r, 1)
		f.refuses.Store(status)
		s.note(t, "meanwhile")
		if said := fails(t, r); !errors.Is(r.Status().Err, replica.ErrRefused) || !strings.Contains(said, "password") {
			t.Errorf("%d: %s", status, said)
		}
		if _, _, err := s.restored(t, replica.Wanted{}); !errors.Is(err, replica.ErrRefused) {
			t.Errorf("%d, a restore: %v", status, err)
		}
		f.refuses.Store(0)
		recovers(t, r)
		s.comesBack(t, 2)
		s.closeAll(t, r)
	}
	s, _ := webdavSite(t)
	s.replica = strings.Replace(s.replica, "webdav-password: secret", "webdav-password: other", 1)
	r := s.started(t)
	if err := r.Status().Err; !errors.Is(err, replica.ErrRefused) {
		t.Errorf("a wrong password: %v", err)
	}
	for _, db := range s.dbs {
		db.Close()
	}
	if err := r.Close(context.Background()); err == nil {
		t.Error("it is said to be copied")
	}
}

// TestWholeUpToWhen holds that the target is said to have everything up to the moment when
// it was asked: what is kept while the answer is on its way may not be there.
func TestWholeUpToWhen(t *testing.T) {
	s, f := webdavSite(t)
	s.clock = clocktest.At(time.Now())
	r := s.started(t)
	defer s.closeAll(t, r)
	s.says(t, r, 1)
	s.clock.Pass(time.Minute)
	f.holds.Store(true)
	run(t, s.dbs["activity"], `INSERT INTO fact (said) VALUES ('slowly')`)
	<-f.held
	done := make(chan struct{})
	asked := s.clock.Now()
	go func() { defer close(done); r.Look(t.Context()) }()
	time.Sleep(300 * time.Millisecond) // it has asked for content.db, and waits for activity.db
	s.clock.Pass(time.Second)
	s.note(t, "meanwhile")
	close(f.let)
	<-done
	if st := r.Status(); st.Err != nil || !st.Whole.Equal(asked) {
		t.Errorf("whole up to %v, asked at %v: %v", st.Whole, asked, st.Err)
	}
}
