package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"

	"selfhelp/store/disk"
	"selfhelp/store/trouble"
)

// MaxBatch is how many writes share one commit at most.
const MaxBatch = 256

const (
	sqlBegin    = `BEGIN IMMEDIATE`
	sqlCommit   = `COMMIT`
	sqlRollback = `ROLLBACK`
)

// enough is how many writes a commit is worth waiting for: a larger one is
// hardly cheaper for each, and while it went to the disk nobody would be left
// to prepare the next.
const enough = 12

// patience is how long a write may wait for as many others as shared the commit
// before. A commit costs the processor more than a write does: under load the
// wait makes room for work instead. A write that comes alone never waits.
const patience = time.Millisecond

// writer is the only one who writes to a database. It takes what queued up
// while the commit before was going to the disk and, while many write, what
// comes a moment later.
type writer struct {
	pool       *sql.DB
	conn       *sql.Conn
	statements map[string]*sql.Stmt
	now        func() time.Time
	hooks      Hooks
	jobs       chan *job
	quit       chan struct{} // closed when no more jobs are taken
	stopped    chan struct{} // closed when the last was answered
	folder     *folder
	place      disk.Place // what is committed goes nowhere else
	crowd      int        // writes that shared the last commit
	wait       *time.Timer
	fence      atomic.Pointer[error] // why nothing is written any more; nil while it is
	waits      Waits
	busy       atomic.Int64 // since when it commits, by the machine's steady clock; 0 while it waits
}

// born is what the steady clock counts from.
var born = time.Now()

// job is one write waiting for its turn.
type job struct {
	do    func(*Tx) error
	asked time.Time
	begun atomic.Bool // or given up by the one who asked
	done  chan error
}

func openWriter(ctx context.Context, at disk.Place, o Options) (*writer, error) {
	pool, err := sql.Open("sqlite", dsn(at.Path))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	folder, err := startFolder(at.Path, o.Log)
	if err != nil {
		return nil, errors.Join(err, conn.Close(), pool.Close())
	}
	w := &writer{
		pool: pool, conn: conn, now: o.Now, hooks: o.Hooks, folder: folder, place: at,
		statements: map[string]*sql.Stmt{},
		jobs:       make(chan *job, MaxBatch),
		quit:       make(chan struct{}),
		stopped:    make(chan struct{}),
		wait:       time.NewTimer(0),
	}
	go w.run()
	return w, nil
}

// close answers the writes already asked for and closes the connection.
func (w *writer) close() error {
	close(w.quit)
	<-w.stopped
	errs := []error{w.folder.close()}
	for _, stmt := range w.statements { // an open one would keep the file open
		errs = append(errs, stmt.Close())
	}
	return errors.Join(append(errs, w.conn.Close(), w.pool.Close())...)
}

// write queues do and waits for its commit.
func (w *writer) write(ctx context.Context, do func(*Tx) error) error {
	if why := w.fence.Load(); why != nil {
		return *why
	}
	j := &job{do: do, asked: time.Now(), done: make(chan error, 1)}
	select {
	case w.jobs <- j:
	case <-ctx.Done():
		return trouble.Of(ctx.Err())
	case <-w.quit:
		return trouble.Closing.Because(nil)
	}
	select {
	case err := <-j.done:
		return err
	case <-w.stopped:
	case <-ctx.Done():
		if j.begun.CompareAndSwap(false, true) {
			return trouble.Of(ctx.Err())
		}
	}
	select { // begun: the commit is a matter of milliseconds
	case err := <-j.done:
		return err
	case <-w.stopped:
	}
	select {
	case err := <-j.done:
		return err
	default:
		return trouble.Closing.Because(nil)
	}
}

func (w *writer) run() {
	defer close(w.stopped)
	for {
		select {
		case j := <-w.jobs:
			w.commit(w.gather(j))
			continue
		case <-w.quit:
		}
		select {
		case j := <-w.jobs:
			w.commit(w.gather(j))
		default:
			return
		}
	}
}

