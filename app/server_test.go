package app

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"selfhelp/app/config"
)

// started runs a server on a free port and returns it with what stops it and
// tells how it ended.
func started(t *testing.T, c config.Config) (*Server, func() error) {
	t.Helper()
	return startedAt(t, c, time.Now)
}

// startedAt is started by another clock.
func startedAt(t *testing.T, c config.Config, now func() time.Time) (*Server, func() error) {
	t.Helper()
	if c.Listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	if c.Finish == 0 {
		c.Finish = 5 * time.Second
	}
	if c.Patience == 0 {
		c.Patience = 30 * time.Second // the machine may be at work for others
	}
	if c.Data == "" {
		c.Data = t.TempDir()
	}
	s, err := open(t.Context(), c, now, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	end := sync.OnceValue(func() error { stop(); return <-ended })
	t.Cleanup(func() { _ = end() }) // it writes in its folder until then
	return s, end
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	reply, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	b, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply.StatusCode, string(b)
}

func TestServerStartsAndStops(t *testing.T) {
	data := t.TempDir()
	s, end := started(t, config.Config{Data: data, Address: "https://help.example/"})
	if status, _ := get(t, s.URL()+"/readyz"); status != http.StatusOK {
		t.Errorf("/readyz: %d", status)
	}
	address, err := s.Setup(t.Context())
	if err != nil || !strings.HasPrefix(address, "https://help.example/setup?token=") {
		t.Fatalf("got %q, %v", address, err)
	}
	if status, page := get(t, s.URL()+strings.TrimPrefix(address, "https://help.example")); status != http.StatusOK || !strings.Contains(page, "<form") {
		t.Errorf("the setup page: %d", status)
	}
	if _, err := Open(t.Context(), config.Config{Data: data, Listen: "127.0.0.1:0"}, s.log); err == nil {
		t.Error("the folder was opened a second time")
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	again, end := started(t, config.Config{Data: data})
	if status, _ := get(t, again.URL()+"/readyz"); status != http.StatusOK {
		t.Errorf("started again: %d", status)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
}

// TestListsOfPasswords starts with a list of breached passwords, with one that is
// none, and with one that is not there: the server runs, and says which it uses.
func TestListsOfPasswords(t *testing.T) {
	folder := t.TempDir()
	for name, c := range map[string]struct {
		content string
		active  bool
	}{"good": {"correct horse battery\n", true}, "odd": {"a\x00b", false}, "missing": {"", false}} {
		file := filepath.Join(folder, name)
		if c.content != "" {
			if err := os.WriteFile(file, []byte(c.content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s, end := started(t, config.Config{Breached: file})
		if status, _ := get(t, s.URL()+"/readyz"); status != http.StatusOK {
			t.Errorf("%s: %d", name, status)
		}
		rule, err := s.desk.Passwords(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := rule.Check("correct horse battery", "ada"); (err != nil) != c.active {
			t.Errorf("%s: %v", name, err)
		}
		if _, wrong := s.desk.Breached(); (wrong == nil) != c.active {
			t.Errorf("%s: told %v", name, wrong)
		}
		if err := end(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestStopLetsWorkFinish: a request that has begun gets its answer.
func TestStopLetsWorkFinish(t *testing.T) {
	s, end := started(t, config.Config{})
	conn, err := net.Dial("tcp", s.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := "lang=fr"
	head := "POST /preferences HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\nContent-Length: 7\r\n\r\n"
	if _, err := io.WriteString(conn, head); err != nil {
		t.Fatal(err)
	}
	// The server asks for the body: the handler has begun.
	first := make([]byte, len("HTTP/1.1 100"))
	if _, err := io.ReadFull(conn, first); err != nil || string(first) != "HTTP/1.1 100" {
		t.Fatalf("got %q, %v", first, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- end() }()
	waitUntilClosed(t, s.listener.Addr().String())
	if _, err := io.WriteString(conn, body); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(conn)
	if err != nil || !strings.Contains(string(rest), "\r\nHTTP/1.1 ") {
		t.Errorf("got %.80q, %v", rest, err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// waitUntilClosed returns when nobody answers at an address any more.
func waitUntilClosed(t *testing.T, address string) {
	t.Helper()
	for {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		conn.Close()
		if t.Context().Err() != nil {
			t.Fatal("it goes on listening")
		}
	}
}

// TestDrain: told to stop, the server first says that nobody should be sent to it,
// while requests still succeed; then it ends.
func TestDrain(t *testing.T) {
	s, end := started(t, config.Config{Drain: "1500ms"})
	if status, _ := get(t, s.URL()+"/readyz"); status != http.StatusOK {
		t.Fatalf("at first: %d", status)
	}
	began, ended := time.Now(), make(chan error, 1)
	go func() { ended <- end() }()
	status := 0
	for status != http.StatusServiceUnavailable && time.Since(began) < time.Second {
		status, _ = get(t, s.URL()+"/readyz")
	}
	if status != http.StatusServiceUnavailable {
		t.Errorf("it never said so: %d", status)
	}
	for _, path := range []string{"/livez", "/login"} {
		if status, _ := get(t, s.URL()+path); status != http.StatusOK {
			t.Errorf("%s while it drains: %d", path, status)
		}
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took < 1500*time.Millisecond {
		t.Errorf("it ended after %v", took)
	}
}

// TestDrainTime: only where somebody sends people does anybody ask.
func TestDrainTime(t *testing.T) {
	for _, c := range []struct {
		config config.Config
		want   time.Duration
	}{
		{config.Config{}, 0}, {config.Config{BehindProxy: "private"}, 5 * time.Second},
		{config.Config{BehindProxy: "private", Drain: "0s"}, 0}, {config.Config{Drain: "2s"}, 2 * time.Second},
	} {
		if got := c.config.DrainTime(); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	c := config.Config{Listen: "127.0.0.1:0", Drain: "soon"}
	if err := c.Check(); err == nil || !strings.Contains(err.Error(), "like 5s") {
		t.Errorf("got %v", err)
	}
}

// TestHealthcheck asks a running server, and one that is gone.
func TestHealthcheck(t *testing.T) {
	t.Parallel()
	s, end := started(t, config.Config{Drain: "1s"})
	ask := func(more ...string) int {
		return Main(t.Context(), Terminal{
			Args: append([]string{"healthcheck", "--listen", s.listener.Addr().String()}, more...), In: strings.NewReader(""), Out: io.Discard, Err: io.Discard,
			Env: func(string) (string, bool) { return "", false },
		})
	}
	if ready, live := ask(), ask("--live"); ready != 0 || live != 0 {
		t.Errorf("well: %d %d", ready, live)
	}
	s.watch.Drain()
	if ready, live := ask(), ask("--live"); ready != 1 || live != 0 {
		t.Errorf("draining: %d %d", ready, live)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	if ready, live := ask(), ask("--live"); ready != 1 || live != 1 {
		t.Errorf("gone: %d %d", ready, live)
	}
}
