package replica

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/studio-b12/gowebdav"
)

// received is a depot at a server that speaks WebDAV (RFC 4918), like the one of
// ours at the second site.
type received struct {
	client *gowebdav.Client
	only   *gowebdav.Client // writes only what is not there
	root   string
}

func openWebDAV(t Target) depot {
	w := received{gowebdav.NewClient(t.URL, t.User, t.Password), gowebdav.NewClient(t.URL, t.User, t.Password), t.Path}
	w.only.SetHeader("If-None-Match", "*") // RFC 9110 §13.1.2
	w.client.SetTimeout(5 * time.Minute)
	w.only.SetTimeout(time.Minute)
	return w
}

func (w received) path(name string) string { return path.Join("/", w.root, name) }

// put writes to a file of ours first: the length has to be known beforehand.
func (w received) put(_ context.Context, name string, r io.Reader) error {
	tmp, err := os.CreateTemp("", "selfhelp-put-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	n, err := io.Copy(tmp, r)
	if err != nil {
		return err
	}
	if _, err := tmp.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return w.client.WriteStreamWithLength(w.path(name), tmp, n, 0o600)
}

func (w received) claim(_ context.Context, name string, content []byte) error {
	err := w.only.WriteStreamWithLength(w.path(name), bytes.NewReader(content), int64(len(content)), 0o600)
	if gowebdav.IsErrCode(err, 412) {
		return fmt.Errorf("%s: %w", name, fs.ErrExist)
	}
	return err
}

func (w received) get(_ context.Context, name string) (io.ReadCloser, error) {
	r, err := w.client.ReadStream(w.path(name))
	return r, missing(err)
}

func (w received) list(_ context.Context, dir string) (names []string, err error) {
	all, err := w.client.ReadDir(w.path(dir))
	if err = missing(err); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range all {
		names = append(names, e.Name())
	}
	return names, nil
}

func (w received) remove(_ context.Context, name string) error {
	if err := missing(w.client.Remove(w.path(name))); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (received) close() error { return nil }

// missing says in Go's words that there is nothing of a name.
func missing(err error) error {
	if err != nil && gowebdav.IsErrNotFound(err) {
		return fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	return err
}
