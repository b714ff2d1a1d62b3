package keys

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"selfhelp/store/trouble"
)

// Found is how the keys of a folder lie there.
type Found struct {
	Files   int    // of keys; 0 where there are none, or no folder
	Mark    string // tells them from those of another folder; "" where it cannot be told
	Damaged string // the first file that holds no key, or is missing among the others; "" for none
	Open    string // the first that other accounts can read; "" for none
}

// Look says how the keys of a folder lie there, and makes nothing.
func Look(store string) (f Found, err error) {
	k := &Keys{dir: filepath.Join(store, "keys")}
	in, err := os.ReadDir(k.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return f, fmt.Errorf("look at the keys: %w", trouble.Of(err))
	}
	var names []string
	for _, e := range in {
		if !strings.HasSuffix(e.Name(), keySuffix) {
			continue
		}
		names = append(names, e.Name())
		if info, err := e.Info(); err == nil && info.Mode().Perm()&0o077 != 0 && f.Open == "" {
			f.Open = filepath.Join(k.dir, e.Name())
		}
	}
	if f.Files = len(names); f.Files == 0 {
		return f, nil
	}
	for _, needed := range []string{publicationKey, secretKey} {
		if !slices.Contains(names, needed) {
			names = append(names, needed)
		}
	}
	for _, name := range names {
		if _, err := k.read(name, slog.New(slog.DiscardHandler)); err != nil && f.Damaged == "" {
			f.Damaged = filepath.Join(k.dir, name)
		}
	}
	if f.Damaged == "" {
		f.Mark, err = MarkOf(store)
	}
	return f, err
}

// Look says how the keys lie in their folder now, and whether they are those that the
// server works with.
func (k *Keys) Look() (f Found, same bool, err error) {
	f, err = Look(filepath.Dir(k.dir))
	return f, f.Mark == markOf(k.Publication), err
}
