//go:build !linux

package store

// networkKind knows file systems on Linux only.
func networkKind(string) string { return "" }

// freeBytes does not know on other systems.
func freeBytes(string) (int64, error) { return -1, nil }
