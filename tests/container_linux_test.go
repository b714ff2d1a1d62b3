package tests

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// image is what the Dockerfile says of its last stage.
type image struct {
	env, entry, cmd, health []string
}

// TestBinaryInAContainer runs the built binary as its image has it, by the OCI runtime that Docker
// uses: alone on a root that is read-only, as an account without any right, with a folder
// for its data. It starts, is well, finds nothing wrong with itself, and stops when told.
func TestBinaryInAContainer(t *testing.T) {
	program := os.Getenv("SELFHELP_BINARY")
	if program == "" || os.Getuid() != 0 && os.Getenv("SELFHELP_PEERS") != "required" {
		t.Skip("SELFHELP_BINARY names no binary (make smoke builds one), or this is not root, who alone starts containers")
	}
	needs(t, "runc")
	im := imageIn(t, "../Dockerfile")
	at := t.TempDir()
	root, data := filepath.Join(at, "rootfs"), filepath.Join(at, "data")
	for _, dir := range []string{"data", "tmp", "proc", "dev", "sys"} {
		check(t, os.MkdirAll(filepath.Join(root, dir), 0o755))
	}
	check(t, os.Mkdir(data, 0o700))
	check(t, os.Chown(data, nobody, nobody))
	b, err := os.ReadFile(program)
	check(t, err)
	check(t, os.WriteFile(filepath.Join(root, im.entry[0]), b, 0o755))
	check(t, os.WriteFile(filepath.Join(at, "config.json"), im.bundle(t, at, data), 0o600))

	name := "selfhelp-test-" + filepath.Base(at)
	var log spoken
	run := exec.Command("runc", "run", "--bundle", at, name)
	run.Stdout, run.Stderr = &log, &log
	check(t, run.Start())
	t.Cleanup(func() { _ = exec.Command("runc", "delete", "--force", name).Run() })
	in := func(args ...string) (string, error) {
		out, err := exec.Command("runc", append([]string{"exec", name}, args...)...).CombinedOutput()
		return string(out), err
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		out, err := in(im.health...)
		if err == nil {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("not well within a minute: %v %s\n%s", err, out, log.String())
		}
	}
	if out, _ := in(im.entry[0], "doctor"); strings.Contains(out, "\nwrong ") || !strings.Contains(out, "is well") {
		t.Errorf("its doctor says\n%s", out)
	}
	if !strings.Contains(log.String(), "http://localhost:8080/setup?") {
		t.Errorf("it names no address that can be gone to\n%s", log.String())
	}
	check(t, exec.Command("runc", "kill", name, "TERM").Run())
	if err := run.Wait(); err != nil {
		t.Errorf("stopped by SIGTERM, it ended with %v\n%s", err, log.String())
	}
	if info, err := os.Stat(filepath.Join(data, "content.db")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its database: %v %v", info, err)
	}
}

// nobody is the account of the image: nonroot in the images of distroless.
const nobody = 65532

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// imageIn reads a Dockerfile.
func imageIn(t *testing.T, name string) (im image) {
	t.Helper()
	b, err := os.ReadFile(name)
	check(t, err)
	list := func(instruction string) (l []string) {
		found := regexp.MustCompile(`(?m)^` + instruction + ` (\[.*\])$`).FindSubmatch(b)
		if found == nil {
			t.Fatalf("%s has no %s", name, instruction)
		}
		check(t, json.Unmarshal(found[1], &l))
		return l
	}
	im.entry, im.cmd, im.health = list("ENTRYPOINT"), list("CMD"), list(`HEALTHCHECK .*CMD`)
	for _, line := range bytes.Split(b, []byte("\n")) {
		if env, found := strings.CutPrefix(string(line), "ENV "); found {
			im.env = append(im.env, strings.Fields(env)...)
		}
	}
	return im
}

// bundle is the description of the container (OCI runtime specification 1.0).
func (im image) bundle(t *testing.T, at, data string) []byte {
	t.Helper()
	_ = os.Remove(filepath.Join(at, "config.json"))
	spec := exec.Command("runc", "spec", "--bundle", at)
	if out, err := spec.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	b, err := os.ReadFile(filepath.Join(at, "config.json"))
	check(t, err)
	var c map[string]any
	check(t, json.Unmarshal(b, &c))
	c["root"] = map[string]any{"path": "rootfs", "readonly": true}
	mounts, _ := c["mounts"].([]any)
	c["mounts"] = append(mounts,
		map[string]any{"destination": "/data", "type": "bind", "source": data, "options": []string{"rbind", "rw"}},
		map[string]any{"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": []string{"mode=1777"}})
	p, _ := c["process"].(map[string]any)
	p["terminal"], p["noNewPrivileges"], p["cwd"] = false, true, "/"
	p["user"] = map[string]int{"uid": nobody, "gid": nobody}
	p["args"], p["env"] = append(im.entry, im.cmd...), im.env
	p["capabilities"] = map[string]any{}
	b, err = json.Marshal(c)
	check(t, err)
	return b
}
