package app

import (
	"net"
	"path/filepath"
	"strconv"
	"sync/atomic"
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
		_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
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

// TestWatchdogIsFedWhileItLives: a server that is stuck says nothing.
func TestWatchdogIsFedWhileItLives(t *testing.T) {
	path, next := heard(t)
	s := supervisorOf(environment(map[string]string{"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "20000", "WATCHDOG_PID": "7"}), 7)
	var asked atomic.Int32
	go s.tend(t.Context(), func() bool { return asked.Add(1) > 5 })
	if got := next(); got != "WATCHDOG=1" || asked.Load() < 6 {
		t.Errorf("%q after %d", got, asked.Load())
	}
}

func TestWhomTheWatchdogWatches(t *testing.T) {
	for name, c := range map[string]struct {
		pairs map[string]string
		want  supervisor
	}{
		"nobody":  {nil, supervisor{}},
		"another": {map[string]string{"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "10", "WATCHDOG_PID": "8"}, supervisor{socket: "/run/x"}},
		"this":    {map[string]string{"NOTIFY_SOCKET": "@x", "WATCHDOG_USEC": "10", "WATCHDOG_PID": strconv.Itoa(7)}, supervisor{"\x00x", 5 * time.Microsecond}},
	} {
		if got := supervisorOf(environment(c.pairs), 7); got != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if err := (supervisor{}).tell("READY=1"); err != nil {
		t.Error(err)
	}
}
