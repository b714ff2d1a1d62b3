package store

import (
	"selfhelp/app/fault"
	"selfhelp/store/trouble"
)

// taken tells which field of a form holds what someone else has already, when
// a unique index refused it; other errors pass.
func taken(err error, field, key string) error {
	if !trouble.Taken(err) {
		return err
	}
	return &fault.Error{Kind: fault.Conflict, Key: key, Fields: map[string]string{field: key}, Cause: err}
}

// stale is what a save gets that began from an older state of the record.
func stale() error { return fault.New(fault.Conflict, "fault.stale") }
