package store

import (
	"os"

	"selfhelp/app/fault"
)

// place is where a database stands, and which file was opened there. A file
// that was removed goes on taking writes which nobody will ever read again, so
// every commit looks first: it costs a microsecond.
type place struct {
	path string
	file os.FileInfo
}

// check fails when another file, or none, stands where the open one did.
func (p place) check() error {
	info, err := os.Stat(p.path)
	if err == nil && os.SameFile(info, p.file) {
		return nil
	}
	return &fault.Error{
		Kind: fault.Unavailable, Key: "fault.store.replaced", Args: []any{p.path}, Cause: err,
		Hint: "the file " + p.path + " was removed or replaced while the server runs: stop the server, put the right file in place, start it",
	}
}
