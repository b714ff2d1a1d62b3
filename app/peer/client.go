package peer

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"selfhelp/app/fault"
)

// Client asks one presentation server, for the edition server.
type Client struct {
	Address string             // where it is, like https://help1.example.org
	ID      string             // of that server
	Theirs  ed25519.PublicKey  // its key
	Ours    ed25519.PrivateKey // the edition server's
	Now     func() time.Time

	mu       sync.Mutex
	instance string
	ahead    time.Duration // of its clock before ours
}

// The time that is given to what another server does.
const (
	dialTime = 5 * time.Second
	askTime  = 30 * time.Second
)

// outward asks servers of ours. Their addresses are given by administrators, and are
// often private; what is asked there is signed, and who answers proves who they are.
var outward = &http.Client{
	Transport: &http.Transport{
		DialContext: (&net.Dialer{Timeout: dialTime}).DialContext, TLSHandshakeTimeout: dialTime, ForceAttemptHTTP2: true,
		MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute, DisableCompression: true,
	},
	Timeout:       askTime,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// disbelieved is the failure of a server whose certificate is not believed, nil where it
// failed otherwise.
func disbelieved(err error, address string) error {
	if _, is := errors.AsType[x509.UnknownAuthorityError](err); is {
		return fault.Because(fault.Unavailable, err, "fault.peer.untrusted", address)
	}
	if wrong, is := errors.AsType[*tls.CertificateVerificationError](err); is {
		return fault.Because(fault.Unavailable, err, "fault.peer.certificate", address, wrong.Err.Error())
	}
	if errors.Is(err, http.ErrSchemeMismatch) {
		return fault.Because(fault.Unavailable, err, "fault.peer.clear", address)
	}
	return nil
}

// errImposter says that an answer is not of the server that was asked.
var errImposter = errors.New("the answer is not signed by that server: another one stands at its address")

// hint is what a refusal tells of the server that refused.
type hint struct {
	why      Refusal
	instance string
	now      time.Time
}

func (h hint) Error() string { return h.why.Error() }

// Ask sends one request and returns what was answered. One that was refused because
// the server's process or clock is another than we knew is sent again by those.
func (c *Client) Ask(ctx context.Context, method, name string, query url.Values, body []byte) ([]byte, error) {
	answer, err := c.ask(ctx, method, name, query, body)
	for range 2 {
		told, is := errors.AsType[hint](err)
		if !is || !c.learn(told) {
			break
		}
		answer, err = c.ask(ctx, method, name, query, body)
	}
	if err != nil {
		return nil, fmt.Errorf("ask %s to %s %s: %w", c.Address, method, name, c.explained(err))
	}
	return answer, nil
}

// explained is a failure with the sentence that people are told where it is a refusal.
func (c *Client) explained(err error) error {
	told, is := errors.AsType[hint](err)
	switch {
	case errors.Is(err, errImposter), is && told.why == NotForUs:
		return fault.Because(fault.Forbidden, err, "fault.peer.another", c.Address)
	case is && told.why == UnknownKey:
		return fault.Because(fault.Forbidden, err, "fault.peer.stranger", c.Address)
	case is:
		return fault.Because(fault.Forbidden, err, "fault.peer.refused", string(told.why))
	}
	return err
}

// learn takes what a refusal told, and reports whether that may change anything.
func (c *Client) learn(h hint) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch h.why {
	case OtherInstance:
		c.instance = h.instance
	case Stale, FutureDated:
		c.ahead = h.now.Sub(c.Now())
	default:
		return false
	}
	return true
}

// Ahead is how far the clock of the server goes before ours.
func (c *Client) Ahead() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead
}

func (c *Client) ask(ctx context.Context, method, name string, query url.Values, body []byte) ([]byte, error) {
	packed := len(body) > 1<<10
	if packed {
		body = pack(body)
	}
	address := strings.TrimRight(c.Address, "/") + Way + name
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	instance, now := c.instance, c.Now().Add(c.ahead)
	c.mu.Unlock()
	if packed {
		r.Header.Set("Content-Encoding", "zstd")
	}
	r.Header.Set(toHeader, c.ID)
	r.Header.Set(instanceHeader, instance)
	proof := signAsk(r, body, stamp{now, rand.Text(), KeyID(c.Ours.Public().(ed25519.PublicKey))}, c.Ours)
	w, err := outward.Do(r)
	if err != nil {
		return nil, cmp.Or(disbelieved(err, c.Address), err)
	}
	defer w.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(w.Body, MostBody+1))
	if err != nil || len(answer) > MostBody {
		return nil, errors.Join(errors.New("the answer did not come whole"), err)
	}
	return c.take(w, answer, proof)
}

// take proves that an answer is the server's, to what was asked.
func (c *Client) take(w *http.Response, answer []byte, proof string) ([]byte, error) {
	_, signature, signed := proofOf(w.Header)
	value, _ := only(w.Header, inputHeader)
	m := replyPattern.FindStringSubmatch(value)
	digest, _ := only(w.Header, digestHeader)
	if !signed || m == nil {
		if told := hintOf(w, answer); told.why != "" {
			return nil, told
		}
		return nil, errImposter
	}
	base := replyBase(w.StatusCode, digest, proof, strings.TrimPrefix(value, label+"="))
	if m[2] != KeyID(c.Theirs) || digest != digestOf(answer) || !ed25519.Verify(c.Theirs, base, signature) {
		return nil, errImposter
	}
	answer, err := unpacked(w.Header, answer)
	if err != nil {
		return nil, fmt.Errorf("unpack the answer: %w", err)
	}
	if w.StatusCode != http.StatusOK {
		return nil, failed(answer)
	}
	return answer, nil
}

// hintOf is what an unsigned refusal tells, none where it is no refusal of ours.
func hintOf(w *http.Response, answer []byte) (h hint) {
	if w.StatusCode != http.StatusConflict && w.StatusCode != http.StatusForbidden {
		return h
	}
	now, err := time.Parse(time.RFC3339Nano, w.Header.Get(timeHeader))
	if err != nil {
		return h
	}
	return hint{Refusal(strings.TrimSpace(string(answer))), w.Header.Get(instanceHeader), now}
}

// Tell asks with a message and reads the answer into another; nil takes none.
func (c *Client) Tell(ctx context.Context, method, name string, message, answer any) error {
	var body []byte
	if message != nil {
		var err error
		if body, err = json.Marshal(message); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	told, err := c.Ask(ctx, method, name, nil, body)
	if err != nil || answer == nil {
		return err
	}
	if err := json.Unmarshal(told, answer); err != nil {
		return fmt.Errorf("read the answer of %s to %s: %w", c.Address, name, err)
	}
	return nil
}
