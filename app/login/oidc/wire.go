package oidc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"selfhelp/app/login"
)

// What a provider may take, and give.
const (
	askTime  = 8 * time.Second // for all of a start, and for all of a finish
	maxBytes = 1 << 20         // of one answer
)

// errTooMuch ends answers that never end.
var errTooMuch = errors.New("the provider sent more than is read")

// wire carries requests to a provider. It reads each answer within a bound, takes
// a server's failure for one of the connection, and tells a trace.
type wire struct {
	next  http.RoundTripper
	mu    sync.Mutex // keys may be read behind the back of who gave up waiting
	trace *login.Trace
}

// wired is a client whose requests go over a wire. It follows no redirects: what
// is sent to a token endpoint is for no other.
func wired(client *http.Client, trace *login.Trace) (*wire, *http.Client) {
	w := &wire{next: client.Transport, trace: trace}
	if w.next == nil {
		w.next = http.DefaultTransport
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return w, &http.Client{Transport: w, Timeout: askTime, CheckRedirect: stay}
}

// close ends the trace.
func (w *wire) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.trace = nil
}

// add tells the trace.
func (w *wire) add(err error, answer, sent string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.trace.Add(time.Now(), err, login.AsWritten(answer), login.AsWritten(sent))
}

// RoundTrip asks one question.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	sent := fmt.Sprintf("%s %s://%s%s", req.Method, req.URL.Scheme, req.URL.Host, req.URL.Path)
	res, err := w.next.RoundTrip(req)
	answer := ""
	if err == nil {
		answer, err = read(res)
	}
	w.add(err, answer, sent)
	if err != nil {
		return nil, err
	}
	return res, nil
}

// read takes the whole of an answer, and says what it is.
func read(res *http.Response) (string, error) {
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBytes+1))
	res.Body.Close()
	res.Body = io.NopCloser(bytes.NewReader(body))
	switch {
	case err != nil:
		return "", err
	case len(body) > maxBytes:
		return "", errTooMuch
	case res.StatusCode >= 500:
		return "", errors.New(res.Status)
	}
	answer := fmt.Sprintf("%s, %d B, %s", res.Status, len(body), res.Header.Get("Content-Type"))
	var refusal struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal(body, &refusal) == nil && refusal.Error != "" {
		answer += ": " + printable(refusal.Error+" "+refusal.Description)
	}
	return answer, nil
}

// printable is what a stranger wrote, fit for a log.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
	return strings.TrimSpace(s[:min(len(s), 300)])
}
