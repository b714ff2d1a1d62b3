package trouble

import (
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"selfhelp/app/fault"
)

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
		return DiskFull.Because(e)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return ReadOnly.Because(e)
	case sqlite3.SQLITE_IOERR:
		return DiskFailing.Because(e)
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return Corrupt.Because(e)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return Busy.Because(e)
	case sqlite3.SQLITE_INTERRUPT:
		return TooSlow.Because(e)
	case sqlite3.SQLITE_TOOBIG:
		return fault.Because(fault.TooLarge, e, "fault.too_large")
	}
	return e
}

// Taken reports whether a unique index refused a row.
func Taken(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}
