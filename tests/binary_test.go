package tests

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestBinary starts the built binary as an operator does, asks it whether it
// is well, and stops it as a service manager does.
func TestBinary(t *testing.T) {
	binary := os.Getenv("SELFHELP_BINARY")
	if binary == "" {
		t.Skip("SELFHELP_BINARY names no binary; make smoke builds one")
	}
	cmd := exec.Command(binary, "serve", "--listen", "127.0.0.1:0", "--data", t.TempDir())
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	address := addressIn(t, out)
	reply, err := http.Get(address + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(reply.Body)
	reply.Body.Close()
	t.Logf("first answer after %v: %s", time.Since(began).Round(time.Millisecond), body)
	if reply.StatusCode != http.StatusOK {
		t.Errorf("/readyz answered %d", reply.StatusCode)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("stopped by SIGTERM, it ended with %v", err)
	}
}

// addressIn reads what the server says until it names its address.
func addressIn(t *testing.T, out io.Reader) string {
	t.Helper()
	address := addressOf(out)
	if address == "" {
		t.Fatal("it ended without saying where it answers")
	}
	return address
}

// addressOf is addressIn that says nothing when there is none.
func addressOf(out io.Reader) string {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, address, found := strings.Cut(lines.Text(), " answers on "); found {
			go io.Copy(io.Discard, out)
			return strings.TrimSpace(address)
		}
	}
	return ""
}
