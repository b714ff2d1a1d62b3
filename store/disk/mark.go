package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Mark is the file that says what a folder is for. Under a mount that went away
// there is none, and nothing is written to the bare folder below it.
type Mark struct {
	File    string
	Missing error // what is said of a folder without it
}

// Put marks a folder of this machine, or what is mounted there.
func (m Mark) Put(root string) error {
	if err := os.MkdirAll(root, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(root, m.File), os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// On says whether a folder is marked.
func (m Mark) On(root string) error {
	_, err := os.Stat(filepath.Join(root, m.File))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", root, m.Missing)
	}
	return err
}
