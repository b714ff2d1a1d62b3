package replica

import (
	"errors"
	"os"
	"path/filepath"

	"selfhelp/store/disk"
)

// scratchPrefix is what the folders for what is restored begin with.
const scratchPrefix = ".restore-"

// Scratch is a folder for what is restored. It is held by the process that made it,
// so that what a killed one left behind is known from what is at work.
type Scratch struct {
	Dir  string
	lock *disk.Lock
}

// Scratch makes a folder for what is restored, on the disk of what it is to replace.
func (p Place) Scratch() (s Scratch, err error) {
	if err := os.MkdirAll(p.Dir, 0o700); err != nil {
		return s, err
	}
	// Made under another name: whoever sweeps between the two steps passes it over.
	made, err := os.MkdirTemp(p.Dir, "."+scratchPrefix+"*")
	if err != nil {
		return s, err
	}
	s.Dir = filepath.Join(p.Dir, filepath.Base(made)[1:])
	if s.lock, err = disk.HoldFolder(made); err == nil {
		err = os.Rename(made, s.Dir)
	}
	if err != nil {
		return s, errors.Join(err, os.RemoveAll(made))
	}
	return s, nil
}

// Remove takes the folder away with all that is in it.
func (s Scratch) Remove() error {
	return errors.Join(os.RemoveAll(s.Dir), s.lock.Release())
}

// Sweep removes the folders for what is restored whose process ended before it could.
func (p Place) Sweep() (n int, err error) {
	var left []string
	for _, pattern := range []string{scratchPrefix + "*", "." + scratchPrefix + "*"} {
		found, err := filepath.Glob(filepath.Join(p.Dir, pattern))
		if err != nil {
			return 0, err
		}
		left = append(left, found...)
	}
	var errs []error
	for _, name := range left {
		lock, err := disk.HoldFolder(name)
		if errors.Is(err, disk.ErrHeld) {
			continue
		}
		if err == nil {
			err = errors.Join(os.RemoveAll(name), lock.Release())
			n++
		}
		errs = append(errs, err)
	}
	return n, errors.Join(errs...)
}
