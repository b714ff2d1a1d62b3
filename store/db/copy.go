package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"modernc.org/sqlite"

	"selfhelp/store/disk"
	"selfhelp/store/trouble"
)

// copyStep is how many pages are copied between two looks whether to go on.
const copyStep = 1024

const (
	sqlBeginRead = `BEGIN`
	sqlAnything  = `SELECT count(*) FROM sqlite_schema`
)

// Copy writes the database as it is at one moment to a new file, page by page, and
// holds nobody up. The pages keep their numbers, so that two copies differ where
// something was written between them, and nowhere else.
func (d *DB) Copy(ctx context.Context, to string) error {
	err := d.copy(ctx, to)
	if err != nil {
		return errors.Join(fmt.Errorf("copy %s: %w", d.Name, trouble.Of(err)), gone(os.Remove(to)))
	}
	return nil
}

func gone(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

func (d *DB) copy(ctx context.Context, to string) (err error) {
	if err := disk.CreatePrivate(to); err != nil {
		return err
	}
	conn, err := d.readers.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	// In one transaction: a write between two steps would have the copy begin again.
	if _, err := conn.ExecContext(ctx, sqlBeginRead); err != nil {
		return err
	}
	defer func() {
		_, ended := conn.ExecContext(context.WithoutCancel(ctx), sqlRollback)
		err = errors.Join(err, ended)
	}()
	var tables int
	if err := conn.QueryRowContext(ctx, sqlAnything).Scan(&tables); err != nil {
		return err
	}
	return conn.Raw(func(driver any) error { return copyPages(ctx, driver, to) })
}

// backuper is a connection of the driver.
type backuper interface {
	NewBackup(to string) (*sqlite.Backup, error)
}

func copyPages(ctx context.Context, driver any, to string) (err error) {
	// Whoever asked puts it on the disk; until then a crash may take it.
	q := url.Values{"_pragma": {"journal_mode(OFF)", "synchronous(OFF)"}}
	b, err := driver.(backuper).NewBackup((&url.URL{Scheme: "file", Path: to, RawQuery: q.Encode()}).String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Finish()) }()
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		if more, err = b.Step(copyStep); err != nil {
			return err
		}
	}
	return nil
}

// Examine looks through every page, index and reference of a file that nobody has
// open, and returns what is wrong with it.
func Examine(ctx context.Context, path string) (wrong []string, err error) {
	q := url.Values{"immutable": {"1"}, "mode": {"ro"}, "_pragma": {"query_only(ON)", "temp_store(MEMORY)"}}
	readers, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, err
	}
	d := &DB{Name: path, place: disk.Place{Path: path}, Now: time.Now, readers: readers}
	wrong, err = d.Whole(ctx)
	return wrong, errors.Join(err, d.Close())
}
