package peer

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/net/webdav"

	"selfhelp/store/replica"
)

// Prefix is where replicas are received, so that a path says what it is for.
const Prefix = "/replica"

// What one file of a replica may take: bytes, and time to arrive.
const (
	mostOf   = 64 << 30
	mostTime = time.Hour
)

// Receiver takes replicas from another site by WebDAV (RFC 4918), as the official
// program and ours write them. A file is there whole or not at all, and on the
// disk when the answer says so. What an epoch writes that is over is refused: a
// server that was replaced and comes back changes nothing.
type Receiver struct {
	Folder   string // a prepared target
	User     string
	Password string
	Log      *slog.Logger

	dav   webdav.Handler
	ready sync.Once
	// changing is held while a folder is made or a file goes: the handler refuses a second
	// change of one place, and who copies two databases makes the same folders at once.
	changing sync.Mutex
}

// the names that are received: folders and files of replicas, of files, epochs and
// manifests.
var namePattern = regexp.MustCompile(`^(/[a-z0-9][a-z0-9.-]*)*/?$`)

// ServeHTTP answers one request.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	r.ready.Do(func() {
		r.dav = webdav.Handler{Prefix: Prefix, FileSystem: webdav.Dir(r.Folder), LockSystem: webdav.NewMemLS()}
	})
	if !r.knows(q) {
		w.Header().Set("WWW-Authenticate", `Basic realm="replicas"`)
		http.Error(w, "user and password are those of x-app receive", http.StatusUnauthorized)
		return
	}
	if q.Method == http.MethodOptions { // clients ask at the root whether anybody is there
		w.Header().Set("DAV", "1")
		return
	}
	name, ours := strings.CutPrefix(q.URL.Path, Prefix)
	if !ours || !namePattern.MatchString(name) || path.Clean("/"+name) != "/"+strings.Trim(name, "/") {
		http.Error(w, "no such name in a replica", http.StatusNotFound)
		return
	}
	switch q.Method {
	case http.MethodGet, http.MethodHead, "PROPFIND":
		r.dav.ServeHTTP(w, q)
	case http.MethodPut, http.MethodDelete, "MKCOL":
		r.change(w, q, name)
	default:
		http.Error(w, "not used that way", http.StatusMethodNotAllowed)
	}
}

// knows compares in a time that does not depend on what is right.
func (r *Receiver) knows(q *http.Request) bool {
	user, password, _ := q.BasicAuth()
	a := subtle.ConstantTimeCompare([]byte(user), []byte(r.User))
	b := subtle.ConstantTimeCompare([]byte(password), []byte(r.Password))
	return r.Password != "" && a&b == 1
}

// change lets the epoch in force write.
func (r *Receiver) change(w http.ResponseWriter, q *http.Request, name string) {
	if err := replica.Prepared(r.Folder); err != nil {
		r.Log.Error("a replica cannot be received", "err", err)
		http.Error(w, "the folder of replicas is not there", http.StatusServiceUnavailable)
		return
	}
	if why := r.refused(q, name); why != "" {
		r.Log.Warn("a change of a replica was refused", "method", q.Method, "name", name, "why", why)
		http.Error(w, why, http.StatusForbidden)
		return
	}
	if q.Method != http.MethodPut {
		r.changing.Lock()
		defer r.changing.Unlock()
		r.dav.ServeHTTP(w, q)
		return
	}
	// A whole database may take longer than a page does.
	long := time.Now().Add(mostTime)
	answer := http.NewResponseController(w)
	if err := errors.Join(answer.SetReadDeadline(long), answer.SetWriteDeadline(long)); err != nil {
		r.Log.Debug("the time for a file of a replica is that of pages", "err", err)
	}
	status, err := r.take(w, q, strings.TrimPrefix(name, "/"))
	if errors.Is(err, fs.ErrExist) { // whoever starts again asks so whether its epoch is the one that was entered
		http.Error(w, http.StatusText(status), status)
		return
	}
	if err != nil {
		r.Log.Error("a file of a replica was not received", "name", name, "err", err)
		http.Error(w, http.StatusText(status), status)
		return
	}
	w.WriteHeader(status)
}

