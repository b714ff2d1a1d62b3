package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"modernc.org/sqlite"

	"selfhelp/store/disk"
	"selfhelp/store/shape"
	"selfhelp/store/trouble"
)

// readLimit is how long one read may take: a longer one would keep the log of
// changes from being folded back, and let it grow.
const readLimit = 10 * time.Second

// DB is one SQLite file: a writer that groups commits, and readers.
type DB struct {
	Name     string
	place    disk.Place
	Now      func() time.Time
	readers  *sql.DB
	writer   *writer
	prepared sync.Map // of the readers: SQL → *sql.Stmt
}

// Options say how to open a database; each is needed.
type Options struct {
	Now   func() time.Time
	Log   *slog.Logger
	Hooks Hooks
}

// Hooks are what the owner of a database does with each transaction of its
// writer. None of them is needed.
type Hooks struct {
	Begin     func() any                // makes what stands beside the transaction
	Ran       func(t *Tx, query string) // after each statement that changes something
	Settle    func(*Tx) error           // last in the transaction
	Committed func(*Tx)                 // once it is on the disk
}

// Open opens and migrates the database of a schema in a folder.
func Open(ctx context.Context, dir string, s shape.Schema, o Options) (*DB, error) {
	d := &DB{
		Name: s.Name, place: disk.Place{Path: filepath.Join(dir, s.Name+".db")}, Now: o.Now,
	}
	if err := d.open(ctx, s, o); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", d.place.Path, trouble.Of(err)), d.Close())
	}
	return d, nil
}

func (d *DB) open(ctx context.Context, s shape.Schema, o Options) error {
	// What the libraries of Linux distributions do, too: all that is needed to
	// read the data back reaches the disk, without the file's times. Where the
	// system has no such call, the driver keeps to the other one.
	if _, err := sqlite.Fdatasync(true); err != nil && !errors.Is(err, sqlite.ErrFdatasyncUnavailable) {
		return err
	}
	if err := disk.CreatePrivate(d.place.Path); err != nil {
		return err
	}
	if err := shape.Migrate(ctx, d.place.Path, s, d.Now(), o.Log); err != nil {
		return err
	}
	var err error
	if d.place.File, err = os.Stat(d.place.Path); err != nil {
		return err
	}
	if d.writer, err = openWriter(ctx, d.place, o); err != nil {
		return err
	}
	d.readers, err = sql.Open("sqlite", dsn(d.place.Path, "query_only(ON)"))
	if err != nil {
		return err
	}
	n := max(4, runtime.NumCPU())
	d.readers.SetMaxOpenConns(n)
	d.readers.SetMaxIdleConns(n)
	return d.readers.PingContext(ctx)
}

// dsn names a database with the settings every connection of ours has, and
// more. The driver runs busy_timeout first, wherever it stands.
func dsn(path string, more ...string) string {
	q := url.Values{"_pragma": append([]string{
		"busy_timeout(5000)",
		"journal_mode(WAL)",
		"synchronous(FULL)",
		"foreign_keys(ON)",
		"wal_autocheckpoint(10000)",
		"cache_size(-16384)",
		"temp_store(MEMORY)",
		"secure_delete(ON)", // what was erased does not stay in the file
	}, more...)}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String()
}

// Close answers the writes already asked for and closes the database.
func (d *DB) Close() error {
	var errs []error
	if d.readers != nil {
		errs = append(errs, d.readers.Close())
	}
	if d.writer != nil {
		errs = append(errs, d.writer.close())
	}
	return errors.Join(errs...)
}

