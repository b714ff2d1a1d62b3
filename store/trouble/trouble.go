// Package trouble knows what goes wrong with disks and databases, and gives it
// the kind and the sentence people are told. It refuses to know what was being
// done. Its main names are Of, OfDisk, DiskFull and TooSlow.
package trouble

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"

	"selfhelp/app/fault"
)

// Sentences that say what is wrong with the disk or the database. The hints
// are for operators.
var (
	DiskFull    = sort{"fault.disk_full", "no room is left where the data folder is: free some or enlarge it; nothing has to be restarted"}
	ReadOnly    = sort{"fault.read_only", "the data folder cannot be written: look at its owner, its mode and how it is mounted"}
	DiskFailing = sort{"fault.disk", "the disk of the data folder reports errors: look at the system's log before anything else"}
	Corrupt     = sort{"fault.corrupt", "the database file is damaged: stop the server and restore the last backup"}
	Busy        = sort{"fault.busy", "another program holds the database: no tool may keep it open beside the server"}
	TooSlow     = sort{"fault.too_slow", ""}
	Closing     = sort{"fault.closing", ""}
)

type sort struct{ key, hint string }

// Key is that of its sentence.
func (t sort) Key() string { return t.key }

// Because is the trouble with what caused it.
func (t sort) Because(cause error) error {
	return &fault.Error{Kind: fault.Unavailable, Key: t.key, Hint: t.hint, Cause: cause}
}

// Of gives an error of the driver or the file system its kind. What it does
// not know stays as it is: an internal error.
func Of(err error) error {
	if err == nil || Known(err) {
		return err
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return ofCode(e)
	}
	if errors.Is(err, sql.ErrNoRows) || errors.Is(err, fs.ErrNotExist) {
		return fault.Because(fault.NotFound, err, "fault.not_found")
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return TooSlow.Because(err)
	}
	return ofFile(err)
}

// Known reports whether an error has its kind already.
func Known(err error) bool {
	_, ok := errors.AsType[*fault.Error](err)
	return ok
}

// OfDisk reports whether the disk takes nothing for now: what it holds can be read on.
func OfDisk(err error) bool {
	e, is := errors.AsType[*fault.Error](err)
	return is && (e.Key == DiskFull.key || e.Key == ReadOnly.key || e.Key == DiskFailing.key)
}

// ofFile goes by the system's error numbers.
func ofFile(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return DiskFull.Because(err)
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return ReadOnly.Because(err)
	case errors.Is(err, syscall.EIO):
		return DiskFailing.Because(err)
	}
	return err
}
