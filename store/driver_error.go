package store

import (
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"selfhelp/app/fault"
	"selfhelp/store/trouble"
)

// faultOf gives an error of the driver or the file system its kind. What it
// does not know stays as it is: an internal error.
func faultOf(err error) error {
	if e, ok := errors.AsType[*sqlite.Error](err); ok && !trouble.Known(err) {
		return ofCode(e)
	}
	return trouble.Of(err)
}

// ofCode goes by SQLite's result codes, extended ones first.
func ofCode(e *sqlite.Error) error {
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
		return trouble.DiskFull.Because(e)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return trouble.ReadOnly.Because(e)
	case sqlite3.SQLITE_IOERR:
		return trouble.DiskFailing.Because(e)
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return trouble.Corrupt.Because(e)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return trouble.Busy.Because(e)
	case sqlite3.SQLITE_INTERRUPT:
		return trouble.TooSlow.Because(e)
	case sqlite3.SQLITE_TOOBIG:
		return fault.Because(fault.TooLarge, e, "fault.too_large")
	}
	return e
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
