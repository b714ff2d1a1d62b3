package trouble

import (
	"errors"
	"os"
)

// Sync puts the names in a folder on the disk.
func Sync(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
