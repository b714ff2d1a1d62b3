package tests

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// wire sends bytes as they are and reads every reply until the server closes.
func (p *process) wire(t *testing.T, sent string) (replies []*http.Response) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.address, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	go io.WriteString(conn, sent) // the server may close before it has read all
	in := bufio.NewReader(conn)
	for {
		reply, err := http.ReadResponse(in, nil)
		if err != nil {
			return replies
		}
		if _, err := io.Copy(io.Discard, reply.Body); err != nil {
			return append(replies, reply)
		}
		replies = append(replies, reply)
	}
}

// get is a whole request for a target, after which the server closes.
func get(target string, headers ...string) string {
	return "GET " + target + " HTTP/1.1\r\nHost: desk.example\r\nConnection: close\r\n" + strings.Join(append(headers, "", ""), "\r\n")
}

// TestRequestsThatTwoReadersReadDifferently sends what a proxy and a server may
// take apart differently: there is one reply and the connection ends, so that
// what follows is nobody's request. Only a length beside chunks is borne, for
// the chunks count then.
func TestRequestsThatTwoReadersReadDifferently(t *testing.T) {
	p := deskServer(t)
	hidden := "GET /smuggled HTTP/1.1\r\nHost: desk.example\r\n\r\n"
	head := "POST /preferences HTTP/1.1\r\nHost: desk.example\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	for name, sent := range map[string]string{
		"two lengths":              head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nmode=x" + hidden,
		"a length and chunks":      head + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
		"chunks and a length":      head + "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n" + hidden,
		"unknown encoding":         head + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + hidden,
		"chunked twice":            head + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" + hidden,
		"identity":                 head + "Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nmode=" + hidden,
		"space before the colon":   head + "Content-Length : 0\r\n\r\n" + hidden,
		"tab in the encoding":      head + "Transfer-Encoding:\tchunked\x0b\r\n\r\n0\r\n\r\n" + hidden,
		"signed length":            head + "Content-Length: +0\r\n\r\n" + hidden,
		"negative length":          head + "Content-Length: -1\r\n\r\n" + hidden,
		"length beyond numbers":    head + "Content-Length: 99999999999999999999\r\n\r\n" + hidden,
		"length of two numbers":    head + "Content-Length: 0, 5\r\n\r\n" + hidden,
		"broken chunk size":        head + "Transfer-Encoding: chunked\r\n\r\n0x5\r\nmode=\r\n0\r\n\r\n" + hidden,
		"endless chunk size":       head + "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("0", 10_000) + "\r\n\r\n" + hidden,
		"chunk longer than it is":  head + "Transfer-Encoding: chunked\r\n\r\n1\r\nmode=\r\n0\r\n\r\n" + hidden,
		"no host":                  "GET / HTTP/1.1\r\n\r\n" + hidden,
		"two hosts":                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + hidden,
		"host with a mark":         "GET / HTTP/1.1\r\nHost: a\"><script>\r\n\r\n" + hidden,
		"nought in a header":       "GET / HTTP/1.1\r\nHost: a\r\nX-A: \x00\r\n\r\n" + hidden,
		"carriage return in one":   "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\rX-C: d\r\n\r\n" + hidden,
		"space in the target":      "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n" + hidden,
		"nought in the target":     "GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n" + hidden,
		"a version of its own":     "GET / HTTP/9.9\r\nHost: a\r\n\r\n" + hidden,
		"no version":               "GET /\r\n\r\n" + hidden,
		"the second protocol":      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + hidden,
		"nonsense":                 strings.Repeat("\x16\x03\x01", 100) + "\r\n\r\n" + hidden,
		"a header of 64 KiB":       "GET / HTTP/1.1\r\nHost: a\r\nX-A: " + strings.Repeat("a", 64<<10) + "\r\n\r\n" + hidden,
		"ten thousand headers":     "GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("X-A: aaaa\r\n", 10_000) + "\r\n" + hidden,
		"a target of 64 KiB":       "GET /" + strings.Repeat("a", 64<<10) + " HTTP/1.1\r\nHost: a\r\n\r\n" + hidden,
		"a header without a colon": "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n" + hidden,
	} {
		replies := p.wire(t, sent)
		if len(replies) > 1 {
			t.Errorf("%s: %d replies; the second is %s", name, len(replies), replies[1].Status)
		}
		if borne := strings.Contains(name, "and"); len(replies) > 0 && (replies[0].StatusCode < 400 && !borne || replies[0].StatusCode >= 600 || replies[0].StatusCode == 500) {
			t.Errorf("%s: %s", name, replies[0].Status)
		}
	}
	p.becomes(http.StatusOK)
}

// deskServer is a server with the desk, stopped with the test.
func deskServer(t *testing.T) *process {
	t.Helper()
	data := t.TempDir()
	desk(t, data)
	return serve(t, data)
}

