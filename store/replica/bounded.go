package replica

import (
	"context"
	"io"
	"sync/atomic"
	"time"

	"selfhelp/store/replica/steady"
)

// bounded is a depot that answers in time: when nothing moves for long, or its context is
// done, whoever asked goes on, also where a disk or a connection heeds neither.
type bounded struct {
	depot
	limit time.Duration
}

// within does something of a depot in its time. What heeds no context is left to itself.
func within[T any](ctx context.Context, limit time.Duration, moved *atomic.Int64, do func() (T, error)) (none T, err error) {
	type answer struct {
		value T
		err   error
	}
	came := make(chan answer, 1)
	go func() {
		v, err := do()
		came <- answer{v, err}
	}()
	for last := int64(-1); moved.Load() != last; {
		last = moved.Load()
		select {
		case a := <-came:
			return a.value, refused(a.err)
		case <-ctx.Done():
			return none, context.Cause(ctx)
		case <-time.After(limit):
		}
	}
	return none, steady.ErrSilent
}

// once is within for what is over with its answer.
func once[T any](ctx context.Context, b bounded, do func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return within(ctx, b.limit, &atomic.Int64{}, func() (T, error) { return do(ctx) })
}

func (b bounded) put(ctx context.Context, name string, r io.ReadSeeker) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	n, err := sizeOf(r)
	if err != nil {
		return err
	}
	m := &movingSeeker{ReadSeeker: r}
	_, err = within(ctx, digesting(b.limit, n), &m.n, func() (struct{}, error) { return struct{}{}, b.depot.put(ctx, name, m) })
	return err
}

func (b bounded) claim(ctx context.Context, name string, content []byte) error {
	_, err := once(ctx, b, func(ctx context.Context) (struct{}, error) { return struct{}{}, b.depot.claim(ctx, name, content) })
	return err
}

func (b bounded) get(ctx context.Context, name string) (io.ReadCloser, error) {
	r, err := within(ctx, b.limit, &atomic.Int64{}, func() (io.ReadCloser, error) { return b.depot.get(ctx, name) })
	if err != nil {
		return nil, err
	}
	return steady.Reader{ReadCloser: r, Limit: b.limit}, nil
}

func (b bounded) list(ctx context.Context, folder string) ([]string, error) {
	return once(ctx, b, func(ctx context.Context) ([]string, error) { return b.depot.list(ctx, folder) })
}

func (b bounded) remove(ctx context.Context, name string) error {
	_, err := once(ctx, b, func(ctx context.Context) (struct{}, error) { return struct{}{}, b.depot.remove(ctx, name) })
	return err
}

func (b bounded) parts(ctx context.Context, folder string, before time.Time) (int, error) {
	return once(ctx, b, func(ctx context.Context) (int, error) { return b.depot.parts(ctx, folder, before) })
}

// movingSeeker counts what was read.
type movingSeeker struct {
	io.ReadSeeker
	n atomic.Int64
}

// Read is that of the reader.
func (m *movingSeeker) Read(b []byte) (int, error) {
	n, err := m.ReadSeeker.Read(b)
	m.n.Add(int64(n))
	return n, err
}
