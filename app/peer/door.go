package peer

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"selfhelp/app/fault"
)

// Way is where a presentation server hears the edition server.
const Way = "/peer/v1/"

// MostBody bounds what one request or answer holds, as it is sent and unpacked: what
// is longer goes in pieces.
const MostBody = 8 << 20

// mostInvitation bounds what is read of who proved nothing yet: no more than headers
// take.
const mostInvitation = 16 << 10

// mostBodies is how many bodies of the edition server are read at once: it sends one
// after the other.
const mostBodies = 4

// Ask is a request that was proved to be the edition server's.
type Ask struct {
	Query  url.Values
	Body   []byte
	Signer string // id of the key it was signed by
}

// Handler answers one kind of request. What it returns is signed.
type Handler func(context.Context, Ask) ([]byte, error)

// Turned counts the requests that were refused for one reason.
type Turned struct {
	Why  Refusal   `json:"why"`
	Last time.Time `json:"last"`
	From string    `json:"from"` // address of the last one
	N    int64     `json:"n"`
}

// Door is where a presentation server answers the edition server, and nobody else but
// who brings its joining code.
type Door struct {
	Verifier *Verifier
	Key      ed25519.PrivateKey                                                   // of this server
	Join     func(ctx context.Context, body []byte, proof string) ([]byte, error) // nil proof: refused
	Handlers map[string]Handler                                                   // by method and name, like "PUT keys"
	Proved   func(signer string)                                                  // told of each request that was the edition server's
	Log      *slog.Logger

	mu      sync.Mutex
	turned  map[Refusal]*Turned
	reading chan struct{} // holds one for each body that is read
	spoke   time.Time     // of a refused invitation
}

// stateName is the request that only asks how the server is.
const stateName = "GET state"

// ServeHTTP answers one request. Who cannot prove by the headers that he is the edition
// server has nothing read of what he sends; an invitation is proved by its body, and is
// small.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := r.Method + " " + strings.TrimPrefix(r.URL.Path, Way)
	if name == "POST join" {
		if body, ok := bodyOf(w, r, mostInvitation); ok {
			d.join(w, r, body)
		}
		return
	}
	p, why := d.Verifier.Verify(r, name == stateName)
	if why != "" {
		d.turnAway(w, r, why)
		return
	}
	body, ok := d.inTurn(w, r)
	if !ok {
		return
	}
	if !p.covers(body) {
		d.turnAway(w, r, BadDigest)
		return
	}
	d.Proved(p.signer)
	status, answer := d.answer(r, name, p.signer, body)
	d.reply(w, status, answer, p.written)
}

// inTurn reads the body of a request that was proved, some at once.
func (d *Door) inTurn(w http.ResponseWriter, r *http.Request) (body []byte, ok bool) {
	if r.ContentLength == 0 {
		return nil, true
	}
	d.mu.Lock()
	if d.reading == nil {
		d.reading = make(chan struct{}, mostBodies)
	}
	turn := d.reading
	d.mu.Unlock()
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-r.Context().Done():
		return nil, false
	}
	return bodyOf(w, r, MostBody)
}

// bodyOf reads a body, and answers where it is too long or does not come.
func bodyOf(w http.ResponseWriter, r *http.Request, most int64) (body []byte, ok bool) {
	err := error(&http.MaxBytesError{Limit: most})
	if r.ContentLength <= most {
		body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	}
	if err != nil {
		w.Header().Set("Connection", "close") // the rest is not waited for
		if _, long := errors.AsType[*http.MaxBytesError](err); long {
			plain(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("a body of %d bytes at most", most))
		} else {
			plain(w, http.StatusRequestTimeout, "the body did not come")
		}
	}
	return body, err == nil
}

// answer runs the handler of a request.
func (d *Door) answer(r *http.Request, name, signer string, body []byte) (status int, answer []byte) {
	handle := d.Handlers[name]
	if handle == nil {
		return failure(fault.New(fault.NotFound, "fault.not_found"))
	}
	body, err := unpacked(r.Header, body)
	if err != nil {
		return failure(fault.Because(fault.Invalid, err, "fault.peer.body"))
	}
	answer, err = handle(r.Context(), Ask{r.URL.Query(), body, signer})
	if err != nil {
		if fault.Is(err, fault.Internal) {
			d.Log.Error("a request of the edition server failed", "name", name, "err", err)
		}
		return failure(err)
	}
	return http.StatusOK, answer
}

// reply sends a signed answer.
func (d *Door) reply(w http.ResponseWriter, status int, answer []byte, proof string) {
	if len(answer) > 1<<10 {
		answer = pack(answer)
		w.Header().Set("Content-Encoding", "zstd")
	}
	signReply(w.Header(), status, answer, proof, stamp{d.Verifier.Now(), "", KeyID(d.Key.Public().(ed25519.PublicKey))}, d.Key)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(answer) // who went away asks again
}

