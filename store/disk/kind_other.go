//go:build !linux

package disk

// networkKind knows file systems on Linux only.
func networkKind(string) string { return "" }

// FreeBytes does not know on other systems.
func FreeBytes(string) (int64, error) { return -1, nil }

// Users does not know on other systems.
func Users(string, ...string) []User { return nil }
