package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"selfhelp/app/fault"
)

// child starts the test binary again to do one of the children's jobs in a
// process of its own, which the test can kill.
func child(t testing.TB, job, path string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childJob+"="+job, childPath+"="+path)
	cmd.Stderr = os.Stderr
	out := must[interface {
		Read([]byte) (int, error)
		Close() error
	}](t)(cmd.StdoutPipe())
	check(t, cmd.Start())
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	})
	return cmd, bufio.NewReader(out)
}

// holdOpen is a child's job: have a store open until killed.
func holdOpen(dir string) error {
	if _, err := Open(context.Background(), dir, Options{Log: quiet()}); err != nil {
		return err
	}
	fmt.Println("open")
	select {}
}

func TestALockedFolder(t *testing.T) {
	dir := t.TempDir()
	cmd, out := child(t, "hold", dir)
	if line, err := out.ReadString('\n'); err != nil || line != "open\n" {
		t.Fatalf("the child said %q, %v", line, err)
	}
	_, err := Open(t.Context(), dir, Options{Log: quiet()})
	refused(t, err, fault.Unavailable, "fault.store.locked")
	pid := strconv.Itoa(cmd.Process.Pid)
	_, args := fault.TextOf(err)
	if len(args) != 2 || args[0] != dir || args[1] != pid {
		t.Errorf("the person is told %v", args)
	}
	if e, _ := errors.AsType[*fault.Error](err); e.Hint == "" || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), pid) {
		t.Errorf("the operator is told %q: %v", e.Hint, err)
	}

	// The lock goes with the process, however it ends.
	check(t, cmd.Process.Kill())
	_ = cmd.Wait()
	s := must[*Store](t)(Open(t.Context(), dir, Options{Log: quiet()}))
	check(t, s.Close())
}