// turnAway refuses a request, with what the edition server needs to ask better. None
// of that is signed: it is a hint.
func (d *Door) turnAway(w http.ResponseWriter, r *http.Request, why Refusal) {
	if why != OtherInstance { // signed as it should be: who begins to ask learns the process so
		d.count(r.RemoteAddr, why)
	}
	w.Header().Set(instanceHeader, d.Verifier.Instance)
	w.Header().Set(timeHeader, d.Verifier.Now().UTC().Format(time.RFC3339Nano))
	status := http.StatusForbidden
	if why == OtherInstance || why == Stale || why == FutureDated {
		status = http.StatusConflict
	}
	plain(w, status, string(why))
}

// count counts a refusal, and logs it, of many in a second the first.
func (d *Door) count(from string, why Refusal) {
	d.mu.Lock()
	if d.turned == nil {
		d.turned = map[Refusal]*Turned{}
	}
	t := d.turned[why]
	if t == nil {
		t = &Turned{Why: why}
		d.turned[why] = t
	}
	t.N, t.From = t.N+1, from
	quiet := d.Verifier.Now().Sub(t.Last) < time.Second
	t.Last = d.Verifier.Now()
	d.mu.Unlock()
	if !quiet {
		d.Log.Warn("a request to this presentation server was refused", "why", string(why), "from", from)
	}
}

// Turned returns what was refused since the start.
func (d *Door) Turned() (all []Turned) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, t := range d.turned {
		all = append(all, *t)
	}
	return all
}

// timeHeader says the clock of a presentation server where a request was refused.
const timeHeader = "Selfhelp-Time"

// join answers an edition server that brings the joining code.
func (d *Door) join(w http.ResponseWriter, r *http.Request, body []byte) {
	proof, _ := only(r.Header, codeHeader)
	answer, err := d.Join(r.Context(), body, proof)
	if err != nil {
		if (fault.Is(err, fault.Forbidden) || fault.Is(err, fault.Conflict)) && d.speaks() {
			d.Log.Warn("a server that wanted this one to join it was refused", "from", r.RemoteAddr, "err", err)
		}
		status, answer := failure(err)
		w.WriteHeader(status)
		_, _ = w.Write(answer)
		return
	}
	_, _ = w.Write(answer)
}

// speaks reports whether it is time to log a refused invitation again: anybody can send
// many.
func (d *Door) speaks() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.Verifier.Now()
	if now.Sub(d.spoke).Abs() < time.Second {
		return false
	}
	d.spoke = now
	return true
}

func plain(w http.ResponseWriter, status int, text string) { http.Error(w, text, status) }

// said is a failure as it travels.
type said struct {
	Kind string `json:"kind"`
	Key  string `json:"key"`
	Args []any  `json:"args"` // strings, and numbers for sizes
}

var statuses = map[fault.Kind]int{
	fault.Internal: 500, fault.Invalid: 422, fault.NotFound: 404, fault.Conflict: 409, fault.Unauthenticated: 401, fault.Forbidden: 403,
	fault.TooLarge: 413, fault.Unsupported: 415, fault.Late: 408, fault.Limited: 429, fault.Unavailable: 503,
}

// failure is what is answered in place of what was asked for.
func failure(err error) (int, []byte) {
	key, args := fault.TextOf(err)
	s := said{Kind: fault.KindOf(err).String(), Key: key, Args: []any{}}
	for _, a := range args {
		if _, size := a.(fault.Bytes); !size {
			a = fmt.Sprint(a)
		}
		s.Args = append(s.Args, a)
	}
	text, _ := json.Marshal(s) // strings and numbers
	return statuses[fault.KindOf(err)], text
}

// failed is the failure that an answer says.
func failed(body []byte) error {
	var s said
	if err := json.Unmarshal(body, &s); err != nil || s.Key == "" {
		return errors.New("the answer says that something failed, and not what")
	}
	for kind := range statuses {
		if kind.String() == s.Kind && kind != fault.Internal {
			for i, a := range s.Args {
				if n, size := a.(float64); size {
					s.Args[i] = fault.Bytes(n)
				}
			}
			return fault.New(kind, s.Key, s.Args...)
		}
	}
	return errors.New("something failed there: its log says what")
}

var (
	packer, _   = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1)) // its options are right
	unpacker, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(MostBody))
)

// pack compresses a body (RFC 8878).
func pack(body []byte) []byte { return packer.EncodeAll(body, nil) }

// unpacked is a body as it was before it was packed.
func unpacked(h http.Header, body []byte) ([]byte, error) {
	switch h.Get("Content-Encoding") {
	case "":
		return body, nil
	case "zstd":
		return unpacker.DecodeAll(body, nil)
	}
	return nil, errors.New("a body is packed with zstd or not at all")
}
