package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/db"
	"selfhelp/store/trouble"
)

// rawly opens a database beside the store, as a tool would.
func rawly(t testing.TB, path string, pragmas string) *sql.DB {
	t.Helper()
	db := must[*sql.DB](t)(sql.Open("sqlite", "file:"+path+"?"+pragmas))
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

// TestDriverErrors provokes each failure for real.
func TestDriverErrors(t *testing.T) {
	provoke := func(statements ...string) func(*sql.DB) error {
		return func(db *sql.DB) error {
			for _, s := range statements {
				if _, err := db.Exec(s); err != nil {
					return err
				}
			}
			return nil
		}
	}
	for _, c := range []struct {
		name string
		do   func(*sql.DB) error
		kind fault.Kind
		key  string
	}{
		{"unique", provoke("CREATE TABLE t (a UNIQUE)", "INSERT INTO t VALUES (1), (1)"), fault.Conflict, "fault.taken"},
		{"primary key", provoke("CREATE TABLE t (a TEXT PRIMARY KEY)", "INSERT INTO t VALUES ('a'), ('a')"), fault.Conflict, "fault.taken"},
		{"foreign key", provoke("CREATE TABLE t (a INTEGER PRIMARY KEY REFERENCES t)", "INSERT INTO t VALUES (1)", "CREATE TABLE u (b REFERENCES t)", "INSERT INTO u VALUES (2)"), fault.Conflict, "fault.in_use"},
		{"check", provoke("CREATE TABLE t (a CHECK (a > 0))", "INSERT INTO t VALUES (0)"), fault.Internal, ""},
		{"wrong type", provoke("CREATE TABLE t (a INTEGER) STRICT", "INSERT INTO t VALUES ('x')"), fault.Internal, ""},
		{"syntax", provoke("SELEKT"), fault.Internal, ""},
		{"full", provoke("PRAGMA max_page_count = 4", "CREATE TABLE t (a)", "INSERT INTO t VALUES (randomblob(100000))"), fault.Unavailable, "fault.disk_full"},
		{"read only", provoke("PRAGMA query_only = ON", "CREATE TABLE t (a)"), fault.Unavailable, "fault.read_only"},
		{"too big", provoke("SELECT zeroblob(2000000000)"), fault.TooLarge, "fault.too_large"},
	} {
		err := c.do(rawly(t, filepath.Join(t.TempDir(), "x.db"), "_pragma=foreign_keys(ON)"))
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		got := trouble.Of(fmt.Errorf("do: %w", err))
		if key, _ := fault.TextOf(got); !fault.Is(got, c.kind) || c.key != "" && key != c.key {
			t.Errorf("%s: got %v (%s, %s)", c.name, got, fault.KindOf(got), key)
		}
		if got.Error() == "" || !errors.Is(trouble.Of(got), got) {
			t.Errorf("%s: %v is not kept as it is", c.name, got)
		}
	}
}

func TestFilesOfOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	check(t, os.WriteFile(path, []byte("this is no database, it is a letter to my grandmother, and long enough"), 0o600))
	_, err := rawly(t, path, "").Exec("SELECT * FROM sqlite_schema")
	refused(t, trouble.Of(err), fault.Unavailable, "fault.corrupt")
	_, err = rawly(t, filepath.Join(t.TempDir(), "none", "x.db"), "").Exec("CREATE TABLE t (a)")
	refused(t, trouble.Of(err), fault.Unavailable, "fault.read_only")
}

func TestAHeldDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	holder := rawly(t, path, "_pragma=journal_mode(WAL)")
	_, err := holder.Exec("BEGIN IMMEDIATE")
	check(t, err)
	_, err = rawly(t, path, "").Exec("CREATE TABLE t (a)")
	refused(t, trouble.Of(err), fault.Unavailable, "fault.busy")
}

func TestSystemErrors(t *testing.T) {
	for err, key := range map[error]string{
		syscall.ENOSPC:           "fault.disk_full",
		syscall.EDQUOT:           "fault.disk_full",
		syscall.EROFS:            "fault.read_only",
		syscall.EACCES:           "fault.read_only",
		syscall.EIO:              "fault.disk",
		fs.ErrNotExist:           "fault.not_found",
		sql.ErrNoRows:            "fault.not_found",
		context.Canceled:         "fault.internal",
		context.DeadlineExceeded: "fault.too_slow",
	} {
		got := trouble.Of(&fs.PathError{Op: "write", Path: "x", Err: err})
		if k, _ := fault.TextOf(got); k != key {
			t.Errorf("%v: got %s, want %s", err, k, key)
		}
	}
}

// TestALongReadIsCutShort: a read that took for ever would keep the log of
// changes from being folded back.
func TestALongReadIsCutShort(t *testing.T) {
	s, _ := open(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := db.List(ctx, s.Content.DB, db.ScanNumber, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
	refused(t, err, fault.Unavailable, "fault.too_slow")
}

func TestReadersCannotWrite(t *testing.T) {
	s, _ := open(t)
	_, err := db.List(t.Context(), s.Content.DB, db.ScanNumber, "DELETE FROM domain RETURNING 1")
	refused(t, err, fault.Unavailable, "fault.read_only")
}
