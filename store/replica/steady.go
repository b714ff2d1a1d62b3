package replica

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"
)

// silence is how long nothing may come of what was asked over a connection.
const silence = 30 * time.Second

// errSilent says that a connection is given up.
var errSilent = errors.New("the target fell silent: it is asked over a new connection the next time")

// steady is a client that asks over a new connection after one fell silent: somebody
// between forgot it, and tells neither side. The client of SFTP knows no limit of time
// and does not listen to contexts; what was asked in vain is left to itself.
type steady struct {
	fresh func() litestream.ReplicaClient
	limit time.Duration
	mu    sync.Mutex
	now   litestream.ReplicaClient
	log   *slog.Logger
}

func newSteady(fresh func() litestream.ReplicaClient, limit time.Duration) *steady {
	return &steady{fresh: fresh, limit: limit, now: fresh(), log: slog.Default()}
}

func (s *steady) client() litestream.ReplicaClient {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// drop gives a client up, unless another one took its place already.
func (s *steady) drop(c litestream.ReplicaClient) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now == c {
		s.now = s.fresh()
		s.now.SetLogger(s.log)
	}
}

// ask does something with the client, until ctx is done or nothing moves any more.
func ask[T any](ctx context.Context, s *steady, moved *atomic.Int64, do func(litestream.ReplicaClient) (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	var none T
	c, came, ended, silent := s.client(), make(chan answer, 1), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		v, err := do(c)
		came <- answer{v, err}
	}()
	go func() { // also after ctx is done: somebody has to notice
		for last := int64(-1); moved.Load() != last; {
			last = moved.Load()
			select {
			case <-ended:
				return
			case <-time.After(s.limit):
			}
		}
		s.drop(c)
		close(silent)
	}()
	select {
	case a := <-came:
		return a.value, a.err
	case <-silent:
		return none, errSilent
	case <-ctx.Done():
		return none, context.Cause(ctx)
	}
}

// try is ask for what moves nothing but itself.
func (s *steady) try(ctx context.Context, do func(litestream.ReplicaClient) error) error {
	_, err := ask(ctx, s, &atomic.Int64{}, func(c litestream.ReplicaClient) (struct{}, error) { return struct{}{}, do(c) })
	return err
}

// Type is that of the client.
func (s *steady) Type() string { return s.client().Type() }

// SetLogger is that of the client.
func (s *steady) SetLogger(log *slog.Logger) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = log
	s.now.SetLogger(log)
}

// Init is that of the client.
func (s *steady) Init(ctx context.Context) error {
	return s.try(ctx, func(c litestream.ReplicaClient) error { return c.Init(ctx) })
}

// LTXFiles is that of the client.
func (s *steady) LTXFiles(ctx context.Context, level int, from ltx.TXID, exact bool) (ltx.FileIterator, error) {
	return ask(ctx, s, &atomic.Int64{}, func(c litestream.ReplicaClient) (ltx.FileIterator, error) { return c.LTXFiles(ctx, level, from, exact) })
}

// OpenLTXFile is that of the client.
func (s *steady) OpenLTXFile(ctx context.Context, level int, low, high ltx.TXID, offset, size int64) (io.ReadCloser, error) {
	r, err := ask(ctx, s, &atomic.Int64{}, func(c litestream.ReplicaClient) (io.ReadCloser, error) {
		return c.OpenLTXFile(ctx, level, low, high, offset, size)
	})
	if err != nil {
		return nil, err
	}
	return steadyReader{r, ctx, s}, nil
}

// WriteLTXFile is that of the client.
func (s *steady) WriteLTXFile(ctx context.Context, level int, low, high ltx.TXID, r io.Reader) (*ltx.FileInfo, error) {
	m := &moving{Reader: r}
	return ask(ctx, s, &m.n, func(c litestream.ReplicaClient) (*ltx.FileInfo, error) {
		return c.WriteLTXFile(ctx, level, low, high, m)
	})
}

// DeleteLTXFiles is that of the client.
func (s *steady) DeleteLTXFiles(ctx context.Context, gone []*ltx.FileInfo) error {
	for _, f := range gone { // one by one: many take their time
		if err := s.try(ctx, func(c litestream.ReplicaClient) error { return c.DeleteLTXFiles(ctx, []*ltx.FileInfo{f}) }); err != nil {
			return err
		}
	}
	return nil
}

// DeleteAll is that of the client.
func (s *steady) DeleteAll(ctx context.Context) error { return s.client().DeleteAll(ctx) }

// moving counts what was read.
type moving struct {
	io.Reader
	n atomic.Int64
}

// Read is that of the reader.
func (m *moving) Read(b []byte) (int, error) {
	n, err := m.Reader.Read(b)
	m.n.Add(int64(n))
	return n, err
}

// steadyReader gives up reading what does not come.
type steadyReader struct {
	io.ReadCloser
	ctx context.Context //nolint:containedctx // of who opened it: a reader takes none
	s   *steady
}

// Read is that of the reader.
func (r steadyReader) Read(b []byte) (int, error) {
	return ask(r.ctx, r.s, &atomic.Int64{}, func(litestream.ReplicaClient) (int, error) { return r.ReadCloser.Read(b) })
}

// Close is that of the reader. One that fell silent answers to nothing.
func (r steadyReader) Close() error {
	return r.s.try(context.WithoutCancel(r.ctx), func(litestream.ReplicaClient) error { return r.ReadCloser.Close() })
}
