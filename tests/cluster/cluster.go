// Package cluster starts a platform on this machine as processes: an edition server with
// the demonstration, presentation servers that join it as an administrator lets them,
// and a balancer in front. Tests and the demonstration of several servers share it.
package cluster

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Cluster is a platform that runs.
type Cluster struct {
	Edition  *Process
	Servers  []*Process // presentation servers
	Balancer *exec.Cmd  // nil before Balance
	Front    string     // where people come, once there is a balancer
	Accounts []Account

	options Options
}

// Account is one of the demonstration.
type Account struct{ Login, Password, Name, Role string }

// Process is one server.
type Process struct {
	Name, Address string
	Log           *Log

	args     []string
	cmd      *exec.Cmd
	position Position
	way      *http.Transport
}

// Log collects what a process says.
type Log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write adds what was said.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String is all that was said.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Options say what platform is started.
type Options struct {
	Binary  string
	Folder  string // for all the data
	Servers int    // presentation servers
	Port    int    // the first one to listen on; 0: where there is room
	// Administrator is an account of a folder "edition" that is there already; without one
	// the edition server has the demonstration.
	Administrator *Account
	Log           string // level of the servers' logs; "" for the usual
	// Put says where a server of a name stands; nil: on this machine, without TLS.
	Put func(name string) Position
	// Way reaches those positions; nil: as anything is reached from here.
	Way *http.Transport
}

// Position is where a server stands.
type Position struct {
	Listen, Address string
	Flags           []string // of its certificate
	Command         func(program string, args ...string) *exec.Cmd
}

// Start starts the servers of a platform and lets them join.
func Start(o Options) (c *Cluster, err error) {
	c = &Cluster{options: o, Edition: &Process{Name: "edition", Log: &Log{}}}
	defer func() {
		if err != nil {
			c.Stop()
		}
	}()
	if err := c.put(c.Edition, 0); err != nil {
		return c, err
	}
	if err := c.startEdition(); err != nil {
		return c, err
	}
	for i := range o.Servers {
		p := &Process{Name: fmt.Sprintf("help%d", i+1), Log: &Log{}}
		if err := c.put(p, i+1); err != nil {
			return c, err
		}
		p.args = append([]string{
			"serve", "--role", "presentation", "--listen", p.position.Listen, "--data", filepath.Join(o.Folder, p.Name), "--drain", "1s", "--log-level", cmp.Or(o.Log, "info"),
		}, p.position.Flags...)
		c.Servers = append(c.Servers, p)
		if err := c.run(p); err != nil {
			return c, err
		}
		if err := c.join(p); err != nil {
			return c, err
		}
	}
	return c, c.await()
}

// put says where a process stands: the first, second, third of this machine's, unless
// somebody says otherwise.
func (c *Cluster) put(p *Process, nth int) error {
	p.way = c.options.Way
	if c.options.Put != nil {
		p.position = c.options.Put(p.Name)
		return nil
	}
	port := c.options.Port
	if port > 0 {
		port += nth
	}
	at, err := Place(port)
	p.position = Position{Listen: at, Command: exec.Command}
	if p != c.Edition {
		p.position.Flags = []string{"--behind-proxy", "127.0.0.0/8"}
	}
	return err
}

