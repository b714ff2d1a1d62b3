// Package systemd knows how who started a server is told that it answers, lives and
// stops: systemd, by a datagram to the socket that it names (sd_notify(3)). It refuses to
// know what makes a server live.
//
// Its main name is Supervisor.
package systemd

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

// Supervisor is who wants to be told; nobody, where none is named.
type Supervisor struct {
	socket string
	feed   time.Duration // how often it wants to hear that the server lives; 0: never
}

// Of reads whom the environment names. The kernel writes the name of an
// abstract socket with a zero byte, which the environment has as an @.
func Of(env func(string) (string, bool), pid int) (s Supervisor) {
	if env == nil {
		return s
	}
	s.socket, _ = env("NOTIFY_SOCKET")
	if name, abstract := strings.CutPrefix(s.socket, "@"); abstract {
		s.socket = "\x00" + name
	}
	if of, given := env("WATCHDOG_PID"); given && of != strconv.Itoa(pid) {
		return s // it is another process that is watched
	}
	limit, _ := env("WATCHDOG_USEC")
	if micros, err := strconv.ParseInt(limit, 10, 64); err == nil && micros > 0 {
		s.feed = time.Duration(micros) * time.Microsecond / 2
	}
	return s
}

// Tell sends one word.
func (s Supervisor) Tell(state string) error {
	if s.socket == "" {
		return nil
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: s.socket, Net: "unixgram"})
	if err != nil {
		return fmt.Errorf("tell the supervisor %s: %w", state, err)
	}
	defer conn.Close()
	_, err = conn.Write([]byte(state))
	return err
}

// Tend tells that the server lives, as long as it does, until ctx is done. Fed no
// longer, the supervisor starts it again.
func (s Supervisor) Tend(ctx context.Context, lives func() bool) {
	if s.socket == "" || s.feed <= 0 {
		return
	}
	tick := time.NewTicker(s.feed)
	defer tick.Stop()
	for {
		if lives() {
			_ = s.Tell("WATCHDOG=1") // the next one may come through
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
