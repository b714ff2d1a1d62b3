// Package disk knows what a store stands on: the folder it holds against other
// processes, the kind of file system, the room left, the file a database was
// opened as. It refuses to know what is kept there. Its main names are Lock,
// Hold and Place.
package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"selfhelp/app/fault"
	"selfhelp/store/trouble"
)

// Lock keeps other processes out of a store's folder. The kernel drops
// it with the process, however that ends.
type Lock struct {
	file *os.File
}

// Hold takes the lock of a folder or says who has it.
func Hold(dir string) (*Lock, error) {
	if kind := networkKind(dir); kind != "" {
		return nil, &fault.Error{
			Kind: fault.Unavailable, Key: "fault.store.network", Args: []any{dir, kind},
			Hint: "locks and memory maps do not hold over " + kind + ": put the folder on a local disk",
		}
	}
	return HoldPlain(dir)
}

// OnNetwork reports whether a folder is on a network share, where databases cannot be
// open.
func OnNetwork(dir string) bool { return networkKind(dir) != "" }

// HoldPlain is Hold for a folder in which no database is opened: it may be on a
// network share.
func HoldPlain(dir string) (*Lock, error) {
	name := filepath.Join(dir, "lock")
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, trouble.Of(err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, heldBy(dir, holder(name))
		}
		return nil, fmt.Errorf("lock %s: %w", name, err)
	}
	l := &Lock{f}
	if err := l.sign(); err != nil {
		f.Close()
		return nil, trouble.Of(err)
	}
	return l, nil
}

// ErrHeld says that somebody else has a folder.
var ErrHeld = errors.New("the folder is in use")

// HoldFolder takes a folder itself, in which no lock is to lie.
func HoldFolder(dir string) (*Lock, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, trouble.Of(err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = ErrHeld
		}
		return nil, errors.Join(fmt.Errorf("hold %s: %w", dir, err), f.Close())
	}
	return &Lock{f}, nil
}

// AwaitFolder is HoldFolder for a moment, as long as a small file in it is read, changed
// and written again: it waits for who does that now.
func AwaitFolder(dir string) (*Lock, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, trouble.Of(err)
	}
	err = syscall.EINTR
	for errors.Is(err, syscall.EINTR) {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("hold %s: %w", dir, err), f.Close())
	}
	return &Lock{f}, nil
}

// TakeToRead shares the lock of a folder that cannot be written with others who
// read it, or says who has it for themselves. Where no lock lies, nobody does.
func TakeToRead(dir string) (*Lock, error) {
	name := filepath.Join(dir, "lock")
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return &Lock{}, nil
	}
	if err != nil {
		return nil, trouble.Of(err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB); err != nil {
		defer f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, heldBy(dir, holder(name))
		}
		return nil, fmt.Errorf("share the lock of %s: %w", name, err)
	}
	return &Lock{f}, nil
}

// sign writes who holds the lock, for the message of the one refused.
func (l *Lock) sign() error {
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	_, err := l.file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

// Holder is the process that holds a folder, "" when nobody does. It asks without
// taking: whoever begins meanwhile is not refused.
func Holder(dir string) string {
	name := filepath.Join(dir, "lock")
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && flocked(info) {
		return holder(name)
	}
	return ""
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

// Release gives the folder back.
func (l *Lock) Release() error {
	if l.file == nil {
		return nil
	}
	// A child that is just being started has the descriptor too, until its program runs:
	// closing ours alone would leave the folder held meanwhile.
	return errors.Join(syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN), l.file.Close())
}