// Place is an address of this machine.
func Place(port int) (string, error) {
	if port > 0 {
		return fmt.Sprintf("127.0.0.1:%d", port), nil
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// startEdition starts the edition server and reads its accounts.
func (c *Cluster) startEdition() error {
	p, data := c.Edition, filepath.Join(c.options.Folder, "edition")
	if a := c.options.Administrator; a != nil {
		c.Accounts = []Account{*a}
		p.args = append([]string{"serve", "--role", "edition", "--listen", p.position.Listen, "--data", data, "--log-level", cmp.Or(c.options.Log, "info")}, p.position.Flags...)
		return c.run(p)
	}
	p.args = []string{"demo", "--role", "edition", "--listen", p.position.Listen, "--data", data, "--json"}
	out, err := c.begin(p)
	if err != nil {
		return err
	}
	var told struct {
		Address  string
		Accounts []Account
	}
	if err := json.NewDecoder(out).Decode(&told); err != nil {
		return fmt.Errorf("the edition server does not start: %w: %s", err, p.Log)
	}
	p.Address, c.Accounts = told.Address, told.Accounts
	go io.Copy(io.Discard, out)
	return nil
}

// begin starts a process.
func (c *Cluster) begin(p *Process) (io.Reader, error) {
	p.cmd = p.position.Command(c.options.Binary, p.args...)
	p.cmd.Stderr = p.Log
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", p.Name, err)
	}
	return out, nil
}

// run starts a presentation server and waits until it answers.
func (c *Cluster) run(p *Process) error {
	out, err := c.begin(p)
	if err != nil {
		return err
	}
	late := time.AfterFunc(time.Minute, func() { _ = p.cmd.Process.Kill() }) // and what it said is told
	defer late.Stop()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if at, is := strings.CutPrefix(line, "Self Help answers on "); is {
			p.Address = cmp.Or(p.position.Address, at)
			go func() {
				for lines.Scan() {
					fmt.Fprintln(p.Log, lines.Text())
				}
			}()
			return nil
		}
	}
	return fmt.Errorf("%s does not start: %s", p.Name, p.Log)
}

