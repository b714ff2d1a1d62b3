package peer

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
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
	"time"

	"golang.org/x/net/webdav"

	"selfhelp/store/replica"
)

// Prefix is where replicas are received, so that a path says what it is for.
const Prefix = "/replica"

// mostOf is how large one file of a replica may be, in bytes.
const mostOf = 64 << 30

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
		r.dav.ServeHTTP(w, q)
		return
	}
	// A whole database may take longer than a page does.
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(time.Hour)); err != nil {
		r.Log.Debug("the time for a file of a replica is that of pages", "err", err)
	}
	status, err := r.take(q, name)
	if err != nil {
		r.Log.Error("a file of a replica was not received", "name", name, "err", err)
		http.Error(w, http.StatusText(status), status)
		return
	}
	w.WriteHeader(status)
}

// refused says why a change is not made, "" when it is.
func (r *Receiver) refused(q *http.Request, name string) string {
	if strings.HasPrefix(name, "/epochs/") && name != "/epochs/" {
		if q.Method != http.MethodPut || q.Header.Get("If-None-Match") != "*" {
			return "an epoch is entered once and stays"
		}
		return ""
	}
	for part := range strings.SplitSeq(name, "/") {
		own, err := replica.ParseEpoch(strings.TrimSuffix(part, ".json"))
		if err != nil {
			continue
		}
		latest, err := r.latest()
		if err != nil {
			return "the epochs cannot be read"
		}
		if own.Number < latest.Number || own.Number == latest.Number && own.Site != latest.Site {
			return fmt.Sprintf("epoch %s is over: %s is in force", own.Name(), latest.Name())
		}
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

// take writes what was sent beside its name first, and only what came whole gets
// the name.
func (r *Receiver) take(q *http.Request, name string) (status int, err error) {
	to := filepath.Join(r.Folder, filepath.FromSlash(name))
	dir := filepath.Dir(to)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return http.StatusConflict, err
	}
	tmp, err := os.CreateTemp(dir, ".part-*")
	if err != nil {
		return http.StatusInternalServerError, err
	}
	defer os.Remove(tmp.Name()) // gone once it has its name
	n, err := io.Copy(tmp, io.LimitReader(q.Body, mostOf))
	if err == nil && q.ContentLength >= 0 && n != q.ContentLength {
		err = fmt.Errorf("%d of %d bytes came: %w", n, q.ContentLength, io.ErrUnexpectedEOF)
	}
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return http.StatusInsufficientStorage, err
	}
	settle := os.Rename
	if q.Header.Get("If-None-Match") == "*" {
		settle = os.Link
	}
	if err := settle(tmp.Name(), to); errors.Is(err, fs.ErrExist) {
		return http.StatusPreconditionFailed, err
	} else if err != nil {
		return http.StatusInternalServerError, err
	}
	return http.StatusCreated, replica.SyncFolder(dir)
}
