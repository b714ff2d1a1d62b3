package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// figures are what a load run saw.
type figures struct {
	Requests int
	Errors   int
	FirstErr error
	Elapsed  time.Duration
	Latency  []time.Duration // sorted
	Server   time.Duration   // processor time of the server; 0 when not looked at
}

// perSecond is the throughput of the answered requests.
func (f figures) perSecond() float64 {
	return float64(f.Requests) / f.Elapsed.Seconds()
}

// each is the processor time of the server for one of the answered requests,
// with all that went before it.
func (f figures) each() time.Duration {
	if f.Requests == 0 {
		return 0
	}
	return f.Server / time.Duration(f.Requests)
}

// add joins what another load saw.
func (f *figures) add(g figures) {
	f.Requests, f.Errors, f.Elapsed, f.Server = f.Requests+g.Requests, f.Errors+g.Errors, f.Elapsed+g.Elapsed, f.Server+g.Server
	f.Latency = append(f.Latency, g.Latency...)
	slices.Sort(f.Latency)
	if f.FirstErr == nil {
		f.FirstErr = g.FirstErr
	}
}

// percentile returns the latency under which p percent of the requests stayed.
func (f figures) percentile(p float64) time.Duration {
	if len(f.Latency) == 0 {
		return 0
	}
	i := int(p / 100 * float64(len(f.Latency)-1))
	return f.Latency[i]
}

// client is one person: it makes the next request and looks at its reply.
type client interface {
	next() []byte  // a whole HTTP/1.1 request
	counted() bool // whether that request is one of those measured
	// reply is called with what came back; the body is valid until it returns.
	reply(status int, h http.Header, body []byte) error
}

// load lets every client make requests on a connection of its own for a while,
// with a pause before each that is measured.
// It writes and reads HTTP by hand: on a machine whose two cores also run the
// server, what the load costs must be small and the same for everyone.
func load(addr string, clients []client, during, pause time.Duration) figures {
	var mu sync.Mutex
	var all figures
	var wg sync.WaitGroup
	start := time.Now()
	until := start.Add(during)
	for _, c := range clients {
		wg.Go(func() {
			f := loadOne(addr, c, until, pause)
			mu.Lock()
			defer mu.Unlock()
			all.Requests += f.Requests
			all.Errors += f.Errors
			all.Latency = append(all.Latency, f.Latency...)
			if all.FirstErr == nil {
				all.FirstErr = f.FirstErr
			}
		})
	}
	wg.Wait()
	all.Elapsed = time.Since(start)
	slices.Sort(all.Latency)
	return all
}

// patience is how long a client waits for a reply once the load is over.
const patience = 20 * time.Second

// loadOne is one client's loop. A connection that breaks is opened again.
func loadOne(addr string, c client, until time.Time, pause time.Duration) (f figures) {
	for time.Now().Before(until) {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			// Whoever waits for longer has lost the reply, and that is a failure.
			conn.SetDeadline(until.Add(patience))
			err = converse(conn, c, until, pause, &f)
			conn.Close()
		}
		if err != nil {
			f.Errors++
			f.FirstErr = err
			time.Sleep(10 * time.Millisecond)
		}
	}
	return f
}

// converse makes requests on one connection until the time is up.
func converse(conn net.Conn, c client, until time.Time, pause time.Duration, f *figures) error {
	r := bufio.NewReaderSize(conn, 32<<10)
	var body []byte
	for {
		before := time.Now()
		if !before.Before(until) {
			return nil
		}
		request, counted := c.next(), c.counted()
		if counted && pause > 0 {
			time.Sleep(pause/2 + rand.N(pause)) // people do not answer in step
			before = time.Now()
		}
		if _, err := conn.Write(request); err != nil {
			return fmt.Errorf("send request: %w", err)
		}
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			return fmt.Errorf("read reply: %w", err)
		}
		body, err = appendAll(body[:0], res.Body)
		if err != nil {
			return fmt.Errorf("read body: %w", err)
		}
		took := time.Since(before)
		if err := c.reply(res.StatusCode, res.Header, body); err != nil {
			f.Errors++
			f.FirstErr = err
			continue
		}
		if counted {
			f.Requests++
			f.Latency = append(f.Latency, took)
		}
	}
}

// appendAll reads everything into a buffer that is used again.
func appendAll(buf []byte, r io.Reader) ([]byte, error) {
	for {
		if len(buf) == cap(buf) {
			buf = slices.Grow(buf, 16<<10)
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
	}
}