// TestOddTargets asks for addresses that are written in odd ways: none opens
// what its plain form does not, none leads to another host, none breaks.
func TestOddTargets(t *testing.T) {
	p := deskServer(t)
	for _, target := range []string{
		"//studio", "//evil.example/studio", "///evil.example/%2e%2e", "/%2e%2e/studio", "/p/../studio", "/./studio", "/studio/../studio", "/%2fevil.example", "/%2fevil.example/", "/%2fstudio/", "/%5cstudio/", "/%5cevil.example", `/\evil.example`,
		"/studio;a=b", "/studio%3ba=b", "/STUDIO", "/Studio/", "/studio//", "/studio%2f", "/studio%00", "/studio%0d%0aSet-Cookie:%20a=b", "/st%75dio", "/studio.json", "/studio?a=b;c=d", "/studio#x", "/%73tudio/%70/..%2f..",
		"/assets/../studio", "/assets/..%2f..%2fmain.go", "/assets/%2e%2e/%2e%2e/etc/passwd", "/files/../../etc/passwd/x", "/files/..%2f..%2fkeys/x", "/files/" + strings.Repeat("0", 64) + "/%2e%2e%2f", "/etc/passwd", "/.git/config", "/keys/", "/content.db",
		"http://evil.example/studio", "http://user:secret@desk.example/studio", "https://desk.example/studio", "/api/v1/../../studio", "/api/v1//projects", "/API/v1/projects", "/admin/..;/admin", "/;/admin", "/admin/%2e", "/admin%20", "/%c0%ae%c0%ae/studio", "/studio/p/%2e%2e/publish", "/x/%2e%2e/studio",
		"/%", "/%zz", "/%e0%a4%a", "/\xff", "*",
	} {
		for _, reply := range p.wire(t, get(target)) {
			where := reply.Header.Get("Location")
			if strings.HasPrefix(where, "//") || strings.HasPrefix(where, `/\`) || strings.Contains(where, "://") || strings.ContainsAny(where, "\r\n") {
				t.Errorf("%s leads to %q", target, where)
			}
			if reply.StatusCode == http.StatusOK || reply.StatusCode >= 500 {
				t.Errorf("%s: %s", target, reply.Status)
			}
			if reply.Header.Get("Set-Cookie") == "a=b" {
				t.Errorf("%s sets a cookie", target)
			}
		}
	}
}

// TestOtherMethods asks in ways that no page is asked.
func TestOtherMethods(t *testing.T) {
	p := deskServer(t)
	for _, method := range []string{"TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND", "DELETE", "PATCH", "PUT", "get", "GETS"} {
		for _, reply := range p.wire(t, strings.Replace(get("/login", "Content-Length: 0"), "GET ", method+" ", 1)) {
			if reply.StatusCode < 400 || reply.StatusCode >= 500 {
				t.Errorf("%s: %s", method, reply.Status)
			}
		}
	}
	for _, header := range []string{"X-HTTP-Method-Override: POST", "X-Method-Override: POST", "X-HTTP-Method: POST", "X-Original-URL: /studio", "X-Rewrite-URL: /studio", "X-Forwarded-Host: evil.example", "X-Forwarded-Prefix: /evil", "Forwarded: host=evil.example"} {
		replies := p.wire(t, get("/logout?_method=POST", header))
		if len(replies) != 1 || replies[0].StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d replies", header, len(replies))
		}
		replies = p.wire(t, get("/studio", header))
		if len(replies) != 1 || !strings.HasPrefix(replies[0].Header.Get("Location"), "/login") {
			t.Errorf("%s: the Studio leads to %q", header, replies[0].Header.Get("Location"))
		}
	}
}

// drip sends the first bytes at once and then one at a time, and returns how
// long the server went on taking them.
func (p *process) drip(t *testing.T, at string, every time.Duration) time.Duration {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.address, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	began := time.Now()
	if _, err := io.WriteString(conn, at); err != nil {
		t.Fatal(err)
	}
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		io.Copy(io.Discard, conn)
	}()
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-closed:
			return time.Since(began)
		case <-tick.C:
			io.WriteString(conn, "a")
		}
		if took := time.Since(began); took > time.Minute {
			return took
		}
	}
}

// TestSlowClients holds hundreds of connections open with unfinished requests,
// while others are served as ever, and sees each of them cut off.
func TestSlowClients(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for the server to lose patience")
	}
	t.Parallel()
	p := deskServer(t)
	slow := map[string]time.Duration{"GET / HTTP/1.1\r\nHost: a\r\nX-A: ": 5 * time.Second, "": 5 * time.Second}
	if os.Getenv("SELFHELP_THOROUGH") != "" {
		a := p.asker(2, "en")
		cookies := ""
		for _, c := range a.client.Jar.Cookies(a.at.url) {
			cookies += c.Name + "=" + c.Value + "; "
		}
		head := "POST %s HTTP/1.1\r\nHost: desk.example\r\nCookie: " + cookies + "\r\nContent-Length: 10000\r\nContent-Type: %s\r\n\r\n"
		slow[fmt.Sprintf(head, "/login", "application/x-www-form-urlencoded")] = 30 * time.Second
		slow[fmt.Sprintf(head, a.at.url.Path, "multipart/form-data; boundary=b")] = 30 * time.Second // a route that has time for uploads
	}
	var all sync.WaitGroup
	for at, patience := range slow {
		for range 100 {
			all.Go(func() {
				if took := p.drip(t, at, 250*time.Millisecond); took > patience+10*time.Second {
					t.Errorf("%.60q was borne for %v", at, took)
				}
			})
		}
	}
	for range 20 {
		began := time.Now()
		if _, err := p.answering(t, 1); err != nil || time.Since(began) > 5*time.Second {
			t.Errorf("beside slow clients, an answer takes %v: %v", time.Since(began), err)
		}
	}
	all.Wait()
}
