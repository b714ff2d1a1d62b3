package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"selfhelp/app/fault"
)

// Sentences that say what is wrong with the disk or the database. The hints
// are for operators.
var (
	diskFull    = trouble{"fault.disk_full", "no room is left where the data folder is: free some or enlarge it; nothing has to be restarted"}
	readOnly    = trouble{"fault.read_only", "the data folder cannot be written: look at its owner, its mode and how it is mounted"}
	diskFailing = trouble{"fault.disk", "the disk of the data folder reports errors: look at the system's log before anything else"}
	corrupt     = trouble{"fault.corrupt", "the database file is damaged: stop the server and restore the last backup"}
	busy        = trouble{"fault.busy", "another program holds the database: no tool may keep it open beside the server"}
	tooSlow     = trouble{"fault.too_slow", ""}
	closing     = trouble{"fault.closing", ""}
)

type trouble struct{ key, hint string }

func (t trouble) because(cause error) error {
	return &fault.Error{Kind: fault.Unavailable, Key: t.key, Hint: t.hint, Cause: cause}
}

// faultOf gives an error of the driver or the file system its kind. What it
// does not know stays as it is: an internal error.
func faultOf(err error) error {
	if err == nil || isFault(err) {
		return err
	}
	if errors.Is(err, sql.ErrNoRows) || errors.Is(err, fs.ErrNotExist) {
		return fault.Because(fault.NotFound, err, "fault.not_found")
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return tooSlow.because(err)
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return faultOfCode(e)
	}
	return faultOfFile(err)
}

func isFault(err error) bool {
	_, ok := errors.AsType[*fault.Error](err)
	return ok
}

// faultOfCode goes by SQLite's result codes, extended ones first.
func faultOfCode(e *sqlite.Error) error {
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return fault.Because(fault.Conflict, e, "fault.taken")
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return fault.Because(fault.Conflict, e, "fault.in_use")
	case sqlite3.SQLITE_IOERR_NOMEM:
		return e
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return diskFull.because(e)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return readOnly.because(e)
	case sqlite3.SQLITE_IOERR:
		return diskFailing.because(e)
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return corrupt.because(e)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return busy.because(e)
	case sqlite3.SQLITE_INTERRUPT:
		return tooSlow.because(e)
	case sqlite3.SQLITE_TOOBIG:
		return fault.Because(fault.TooLarge, e, "fault.too_large")
	}
	return e
}

// faultOfFile goes by the system's error numbers.
func faultOfFile(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return diskFull.because(err)
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return readOnly.because(err)
	case errors.Is(err, syscall.EIO):
		return diskFailing.because(err)
	}
	return err
}

// isTaken reports whether a unique index refused a row.
func isTaken(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

// taken tells which field of a form holds what someone else has already, when
// a unique index refused it; other errors pass.
func taken(err error, field, key string) error {
	if !isTaken(err) {
		return err
	}
	return &fault.Error{Kind: fault.Conflict, Key: key, Fields: map[string]string{field: key}, Cause: err}
}

// stale is what a save gets that began from an older state of the record.
func stale() error { return fault.New(fault.Conflict, "fault.stale") }
