package tests

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// binary is the product as a process: the one that was built, or this very
// binary, which is the product when it is called so.
func binary() string { return cmp.Or(os.Getenv("SELFHELP_BINARY"), "selfhelp") }

// process is a server in a process of its own.
type process struct {
	t       *testing.T
	cmd     *exec.Cmd
	address string
	log     *spoken
}

// spoken collects what a process says, while it says it.
type spoken struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *spoken) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *spoken) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// serve starts a server as behind a proxy, so that each visitor has an address
// of their own, and waits until it says where it answers.
func serve(t *testing.T, data string, environment ...string) *process {
	t.Helper()
	p := &process{t: t, log: &spoken{}}
	p.cmd = exec.Command(binary(), "serve", "--listen", "127.0.0.1:0", "--data", data, "--behind-proxy", "private", "--drain", "0s")
	p.cmd.Env = append(os.Environ(), environment...)
	p.cmd.Stderr = p.log
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.kill() })
	if p.address = addressOf(out); p.address == "" {
		t.Fatalf("the server does not start: %s", p.log)
	}
	return p
}

// kill ends the process without a word, as a power cut does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended by itself
	_ = p.cmd.Wait()
}

// stop ends it as a service manager does.
func (p *process) stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("stopped by SIGTERM, it ended with %v: %s", err, p.log)
	}
}

// command runs a command of the product to its end.
func command(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.Command(binary(), args...)
	cmd.Env = append(os.Environ(), "SELFHELP_PASSWORD="+bossPassword)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v: %s", args, err, out)
	}
}

const bossPassword = "quinze petits chats gris"

// desk makes a data folder with an administrator, boss, and the project of
// testdata/desk, published in the domain of production.
func desk(t *testing.T, data string) {
	t.Helper()
	command(t, "user", "create", "--data", data, "--role", "administrator", "--domains", "*", "boss")
	command(t, "import", "--data", data, "--domain", "production", "testdata/desk")
	p := serve(t, data)
	boss := p.boss()
	if _, err := publishAll(boss, p.address); err != nil {
		t.Fatal(err)
	}
	p.stop()
}

// boss is the administrator, signed in.
func (p *process) boss() *visitor { return p.signedIn("boss") }

// signedIn is an account with the password of the tests, signed in.
func (p *process) signedIn(login string) *visitor {
	p.t.Helper()
	v := newVisitor(p.t, 1)
	at, err := v.open(p.address + "/login")
	if err == nil {
		at, err = v.send(at, at.formWith("/login"), map[string]string{"login": login, "password": bossPassword})
	}
	if err != nil || at.status != http.StatusOK || at.url.Path == "/login" {
		p.t.Fatalf("%s cannot sign in: %d %v", login, at.status, err)
	}
	return v
}

// deskProject is the address of the desk in the Studio.
func deskProject(v *visitor, address string) (string, error) {
	at, err := v.open(address + "/studio")
	if err != nil {
		return "", err
	}
	for _, n := range within(at.root) {
		if to := attribute(n, "href"); isProject(to) && strings.Contains(wordsOf(n), "Desk") {
			return address + to, nil
		}
	}
	return "", fmt.Errorf("the desk is not in the Studio (%d)", at.status)
}

// isProject reports whether an address is that of a project's first page.
func isProject(to string) bool {
	return strings.HasPrefix(to, "/studio/p/") && strings.Count(to, "/") == 3 && !strings.Contains(to, "?")
}

// wordsOf is the text within an element.
func wordsOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// publishAll publishes the desk and returns the highest number that is shown.
func publishAll(v *visitor, address string) (string, error) {
	project, err := deskProject(v, address)
	if err != nil {
		return "", err
	}
	at, err := v.open(project + "/publish")
	if err != nil {
		return "", err
	}
	form := at.formWith(at.url.Path)
	if form == nil {
		return "", fmt.Errorf("the page to publish has no form (%d)", at.status)
	}
	if at, err = v.send(at, form, map[string]string{"fix": ""}); err != nil {
		return "", err
	}
	if at.status != http.StatusOK || !strings.HasSuffix(at.url.Path, "/versions") {
		return "", fmt.Errorf("publishing leads to %s (%d)", at.url.Path, at.status)
	}
	return versionIn(at), nil
}

// caller calls the API as a program of a visitor.
type caller struct {
	address, from string
	secret        string
}

// call sends a body and reads the reply, which must have a status.
func (c *caller) call(method, path string, body any, status int) (reply map[string]any, err error) {
	content, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(method, c.address+"/api/v1"+path, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	request.Header.Set("X-Forwarded-For", c.from)
	request.Header.Set("Content-Type", "application/json")
	if c.secret != "" {
		request.Header.Set("Authorization", "Bearer "+c.secret)
	}
	answer, err := (&http.Client{Timeout: 30 * time.Second}).Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	content, err = io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != status {
		return nil, fmt.Errorf("%s %s answers %d: %.300s", method, path, answer.StatusCode, content)
	}
	return reply, json.Unmarshal(content, &reply)
}

// TestASecondSignalEnds: what waits for somebody who does not come ends when it
// is told so twice.
func TestASecondSignalEnds(t *testing.T) {
	cmd := exec.Command(binary(), "run", "testdata/desk", "rounds")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	shown, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := shown.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // killed by a signal: that is what is asked
	}()
	for range 100 {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended meanwhile
		select {
		case <-ended:
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
	_ = cmd.Process.Kill()
	t.Error("it goes on waiting after a hundred signals")
}
