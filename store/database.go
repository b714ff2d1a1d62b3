package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"modernc.org/sqlite"

	"selfhelp/app/fault"
	"selfhelp/store/disk"
	"selfhelp/store/trouble"
)

// readLimit is how long one read may take: a longer one would keep the log of
// changes from being folded back, and let it grow.
const readLimit = 10 * time.Second

// oldestSQLite is the first library in which the log is never reset under a
// reader and the index of words has no known overflow.
const oldestSQLite = "3.53.2"

// database is one SQLite file: a writer that groups commits, and readers.
type database struct {
	name     string
	place    disk.Place
	now      func() time.Time
	readers  *sql.DB
	writer   *writer
	prepared sync.Map // of the readers: SQL → *sql.Stmt
}

// openDatabase opens and migrates one of the two databases.
func openDatabase(ctx context.Context, dir string, s schema, o Options) (*database, error) {
	d := &database{
		name: s.name, place: disk.Place{Path: filepath.Join(dir, s.name+".db")}, now: o.Now,
	}
	if err := d.open(ctx, s, o); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", d.place.Path, faultOf(err)), d.close())
	}
	return d, nil
}

func (d *database) open(ctx context.Context, s schema, o Options) error {
	// What the libraries of Linux distributions do, too: all that is needed to
	// read the data back reaches the disk, without the file's times. Where the
	// system has no such call, the driver keeps to the other one.
	if _, err := sqlite.Fdatasync(true); err != nil && !errors.Is(err, sqlite.ErrFdatasyncUnavailable) {
		return err
	}
	if err := createPrivate(d.place.Path); err != nil {
		return err
	}
	if err := migrate(ctx, d.place.Path, s, d.now(), o.Log); err != nil {
		return err
	}
	var err error
	if d.place.File, err = os.Stat(d.place.Path); err != nil {
		return err
	}
	if d.writer, err = openWriter(ctx, d.place, o, s.settle); err != nil {
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

// createPrivate makes sure that only the server's own account reads the file.
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
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

func (d *database) close() error {
	var errs []error
	if d.readers != nil {
		errs = append(errs, d.readers.Close())
	}
	if d.writer != nil {
		errs = append(errs, d.writer.close())
	}
	return errors.Join(errs...)
}

// write runs do in a transaction and returns when it is on the disk. Others may
// share the transaction, and do may run twice: it must only touch what it is
// given, and set its results afresh. The transaction is not cut short when ctx
// ends; only the wait for it is. The error says what was being done.
func (d *database) write(ctx context.Context, what string, do func(*tx) error) error {
	if d.writer == nil {
		return fmt.Errorf("%s: %w", what, trouble.ReadOnly.Because(nil)) // see Read
	}
	if err := d.writer.write(ctx, do); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// written is write for what has a result, which is the zero value on failure.
func written[T any](ctx context.Context, d *database, what string, do func(*tx) (T, error)) (T, error) {
	var result T
	err := d.write(ctx, what, func(t *tx) (err error) {
		result, err = do(t)
		return err
	})
	if err != nil {
		var none T
		return none, err
	}
	return result, nil
}

// read runs do on one unchanging state of the database.
func (d *database) read(ctx context.Context, do func(*tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	sqlTx, err := d.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("read %s: %w", d.name, faultOf(err))
	}
	defer sqlTx.Rollback() // nothing to keep
	return do(&tx{ctx: ctx, now: d.now(), prepare: func(query string) (*sql.Stmt, error) {
		stmt, err := d.statement(ctx, query)
		if err != nil {
			return nil, err
		}
		return sqlTx.StmtContext(ctx, stmt), nil
	}})
}

// statement returns the prepared form of a read. Preparing may wait for a
// connection; those who have theirs prepared do not wait with it.
func (d *database) statement(ctx context.Context, query string) (*sql.Stmt, error) {
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

// checkLibrary refuses an SQLite library with defects that lose data.
func checkLibrary(version string) error {
	if !newerOrSame(version, oldestSQLite) {
		return &fault.Error{
			Kind: fault.Unavailable, Key: "fault.store.library", Args: []any{version, oldestSQLite},
			Hint: "the program was built with SQLite " + version + ", which can lose data: build it with " + oldestSQLite + " or newer",
		}
	}
	return nil
}

// newerOrSame compares versions like 3.54.1.
func newerOrSame(a, b string) bool {
	var x, y [3]int
	fmt.Sscanf(a, "%d.%d.%d", &x[0], &x[1], &x[2])
	fmt.Sscanf(b, "%d.%d.%d", &y[0], &y[1], &y[2])
	for i := range x {
		if x[i] != y[i] {
			return x[i] > y[i]
		}
	}
	return true
}
