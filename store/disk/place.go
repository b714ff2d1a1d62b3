package disk

import (
	"errors"
	"io/fs"
	"os"

	"selfhelp/app/fault"
)

// Place is where a database stands, and which file was opened there. A file
// that was removed goes on taking writes which nobody will ever read again, so
// every commit looks first: it costs a microsecond.
type Place struct {
	Path string
	File os.FileInfo
}

// Check fails when another file, or none, stands where the open one did.
func (p Place) Check() error {
	info, err := os.Stat(p.Path)
	if err == nil && os.SameFile(info, p.File) {
		return nil
	}
	return &fault.Error{
		Kind: fault.Unavailable, Key: "fault.store.replaced", Args: []any{p.Path}, Cause: err,
		Hint: "the file " + p.Path + " was removed or replaced while the server runs: stop the server, put the right file in place, start it",
	}
}

// CreatePrivate makes sure that only the server's own account reads the file.
func CreatePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}
