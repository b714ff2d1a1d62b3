package disk

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"selfhelp/store/trouble"
)

// Whole writes a file beside its name, and settles it under that once it is on the
// disk: with os.Rename instead of what was there, with os.Link only where nothing is.
func Whole(to string, r io.Reader, settle func(from, to string) error) error {
	dir := filepath.Dir(to)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, ".part-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // gone once it has its name
	_, err = io.Copy(tmp, r)
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err := settle(tmp.Name(), to); err != nil {
		return err
	}
	return trouble.Sync(dir)
}
