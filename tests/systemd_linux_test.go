package tests

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// machine is a system of its own that systemd has started: that of this machine, on which
// what it writes is forgotten.
type machine struct {
	t    *testing.T
	root string
	init string // the process of its systemd, as seen here
}

// booted starts one.
func booted(t *testing.T) *machine {
	t.Helper()
	dir := t.TempDir()
	mount(t, dir, "tmpfs", "")
	m := &machine{t: t, root: filepath.Join(dir, "root")}
	up, work := filepath.Join(dir, "up"), filepath.Join(dir, "work")
	for _, d := range []string{m.root, up, work} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	mount(t, m.root, "overlay", fmt.Sprintf("lowerdir=/,upperdir=%s,workdir=%s", up, work))
	if err := os.Remove(filepath.Join(m.root, "etc/machine-id")); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	cmd := exec.Command("systemd-nspawn", "--quiet", "--directory="+m.root, "--machine=selfhelp-test", "--register=no", "--keep-unit", "--boot", "--private-network", "--console=pipe",
		"systemd.unit=basic.target", "systemd.mask=systemd-networkd-wait-online.service", "systemd.mask=NetworkManager-wait-online.service") // no network will come
	out := &spoken{}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // its systemd ends with its parent
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	m.waits("systemd", func() bool {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", cmd.Process.Pid))
		m.init = strings.TrimSpace(string(b))
		return err == nil && m.init != "" && strings.Contains("running degraded", m.says("systemctl", "is-system-running"))
	})
	return m
}

func mount(t *testing.T, at, kind, options string) {
	t.Helper()
	if err := syscall.Mount(kind, at, kind, 0, options); err != nil {
		t.Fatalf("mount %s on %s: %v", kind, at, err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(at, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}

// try runs a program there.
func (m *machine) try(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(m.t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "nsenter", append([]string{"-t", m.init, "-m", "-u", "-i", "-n", "-p", "--"}, args...)...)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive"}
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// says is what a program prints there, "" if it fails without a word.
func (m *machine) says(args ...string) string {
	out, _ := m.try(args...)
	return out
}

// run runs a program that must succeed.
func (m *machine) run(args ...string) string {
	m.t.Helper()
	out, err := m.try(args...)
	if err != nil {
		m.t.Fatalf("%v: %v\n%s\n%s", args, err, out, m.says("journalctl", "-u", "selfhelp", "-n", "30", "--no-pager"))
	}
	return out
}

// write puts a file there.
func (m *machine) write(name, text string) {
	m.t.Helper()
	m.run("sh", "-c", "mkdir -p $(dirname $1) && printf %s \"$2\" >$1", "sh", name, text)
}

func (m *machine) waits(what string, done func() bool) {
	m.t.Helper()
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			m.t.Fatalf("%s: not within a minute\n%s", what, m.says("journalctl", "-n", "50", "--no-pager"))
		}
	}
}

// pid is the process of the server there, "0" while there is none.
func (m *machine) pid() string {
	return m.says("systemctl", "show", "-p", "MainPID", "--value", "selfhelp")
}

// another waits for a server in another process, and for its answer.
func (m *machine) another(before, why string) {
	m.t.Helper()
	m.waits(why, func() bool {
		now := m.pid()
		_, err := m.try("/usr/bin/selfhelp", "healthcheck")
		return now != "0" && now != before && err == nil
	})
}

// TestUnderSystemd installs the package on a system and has its systemd look after the
// server: it is started when asked, comes back after a kill and when it hangs, may write where the
// guide says it may, is restarted by an update, and stops when the package goes. Its data stays.
func TestUnderSystemd(t *testing.T) {
	if os.Getenv("SELFHELP_THOROUGH") == "" || os.Getuid() != 0 && os.Getenv("SELFHELP_PEERS") != "required" {
		t.Skip("it takes a while, and only root starts a system")
	}
	needs(t, "systemd-nspawn")
	made := packed(t)
	m := booted(t)
	deb, err := os.ReadFile(made)
	if err == nil {
		err = os.WriteFile(filepath.Join(m.root, "root/selfhelp.deb"), deb, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	m.run("dpkg", "-i", "/root/selfhelp.deb")
	if state := m.says("systemctl", "is-active", "selfhelp"); state != "inactive" {
		t.Errorf("installed and %s, before anybody set it up", state)
	}
	m.run("systemctl", "enable", "--now", "selfhelp")
	m.run("/usr/bin/selfhelp", "healthcheck")

	before := m.pid()
	m.run("sh", "-c", "kill -KILL "+before)
	m.another(before, "after a kill")

	m.write("/etc/systemd/system/selfhelp.service.d/here.conf", "[Service]\nWatchdogSec=2\nReadWritePaths=/mnt/backups\n")
	m.write("/etc/selfhelp/environment", "SELFHELP_BACKUP=/mnt/backups\n")
	m.run("install", "-d", "-o", "selfhelp", "/mnt/backups")
	m.run("setpriv", "--reuid=selfhelp", "--regid=selfhelp", "--clear-groups", "/usr/bin/selfhelp", "backup", "init", "/mnt/backups")
	m.run("systemctl", "daemon-reload")
	m.run("systemctl", "restart", "selfhelp")
	m.waits("a backup", func() bool { return strings.Contains(m.says("ls", "/mnt/backups"), "-full") })

	before = m.pid()
	m.run("sh", "-c", "kill -STOP "+before)
	m.another(before, "after it hung")

	before = m.pid()
	m.run("dpkg", "-i", "/root/selfhelp.deb")
	m.another(before, "after an update")
	m.run("systemctl", "stop", "selfhelp")
	if how := m.run("systemctl", "show", "-p", "Result", "--value", "selfhelp"); how != "success" {
		t.Errorf("it stopped with %s", how)
	}
	m.run("systemctl", "start", "selfhelp")
	m.run("dpkg", "--purge", "selfhelp")
	if left := m.says("sh", "-c", "readlink /proc/[0-9]*/exe | grep selfhelp"); left != "" {
		t.Errorf("left running: %s", left)
	}
	m.run("test", "-s", "/var/lib/selfhelp/content.db")
}
