package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/login"
	"selfhelp/store"
)

// strangersOf is how many first attempts a second come, each from another address:
// some five times the passwords that two cores can look at.
const strangersOf = 200

// dispersed measures people who come in with a right password, in a browser that
// came in before or for the first time, while a crowd of addresses guesses. Those
// who come for the first time are like the crowd, and share with it what the cores
// can look at.
func (m *measure) dispersed(ctx context.Context) error {
	if err := m.addPerson(ctx); err != nil {
		return err
	}
	p, err := m.serveSmallAs(ctx, "guarded")
	if err != nil {
		return err
	}
	defer p.stop()
	device, err := deviceOf(p.addr)
	if err != nil {
		return err
	}
	calm, _ := m.comeIn(p.addr, device)
	const people, pause = 50, 200 * time.Millisecond
	m.loadPaced(p, 10, people, time.Second, pause) // warm
	quiet := m.loadPaced(p, 10, people, m.during, pause)
	before, err := p.memory()
	if err != nil {
		return err
	}
	var beside figures
	var came, first []time.Duration
	var away, firstAway int
	if err := m.whileStrangersGuess(p.addr, func() {
		var both sync.WaitGroup
		both.Go(func() { beside = m.loadPaced(p, 10, people, 2*m.during, pause) })
		both.Go(func() { came, away = m.comeIn(p.addr, device) })
		both.Go(func() { first, firstAway = m.comeIn(p.addr, "") })
		both.Wait()
	}); err != nil {
		return err
	}
	after, err := p.memory()
	if err != nil {
		return err
	}
	if len(came) == 0 || len(calm) == 0 {
		return errors.New("nobody came in")
	}
	m.add(fmt.Sprintf("sign in while %d addresses a second guess, known browser, median / longest", strangersOf), tenths(came[len(came)/2])+" / "+tenths(came[len(came)-1]), tenths(calm[len(calm)/2])+" without", fmt.Sprintf("%d of %d told to wait", away, away+len(came)), "1 s, nobody")
	m.add("the same for the first time, each try", fmt.Sprintf("%d of %d told to wait", firstAway, firstAway+len(first)), "", "", "")
	m.add("answer meanwhile, 50 people, p50 / p99", times(beside), times(quiet)+" without", "", "p99 ≤ 100 ms")
	m.add("memory after it, above before", megabytes(after-before), "", "", "100 MB")
	return failed(quiet, beside)
}

// rightPassword is that of the account that people come in to.
const rightPassword = "drei-lange-worte-hier"

// addPerson makes the account in the folder of 10 procedures.
func (m *measure) addPerson(ctx context.Context) error {
	if _, err := os.Stat(m.folder("small")); err != nil {
		if _, err := fill(ctx, m.folder("small"), 10); err != nil {
			return err
		}
	}
	st, e, err := openProduct(ctx, m.folder("small"))
	if err != nil {
		return err
	}
	_, err = st.Content.CreateUser(ctx, store.User{Login: "person", Role: access.User, Everywhere: true, Active: true, Password: login.Hash(rightPassword)}, "bench")
	return errors.Join(err, e.Close(), st.Close())
}

// deviceOf signs in once, and returns the cookie that says so.
func deviceOf(addr string) (string, error) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.PostForm("http://"+addr+"/login", url.Values{"login": {"person"}, "password": {rightPassword}})
	if err != nil {
		return "", err
	}
	res.Body.Close()
	for _, c := range res.Cookies() {
		if c.Name == "device" {
			return "Cookie: device=" + c.Value + "\r\n", nil
		}
	}
	return "", fmt.Errorf("a sign-in is answered %d and leaves no cookie of the browser", res.StatusCode)
}

// comeIn lets people sign in, two a second, and returns how long each took, in
// order, and how many were told to wait.
func (m *measure) comeIn(addr, cookie string) (took []time.Duration, away int) {
	values := url.Values{"login": {"person"}, "password": {rightPassword}}
	request := postRequest(addr, "/login", "application/x-www-form-urlencoded", []byte(values.Encode()), cookie)
	for i := range 20 {
		began := time.Now()
		status, _ := attempt(addr, net.IPv4(127, 3, byte(time.Now().UnixNano()), byte(i)), request)
		if status == http.StatusSeeOther {
			took = append(took, time.Since(began))
		} else {
			away++
		}
		time.Sleep(time.Until(began.Add(500 * time.Millisecond)))
	}
	slices.Sort(took)
	return took, away
}

// attempt sends one request from an address of this machine, on a connection of its
// own.
func attempt(addr string, from net.IP, request []byte) (status int, err error) {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: from}, Timeout: patience}
	conn, err := dialer.Dial("tcp", addr)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	if _, err := conn.Write(request); err != nil {
		return 0, err
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

// strangers is a process that guesses from one address after the other.
func strangers(ctx context.Context, addr, perSecond string) error {
	rate, err := strconv.Atoi(perSecond)
	if err != nil {
		return err
	}
	seen, began := guessed{Answered: map[int]int{}}, time.Now()
	var mu sync.Mutex
	var all sync.WaitGroup
	for tick := time.NewTicker(time.Second / time.Duration(rate)); ctx.Err() == nil; {
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
		n := seen.Sent
		seen.Sent++
		values := url.Values{"login": {fmt.Sprint("name", n)}, "password": {"a wrong password"}}
		request := postRequest(addr, "/login", "application/x-www-form-urlencoded", []byte(values.Encode()), "")
		all.Go(func() {
			status, _ := attempt(addr, net.IPv4(127, 4, byte(n>>8), byte(n)), request)
			mu.Lock()
			defer mu.Unlock()
			seen.Answered[status]++
		})
	}
	seen.Elapsed = time.Since(began)
	all.Wait()
	return json.NewEncoder(os.Stdout).Encode(seen)
}

// whileStrangersGuess does something while a crowd of addresses guesses.
func (m *measure) whileStrangersGuess(addr string, do func()) error {
	bin, err := os.Executable()
	if err != nil {
		return err
	}
	out := &bytes.Buffer{}
	cmd := exec.Command(bin, "strangers", addr, strconv.Itoa(strangersOf))
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the strangers: %w", err)
	}
	time.Sleep(time.Second) // until they stand in line
	do()
	cmd.Process.Signal(os.Interrupt)
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("strangers: %w: %s", err, out)
	}
	var seen guessed
	if err := json.Unmarshal(out.Bytes(), &seen); err != nil {
		return err
	}
	if seen.Answered[0] > seen.Sent/100 {
		return fmt.Errorf("%d of %d strangers got no answer", seen.Answered[0], seen.Sent)
	}
	return nil
}
