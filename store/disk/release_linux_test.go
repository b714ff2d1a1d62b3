package disk_test

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"selfhelp/store/disk"
)

// A folder that was let go is free at once, also while a child that is being started has
// what held it: until its program runs, a child has every descriptor.
func TestReleasedWhileAChildHasIt(t *testing.T) {
	dir := t.TempDir()
	lock, err := disk.Hold(dir)
	if err != nil {
		t.Fatal(err)
	}
	held := -1
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		if name, _ := os.Readlink("/proc/self/fd/" + fd.Name()); name == filepath.Join(dir, "lock") {
			n := 0
			if _, err := fmt.Sscan(fd.Name(), &n); err != nil {
				t.Fatal(err)
			}
			if held, err = syscall.Dup(n); err != nil {
				t.Fatal(err)
			}
			defer syscall.Close(held)
		}
	}
	if held < 0 {
		t.Fatal("nothing holds the folder")
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	again, err := disk.Hold(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Release(); err != nil {
		t.Error(err)
	}
}
