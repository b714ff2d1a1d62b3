// Package storetest hands tests data folders with an empty store in them. It is
// made once in a test binary and copied: making the tables takes longer than most
// tests do. It knows files and nothing of what a store is; nothing of the product
// imports it.
package storetest

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// file is one of the files of an empty store.
type file struct {
	path    string
	mode    fs.FileMode
	content []byte
}

var empty struct {
	once  sync.Once
	files []file
	err   error
}

// Folder returns a folder of the test's own with an empty store in it. The first
// one is made by open, which makes a store in a folder that has none; it has to be
// the same each time.
func Folder[S io.Closer](t testing.TB, open func(dir string) (S, error)) string {
	t.Helper()
	empty.once.Do(func() { empty.files, empty.err = read(t.TempDir(), open) })
	if empty.err != nil {
		t.Fatal(empty.err)
	}
	dir := t.TempDir()
	for _, f := range empty.files {
		if err := write(filepath.Join(dir, f.path), f); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func write(path string, f file) error {
	if f.mode.IsDir() {
		return os.MkdirAll(path, f.mode.Perm())
	}
	return os.WriteFile(path, f.content, f.mode.Perm())
}

// read makes an empty store and returns its folders and files, in the order in
// which they can be made again.
func read[S io.Closer](dir string, open func(dir string) (S, error)) (all []file, err error) {
	s, err := open(dir)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return all, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		f := file{mode: info.Mode()}
		if f.path, err = filepath.Rel(dir, path); err == nil && !d.IsDir() {
			f.content, err = os.ReadFile(path)
		}
		all = append(all, f)
		return err
	})
}
