// Package steady asks over connections that may fall silent without a word, and gives them
// up then. It knows the replicator's clients by their common face, and refuses to know what
// they speak, and what is asked.
//
// Its main names are Client, Reader and ErrSilent.
package steady

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"
)

// Silence is how long nothing may come of what was asked over a connection.
const Silence = 30 * time.Second

// ErrSilent says that a connection is given up.
var ErrSilent = errors.New("the target fell silent: it is asked over a new connection the next time")

// connections is how many clients of one database there are: one may bring a whole
// database over while the others go on.
const connections = 3

// Client is a replicator's client that asks over another connection when one fell silent:
// somebody between forgot it, and tells neither side. The client of SFTP knows no limit of
// time and does not listen to contexts, and what several ask of it at once when its
// connection is lost, it closes twice. So each is used by one at a time, and one that
// does not answer is left to itself.
type Client struct {
	fresh func() litestream.ReplicaClient
	limit time.Duration
	free  chan litestream.ReplicaClient
	log   atomic.Pointer[slog.Logger]
}

// New is a client that takes fresh ones, and gives one up after so long without a word.
func New(fresh func() litestream.ReplicaClient, limit time.Duration) *Client {
	s := &Client{fresh: fresh, limit: limit, free: make(chan litestream.ReplicaClient, connections)}
	s.log.Store(slog.Default())
	for range connections {
		s.free <- fresh()
	}
	return s
}

// ask does something with a client, until ctx is done or nothing moves any more.
func ask[T any](ctx context.Context, s *Client, moved *atomic.Int64, do func(litestream.ReplicaClient) (T, error)) (none T, err error) {
	var c litestream.ReplicaClient
	select {
	case c = <-s.free:
	case <-ctx.Done():
		return none, context.Cause(ctx)
	}
	type answer struct {
		value T
		err   error
	}
	came, silent := make(chan answer, 1), make(chan struct{})
	go func() {
		c.SetLogger(s.log.Load())
		v, err := do(c)
		came <- answer{v, err}
	}()
	result := make(chan answer, 1)
	go func() { // also after ctx is done: the client is free only then
		for last := int64(-1); moved.Load() != last; {
			last = moved.Load()
			select {
			case a := <-came:
				s.free <- c
				result <- a
				return
			case <-time.After(s.limit):
			}
		}
		s.free <- s.fresh()
		close(silent)
	}()
	select {
	case a := <-result:
		return a.value, a.err
	case <-silent:
		return none, ErrSilent
	case <-ctx.Done():
		return none, context.Cause(ctx)
	}
}

// try is ask for what moves nothing but itself.
func (s *Client) try(ctx context.Context, do func(litestream.ReplicaClient) error) error {
	_, err := ask(ctx, s, &atomic.Int64{}, func(c litestream.ReplicaClient) (struct{}, error) { return struct{}{}, do(c) })
	return err
}

// Type is that of the client.
func (s *Client) Type() string { return s.fresh().Type() }

// SetLogger is that of the client.
func (s *Client) SetLogger(log *slog.Logger) { s.log.Store(log) }

// Init is that of the client.
func (s *Client) Init(ctx context.Context) error {
	return s.try(ctx, func(c litestream.ReplicaClient) error { return c.Init(ctx) })
}

// LTXFiles is that of the client.
func (s *Client) LTXFiles(ctx context.Context, level int, from ltx.TXID, exact bool) (ltx.FileIterator, error) {
	return ask(ctx, s, &atomic.Int64{}, func(c litestream.ReplicaClient) (ltx.FileIterator, error) { return c.LTXFiles(ctx, level, from, exact) })
}

// OpenLTXFile is that of the client.
func (s *Client) OpenLTXFile(ctx context.Context, level int, low, high ltx.TXID, offset, size int64) (io.ReadCloser, error) {
	r, err := ask(ctx, s, &atomic.Int64{}, func(c litestream.ReplicaClient) (io.ReadCloser, error) {
		return c.OpenLTXFile(ctx, level, low, high, offset, size)
	})
	if err != nil {
		return nil, err
	}
	return Reader{r, s.limit}, nil
}

// WriteLTXFile is that of the client.
func (s *Client) WriteLTXFile(ctx context.Context, level int, low, high ltx.TXID, r io.Reader) (*ltx.FileInfo, error) {
	m := &Moving{Reader: r}
	return ask(ctx, s, &m.N, func(c litestream.ReplicaClient) (*ltx.FileInfo, error) {
		return c.WriteLTXFile(ctx, level, low, high, m)
	})
}

// DeleteLTXFiles is that of the client.
func (s *Client) DeleteLTXFiles(ctx context.Context, gone []*ltx.FileInfo) error {
	for _, f := range gone { // one by one: many take their time
		if err := s.try(ctx, func(c litestream.ReplicaClient) error { return c.DeleteLTXFiles(ctx, []*ltx.FileInfo{f}) }); err != nil {
			return err
		}
	}
	return nil
}

// DeleteAll is that of the client.
func (s *Client) DeleteAll(ctx context.Context) error { return s.fresh().DeleteAll(ctx) }

// Moving counts what was read.
type Moving struct {
	io.Reader
	N atomic.Int64
}

// Read is that of the reader.
func (m *Moving) Read(b []byte) (int, error) {
	n, err := m.Reader.Read(b)
	m.N.Add(int64(n))
	return n, err
}

// Reader gives up reading what does not come.
type Reader struct {
	io.ReadCloser
	Limit time.Duration
}

// Read is that of the reader.
func (r Reader) Read(b []byte) (int, error) {
	type read struct {
		n   int
		err error
	}
	came := make(chan read, 1)
	go func() {
		n, err := r.ReadCloser.Read(b)
		came <- read{n, err}
	}()
	select {
	case got := <-came:
		return got.n, got.err
	case <-time.After(r.Limit):
		return 0, ErrSilent
	}
}

// Close is that of the reader. One that is silent is not waited for.
func (r Reader) Close() error {
	closed := make(chan error, 1)
	go func() { closed <- r.ReadCloser.Close() }()
	select {
	case err := <-closed:
		return err
	case <-time.After(r.Limit):
		return ErrSilent
	}
}