// Write runs do in a transaction and returns when it is on the disk. Others may
// share the transaction, and do may run twice: it must only touch what it is
// given, and set its results afresh. The transaction is not cut short when ctx
// ends; only the wait for it is, but do finds the values of ctx in the
// transaction's. The error says what was being done.
func (d *DB) Write(ctx context.Context, what string, do func(*Tx) error) error {
	if d.writer == nil {
		return fmt.Errorf("%s: %w", what, trouble.ReadOnly.Because(nil)) // see Read
	}
	kept := context.WithoutCancel(ctx)
	err := d.writer.write(ctx, func(t *Tx) error {
		t.Context = kept
		return do(t)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// Written is Write for what has a result, which is the zero value on failure.
func Written[T any](ctx context.Context, d *DB, what string, do func(*Tx) (T, error)) (T, error) {
	var result T
	err := d.Write(ctx, what, func(t *Tx) (err error) {
		result, err = do(t)
		return err
	})
	if err != nil {
		var none T
		return none, err
	}
	return result, nil
}

// Fence refuses every write from now on, with an error that says why: somebody
// else writes what is current. What was asked for before is still written.
func (d *DB) Fence(why error) {
	if d.writer != nil {
		d.writer.fence.Store(&why)
	}
}

// Read runs do on one unchanging state of the database.
func (d *DB) Read(ctx context.Context, do func(*Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	sqlTx, err := d.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("read %s: %w", d.Name, trouble.Of(err))
	}
	defer sqlTx.Rollback() // nothing to keep
	return do(&Tx{Context: ctx, Now: d.Now(), prepare: func(query string) (*sql.Stmt, error) {
		stmt, err := d.statement(ctx, query)
		if err != nil {
			return nil, err
		}
		return sqlTx.StmtContext(ctx, stmt), nil
	}})
}

// The whole of a file is looked through by SQLite itself.
const (
	sqlQuick       = `PRAGMA quick_check(20)`
	sqlIntegrity   = `PRAGMA integrity_check(20)`
	sqlForeignKeys = `PRAGMA foreign_key_check`
)

// Whole looks through every page, index and reference of the file and returns what
// is wrong with it, nothing when nothing is. It takes about a second for a
// gigabyte and holds nobody up.
func (d *DB) Whole(ctx context.Context) (wrong []string, err error) {
	said, err := d.texts(ctx, sqlIntegrity, 1)
	if err != nil {
		return nil, fmt.Errorf("look through %s: %w", d.Name, trouble.Of(err))
	}
	if len(said) != 1 || said[0] != "ok" {
		wrong = said
	}
	strayed, err := d.texts(ctx, sqlForeignKeys, 4)
	if err != nil {
		return nil, fmt.Errorf("look through the references of %s: %w", d.Name, trouble.Of(err))
	}
	for _, table := range strayed {
		wrong = append(wrong, "a row of "+table+" names one that is not there")
	}
	return wrong, nil
}

// Quick looks through every page of the file, but not whether indexes agree with
// their tables.
func (d *DB) Quick(ctx context.Context) (wrong []string, err error) {
	said, err := d.texts(ctx, sqlQuick, 1)
	if err != nil {
		return nil, fmt.Errorf("look through %s: %w", d.Name, trouble.Of(err))
	}
	if len(said) != 1 || said[0] != "ok" {
		wrong = said
	}
	return wrong, nil
}

// texts is the first column of what a statement gives, without the limit of reads.
func (d *DB) texts(ctx context.Context, query string, columns int) (all []string, err error) {
	rows, err := d.readers.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var first string
		into := make([]any, columns)
		into[0] = &first
		for i := 1; i < columns; i++ {
			into[i] = new(any)
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		all = append(all, first)
	}
	return all, rows.Err()
}

// statement returns the prepared form of a read. Preparing may wait for a
// connection; those who have theirs prepared do not wait with it.
func (d *DB) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := d.prepared.Load(query); ok {
		return stmt.(*sql.Stmt), nil
	}
	stmt, err := d.readers.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if first, raced := d.prepared.LoadOrStore(query, stmt); raced {
		return first.(*sql.Stmt), stmt.Close()
	}
	return stmt, nil
}

// Path names the file.
func (d *DB) Path() string { return d.place.Path }

// Waiting returns how many writes have not begun.
func (d *DB) Waiting() int { return len(d.writer.jobs) }

// Waited is how long writes waited until they began.
func (d *DB) Waited() Waited { return d.writer.waits.Read() }

// Writing is how long the writer has been at what it does now.
func (d *DB) Writing() time.Duration {
	since := d.writer.busy.Load()
	if since == 0 {
		return 0
	}
	return time.Since(born) - time.Duration(since)
}

// Check tells when the file is no longer the one that was opened.
func (d *DB) Check() error { return d.place.Check() }
