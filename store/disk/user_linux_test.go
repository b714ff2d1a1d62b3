package disk

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"selfhelp/app/fault"
)

// TestWhoHasItOpen starts processes that have a file open: one that is called as
// the replicator's is, and one that is not.
func TestWhoHasItOpen(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "content.db")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if users := Users(dir, "content.db", "activity.db"); len(users) != 0 {
		t.Errorf("nobody else has it open, but %+v", users)
	}
	begin := func(argv ...string) *exec.Cmd {
		c := &exec.Cmd{Path: "/bin/sleep", Args: argv, ExtraFiles: []*os.File{f}}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
		return c
	}
	reader := begin("sqlite3", "60")
	await(t, dir, 1)
	if err := NoReplicator(dir, "content.db"); err != nil {
		t.Errorf("a process that reads is refused: %v", err)
	}
	begin("/usr/bin/litestream", "60")
	users := await(t, dir, 2)
	err = NoReplicator(dir, "content.db")
	if key, _ := fault.TextOf(err); key != "fault.store.replicator" {
		t.Errorf("beside a replicator: %v", err)
	}
	if users[0].Process != reader.Process.Pid && users[1].Process != reader.Process.Pid {
		t.Errorf("%d has it open, but %+v", reader.Process.Pid, users)
	}
	if !(User{1, []string{"/opt/ls", "replicate", "-config", "x"}}).Replicates() || (User{}).Replicates() {
		t.Error("a replicator is not known by what it was told")
	}
}

func await(t *testing.T, dir string, n int) (users []User) {
	for range 100 {
		if users = Users(dir, "content.db"); len(users) == n && users[n-1].Command != nil && users[0].Name() != "disk.test" && users[n-1].Name() != "disk.test" {
			return users
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%d have it open: %+v", n, users)
	return nil
}

// TestLocksAreFound holds that /proc/locks names files as we look for them: it is
// what shows the processes of other accounts.
func TestLocksAreFound(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "content.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := syscall.FcntlFlock(f.Fd(), syscall.F_SETLK, &syscall.Flock_t{Type: syscall.F_WRLCK}); err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if pids := lockers([]os.FileInfo{info}); len(pids) != 1 || pids[0] != os.Getpid() {
		b, _ := os.ReadFile("/proc/locks")
		t.Errorf("%s is locked by %v\n%s", lockName(info), pids, b)
	}
}
