package replica

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
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

func (w received) put(_ context.Context, name string, r io.ReadSeeker) error {
	n, err := sizeOf(r)
	if err == nil {
		err = w.client.WriteStreamWithLength(w.path(name), r, n, 0o600)
	}
	return err
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
	err := missing(w.client.Remove(w.path(name)))
	if gowebdav.IsErrCode(err, 403) {
		return fmt.Errorf("%s: %w", name, fs.ErrPermission)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// parts finds none: those that a receiver of ours began lie where it knows them.
func (received) parts(context.Context, string, time.Time) (int, error) { return 0, nil }

func (received) close() error { return nil }

// missing says in Go's words that there is nothing of a name.
func missing(err error) error {
	if err != nil && gowebdav.IsErrNotFound(err) {
		return fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	return err
}
