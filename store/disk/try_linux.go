package disk

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// ofdSetLock is F_OFD_SETLK of fcntl(2), which package syscall does not name.
const ofdSetLock = 37

// ErrLockLost says that a file system lets go of locks, or never holds them.
var ErrLockLost = errors.New("the file system does not hold locks as SQLite needs them")

// TryLocks takes a lock of an open file description on a file of its own in a
// folder, closes another descriptor of that file, and looks whether it still holds.
func TryLocks(dir string) error {
	held, err := os.CreateTemp(dir, ".locks-*")
	if err != nil {
		return err
	}
	defer os.Remove(held.Name())
	defer held.Close()
	lock := func(f *os.File) error {
		return syscall.FcntlFlock(f.Fd(), ofdSetLock, &syscall.Flock_t{Type: syscall.F_WRLCK, Whence: io.SeekStart})
	}
	if err := lock(held); err != nil {
		return fmt.Errorf("%w: %w", ErrLockLost, err)
	}
	for range 2 { // the second time after a descriptor of the file was closed
		other, err := os.OpenFile(held.Name(), os.O_RDWR, 0)
		if err != nil {
			return err
		}
		err = lock(other)
		if err := other.Close(); err != nil {
			return err
		}
		if !errors.Is(err, syscall.EAGAIN) && !errors.Is(err, syscall.EACCES) {
			return fmt.Errorf("%w: two had one lock at once (%v)", ErrLockLost, err)
		}
	}
	return nil
}