// code waits for the joining code of a server.
func (p *Process) code() (string, error) {
	for range 100 {
		for line := range strings.Lines(p.Log.String()) {
			if line = strings.TrimSpace(line); len(line) == 23 && strings.Count(line, "-") == 3 {
				return line, nil
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	return "", fmt.Errorf("%s prints no code: %s", p.Name, p.Log)
}

// Visitor is a browser without script, of this cluster's network.
func (c *Cluster) Visitor() *http.Client {
	jar, _ := cookiejar.New(nil) // without options nothing can be wrong
	return &http.Client{Jar: jar, Timeout: 20 * time.Second, Transport: transport(c.options.Way)}
}

// transport is a way as a client takes it.
func transport(way *http.Transport) http.RoundTripper {
	if way == nil {
		return http.DefaultTransport
	}
	return way
}

// Post sends a form as a page of the server does.
func Post(as *http.Client, address string, form url.Values) (*http.Response, string, error) {
	r, err := http.NewRequest("POST", address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return read(as.Do(r))
}

// Get asks for a page.
func Get(as *http.Client, address string) (*http.Response, string, error) {
	return read(as.Get(address))
}

func read(w *http.Response, err error) (*http.Response, string, error) {
	if err != nil {
		return nil, "", err
	}
	defer w.Body.Close()
	b, err := io.ReadAll(w.Body)
	return w, string(b), err
}

// Administrator is the demonstration's, signed in at the edition server.
func (c *Cluster) Administrator() (*http.Client, error) {
	chief := c.Visitor()
	for _, a := range c.Accounts {
		if a.Role == "administrator" {
			w, page, err := Post(chief, c.Edition.Address+"/login", url.Values{"login": {a.Login}, "password": {a.Password}})
			if err != nil || w.StatusCode != http.StatusOK {
				return nil, errors.Join(err, fmt.Errorf("the administrator could not sign in: %s", page))
			}
			return chief, nil
		}
	}
	return nil, errors.New("the demonstration has no administrator")
}

// join lets a server join, as an administrator does by the page of servers.
func (c *Cluster) join(p *Process) error {
	code, err := p.code()
	if err != nil {
		return err
	}
	chief, err := c.Administrator()
	if err != nil {
		return err
	}
	w, page, err := Post(chief, c.Edition.Address+"/admin/servers", url.Values{"address": {p.Address}, "code": {code}, "name": {p.Name}, "target": {"production"}})
	if err != nil || w.StatusCode != http.StatusOK {
		return errors.Join(err, fmt.Errorf("%s could not join: %s", p.Name, page))
	}
	return nil
}

// await waits until each server may be sent people.
func (c *Cluster) await() error {
	for _, p := range c.Servers {
		if err := p.Await(30 * time.Second); err != nil {
			return err
		}
	}
	return nil
}

// Await waits until people may be sent to a server.
func (p *Process) Await(most time.Duration) error {
	until := time.Now().Add(most)
	for {
		w, page, err := Get(&http.Client{Transport: transport(p.way), Timeout: 5 * time.Second}, p.Address+"/readyz")
		if err == nil && w.StatusCode == http.StatusOK {
			return nil
		}
		if time.Now().After(until) {
			return errors.Join(err, fmt.Errorf("%s is not ready: %s: %s", p.Name, page, p.Log))
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// Kill ends a server without a word, as a power cut does.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // it may have ended by itself
	_ = p.cmd.Wait()
}

// Restart starts a server that was ended again, at its address.
func (c *Cluster) Restart(p *Process) error { return c.run(p) }

// Balance starts HAProxy in front of the presentation servers, with the example that is
// delivered, brought to this machine.
func (c *Cluster) Balance(example, front string) error {
	text, err := os.ReadFile(example)
	if err != nil {
		return err
	}
	file := filepath.Join(c.options.Folder, "haproxy.cfg")
	if err := os.WriteFile(file, []byte(c.here(string(text), front)), 0o600); err != nil {
		return err
	}
	log := &Log{}
	c.Balancer = exec.Command("haproxy", "-f", file, "-db")
	c.Balancer.Stdout, c.Balancer.Stderr = log, log
	if err := c.Balancer.Start(); err != nil {
		return fmt.Errorf("start haproxy: %w", err)
	}
	c.Front = "http://" + front
	for range 200 {
		if w, _, err := Get(http.DefaultClient, c.Front+"/readyz"); err == nil && w.StatusCode == http.StatusOK {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("haproxy does not answer: %s", log)
}

// here brings an example to this machine: its own addresses, and no certificates.
func (c *Cluster) here(text, front string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if at := strings.Index(line, "server help"); at >= 0 && strings.Contains(line, ".example.org:443 check") {
			name := strings.Fields(line)[1]
			for _, p := range c.Servers {
				if p.Name == name {
					line = fmt.Sprintf("    server %s %s check\n", name, strings.TrimPrefix(p.Address, "http://"))
				}
			}
		}
		if strings.Contains(line, "bind :443") {
			line = "    bind " + front + "\n"
		}
		line = strings.Replace(line, "X-Forwarded-Proto https", "X-Forwarded-Proto http", 1)
		lines = append(lines, line)
	}
	return strings.Join(lines, "")
}

// Stop ends everything, and waits for it.
func (c *Cluster) Stop() {
	if c.Balancer != nil && c.Balancer.Process != nil {
		_ = c.Balancer.Process.Kill()
		_ = c.Balancer.Wait()
	}
	for _, p := range append([]*Process{c.Edition}, c.Servers...) {
		if p.cmd != nil && p.cmd.Process != nil {
			_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
		}
	}
	for _, p := range append([]*Process{c.Edition}, c.Servers...) {
		if p.cmd != nil && p.cmd.Process != nil {
			_ = p.cmd.Wait()
		}
	}
}

// ID is the number of the process.
func (p *Process) ID() int { return p.cmd.Process.Pid }

// Collected waits until the edition server has all that happened on the presentation
// servers.
func (c *Cluster) Collected(most time.Duration) error {
	chief, err := c.Administrator()
	if err != nil {
		return err
	}
	until := time.Now().Add(most)
	for calm := 0; calm < 3; {
		w, page, err := Get(chief, c.Edition.Address+"/admin/servers")
		if err != nil || w.StatusCode != http.StatusOK {
			return errors.Join(err, fmt.Errorf("the page of servers cannot be read: %s", page))
		}
		calm++
		if strings.Contains(page, "Not brought back yet") || strings.Contains(page, "Pas encore rapatrié") || strings.Contains(page, "does not answer") {
			calm = 0
		}
		if time.Now().After(until) {
			return fmt.Errorf("not everything was brought back: %s", page)
		}
		time.Sleep(1200 * time.Millisecond)
	}
	return nil
}
