package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"selfhelp/app/fault"
)

// folderLock keeps other processes out of a store's folder. The kernel drops
// it with the process, however that ends.
type folderLock struct {
	file *os.File
}

// lockFolder takes the lock of a folder or says who has it.
func lockFolder(dir string) (*folderLock, error) {
	if kind := networkKind(dir); kind != "" {
		return nil, &fault.Error{
			Kind: fault.Unavailable, Key: "fault.store.network", Args: []any{dir, kind},
			Hint: "locks and memory maps do not hold over " + kind + ": put the folder on a local disk",
		}
	}
	name := filepath.Join(dir, "lock")
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, faultOf(err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, heldBy(dir, holder(name))
		}
		return nil, fmt.Errorf("lock %s: %w", name, err)
	}
	l := &folderLock{f}
	if err := l.sign(); err != nil {
		f.Close()
		return nil, faultOf(err)
	}
	return l, nil
}

// sign writes who holds the lock, for the message of the one refused.
func (l *folderLock) sign() error {
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	_, err := l.file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

func holder(name string) string {
	b, err := os.ReadFile(name)
	if pid := strings.TrimSpace(string(b)); err == nil && pid != "" {
		return pid
	}
	return "?"
}

func heldBy(dir, pid string) error {
	return &fault.Error{
		Kind: fault.Unavailable, Key: "fault.store.locked", Args: []any{dir, pid},
		Hint:  "stop that one first, or use another folder",
		Cause: errors.New("folder " + dir + " is open in process " + pid),
	}
}

func (l *folderLock) release() error { return l.file.Close() }
