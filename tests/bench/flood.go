package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// floodOf is how many attempts to sign in come from one address in a second.
const floodOf = 1_000

// floodRounds is how often each of the loads that are compared is measured, in
// turn: other work on the machine then meets all of them.
const floodRounds = 3

// flood compares the times of people at work while somebody guesses passwords
// with those while the same requests go to a bare handler in another process:
// what two cores lose to the requests themselves is nothing of ours.
func (m *measure) flood(ctx context.Context) error {
	p, err := m.serveSmallAs(ctx, "guarded")
	if err != nil {
		return err
	}
	defer p.stop()
	bare, err := m.bystander()
	if err != nil {
		return err
	}
	defer bare.stop()
	const people, pause = 50, 200 * time.Millisecond
	work := func() (figures, error) { return m.loadPaced(p, 10, people, m.during, pause), nil }
	m.loadPaced(p, 10, people, time.Second, pause) // warm
	var calm, beside, under figures
	for range floodRounds {
		calmNow, _ := work()
		besideNow, err := m.whileGuessing(bare.addr, work)
		if err != nil {
			return err
		}
		underNow, err := m.whileGuessing(p.addr, work)
		if err != nil {
			return err
		}
		calm.add(calmNow)
		beside.add(besideNow)
		under.add(underNow)
	}
	m.add("answer, 50 people, nobody guesses passwords, p50 / p99", times(calm), "", "", "")
	m.add(fmt.Sprintf("the same beside %d guesses a second of one address, p50", floodOf), fmt.Sprintf("%.2f ms", float64(under.percentile(50))/1e6),
		fmt.Sprintf("%.2f ms, they go to a bare handler", float64(beside.percentile(50))/1e6), ratio(float64(under.percentile(50)), float64(beside.percentile(50))), "≤ 1.10")
	m.add("the same, p99", fmt.Sprintf("%.2f ms", float64(under.percentile(99))/1e6),
		fmt.Sprintf("%.2f ms", float64(beside.percentile(99))/1e6), ratio(float64(under.percentile(99)), float64(beside.percentile(99))), "≤ 1.25")
	if err := failed(calm, beside, under); err != nil {
		return err
	}
	return m.refusal(p, bare)
}

// bystander is a bare handler that answers about what a refusal is long.
func (m *measure) bystander() (*process, error) {
	file := m.folder("refusal")
	if err := os.WriteFile(file, bytes.Repeat([]byte("<p>wait</p>\n"), 172), 0o600); err != nil {
		return nil, err
	}
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	return self(addr, "/", "reference", addr, file)
}

// refusal compares the processor time of a refused attempt with that of the same
// request to a bare handler.
func (m *measure) refusal(p, bare *process) error {
	each := func(of *process) (time.Duration, error) {
		var seen guessed
		f, err := spent(of, func() figures {
			var err error
			_, seen, err = m.guessing(of.addr, func() (figures, error) { time.Sleep(m.during); return figures{}, nil })
			return figures{FirstErr: err}
		})
		if err == nil {
			err = f.FirstErr
		}
		if err != nil || seen.Sent == 0 {
			return 0, fmt.Errorf("guess at %s: %w", of.addr, err)
		}
		return f.Server / time.Duration(seen.Sent), nil
	}
	var ours, theirs time.Duration
	for range floodRounds {
		a, err := each(p)
		if err != nil {
			return err
		}
		b, err := each(bare)
		if err != nil {
			return err
		}
		ours, theirs = ours+a/floodRounds, theirs+b/floodRounds
	}
	m.add("a refused attempt, processor time of the server", microseconds(ours), microseconds(theirs)+" bare handler", ratio(float64(ours), float64(theirs)), "≤ 1.50")
	return nil
}

// whileGuessing is a load while somebody guesses passwords; all but the first of
// them are refused, where anybody looks at them.
func (m *measure) whileGuessing(addr string, run func() (figures, error)) (figures, error) {
	f, seen, err := m.guessing(addr, run)
	if err != nil {
		return f, err
	}
	if n := seen.perSecond(); n < 0.95*floodOf {
		return f, fmt.Errorf("only %.0f guesses a second could be sent", n)
	}
	return f, nil
}

// guessing runs something while somebody guesses passwords at an address.
func (m *measure) guessing(addr string, run func() (figures, error)) (figures, guessed, error) {
	values := url.Values{"login": {"somebody"}, "password": {"a wrong password"}}
	request := postRequest(addr, "/login", "application/x-www-form-urlencoded", []byte(values.Encode()), "")
	var seen guessed
	if err := os.WriteFile(m.folder("guess"), request, 0o600); err != nil {
		return figures{}, seen, err
	}
	bin, err := os.Executable()
	if err != nil {
		return figures{}, seen, err
	}
	out := &bytes.Buffer{}
	cmd := exec.Command(bin, "guesses", addr, m.folder("guess"), strconv.Itoa(floodOf))
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		return figures{}, seen, fmt.Errorf("start the guesses: %w", err)
	}
	time.Sleep(500 * time.Millisecond) // until the free attempts are used up
	f, err := run()
	cmd.Process.Signal(os.Interrupt)
	if ended := cmd.Wait(); err == nil && ended != nil {
		err = fmt.Errorf("guesses: %w: %s", ended, out)
	}
	if err == nil {
		err = json.Unmarshal(out.Bytes(), &seen)
	}
	answered := 0
	for status, n := range seen.Answered {
		if answered += n; status >= http.StatusInternalServerError {
			err = fmt.Errorf("a guess was answered with %d", status)
		}
	}
	if err == nil && answered != seen.Sent {
		err = fmt.Errorf("%d of %d guesses were answered", answered, seen.Sent)
	}
	return f, seen, err
}
