package peer_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"modernc.org/sqlite"

	"selfhelp/app/peer"
	"selfhelp/store/disktest"
	"selfhelp/store/replica"
)

func TestMain(m *testing.M) {
	if _, err := sqlite.OFDLocking(true); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// received is a receiver that answers, and its folder.
func received(t *testing.T) (*httptest.Server, string) {
	t.Helper()
	dir := t.TempDir()
	if err := replica.Prepare(dir); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(&peer.Receiver{Folder: dir, User: "lyon", Password: "secret", Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(s.Close)
	return s, dir
}

// TestFoldersAreMadeAtOnce makes the same folder many times at a moment, as who copies
// several databases does: nobody is refused.
func TestFoldersAreMadeAtOnce(t *testing.T) {
	server, _ := received(t)
	var making sync.WaitGroup
	for i := range 400 {
		making.Go(func() {
			q, err := http.NewRequestWithContext(t.Context(), "MKCOL", fmt.Sprint(server.URL, peer.Prefix, "/folder-", i/40), nil)
			if err != nil {
				t.Error(err)
				return
			}
			q.SetBasicAuth("lyon", "secret")
			reply, err := http.DefaultClient.Do(q)
			if err != nil {
				t.Error(err)
				return
			}
			reply.Body.Close()
			if reply.StatusCode != http.StatusCreated && reply.StatusCode != http.StatusMethodNotAllowed { // it is there
				t.Error(reply.Status)
			}
		})
	}
	making.Wait()
}

// primary is a server that is copied there.
type primary struct {
	dir, settings string
	db            *sql.DB
}

func newPrimary(t *testing.T, at string) *primary {
	t.Helper()
	p := &primary{dir: t.TempDir()}
	if err := os.Mkdir(filepath.Join(p.dir, "files"), 0o700); err != nil {
		t.Fatal(err)
	}
	p.settings = filepath.Join(t.TempDir(), "litestream.yml")
	text := fmt.Sprintf(`dbs:
  - path: ${SELFHELP_DATA}/content.db
    restore-if-db-not-exists: true
    replica: {type: webdav, webdav-url: '%s', webdav-username: lyon, webdav-password: secret, path: 'replica/content/${SELFHELP_EPOCH}'}
`, at)
	if err := os.WriteFile(p.settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *primary) open(t *testing.T) {
	t.Helper()
	var err error
	p.db, err = sql.Open("sqlite", "file:"+filepath.Join(p.dir, "content.db")+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)")
	if err == nil {
		p.db.SetMaxOpenConns(1)
		_, err = p.db.Exec(`CREATE TABLE IF NOT EXISTS fact (id INTEGER PRIMARY KEY, said TEXT)`)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.db.Close() })
}

func (p *primary) place(t *testing.T, site string) replica.Place {
	t.Helper()
	place, err := replica.Of(p.settings, p.dir, site, func(string) (string, bool) { return "", false }, "content.db")
	if err != nil {
		t.Fatal(err)
	}
	return place
}

func (p *primary) start(t *testing.T, place replica.Place, told func(replica.Replaced)) *replica.Replicator {
	t.Helper()
	r, err := replica.Start(t.Context(), place.Settings, replica.Options{
		Dir: p.dir, Epoch: place.Epoch, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Now: time.Now, Replaced: told, Healed: func(replica.Healed) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.db.Close()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		r.Close(ctx) //nolint // one that was replaced cannot
	})
	return r
}

func (p *primary) say(t *testing.T, what string) {
	t.Helper()
	if _, err := p.db.Exec(`INSERT INTO fact (said) VALUES (?)`, what); err != nil {
		t.Fatal(err)
	}
}

func TestReplicasOverHTTP(t *testing.T) {
	server, folder := received(t)
	a := newPrimary(t, server.URL)
	place := a.place(t, "lyon")
	if err := place.Epoch.Keep(a.dir); err != nil {
		t.Fatal(err)
	}
	a.open(t)
	var over []replica.Replaced
	r := a.start(t, place, func(by replica.Replaced) { over = append(over, by) })
	for i := range 50 {
		a.say(t, fmt.Sprint(i))
	}
	if err := r.Barrier(t.Context()); err != nil {
		t.Fatal(err)
	}
	if st := r.Status(); st.Err != nil {
		t.Fatalf("status: %+v", st)
	}

	// The second site takes over from what it received.
	b := newPrimary(t, server.URL)
	second := b.place(t, "metz")
	if _, err := second.BringBack(t.Context(), false, func(string, replica.Manifest) error { return nil }, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	b.open(t)
	b.start(t, second, func(replica.Replaced) {})
	var n int
	if err := b.db.QueryRow(`SELECT count(*) FROM fact`).Scan(&n); err != nil || n != 50 {
		t.Errorf("%d rows came, %v", n, err)
	}

	// What the first one still writes is refused, and it is told.
	a.say(t, "late")
	if err := r.Barrier(t.Context()); err == nil {
		t.Error("the first one still writes to the replica")
	}
	r.Look(t.Context())
	if len(over) != 1 || over[0].By.Name() != "e0002-metz" {
		t.Errorf("the first one was told %v", over)
	}
	if kept, _ := filepath.Glob(filepath.Join(folder, "epochs", "*")); len(kept) != 2 {
		t.Errorf("epochs: %v", kept)
	}
}

// A small file is written on trial, and nothing of it stays; what receives it says that its
// disk is full.
func TestWritingOnTrial(t *testing.T) {
	server, folder := received(t)
	disktest.Over(t, folder, 1<<20)
	if err := replica.Prepare(folder); err != nil {
		t.Fatal(err)
	}
	a := newPrimary(t, server.URL)
	place := a.place(t, "lyon")
	a.open(t)
	a.start(t, place, func(replica.Replaced) {})
	before, _ := filepath.Glob(filepath.Join(folder, "*", "*", "*"))
	if err := place.TryWriting(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after, _ := filepath.Glob(filepath.Join(folder, "*", "*", "*")); !slices.Equal(before, after) {
		t.Errorf("before %v, after %v", before, after)
	}
	if err := os.WriteFile(filepath.Join(folder, "ballast"), make([]byte, 2<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	if err := place.TryWriting(t.Context()); replica.ReasonOf(err) != replica.Full {
		t.Errorf("on a full disk: %q %v", replica.ReasonOf(err), err)
	}
	server.Close()
	if err := place.TryWriting(t.Context()); replica.ReasonOf(err) != replica.Silent {
		t.Errorf("of nobody: %q %v", replica.ReasonOf(err), err)
	}
}

func TestWhatTheReceiverRefuses(t *testing.T) {
	server, folder := received(t)
	put := func(name, content, user string, headers ...string) int {
		t.Helper()
		q, err := http.NewRequestWithContext(t.Context(), http.MethodPut, server.URL, strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		q.URL.Opaque = name // as it is, with dots
		q.SetBasicAuth(user, "secret")
		for i := 0; i < len(headers); i += 2 {
			q.Header.Set(headers[i], headers[i+1])
		}
		reply, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		defer reply.Body.Close()
		return reply.StatusCode
	}
	once := []string{"If-None-Match", "*"}
	if got := put("/replica/epochs/0002.json", `{"number":2,"site":"metz"}`, "lyon", once...); got != 201 {
		t.Fatalf("an epoch: %d", got)
	}
	for name, c := range map[string]struct {
		path, user string
		headers    []string
		want       int
	}{
		"another password":        {"/replica/files/ab", "eve", nil, 401},
		"an epoch that is over":   {"/replica/content/e0001-lyon/ltx/0/x.ltx", "lyon", nil, 403},
		"its manifest":            {"/replica/manifests/e0001-lyon.json", "lyon", nil, 403},
		"the same number":         {"/replica/content/e0002-lyon/ltx/0/x.ltx", "lyon", nil, 403},
		"an epoch again":          {"/replica/epochs/0002.json", "lyon", once, 412},
		"an epoch over another":   {"/replica/epochs/0002.json", "lyon", nil, 403},
		"out of the folder":       {"/replica/../x", "lyon", nil, 404},
		"out of it, in code":      {"/replica/%2e%2e/x", "lyon", nil, 404},
		"the mark of the folder":  {"/replica/.replica-target", "lyon", nil, 404},
		"another place":           {"/replicas/x", "lyon", nil, 404},
		"a name with a backslash": {`/replica/a%5cb`, "lyon", nil, 404},
		"the epoch in force":      {"/replica/content/e0002-metz/ltx/0/x.ltx", "lyon", nil, 201},
		"its manifest in force":   {"/replica/manifests/e0002-metz.json", "lyon", nil, 201},
		"an epoch that is none":   {"/replica/epochs/zzz.json", "lyon", once, 403},
		"a file of no epoch":      {"/replica/content/x.ltx", "lyon", nil, 403},
		"another content":         {"/replica/files/2d/2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4882", "lyon", nil, 422},
	} {
		if got := put(c.path, "x", c.user, c.headers...); got != c.want {
			t.Errorf("%s: %d and not %d", name, got, c.want)
		}
	}
	for _, name := range []string{"/replica/", "/replica/epochs", "/replica/epochs/0002.json", "/replica/content", "/replica/content/e0002-metz", "/replica/files"} {
		q, _ := http.NewRequestWithContext(t.Context(), http.MethodDelete, server.URL+name, nil)
		q.SetBasicAuth("lyon", "secret")
		if reply, err := http.DefaultClient.Do(q); err != nil || reply.StatusCode != 403 {
			t.Errorf("DELETE %s: %v %v", name, reply, err)
		}
	}
	for _, method := range []string{"MOVE", "COPY", "LOCK", "PROPPATCH", "POST"} {
		q, _ := http.NewRequestWithContext(t.Context(), method, server.URL+"/replica/epochs/0002.json", nil)
		q.SetBasicAuth("lyon", "secret")
		q.Header.Set("Destination", server.URL+"/replica/x")
		if reply, err := http.DefaultClient.Do(q); err != nil || reply.StatusCode != 405 {
			t.Errorf("%s: %v %v", method, reply, err)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "..", "x")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("written outside: %v", err)
	}
}

// A line that is cut in the middle of a file leaves nothing of it.
func TestAFileThatIsCutShort(t *testing.T) {
	server, folder := received(t)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "PUT /replica/files/ab/x HTTP/1.1\r\nHost: x\r\nAuthorization: Basic bHlvbjpzZWNyZXQ=\r\nContent-Length: 100\r\n\r\nhalf")
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	reply, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err == nil && reply.StatusCode < 400 {
		t.Errorf("answered %d", reply.StatusCode)
	}
	if err == nil {
		io.Copy(io.Discard, reply.Body)
	}
	if left, _ := filepath.Glob(filepath.Join(folder, "files", "ab", "*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}
