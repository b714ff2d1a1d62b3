package db

import (
	"selfhelp/app/fault"
	"selfhelp/store/trouble"
)

// Taken tells which field of a form holds what someone else has already, when
// a unique index refused it; other errors pass.
func Taken(err error, field, key string) error {
	if !trouble.Taken(err) {
		return err
	}
	return &fault.Error{Kind: fault.Conflict, Key: key, Fields: map[string]string{field: key}, Cause: err}
}

// Stale is what a save gets that began from an older state of the record.
func Stale() error { return fault.New(fault.Conflict, "fault.stale") }
