//go:build !linux

package disk

import (
	"errors"
	"os"
)

// ErrLockLost says that a file system lets go of locks, or never holds them.
var ErrLockLost = errors.New("the file system does not hold locks as SQLite needs them")

// TryLocks knows locks of open file descriptions on Linux only.
func TryLocks(string) error { return ErrLockLost }

// Kind knows file systems on Linux only.
func Kind(string) (network, fleeting string) { return "", "" }

// networkKind knows file systems on Linux only.
func networkKind(string) string { return "" }

// FreeBytes does not know on other systems.
func FreeBytes(string) (int64, error) { return -1, nil }

// Users does not know on other systems.
func Users(string, ...string) []User { return nil }

// flocked does not know on other systems.
func flocked(os.FileInfo) bool { return false }

// Folder does not know on other systems.
func Folder(string) string { return "" }
