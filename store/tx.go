package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/trouble"
)

// tx is an open transaction with its prepared statements.
type tx struct {
	ctx       context.Context
	now       time.Time
	prepare   func(query string) (*sql.Stmt, error)
	wrote     bool                // something, in the job that is being done
	broken    error               // after which SQLite may have rolled everything back by itself
	tally     tally               // counters to add when the transaction is whole
	before    *standings          // those of the last commit
	standings map[string]Standing // of executions that took a turn
	outdated  bool                // executions were changed otherwise
}

// exec runs a statement and returns how many rows it touched.
func (t *tx) exec(query string, args ...any) (int64, error) {
	stmt, err := t.prepare(query)
	if err != nil {
		return 0, t.failed("prepare "+firstWords(query), err)
	}
	r, err := stmt.ExecContext(t.ctx, args...)
	if err != nil {
		return 0, t.failed(firstWords(query), err)
	}
	n, err := r.RowsAffected()
	t.wrote = t.wrote || n > 0
	t.outdated = t.outdated || outdating[query]
	return n, err
}

// failed names a statement that failed. Where a constraint refused a row, the
// transaction stands; after anything else nobody knows.
func (t *tx) failed(what string, err error) error {
	err = fmt.Errorf("%s: %w", what, trouble.Of(err))
	if !fault.Is(err, fault.Conflict) && t.broken == nil {
		t.broken = err
	}
	return err
}

// insert runs an INSERT and returns the number of the new row.
func (t *tx) insert(query string, args ...any) (int64, error) {
	if n, err := t.exec(query, args...); err != nil || n == 0 {
		return 0, err
	}
	return oneIn(t, scanNumber, sqlLastRow)
}

const sqlLastRow = `SELECT last_insert_rowid()`

// change runs an UPDATE or DELETE of one record at an expected version; if it
// touched nothing, the record was changed by someone else or is gone.
func (t *tx) change(query string, args ...any) error {
	n, err := t.exec(query, args...)
	if err == nil && n == 0 {
		return stale()
	}
	return err
}

// touch runs a statement on one record, which must be there.
func (t *tx) touch(query string, args ...any) error {
	n, err := t.exec(query, args...)
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return err
}

// set is touch in a transaction of its own.
func (d *database) set(ctx context.Context, what, query string, args ...any) error {
	return d.write(ctx, what, func(t *tx) error { return t.touch(query, args...) })
}

// row is what a scan function reads one record from.
type row interface{ Scan(dest ...any) error }

// list reads all records of a query.
func list[T any](ctx context.Context, d *database, scan func(row) (T, error), query string, args ...any) ([]T, error) {
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

// one reads the only record of a query; none is NotFound.
func one[T any](ctx context.Context, d *database, scan func(row) (T, error), query string, args ...any) (T, error) {
	all, err := list(ctx, d, scan, query, args...)
	return only(all, err, query)
}

// listIn is list inside a transaction.
func listIn[T any](t *tx, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	stmt, err := t.prepare(query)
	if err != nil {
		return nil, t.failed("prepare "+firstWords(query), err)
	}
	all, err := collect(t.ctx, stmt, scan, args)
	if err != nil {
		return nil, t.failed(firstWords(query), err)
	}
	return all, nil
}

// oneIn is one inside a transaction.
func oneIn[T any](t *tx, scan func(row) (T, error), query string, args ...any) (T, error) {
	all, err := listIn(t, scan, query, args...)
	return only(all, err, query)
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

func collect[T any](ctx context.Context, stmt *sql.Stmt, scan func(row) (T, error), args []any) (all []T, err error) {
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

func scanNumber(r row) (n int64, err error) { return n, r.Scan(&n) }
func scanText(r row) (s string, err error)  { return s, r.Scan(&s) }
func scanBytes(r row) (b []byte, err error) { return b, r.Scan(&b) }

// firstWords names a statement in an error: "INSERT INTO turn".
func firstWords(query string) string {
	words := strings.Fields(query)
	return strings.Join(words[:min(3, len(words))], " ")
}
