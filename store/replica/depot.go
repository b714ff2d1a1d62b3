package replica

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"selfhelp/store/disk"
	"selfhelp/store/replica/steady"
)

// depot keeps whole files at a target, beside the replicas of the databases. Names
// have slashes between folders.
type depot interface {
	// put keeps what r gives under a name, whole or not at all, instead of what
	// was there.
	put(ctx context.Context, name string, r io.ReadSeeker) error
	// claim is put that fails with fs.ErrExist where something has the name. Of
	// several at once, one succeeds.
	claim(ctx context.Context, name string, content []byte) error
	// get opens what has a name; fs.ErrNotExist where nothing has.
	get(ctx context.Context, name string) (io.ReadCloser, error)
	// list names what is in a folder, folders too; nothing where there is no such.
	list(ctx context.Context, folder string) ([]string, error)
	// remove takes away what has a name; nothing where nothing has.
	remove(ctx context.Context, name string) error
	// parts takes away what was begun in a folder before a time, the zero time for
	// any, and not ended, and says how many there were.
	parts(ctx context.Context, folder string, before time.Time) (int, error)
	close() error
}

// depot opens the folder of a target for whole files.
func (t Target) depot(ctx context.Context) (depot, error) {
	d, err := t.plainDepot(ctx)
	if err != nil {
		return nil, refused(err)
	}
	return bounded{d, cmp.Or(t.Silence, steady.Silence)}, nil
}

func (t Target) plainDepot(ctx context.Context) (depot, error) {
	switch t.Kind {
	case kindSFTP:
		return openSFTP(ctx, t)
	case kindWebDAV:
		return openWebDAV(t), nil
	case kindS3:
		return openS3(ctx, t)
	}
	return folder(t.Path), nil
}

// sizeOf is how many bytes are to be read, from the beginning.
func sizeOf(r io.ReadSeeker) (int64, error) {
	n, err := r.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = r.Seek(0, io.SeekStart)
	}
	return n, err
}

// read takes a small file whole.
func read(ctx context.Context, d depot, name string) ([]byte, error) {
	r, err := d.get(ctx, name)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(r, 1<<20))
	return b, errors.Join(err, r.Close())
}

// folder is a depot in a folder of this machine, or mounted there.
type folder string

func (f folder) path(name string) string {
	return filepath.Join(string(f), filepath.FromSlash(name))
}

func (f folder) put(_ context.Context, name string, r io.ReadSeeker) error {
	return f.write(name, r, os.Rename)
}

// claim links the written file to its name, which fails where there is one.
func (f folder) claim(_ context.Context, name string, content []byte) error {
	return f.write(name, bytes.NewReader(content), os.Link)
}

func (f folder) write(name string, r io.Reader, settle func(from, to string) error) error {
	if err := Prepared(string(f)); err != nil {
		return err
	}
	return disk.Whole(f.path(name), r, settle)
}

// Receive keeps what came for a name in a prepared folder, whole or not at all; once,
// where it must be new: then it fails with fs.ErrExist where something has the name.
func Receive(root, name string, r io.Reader, once bool) error {
	if once {
		return folder(root).write(name, r, os.Link)
	}
	return folder(root).write(name, r, os.Rename)
}

func (f folder) get(_ context.Context, name string) (io.ReadCloser, error) {
	return os.Open(f.path(name))
}

func (f folder) list(_ context.Context, dir string) (names []string, err error) {
	if err := Prepared(string(f)); err != nil {
		return nil, err
	}
	all, err := os.ReadDir(f.path(dir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range all {
		if !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

func (f folder) remove(_ context.Context, name string) error {
	if err := Prepared(string(f)); err != nil {
		return err
	}
	if err := os.Remove(f.path(name)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (f folder) parts(_ context.Context, dir string, before time.Time) (int, error) {
	entries, err := os.ReadDir(f.path(dir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	var all []fs.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			all = append(all, info)
		}
	}
	return removeParts(all, before, func(name string) error { return os.Remove(filepath.Join(f.path(dir), name)) })
}

func (folder) close() error { return nil }
