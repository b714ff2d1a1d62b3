package tests

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// needs skips a test where a program of Debian is not installed; where SELFHELP_PEERS
// is "required" it has to be.
func needs(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		if os.Getenv("SELFHELP_PEERS") == "required" {
			t.Fatal(program + " is not installed")
		}
		t.Skip(program + " is not installed")
	}
}

// packed makes the Debian package, without compression, of this very binary or the
// one that was built.
func packed(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath(binary())
	if err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	cmd := exec.Command("../packaging/deb.sh", program, to)
	cmd.Env = append(os.Environ(), "COMPRESSION=none", "SOURCE_DATE_EPOCH=1790000000", "DEB_MAINTAINER=Tests <tests@example.org>")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	made, err := filepath.Glob(filepath.Join(to, "selfhelp_*.deb"))
	if err != nil || len(made) != 1 {
		t.Fatalf("made %v (%v)", made, err)
	}
	return made[0]
}

// TestDebianPackage makes the package twice, lays it out in a folder and runs what
// is in it.
func TestDebianPackage(t *testing.T) {
	needs(t, "dpkg-deb")
	first, second := packed(t), packed(t)
	a, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(second); err != nil || !bytes.Equal(a, b) {
		t.Errorf("the same binary gives another package the second time (%v)", err)
	}
	root := t.TempDir()
	if out, err := exec.Command("dpkg-deb", "-x", first, root).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name, mode := range map[string]fs.FileMode{
		"usr/bin/selfhelp": 0o755, "lib/systemd/system/selfhelp.service": 0o644, "etc/selfhelp/litestream.yml": 0o644, "usr/share/man/man1/selfhelp.1.gz": 0o644,
		"usr/share/bash-completion/completions/selfhelp": 0o644, "usr/share/zsh/vendor-completions/_selfhelp": 0o644, "usr/share/fish/vendor_completions.d/selfhelp.fish": 0o644,
	} {
		if info, err := os.Stat(filepath.Join(root, name)); err != nil || info.Mode() != mode || info.Size() == 0 {
			t.Errorf("%s: %v %v", name, info, err)
		}
	}
	if out, err := exec.Command("dpkg-deb", "-f", first, "Version").Output(); err != nil || !strings.Contains(run(t, root, "version"), strings.TrimSpace(string(out))) {
		t.Errorf("the package is of version %s (%v)", out, err)
	}
	// It starts as it is installed: nothing is copied before somebody says where to.
	config := filepath.Join(root, "etc/selfhelp/litestream.yml")
	data := filepath.Join(t.TempDir(), "data")
	run(t, root, "user", "create", "ada", "--config", config, "--data", data)
	if out := run(t, root, "doctor", "--config", config, "--data", data, "--listen", "127.0.0.1:0"); regexp.MustCompile(`(?m)^\w+ +replica`).MatchString(out) {
		t.Errorf("a replica is looked at, though nothing is copied: %s", out)
	}
}

func run(t *testing.T, root string, args ...string) string {
	t.Helper()
	out, err := exec.Command(filepath.Join(root, "usr/bin/selfhelp"), args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

// exposure is the highest figure of systemd-analyze security that the unit may have.
const exposure = 2.0

// TestUnit lets systemd read the unit and say how much it leaves open.
func TestUnit(t *testing.T) {
	needs(t, "systemd-analyze")
	unit, err := os.ReadFile("../packaging/selfhelp.service")
	if err != nil {
		t.Fatal(err)
	}
	program, err := exec.LookPath("true") // where the server will be once it is installed
	if err != nil {
		t.Fatal(err)
	}
	here := filepath.Join(t.TempDir(), "selfhelp.service")
	text := strings.NewReplacer("/usr/bin/selfhelp", program, "Documentation=man:selfhelp(1)\n", "").Replace(string(unit))
	if err := os.WriteFile(here, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("systemd-analyze", "verify", here).CombinedOutput(); err != nil || strings.Contains(string(out), "selfhelp.service:") {
		t.Errorf("%v\n%s", err, out)
	}
	out, err := exec.Command("systemd-analyze", "security", "--offline=true", "--no-pager", here).CombinedOutput()
	level := regexp.MustCompile(`Overall exposure level for selfhelp.service: ([\d.]+)`).FindSubmatch(out)
	if level == nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if n, err := strconv.ParseFloat(string(level[1]), 64); err != nil || n >= exposure {
		t.Errorf("the unit leaves %s open, %v at most is wanted\n%s", level[1], exposure, out)
	}
}
