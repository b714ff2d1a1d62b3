package replica

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"selfhelp/store/trouble"
)

// recoveryFolder is where a data folder keeps what a restore took away.
const recoveryFolder = "recovery"

// Swap puts restored databases in the place of those of the folder, which go to a
// folder of recovery/ with everything that belongs to them, and begins the next
// epoch. Files are by their content: they are put beside those
// that are there. Nobody may have the folder open. It returns where the databases
// of before went, "" when there were none.
func (p *Place) Swap(restored string, next Epoch, now time.Time) (kept string, err error) {
	if err := mergeFiles(filepath.Join(restored, filesFolder), p.FilesFolder()); err != nil {
		return "", fmt.Errorf("put the files in place: %w", err)
	}
	kept, err = p.putAside(now)
	if err != nil {
		return kept, fmt.Errorf("keep the present state: %w", err)
	}
	for _, d := range p.Settings.Databases {
		name := filepath.Base(d.Path)
		if err := os.Rename(filepath.Join(restored, name), d.Path); err != nil {
			return kept, fmt.Errorf("put %s in place: %w", name, err)
		}
	}
	if err := trouble.Sync(p.Dir); err != nil {
		return kept, err
	}
	return kept, p.begin(next)
}

// putAside moves the present databases away, with their logs and with what was not
// copied yet.
func (p *Place) putAside(now time.Time) (string, error) {
	if p.Fresh {
		return "", nil
	}
	all := filepath.Join(p.Dir, recoveryFolder)
	if err := os.MkdirAll(all, 0o700); err != nil {
		return "", err
	}
	to, err := newFolder(filepath.Join(all, now.UTC().Format("20060102-150405")))
	if err != nil {
		return "", err
	}
	for _, d := range p.Settings.Databases {
		dir, name := filepath.Split(d.Path)
		for _, part := range []string{name, name + "-wal", name + "-shm", "." + name + "-litestream"} {
			err := os.Rename(filepath.Join(dir, part), filepath.Join(to, part))
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return to, err
			}
		}
	}
	return to, errors.Join(trouble.Sync(to), trouble.Sync(p.Dir))
}

// newFolder makes a folder of a name, or of one like it where that is taken.
func newFolder(name string) (string, error) {
	to := name
	for n := 2; ; n++ {
		err := os.Mkdir(to, 0o700)
		if !errors.Is(err, fs.ErrExist) {
			return to, err
		}
		to = fmt.Sprintf("%s-%d", name, n)
	}
}

// mergeFiles moves contents to a folder of files, those that it has not.
func mergeFiles(from, to string) error {
	names, err := filepath.Glob(filepath.Join(from, "??", "??", "*"))
	if err != nil {
		return err
	}
	for _, name := range names {
		hash := filepath.Base(name)
		if !hashPattern.MatchString(hash) {
			continue
		}
		at := localName(to, hash)
		if _, err := os.Stat(at); err == nil {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			return err
		}
		if err := os.Rename(name, at); err != nil {
			return err
		}
	}
	return nil
}
