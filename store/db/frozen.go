package db

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
	"selfhelp/store/shape"
)

// Frozen opens the database of a schema that nobody changes, without a writer.
// SQLite then looks for no changes beside it, so there must be none.
func Frozen(ctx context.Context, dir string, s shape.Schema) (*DB, error) {
	path := filepath.Join(dir, s.Name+".db")
	if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 0 {
		return nil, cannotLie("fault.store.unfolded", path, "the program that had it open did not end in order: what it wrote last is in "+path+"-wal")
	}
	q := url.Values{"immutable": {"1"}, "mode": {"ro"}, "_pragma": {"query_only(ON)", "temp_store(MEMORY)"}}
	readers, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, err
	}
	d := &DB{Name: s.Name, place: disk.Place{Path: path}, Now: time.Now, readers: readers}
	done, err := shape.Done(ctx, readers, s, path)
	if err == nil && done < len(s.Steps) {
		err = cannotLie("fault.store.older", path, fmt.Sprintf("%s has shape %d and this program knows %d", path, done, len(s.Steps)))
	}
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// cannotLie is why a folder that cannot be written cannot be read either.
func cannotLie(key, path, hint string) error {
	return &fault.Error{Kind: fault.Unavailable, Key: key, Args: []any{filepath.Dir(path)}, Hint: hint}
}

// Glance opens the database of a schema to be read while another process may be
// writing it. What it reads is of one moment each; nothing is made or migrated.
func Glance(ctx context.Context, dir string, s shape.Schema) (*DB, error) {
	dir, err := filepath.Abs(dir) // an address takes no other
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, s.Name+".db")
	q := url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(5000)", "query_only(ON)", "temp_store(MEMORY)"}}
	readers, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, err
	}
	d := &DB{Name: s.Name, place: disk.Place{Path: path}, Now: time.Now, readers: readers}
	if _, err := shape.Done(ctx, readers, s, path); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}