// What is changed: epochs are entered once, contents stand under their hash and stay,
// and everything else belongs to an epoch.
var (
	epochFile   = regexp.MustCompile(`^/epochs/\d{4,}\.json$`)
	contentFile = regexp.MustCompile(`^/files/([0-9a-f]{2})/([0-9a-f]{64})$`)
	ofEpoch     = regexp.MustCompile(`^/(?:manifests/|[a-z0-9-]+/)(e\d{4,}-[a-z0-9-]+)(?:\.json$|/)`)
)

// refused says why a change is not made, "" when it is.
func (r *Receiver) refused(q *http.Request, name string) string {
	if q.Method == "MKCOL" {
		return "" // a folder opens nothing, and every file makes its own
	}
	if epochFile.MatchString(name) && q.Method == http.MethodPut {
		if q.Header.Get("If-None-Match") != "*" {
			return "an epoch is entered once and stays"
		}
		return ""
	}
	if contentFile.MatchString(name) && q.Method == http.MethodPut {
		return ""
	}
	part := ofEpoch.FindStringSubmatch(name)
	if part == nil || q.Method == http.MethodDelete && !strings.HasSuffix(name, ".ltx") {
		return "this is not changed from elsewhere"
	}
	return r.isOver(part[1])
}

// isOver says why an epoch is not written to any more, "" while it is in force.
func (r *Receiver) isOver(name string) string {
	own, err := replica.ParseEpoch(name)
	if err != nil {
		return err.Error()
	}
	latest, err := r.latest()
	if err != nil {
		return "the epochs cannot be read"
	}
	if own.Number < latest.Number || own.Number == latest.Number && own.Site != latest.Site {
		return fmt.Sprintf("epoch %s is over: %s is in force", own.Name(), latest.Name())
	}
	return ""
}

// latest is the highest epoch that was entered, the zero one before the first.
func (r *Receiver) latest() (e replica.Epoch, err error) {
	names, err := filepath.Glob(filepath.Join(r.Folder, "epochs", "*.json"))
	if err != nil || len(names) == 0 {
		return e, err
	}
	b, err := os.ReadFile(names[len(names)-1]) // Glob sorts
	if err != nil {
		return e, err
	}
	return e, json.Unmarshal(b, &e)
}

// take keeps what was sent, whole or not at all. A content has to be what its name
// says; an epoch has to be one.
func (r *Receiver) take(w http.ResponseWriter, q *http.Request, name string) (status int, err error) {
	body := &counted{Reader: http.MaxBytesReader(w, q.Body, mostOf), sum: sha256.New(), want: q.ContentLength}
	if content := contentFile.FindStringSubmatch("/" + name); content != nil {
		body.hash = content[2]
	}
	err = replica.Receive(r.Folder, name, body, q.Header.Get("If-None-Match") == "*")
	switch {
	case err == nil:
		return http.StatusCreated, nil
	case errors.Is(err, fs.ErrExist):
		return http.StatusPreconditionFailed, err
	case errors.Is(err, errOther):
		return http.StatusUnprocessableEntity, err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return http.StatusInsufficientStorage, err
	}
	return http.StatusInternalServerError, err
}

// errOther says that what came is not what was announced.
var errOther = errors.New("what came is not what was announced")

// counted reads a body to its end, and fails there when it is not what was announced.
type counted struct {
	io.Reader
	sum  hash.Hash
	n    int64
	want int64  // bytes; negative where nothing was said
	hash string // SHA-256 in hex; "" where it may be anything
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += int64(n)
	c.sum.Write(b[:n])
	if err != io.EOF {
		return n, err
	}
	if c.want >= 0 && c.n != c.want || c.hash != "" && hex.EncodeToString(c.sum.Sum(nil)) != c.hash {
		return n, errOther
	}
	return n, err
}