// gather takes what is queued behind the first job, and waits a moment for as
// many as came the last time, if they are not enough by then. Giving way once lets those who were just answered
// queue their next.
func (w *writer) gather(first *job) []*job {
	runtime.Gosched()
	w.wait.Reset(patience)
	batch := make([]*job, 0, max(w.crowd, 8))
	for j := first; j != nil; j = w.another(len(batch) < min(w.crowd, enough)) {
		if j.begun.CompareAndSwap(false, true) {
			w.waits.Add(time.Since(j.asked))
			batch = append(batch, j)
		}
		if len(batch) == MaxBatch {
			break // what was taken here would never be answered
		}
	}
	w.crowd = len(batch)
	return batch
}

// another returns the next queued job; nil when there is none, or none came
// while it was worth waiting.
func (w *writer) another(wait bool) *job {
	select {
	case j := <-w.jobs:
		return j
	default:
	}
	if !wait {
		return nil
	}
	select {
	case j := <-w.jobs:
		return j
	case <-w.wait.C:
	case <-w.quit:
	}
	return nil
}

// commit does a batch in one transaction. If that fails, each job gets one of
// its own, so that nobody pays for another.
func (w *writer) commit(batch []*job) {
	w.busy.Store(int64(time.Since(born)) + 1)
	defer w.busy.Store(0)
	results := make([]error, len(batch))
	if err := w.attempt(batch, results); err != nil {
		for i := range batch {
			results[i] = err
			if len(batch) > 1 {
				results[i] = w.alone(batch[i])
			}
		}
	}
	for i, j := range batch {
		j.done <- results[i]
	}
	w.folder.count(len(batch))
}

// alone does one job in a transaction of its own.
func (w *writer) alone(j *job) error {
	var result [1]error
	if err := w.attempt([]*job{j}, result[:]); err != nil {
		return err
	}
	return result[0]
}

// attempt fills in the result of each job and commits. A job that fails before
// it wrote anything is nobody else's business; any other failure undoes all.
func (w *writer) attempt(batch []*job, results []error) error {
	t := &Tx{Context: context.Background(), Now: w.now(), prepare: w.statement, ran: w.hooks.Ran}
	if w.hooks.Begin != nil {
		t.Beside = w.hooks.Begin()
	}
	if err := w.exec(sqlBegin); err != nil {
		return fmt.Errorf("begin: %w", trouble.Of(err))
	}
	for i, j := range batch {
		t.wrote = false
		results[i] = guarded(j.do, t)
		if t.broken != nil {
			return w.undo(t.broken)
		}
		if err := results[i]; err != nil && (t.wrote || !trouble.Known(err)) {
			return w.undo(err)
		}
	}
	if w.hooks.Settle != nil {
		if err := w.hooks.Settle(t); err != nil {
			return w.undo(err)
		}
	}
	if err := w.place.Check(); err != nil {
		return w.undo(err)
	}
	if err := w.exec(sqlCommit); err != nil {
		return w.undo(fmt.Errorf("commit: %w", trouble.Of(err)))
	}
	if w.hooks.Committed != nil {
		w.hooks.Committed(t)
	}
	return nil
}

// undo rolls back and returns the error that asked for it. SQLite has often
// rolled back by itself by then, and says so: that is no news.
func (w *writer) undo(err error) error {
	_ = w.exec(sqlRollback)
	return err
}

func (w *writer) exec(query string) error {
	stmt, err := w.statement(query)
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(context.Background())
	return err
}

// statement returns the prepared form of a statement.
func (w *writer) statement(query string) (*sql.Stmt, error) {
	if stmt, ok := w.statements[query]; ok {
		return stmt, nil
	}
	stmt, err := w.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	w.statements[query] = stmt
	return stmt, nil
}

// guarded runs a job; its panic is its caller's error, not the end of the one
// goroutine that writes.
func guarded(do func(*Tx) error, t *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			t.wrote = true
			err = fmt.Errorf("panic in a transaction: %v\n%s", p, debug.Stack())
		}
	}()
	return do(t)
}
