// Package disktest makes disks of their own for tests that fill them, or take away the
// right to write to them. It knows nothing of what lies there; nothing of the product
// imports it.
package disktest

import (
	"fmt"
	"os"
	"syscall"
	"testing"
)

// Small mounts a file system of its own with so many bytes. Without the right to, the
// test is skipped, unless every test has to run.
func Small(t *testing.T, size int) string {
	t.Helper()
	dir := t.TempDir()
	Over(t, dir, size)
	return dir
}

// Over is Small over a folder that is there.
func Over(t *testing.T, dir string, size int) {
	t.Helper()
	if err := mount(dir, size, 0); err != nil {
		if os.Getenv("SELFHELP_THOROUGH") != "" {
			t.Fatalf("mount a small disk: %v", err)
		}
		t.Skipf("mounting a small disk needs root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
}

// Remount gives a disk another size, or takes away the right to write to it.
func Remount(t *testing.T, dir string, size int, readOnly bool) {
	t.Helper()
	flags := uintptr(syscall.MS_REMOUNT)
	if readOnly {
		flags |= syscall.MS_RDONLY
	}
	if err := mount(dir, size, flags); err != nil {
		t.Fatalf("mount a small disk again: %v", err)
	}
}

func mount(dir string, size int, flags uintptr) error {
	return syscall.Mount("tmpfs", dir, "tmpfs", flags, fmt.Sprintf("size=%d", size))
}
