package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"selfhelp/app/fault"
	"selfhelp/store/db"
	"selfhelp/store/disk"
	"selfhelp/store/files"
	"selfhelp/store/trouble"
)

// Reading is the content of a folder that is only read.
type Reading struct {
	Content *Content
	Files   *Files

	close func() error
}

// Close closes what was read.
func (r *Reading) Close() error { return r.close() }

// Read opens the content of a store to be read, also where its folder cannot be
// written: a backup on a disk of its own, say. There it is read as it lies, so
// nothing may be left to do to it first.
func Read(ctx context.Context, dir string, o Options) (*Reading, error) {
	o.Existing = true
	s, err := Open(ctx, dir, o)
	if err == nil {
		return &Reading{s.Content, s.Files, s.Close}, nil
	}
	if key, _ := fault.TextOf(err); key != trouble.ReadOnly.Key() {
		return nil, err
	}
	r, err := readAsItLies(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("read store %s: %w", dir, trouble.Of(err))
	}
	return r, nil
}

func readAsItLies(ctx context.Context, dir string) (*Reading, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	lock, err := disk.TakeToRead(dir)
	if err != nil {
		return nil, err
	}
	content, err := db.Frozen(ctx, dir, contentSchema)
	if err != nil {
		return nil, errors.Join(err, lock.Release())
	}
	return &Reading{newContent(content), files.Read(filepath.Join(dir, "files")), func() error {
		return errors.Join(content.Close(), lock.Release())
	}}, nil
}
