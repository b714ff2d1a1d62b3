package backup

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Pack is a backup with all that it needs, as one stream to be taken elsewhere: a tar
// archive which, unpacked into a prepared folder, is a backup there. It takes nothing
// from those who make backups meanwhile, however long the way is: a backup that has its
// name is not changed, and one that is pruned under the reader ends it with an error.
func (f Folder) Pack(ctx context.Context, name string) (io.ReadCloser, error) {
	if err := mark.On(f.Root); err != nil {
		return nil, f.fault("pack a backup", err)
	}
	names, err := f.packed(name)
	if err != nil {
		return nil, f.fault("pack a backup", err)
	}
	r, w := io.Pipe()
	go func() { w.CloseWithError(f.pack(ctx, w, names)) }()
	return r, nil
}

// packed are the names, in the folder, of what belongs to a backup; its own manifest
// is last, so that half of it is none.
func (f Folder) packed(name string) (names []string, err error) {
	chain, err := f.chain(name)
	if err != nil {
		return nil, err
	}
	contents, err := f.lists(chain)
	if err != nil {
		return nil, err
	}
	for _, c := range contents {
		names = append(names, c.name())
	}
	for _, m := range chain {
		for _, p := range m.Files {
			names = append(names, filepath.Join(m.Name, p.Name))
		}
		if _, err := os.Stat(filepath.Join(f.path(m.Name), verdictFile)); err == nil {
			names = append(names, filepath.Join(m.Name, verdictFile))
		}
		names = append(names, filepath.Join(m.Name, manifestFile))
	}
	return names, nil
}

func (f Folder) pack(ctx context.Context, w io.Writer, names []string) error {
	t := tar.NewWriter(w)
	for _, name := range names {
		if err := errors.Join(ctx.Err(), packOne(t, f.path(name), filepath.ToSlash(name))); err != nil {
			return err
		}
	}
	return t.Close()
}

func packOne(t *tar.Writer, path, name string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: info.Size(), ModTime: info.ModTime()}); err != nil {
		return err
	}
	_, err = io.Copy(t, file)
	return err
}
