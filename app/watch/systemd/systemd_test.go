package systemd

import (
	"net"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"
)

func environment(pairs map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, given := pairs[name]; return v, given }
}

// TestWatchdogIsFedWhileItLives: a server that is stuck says nothing.
func TestWatchdogIsFedWhileItLives(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	s := Of(environment(map[string]string{"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "20000", "WATCHDOG_PID": "7"}), 7)
	var asked atomic.Int32
	go s.Tend(t.Context(), func() bool { return asked.Add(1) > 5 })
	b := make([]byte, 100)
	if n, err := conn.Read(b); err != nil || string(b[:n]) != "WATCHDOG=1" || asked.Load() < 6 {
		t.Errorf("%q after %d (%v)", b[:n], asked.Load(), err)
	}
}

func TestWhomTheWatchdogWatches(t *testing.T) {
	for name, c := range map[string]struct {
		pairs map[string]string
		want  Supervisor
	}{
		"nobody":  {nil, Supervisor{}},
		"another": {map[string]string{"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "10", "WATCHDOG_PID": "8"}, Supervisor{socket: "/run/x"}},
		"this":    {map[string]string{"NOTIFY_SOCKET": "@x", "WATCHDOG_USEC": "10", "WATCHDOG_PID": strconv.Itoa(7)}, Supervisor{"\x00x", 5 * time.Microsecond}},
	} {
		if got := Of(environment(c.pairs), 7); got != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if err := (Supervisor{}).Tell("READY=1"); err != nil {
		t.Error(err)
	}
}
