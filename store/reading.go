package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/disk"
	"selfhelp/store/files"
	"selfhelp/store/shape"
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
	content, err := frozenDatabase(ctx, filepath.Join(dir, contentSchema.Name+".db"))
	if err != nil {
		return nil, errors.Join(err, lock.Release())
	}
	return &Reading{&Content{content}, files.Read(filepath.Join(dir, "files")), func() error {
		return errors.Join(content.close(), lock.Release())
	}}, nil
}

// frozenDatabase opens a database of content that nobody changes, without a
// writer. SQLite then looks for no changes beside it, so there must be none.
func frozenDatabase(ctx context.Context, path string) (*database, error) {
	if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 0 {
		return nil, cannotLie("fault.store.unfolded", path, "the program that had it open did not end in order: what it wrote last is in "+path+"-wal")
	}
	q := url.Values{"immutable": {"1"}, "mode": {"ro"}, "_pragma": {"query_only(ON)", "temp_store(MEMORY)"}}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, err
	}
	d := &database{name: contentSchema.Name, place: disk.Place{Path: path}, now: time.Now, readers: db}
	done, err := shape.Done(ctx, db, contentSchema, path)
	if err == nil && done < len(contentSchema.Steps) {
		err = cannotLie("fault.store.older", path, fmt.Sprintf("%s has shape %d and this program knows %d", path, done, len(contentSchema.Steps)))
	}
	if err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

// cannotLie is why a folder that cannot be written cannot be read either.
func cannotLie(key, path, hint string) error {
	return &fault.Error{Kind: fault.Unavailable, Key: key, Args: []any{filepath.Dir(path)}, Hint: hint}
}
