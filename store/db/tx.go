package db

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/trouble"
)

// Tx is an open transaction with its prepared statements.
type Tx struct {
	Context context.Context
	Now     time.Time
	Beside  any // what Hooks.Begin returned: of the transaction, until it is committed or undone
	prepare func(query string) (*sql.Stmt, error)
	ran     func(t *Tx, query string)
	wrote   bool  // something, in the job that is being done
	broken  error // after which SQLite may have rolled everything back by itself
}

// Exec runs a statement and returns how many rows it touched.
func (t *Tx) Exec(query string, args ...any) (int64, error) {
	stmt, err := t.prepare(query)
	if err != nil {
		return 0, t.failed("prepare "+firstWords(query), err)
	}
	r, err := stmt.ExecContext(t.Context, args...)
	if err != nil {
		return 0, t.failed(firstWords(query), err)
	}
	n, err := r.RowsAffected()
	t.wrote = t.wrote || n > 0
	if t.ran != nil {
		t.ran(t, query)
	}
	return n, err
}

// failed names a statement that failed. Where a constraint refused a row, the
// transaction stands; after anything else nobody knows.
func (t *Tx) failed(what string, err error) error {
	err = fmt.Errorf("%s: %w", what, trouble.Of(err))
	if !fault.Is(err, fault.Conflict) && t.broken == nil {
		t.broken = err
	}
	return err
}

// Insert runs an INSERT and returns the number of the new row.
func (t *Tx) Insert(query string, args ...any) (int64, error) {
	if n, err := t.Exec(query, args...); err != nil || n == 0 {
		return 0, err
	}
	return OneIn(t, ScanNumber, sqlLastRow)
}

const sqlLastRow = `SELECT last_insert_rowid()`

// Change runs an UPDATE or DELETE of one record at an expected version; if it
// touched nothing, the record was changed by someone else or is gone.
func (t *Tx) Change(query string, args ...any) error {
	n, err := t.Exec(query, args...)
	if err == nil && n == 0 {
		return Stale()
	}
	return err
}

// Touch runs a statement on one record, which must be there.
func (t *Tx) Touch(query string, args ...any) error {
	n, err := t.Exec(query, args...)
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return err
}

// Set is Touch in a transaction of its own.
func (d *DB) Set(ctx context.Context, what, query string, args ...any) error {
	return d.Write(ctx, what, func(t *Tx) error { return t.Touch(query, args...) })
}

// Row is what a scan function reads one record from.
type Row interface{ Scan(dest ...any) error }

// List reads all records of a query.
func List[T any](ctx context.Context, d *DB, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	stmt, err := d.statement(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare %s: %w", firstWords(query), trouble.Of(err))
	}
	all, err := collect(ctx, stmt, scan, args)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", firstWords(query), trouble.Of(err))
	}
	return all, nil
}

// One reads the only record of a query; none is NotFound.
func One[T any](ctx context.Context, d *DB, scan func(Row) (T, error), query string, args ...any) (T, error) {
	all, err := List(ctx, d, scan, query, args...)
	return only(all, err, query)
}

// ListIn is List inside a transaction.
func ListIn[T any](t *Tx, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	stmt, err := t.prepare(query)
	if err != nil {
		return nil, t.failed("prepare "+firstWords(query), err)
	}
	all, err := collect(t.Context, stmt, scan, args)
	if err != nil {
		return nil, t.failed(firstWords(query), err)
	}
	return all, nil
}

// EachIn calls do for each record of a query, and keeps none.
func EachIn(t *Tx, do func(Row) error, query string, args ...any) error {
	stmt, err := t.prepare(query)
	if err != nil {
		return t.failed("prepare "+firstWords(query), err)
	}
	if err := each(t.Context, stmt, do, args); err != nil {
		return t.failed(firstWords(query), err)
	}
	return nil
}

// OneIn is One inside a transaction.
func OneIn[T any](t *Tx, scan func(Row) (T, error), query string, args ...any) (T, error) {
	all, err := ListIn(t, scan, query, args...)
	return only(all, err, query)
}

// Returning is OneIn for a statement that writes a record and returns something
// of it.
func Returning[T any](t *Tx, scan func(Row) (T, error), query string, args ...any) (T, error) {
	t.wrote = true
	return OneIn(t, scan, query, args...)
}

// AllReturning is ListIn for a statement that writes records and returns something
// of each.
func AllReturning[T any](t *Tx, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	t.wrote = true
	return ListIn(t, scan, query, args...)
}

func only[T any](all []T, err error, query string) (T, error) {
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("%s: %w", firstWords(query), trouble.Of(sql.ErrNoRows))
	}
	if err != nil {
		var none T
		return none, err
	}
	return all[0], nil
}

func collect[T any](ctx context.Context, stmt *sql.Stmt, scan func(Row) (T, error), args []any) (all []T, err error) {
	err = each(ctx, stmt, func(r Row) error {
		v, err := scan(r)
		if err == nil {
			all = append(all, v)
		}
		return err
	}, args)
	if err != nil {
		return nil, err
	}
	return all, nil
}

func each(ctx context.Context, stmt *sql.Stmt, do func(Row) error, args []any) error {
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := do(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// ScanNumber reads a record of one number.
func ScanNumber(r Row) (n int64, err error) { return n, r.Scan(&n) }

// ScanText reads a record of one text.
func ScanText(r Row) (s string, err error) { return s, r.Scan(&s) }

// ScanBytes reads a record of bytes.
func ScanBytes(r Row) (b []byte, err error) { return b, r.Scan(&b) }

// firstWords names a statement in an error: "INSERT INTO turn".
func firstWords(query string) string {
	words := strings.Fields(query)
	return strings.Join(words[:min(3, len(words))], " ")
}

// AtMost bounds the length of a list: none, or too many, is a thousand.
func AtMost(limit int) int {
	if limit <= 0 || limit > 1000 {
		return 1000
	}
	return limit
}

// Containing is the LIKE pattern of what contains a text, whose own wildcards
// mean nothing.
func Containing(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

// RowFunc is a row by its Scan, for records that are part of wider ones.
type RowFunc func(dest ...any) error

// Scan reads the row.
func (f RowFunc) Scan(dest ...any) error { return f(dest...) }
