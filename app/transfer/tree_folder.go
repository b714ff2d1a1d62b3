package transfer

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Open lists the files of an archive that stands on this machine, a zip file
// or a plain folder. The caller closes the tree.
func Open(name string, limits Limits) (*Tree, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	if info.IsDir() {
		return openFolder(name, limits)
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for its other end
		f := &findings{most: limits.Problems}
		f.add(name, 0, "transfer.entry.irregular")
		return nil, f.refusal()
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	tree, err := OpenZip(file, info.Size(), limits)
	if err != nil {
		file.Close()
		return nil, err
	}
	tree.close = file.Close
	return tree, nil
}

// openFolder lists a folder. Everything is opened through an os.Root, so that
// no link leads out of it even if one appears meanwhile.
func openFolder(name string, limits Limits) (*Tree, error) {
	root, err := os.OpenRoot(filepath.Clean(name))
	if err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	tree, err := OpenFS(root.FS(), limits)
	if err != nil {
		root.Close()
		return nil, err
	}
	tree.close = root.Close
	return tree, nil
}

// OpenFS lists the files of an archive inside a file system, such as the one
// that a binary carries.
func OpenFS(files fs.FS, limits Limits) (*Tree, error) {
	f := &findings{most: limits.Problems}
	entries, err := folderEntries(files, limits, f)
	if _, missing := fs.Stat(files, projectFile); err == nil && missing != nil && len(f.list) > 0 {
		f.list = []Problem{{Key: "transfer.project.missing"}} // another folder was meant: its files are no news
	}
	if err == nil {
		err = f.refusal()
	}
	if err != nil {
		return nil, err
	}
	return newTree(entries, limits), nil
}

func folderEntries(files fs.FS, limits Limits, f *findings) ([]entry, error) {
	var entries []entry
	count := 0
	seen := map[string]string{}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("read archive folder: %w", err)
		case name == ".":
			return nil
		case beside(name) && d.IsDir():
			return fs.SkipDir
		case beside(name):
			return nil
		}
		if count++; count > limits.Entries {
			f.add("", 0, "transfer.zip.entries", limits.Entries)
			return fs.SkipAll
		}
		switch {
		case !admit(name, seen, f) || d.IsDir():
		case !d.Type().IsRegular():
			f.add(name, 0, "transfer.entry.irregular")
		default:
			entries = append(entries, entry{name: name, open: func() (io.ReadCloser, error) { return files.Open(name) }})
		}
		return nil
	})
	return entries, err
}
