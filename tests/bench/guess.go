package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// guessed is what somebody saw who sent the same request again and again.
type guessed struct {
	Sent     int
	Answered map[int]int // by status
	Elapsed  time.Duration
}

// perSecond is how fast they really were.
func (g guessed) perSecond() float64 { return float64(g.Sent) / g.Elapsed.Seconds() }

// The pace of guesses: so many connections of one address, and a request on the
// next one at each tick, however long the answers take.
const (
	guessConnections = 16
	guessTick        = 4 * time.Millisecond // shorter ones would measure the timers
)

// guesses sends the request that a file holds at a pace, from an address of its
// own, until it is told to stop; then it writes what it saw. It is a process of
// its own and does as little as it can: what it takes from the cores is taken
// from whoever is measured beside it.
func guesses(ctx context.Context, addr, file, perSecond string) error {
	request, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	rate, err := strconv.Atoi(perSecond)
	if err != nil {
		return err
	}
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 9)}}
	conns, counts := make([]net.Conn, guessConnections), make([]map[int]int, guessConnections)
	var readers sync.WaitGroup
	for i := range conns {
		if conns[i], err = dialer.DialContext(ctx, "tcp", addr); err != nil {
			return fmt.Errorf("guess at %s: %w", addr, err)
		}
		counts[i] = map[int]int{}
		readers.Go(func() { countReplies(conns[i], counts[i]) })
	}
	seen := guessed{Answered: map[int]int{}}
	began := time.Now()
	for tick := time.NewTicker(guessTick); ctx.Err() == nil; {
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
		for due := int(time.Since(began).Seconds() * float64(rate)); seen.Sent < due; seen.Sent++ {
			if _, err := conns[seen.Sent%guessConnections].Write(request); err != nil {
				return fmt.Errorf("guess number %d: %w", seen.Sent, err)
			}
		}
	}
	seen.Elapsed = time.Since(began)
	for _, conn := range conns {
		conn.(*net.TCPConn).CloseWrite() // what is on its way is still answered
	}
	readers.Wait()
	for _, count := range counts {
		for status, n := range count {
			seen.Answered[status] += n
		}
	}
	return json.NewEncoder(os.Stdout).Encode(seen)
}

// countReplies reads replies until there are none, and counts them by status.
func countReplies(conn net.Conn, counts map[int]int) {
	defer conn.Close()
	r := bufio.NewReaderSize(conn, 64<<10)
	for {
		first, err := r.ReadSlice('\n')
		if err != nil || len(first) < len("HTTP/1.1 200") {
			return
		}
		status, _ := strconv.Atoi(string(first[9:12]))
		length := 0
		for {
			line, err := r.ReadSlice('\n')
			if err != nil {
				return
			}
			if len(line) <= 2 {
				break
			}
			if value, found := strings.CutPrefix(string(line), "Content-Length: "); found {
				length, _ = strconv.Atoi(strings.TrimSpace(value))
			}
		}
		if _, err := r.Discard(length); err != nil {
			return
		}
		counts[status]++
	}
}
