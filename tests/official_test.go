package tests

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// official builds the official litestream command, of the version whose library is
// inside the product. Where SELFHELP_PEERS is not "required" the test is skipped:
// the first time, that takes a minute.
func official(t *testing.T) string {
	t.Helper()
	if os.Getenv("SELFHELP_PEERS") != "required" {
		t.Skip("the official litestream is built only where SELFHELP_PEERS is required")
	}
	version, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", "github.com/benbjohnson/litestream").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	build := exec.Command("go", "install", "github.com/benbjohnson/litestream/cmd/litestream@"+strings.TrimSpace(string(version)))
	build.Env = append(os.Environ(), "GOBIN="+dir)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the official litestream: %v\n%s", err, out)
	}
	return filepath.Join(dir, "litestream")
}

// beside is a data folder with its replica, for both programs.
type beside struct {
	t            *testing.T
	litestream   string
	data, target string
}

func (b beside) run(program string, args ...string) (string, error) {
	b.t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = b.env()
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (b beside) must(program string, args ...string) string {
	b.t.Helper()
	out, err := b.run(program, args...)
	if err != nil {
		b.t.Fatalf("%s %v: %v\n%s", program, args, err, out)
	}
	return out
}

func (b beside) env() []string {
	return append(os.Environ(), "SELFHELP_DATA="+b.data, "SELFHELP_REPLICA="+b.target, "SELFHELP_CONFIG=../litestream.yml", "SELFHELP_SITE=lyon", "SELFHELP_LISTEN=127.0.0.1:0")
}

// replicate starts the official program on the file that the product comes with,
// and waits until it has copied something more.
func (b beside) replicate() (pid int, stop func()) {
	b.t.Helper()
	before := b.copied()
	cmd := exec.Command(b.litestream, "replicate", "-config", "../litestream.yml")
	cmd.Env = append(b.env(), "SELFHELP_EPOCH=e0001-lyon")
	told := &spoken{}
	cmd.Stderr, cmd.Stdout = told, told
	if err := cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = cmd.Process.Kill() })
	for range 400 {
		if b.copied() > before && strings.Contains(told.String(), "replicat") {
			return cmd.Process.Pid, func() {
				b.t.Helper()
				if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
					b.t.Fatal(err)
				}
				if err := cmd.Wait(); err != nil {
					b.t.Errorf("litestream ended with %v: %s", err, told)
				}
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatalf("litestream copied nothing: %s", told)
	return 0, nil
}

// copied counts the files of the replica.
func (b beside) copied() (n int) {
	_ = filepath.WalkDir(b.target, func(_ string, d os.DirEntry, err error) error { // one that goes meanwhile is none
		if err == nil && strings.HasSuffix(d.Name(), ".ltx") {
			n++
		}
		return nil
	})
	return n
}

// restored restores by the official program, looks through what came by ours, and
// returns the accounts in it.
func (b beside) restored() string {
	b.t.Helper()
	to := b.t.TempDir()
	for _, name := range []string{"content.db", "activity.db"} {
		cmd := exec.Command(b.litestream, "restore", "-config", "../litestream.yml", "-o", filepath.Join(to, name), filepath.Join(b.data, name))
		cmd.Env = append(b.env(), "SELFHELP_EPOCH=e0001-lyon")
		if out, err := cmd.CombinedOutput(); err != nil {
			b.t.Fatalf("litestream restore %s: %v\n%s", name, err, out)
		}
	}
	if err := os.CopyFS(filepath.Join(to, "keys"), os.DirFS(filepath.Join(b.data, "keys"))); err != nil {
		b.t.Fatal(err)
	}
	b.must(binary(), "verify", "--data", to)
	return b.must(binary(), "user", "list", "--data", to)
}

// TestOfficialLitestream lets the official program and ours take turns on one file
// of settings, one data folder and one replica; and holds that ours does not start
// while the other one works.
func TestOfficialLitestream(t *testing.T) {
	b := beside{t: t, litestream: official(t), data: filepath.Join(t.TempDir(), "data"), target: t.TempDir()}
	b.must(binary(), "replica", "init", b.target)
	b.must(binary(), "user", "create", "ada")

	// Ours copies, theirs restores.
	b.ours()
	if got := b.restored(); !strings.Contains(got, "ada") {
		t.Errorf("what our server copied came back by theirs as %q", got)
	}

	// Theirs goes on where ours stopped; ours does not start beside it.
	pid, stop := b.replicate()
	out, err := b.run(binary(), "serve")
	if failed, is := err.(*exec.ExitError); !is || failed.ExitCode() != 3 || !strings.Contains(out, fmt.Sprintf("Another replicator, litestream in process %d", pid)) {
		t.Errorf("beside the official litestream, serve ended with %v: %s", err, out)
	}
	if out, err := b.run(binary(), "restore"); err == nil || !strings.Contains(out, "Another replicator") {
		t.Errorf("beside the official litestream, restore ended with %v: %s", err, out)
	}
	b.must(binary(), "user", "create", "bob")
	time.Sleep(3 * time.Second) // it copies every second
	stop()
	if got := b.restored(); !strings.Contains(got, "ada") || !strings.Contains(got, "bob") {
		t.Errorf("what theirs copied came back as %q", got)
	}

	// And ours goes on where theirs stopped.
	b.must(binary(), "user", "create", "eve")
	b.ours()
	if got := b.restored(); !strings.Contains(got, "bob") || !strings.Contains(got, "eve") {
		t.Errorf("what ours copied after theirs came back as %q", got)
	}
	if out := b.must(binary(), "restore", "--dry-run"); !strings.Contains(out, "accounts             3") {
		t.Errorf("our restore would bring back %s", out)
	}
}

// ours runs our server until it has copied what there is.
func (b beside) ours() {
	b.t.Helper()
	cmd := exec.Command(binary(), "serve", "--new")
	cmd.Env = b.env()
	told := &spoken{}
	cmd.Stderr = told
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = cmd.Process.Kill() })
	if addressOf(out) == "" {
		b.t.Fatalf("the server does not start: %s", told)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		b.t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		b.t.Errorf("the server ended with %v: %s", err, told)
	}
}
