package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"selfhelp/store/trouble"
)

// A content that a visitor sent is a stray until an answer that names it is
// kept: answers are refused, pages are left. Strays carry a mark, an empty file
// of their name; a content that was here before, or that anybody else keeps,
// has none and is never swept.

// Receive is Put for what a visitor sends, before anything names it.
func (f *Files) Receive(ctx context.Context, r io.Reader, limit int64) (Stored, error) {
	return f.put(ctx, r, limit, f.markNew)
}

// Keep says that contents are named by something that stays.
func (f *Files) Keep(hashes ...string) error {
	f.sweeping.RLock()
	defer f.sweeping.RUnlock()
	for _, hash := range hashes {
		if !isHash(hash) {
			continue
		}
		if err := f.unmark(hash); err != nil {
			return err
		}
	}
	return nil
}

// Sweep removes strays received before a time, so many at most, and returns how
// many there were.
func (f *Files) Sweep(before time.Time, limit int) (swept int, err error) {
	marks, err := os.ReadDir(f.strays())
	if err != nil {
		return 0, fmt.Errorf("list strays: %w", trouble.Of(err))
	}
	for _, m := range marks {
		if swept == limit {
			break
		}
		gone, err := f.sweep(m, before)
		if err != nil {
			return swept, fmt.Errorf("sweep %s: %w", m.Name(), trouble.Of(err))
		}
		if gone {
			swept++
			if f.swept != nil {
				f.swept(m.Name())
			}
		}
	}
	return swept, nil
}

// sweep removes one stray. Nobody may come to want it meanwhile: its mark is
// looked at again under the lock.
func (f *Files) sweep(m fs.DirEntry, before time.Time) (bool, error) {
	if !isHash(m.Name()) {
		return false, nil
	}
	f.sweeping.Lock()
	defer f.sweeping.Unlock()
	mark, err := os.Stat(f.mark(m.Name()))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil || !mark.ModTime().Before(before) {
		return false, err
	}
	if err := os.Remove(f.name(m.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	return true, f.unmark(m.Name())
}

// markNew marks a content that is about to be kept, unless it is here for
// another reason already. One that is sent again is as new.
func (f *Files) markNew(hash string) error {
	_, err := os.Stat(f.mark(hash))
	if errors.Is(err, fs.ErrNotExist) && f.Has(hash) {
		return nil
	}
	mark, err := os.Create(f.mark(hash))
	if err != nil {
		return err
	}
	return errors.Join(mark.Close(), trouble.Sync(f.strays()))
}

func (f *Files) unmark(hash string) error {
	if err := os.Remove(f.mark(hash)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (f *Files) strays() string          { return filepath.Join(f.dir, "stray") }
func (f *Files) mark(hash string) string { return filepath.Join(f.strays(), hash) }
