package app

import (
	"net"
	"path/filepath"
	"testing"
	"time"

	"selfhelp/app/config"
)

// heard is a socket of systemd's kind, and what comes there.
func heard(t *testing.T) (string, func() string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return path, func() string {
		b := make([]byte, 100)
		_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
		n, err := conn.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		return string(b[:n])
	}
}

func environment(pairs map[string]string) config.Environment {
	return func(name string) (string, bool) { v, given := pairs[name]; return v, given }
}

// TestSupervisorIsTold: that the server answers, that it lives, that it stops.
func TestSupervisorIsTold(t *testing.T) {
	path, next := heard(t)
	_, end := started(t, config.Config{Environment: environment(map[string]string{"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "200000"})})
	if got := next(); got != "READY=1" {
		t.Errorf("first %q", got)
	}
	for range 2 {
		if got := next(); got != "WATCHDOG=1" {
			t.Errorf("then %q", got)
		}
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	got := next()
	for got == "WATCHDOG=1" {
		got = next()
	}
	if got != "STOPPING=1" {
		t.Errorf("at last %q", got)
	}
}
