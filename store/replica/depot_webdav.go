package replica

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"time"

	"github.com/studio-b12/gowebdav"

	"selfhelp/store/replica/steady"
)

// received is a depot at a server that speaks WebDAV (RFC 4918), like the one of
// ours at the second site.
type received struct {
	url   string
	auth  gowebdav.Authorizer // what was agreed once holds for all that follows
	root  string
	limit time.Duration // after which silence is given up
}

func openWebDAV(t Target) received {
	return received{t.URL, gowebdav.NewAutoAuth(t.User, t.Password), t.Path, cmp.Or(t.Silence, steady.Silence)}
}

// asked is a client whose questions end with a context, and when nothing moves for long.
func (w received) asked(ctx context.Context) *gowebdav.Client {
	c := gowebdav.NewAuthClient(w.url, w.auth)
	c.SetTransport(heeding{ctx, w.limit})
	return c
}

func (w received) path(name string) string { return path.Join("/", w.root, name) }

func (w received) put(ctx context.Context, name string, r io.ReadSeeker) error {
	n, err := sizeOf(r)
	if err == nil {
		err = w.asked(ctx).WriteStreamWithLength(w.path(name), r, n, 0o600)
	}
	return err
}

func (w received) claim(ctx context.Context, name string, content []byte) error {
	c := w.asked(ctx)
	c.SetHeader("If-None-Match", "*") // RFC 9110 §13.1.2
	err := c.WriteStreamWithLength(w.path(name), bytes.NewReader(content), int64(len(content)), 0o600)
	if gowebdav.IsErrCode(err, 412) {
		return fmt.Errorf("%s: %w", name, fs.ErrExist)
	}
	return err
}

func (w received) get(ctx context.Context, name string) (io.ReadCloser, error) {
	r, err := w.asked(ctx).ReadStream(w.path(name))
	return r, missing(err)
}

// infos are those of what is in a folder, nothing where there is no such.
func (w received) infos(ctx context.Context, dir string) ([]fs.FileInfo, error) {
	all, err := w.asked(ctx).ReadDir(w.path(dir))
	if err = missing(err); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return all, nil
}

func (w received) list(ctx context.Context, dir string) (names []string, err error) {
	all, err := w.infos(ctx, dir)
	for _, e := range all {
		names = append(names, e.Name())
	}
	return names, err
}

func (w received) remove(ctx context.Context, name string) error {
	err := missing(w.asked(ctx).Remove(w.path(name)))
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

// digested is how many bytes a server brings to its disk in a second, at least, before
// it says that it has what was sent.
const digested = 4 << 20

// digesting is how long a server may be silent with so many bytes.
func digesting(limit time.Duration, bytes int64) time.Duration {
	return limit + time.Duration(max(0, bytes)/digested)*time.Second
}

// heeding is a transport whose requests end with a context, which the client of WebDAV
// knows nothing of, or when nothing moves for long.
type heeding struct {
	ctx   context.Context
	limit time.Duration
}

// RoundTrip is that of the usual transport.
func (h heeding) RoundTrip(q *http.Request) (*http.Response, error) {
	ctx, end := context.WithCancelCause(h.ctx)
	limit := digesting(h.limit, q.ContentLength)
	quiet := time.AfterFunc(limit, func() { end(steady.ErrSilent) })
	q = q.WithContext(ctx)
	if q.Body != nil {
		q.Body = sending{q.Body, quiet, limit}
	}
	a, err := http.DefaultTransport.RoundTrip(q)
	if err != nil {
		quiet.Stop()
		if errors.Is(context.Cause(ctx), steady.ErrSilent) {
			err = steady.ErrSilent
		}
		end(nil)
		return nil, err
	}
	quiet.Stop()
	a.Body = &coming{a.Body, h.limit, end}
	return a, nil
}

// sending is a body that is sent: each part of it has its time, and so has the answer
// after the last one.
type sending struct {
	io.ReadCloser
	quiet *time.Timer
	limit time.Duration
}

// Read is that of the body.
func (s sending) Read(b []byte) (int, error) {
	s.quiet.Reset(s.limit)
	return s.ReadCloser.Read(b)
}

// coming is a body that is received: each part of it has its time once it is asked for.
type coming struct {
	io.ReadCloser
	limit time.Duration
	end   context.CancelCauseFunc
}

// Read is that of the body.
func (c *coming) Read(b []byte) (int, error) {
	quiet := time.AfterFunc(c.limit, func() { c.end(steady.ErrSilent) })
	defer quiet.Stop()
	return c.ReadCloser.Read(b)
}

// Close is that of the body.
func (c *coming) Close() error {
	err := c.ReadCloser.Close()
	c.end(nil)
	return err
}
