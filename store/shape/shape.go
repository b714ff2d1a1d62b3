// Package shape knows the shape of a database: the migrations that lead to it,
// one after the other, and how a file comes to its present shape. It refuses to
// know what the rows mean.
//
// Its main names are Schema, Migrate and Done.
package shape

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/disk"
	"selfhelp/store/trouble"
)

//go:embed migrations
var migrationFiles embed.FS

// Schema is the shape of one database: the migrations that lead to it, in order.
type Schema struct {
	Name  string
	ID    int // application id, so that no other SQLite file is taken for ours
	Steps []Step
}

// Step is one migration from a shape to the next. The database's user_version
// is the number of those done.
type Step struct{ Name, SQL string }

// Of returns the schema of one of our databases.
func Of(name string, id int) Schema { return Schema{name, id, stepsOf(name)} }

// stepsOf lists the files of a folder in the order of their names.
func stepsOf(name string) (steps []Step) {
	files, err := fs.Glob(migrationFiles, "migrations/"+name+"/*.sql")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for _, file := range files {
		b, err := migrationFiles.ReadFile(file)
		if err != nil {
			panic(err) // it was just listed
		}
		steps = append(steps, Step{file, string(b)})
	}
	return steps
}

// SQLShape asks an open database how many steps it has done.
const SQLShape = `PRAGMA user_version`

const (
	sqlLibraryVersion = `SELECT sqlite_version()`
	sqlApplication    = `PRAGMA application_id`
	sqlCopyInto       = `VACUUM INTO ?`
	pragmaShape       = `PRAGMA user_version = %d; PRAGMA application_id = %d`
	sqlBrokenLinks    = `SELECT count(*) FROM pragma_foreign_key_check`
)

// Migrate brings a database to its present shape: each step in a transaction
// of its own, after a copy of the whole when there is something to lose; all in one where
// the database is new.
func Migrate(ctx context.Context, path string, s Schema, now time.Time, log *slog.Logger) (err error) {
	// Foreign keys are off while tables are rebuilt; each step checks them itself.
	q := url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(OFF)"}, "_txlock": {"immediate"}}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	done, err := Done(ctx, db, s, path)
	if err != nil || done == len(s.Steps) {
		return err
	}
	if done > 0 {
		if err := keepCopy(ctx, db, path, done, now, log); err != nil {
			return err
		}
	}
	for n := done; n < len(s.Steps); {
		until := n + 1
		if n == 0 {
			until = len(s.Steps)
		}
		if err := steps(ctx, db, s, n, until); err != nil {
			return err
		}
		log.InfoContext(ctx, "database migrated", "database", s.Name, "shape", until)
		n = until
	}
	return nil
}

// Done returns how many steps a database has done, and refuses one that is
// not ours or was made by a newer program.
func Done(ctx context.Context, db *sql.DB, s Schema, path string) (done int, err error) {
	var library string
	if err := db.QueryRowContext(ctx, sqlLibraryVersion).Scan(&library); err != nil {
		return 0, err
	}
	if err := checkLibrary(library); err != nil {
		return 0, err
	}
	var application int
	if err := db.QueryRowContext(ctx, sqlApplication).Scan(&application); err != nil {
		return 0, err
	}
	if err := db.QueryRowContext(ctx, SQLShape).Scan(&done); err != nil {
		return 0, err
	}
	switch {
	case done > 0 && application != s.ID:
		return 0, &fault.Error{
			Kind: fault.Unavailable, Key: "fault.store.foreign", Args: []any{path},
			Hint: path + " is not a database of this program: move it away or give another folder",
		}
	case done > len(s.Steps):
		return 0, &fault.Error{
			Kind: fault.Unavailable, Key: "fault.store.newer", Args: []any{path, done, len(s.Steps)},
			Hint:  fmt.Sprintf("%s has shape %d and this program knows %d: start the newer program, or restore the copy made before it migrated", path, done, len(s.Steps)),
			Cause: fmt.Errorf("shape %d is newer than %d", done, len(s.Steps)),
		}
	}
	return done, nil
}

// steps does migrations in one transaction, the number included, so that a
// power cut leaves either all of them or nothing.
func steps(ctx context.Context, db *sql.DB, s Schema, from, until int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("migrate: %w", trouble.Of(err))
	}
	defer tx.Rollback() // nothing once committed
	for _, one := range s.Steps[from:until] {
		if _, err := tx.ExecContext(ctx, one.SQL); err != nil {
			return fmt.Errorf("migration %s: %w", one.Name, trouble.Of(err))
		}
	}
	if err := finish(ctx, tx, s, until); err != nil {
		return fmt.Errorf("migration %s: %w", s.Steps[until-1].Name, trouble.Of(err))
	}
	return nil
}

// finish numbers the shape, looks for rows that name others that are gone, and commits.
func finish(ctx context.Context, tx *sql.Tx, s Schema, shape int) error {
	// PRAGMA takes no parameters; both are numbers of ours.
	if _, err := tx.ExecContext(ctx, fmt.Sprintf(pragmaShape, shape, s.ID)); err != nil {
		return err
	}
	var broken int
	if err := tx.QueryRowContext(ctx, sqlBrokenLinks).Scan(&broken); err != nil {
		return err
	}
	if broken > 0 {
		return fmt.Errorf("%d rows name others that are gone", broken)
	}
	return tx.Commit()
}

// keepCopy writes the whole database beside it before it changes shape.
func keepCopy(ctx context.Context, db *sql.DB, path string, shape int, now time.Time, log *slog.Logger) error {
	dir := filepath.Join(filepath.Dir(path), "before-migration")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	base := filepath.Base(path)
	to := filepath.Join(dir, fmt.Sprintf("%s-shape%d-%s.db", base[:len(base)-len(".db")], shape, now.UTC().Format("20060102T150405.000000")))
	if err := disk.CreatePrivate(to); err != nil { // VACUUM INTO accepts an empty file
		return err
	}
	if _, err := db.ExecContext(ctx, sqlCopyInto, to); err != nil {
		return errors.Join(fmt.Errorf("copy before migration: %w", trouble.Of(err)), os.Remove(to))
	}
	log.InfoContext(ctx, "database copied before migration", "database", path, "copy", to)
	return trouble.Sync(dir)
}
