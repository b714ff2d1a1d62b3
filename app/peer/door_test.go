package peer

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"selfhelp/app/fault"
)

// pair is a presentation server that answers, and an edition server that asks it.
type pair struct {
	door   *Door
	at     *httptest.Server
	client *Client
	keys   []ed25519.PublicKey
	mu     sync.Mutex
	now    time.Time // of the presentation server
	got    []string  // bodies of what was taken
}

func newKey(t testing.TB) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func public(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }

func newPair(t testing.TB) *pair {
	t.Helper()
	theirs, ours := newKey(t), newKey(t)
	p := &pair{keys: []ed25519.PublicKey{public(ours)}, now: time.Date(2026, 11, 29, 15, 0, 0, 0, time.UTC)}
	clock := func() time.Time { p.mu.Lock(); defer p.mu.Unlock(); return p.now }
	p.door = &Door{
		Verifier: &Verifier{ID: "here", Instance: NewInstance(), Keys: func() []ed25519.PublicKey { return p.keys }, Now: clock},
		Key:      theirs, Proved: func(string) {}, Log: slog.New(slog.DiscardHandler),
		Handlers: map[string]Handler{
			"GET state": func(context.Context, Ask) ([]byte, error) { return []byte("well"), nil },
			"PUT thing": func(_ context.Context, q Ask) ([]byte, error) {
				p.mu.Lock()
				defer p.mu.Unlock()
				p.got = append(p.got, q.Query.Get("n")+string(q.Body))
				return bytes.ToUpper(q.Body), nil
			},
			"PUT wrong": func(context.Context, Ask) ([]byte, error) {
				return nil, fault.New(fault.Conflict, "fault.peer.term", 3, 4)
			},
		},
	}
	p.at = httptest.NewServer(p.door)
	t.Cleanup(p.at.Close)
	p.client = &Client{Address: p.at.URL, ID: "here", Theirs: public(theirs), Ours: ours, Now: clock}
	return p
}

// signed is a request as the edition server signs it, to be spoilt.
func (p *pair) signed(t testing.TB, body string, created time.Time) *http.Request {
	t.Helper()
	r, err := http.NewRequest("PUT", p.at.URL+Way+"thing?n=1", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set(toHeader, "here")
	r.Header.Set(instanceHeader, p.door.Verifier.Instance)
	signAsk(r, []byte(body), stamp{created, rand.Text(), KeyID(public(p.client.Ours))}, p.client.Ours)
	return r
}

func (p *pair) turned(why Refusal) (n int64) {
	for _, t := range p.door.Turned() {
		if t.Why == why {
			n = t.N
		}
	}
	return n
}

func TestAskingAndAnswering(t *testing.T) {
	p := newPair(t)
	ctx := t.Context()
	long := strings.Repeat("a long body that is packed ", 1000)
	for _, body := range []string{"", "short", long} {
		answer, err := p.client.Ask(ctx, "PUT", "thing", nil, []byte(body))
		if err != nil || string(answer) != strings.ToUpper(body) {
			t.Errorf("%.20q: %.20q, %v", body, answer, err)
		}
	}
	if _, err := p.client.Ask(ctx, "PUT", "wrong", nil, nil); !fault.Is(err, fault.Conflict) {
		t.Errorf("a refusal came as %v", err)
	}
	if _, err := p.client.Ask(ctx, "PUT", "nothing", nil, nil); !fault.Is(err, fault.NotFound) {
		t.Errorf("what there is not came as %v", err)
	}
	// A process that was started again, and a clock that goes an hour ahead.
	p.door.Verifier.Instance = NewInstance()
	if _, err := p.client.Ask(ctx, "PUT", "thing", nil, []byte("x")); err != nil {
		t.Errorf("after a restart: %v", err)
	}
	p.client.Now = func() time.Time { return p.now.Add(-time.Hour) }
	if _, err := p.client.Ask(ctx, "PUT", "thing", nil, []byte("x")); err != nil || p.client.Ahead() != time.Hour {
		t.Errorf("with clocks an hour apart: %v, ahead by %v", err, p.client.Ahead())
	}
}

// TestSpoiltRequestsAreRefused changes everything of a request that is signed, and
// when it comes. Nothing of that reaches a handler, and each is counted but the first request
// of an edition server, which does not know the process yet.
func TestSpoiltRequestsAreRefused(t *testing.T) {
	other := newKey(t)
	bend := func(s string, at int) string { // to another sign of base64
		with := byte('A')
		if s[at] == with {
			with = 'B'
		}
		return s[:at] + string(with) + s[at+1:]
	}
	for name, c := range map[string]struct {
		spoil func(p *pair, r *http.Request)
		why   Refusal
	}{
		"no signature":   {func(_ *pair, r *http.Request) { r.Header.Del(proofHeader) }, Unsigned},
		"two signatures": {func(_ *pair, r *http.Request) { r.Header.Add(proofHeader, r.Header.Get(proofHeader)) }, Unsigned},
		"two digests":    {func(_ *pair, r *http.Request) { r.Header.Add(digestHeader, digestOf(nil)) }, Unsigned},
		"another profile": {func(_ *pair, r *http.Request) {
			r.Header.Set(inputHeader, strings.Replace(r.Header.Get(inputHeader), `"@query" `, "", 1))
		}, Unsigned},
		"no profile": {func(_ *pair, r *http.Request) { r.Header.Set(inputHeader, "peer=();alg=\"none\"") }, Unsigned},
		"body bit":   {func(_ *pair, r *http.Request) { setBody(r, "bodx") }, BadDigest},
		"body cut":   {func(_ *pair, r *http.Request) { setBody(r, "bo") }, BadDigest},
		"body and its digest": {func(_ *pair, r *http.Request) {
			setBody(r, "evil")
			r.Header.Set(digestHeader, digestOf([]byte("evil")))
		}, BadSignature},
		"method":           {func(_ *pair, r *http.Request) { r.Method = "POST" }, BadSignature},
		"path":             {func(_ *pair, r *http.Request) { r.URL.Path = Way + "wrong" }, BadSignature},
		"query":            {func(_ *pair, r *http.Request) { r.URL.RawQuery = "n=2" }, BadSignature},
		"query taken away": {func(_ *pair, r *http.Request) { r.URL.RawQuery = "" }, BadSignature},
		"signature bit":    {func(_ *pair, r *http.Request) { r.Header.Set(proofHeader, bend(r.Header.Get(proofHeader), 12)) }, BadSignature},
		"created moved": {func(_ *pair, r *http.Request) {
			r.Header.Set(inputHeader, strings.Replace(r.Header.Get(inputHeader), "created=1", "created=2", 1))
		}, BadSignature},
		"meant for another":    {func(_ *pair, r *http.Request) { r.Header.Set(toHeader, "there") }, BadSignature},
		"key of a stranger":    {func(p *pair, r *http.Request) { p.client.Ours = other; *r = *p.signedBy(r) }, UnknownKey},
		"key no longer known":  {func(p *pair, _ *http.Request) { p.keys = []ed25519.PublicKey{public(other)} }, UnknownKey},
		"nobody's any more":    {func(p *pair, _ *http.Request) { p.keys = nil }, UnknownKey},
		"the process before":   {func(p *pair, _ *http.Request) { p.door.Verifier.Instance = NewInstance() }, OtherInstance},
		"this server was else": {func(p *pair, _ *http.Request) { p.door.Verifier.ID = "else" }, NotForUs},
		"two minutes late":     {func(p *pair, _ *http.Request) { p.now = p.now.Add(2 * time.Minute) }, Stale},
		"two minutes early":    {func(p *pair, _ *http.Request) { p.now = p.now.Add(-2 * time.Minute) }, FutureDated},
		"sent a second time":   {func(p *pair, r *http.Request) { do(t, r.Clone(t.Context()), "body") }, Replayed},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t)
			r := p.signed(t, "body", p.now)
			c.spoil(p, r)
			before := len(p.got)
			if status := do(t, r, ""); status != http.StatusForbidden && status != http.StatusConflict {
				t.Errorf("it answers %d", status)
			}
			if len(p.got) != before {
				t.Error("it reached the handler")
			}
			want := int64(1)
			if c.why == OtherInstance {
				want = 0
			}
			if n := p.turned(c.why); n != want {
				t.Errorf("not counted as %s: %+v", c.why, p.door.Turned())
			}
		})
	}
}

// signedBy signs a request again with the key of now.
func (p *pair) signedBy(r *http.Request) *http.Request {
	signAsk(r, []byte("body"), stamp{p.now, rand.Text(), KeyID(public(p.client.Ours))}, p.client.Ours)
	return r
}

func setBody(r *http.Request, body string) {
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
}

// do sends a request, with a body again where one is given.
func do(t testing.TB, r *http.Request, body string) int {
	t.Helper()
	if body != "" {
		setBody(r, body)
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	w.Body.Close()
	return w.StatusCode
}

// TestAnswersOfOthersAreRefused has somebody stand between the two, who changes what
// is answered.
func TestAnswersOfOthersAreRefused(t *testing.T) {
	for name, spoil := range map[string]func(p *pair, w *httptest.ResponseRecorder) (int, []byte){
		"body": func(_ *pair, w *httptest.ResponseRecorder) (int, []byte) { return w.Code, []byte("EVIL") },
		"body and digest": func(_ *pair, w *httptest.ResponseRecorder) (int, []byte) {
			w.Header().Set(digestHeader, digestOf([]byte("EVIL")))
			return w.Code, []byte("EVIL")
		},
		"status": func(_ *pair, w *httptest.ResponseRecorder) (int, []byte) { return 422, w.Body.Bytes() },
		"no signature": func(_ *pair, w *httptest.ResponseRecorder) (int, []byte) {
			w.Header().Del(proofHeader)
			return w.Code, w.Body.Bytes()
		},
		"signed by another": func(p *pair, w *httptest.ResponseRecorder) (int, []byte) {
			_, key, _ := ed25519.GenerateKey(rand.Reader)
			signReply(w.Header(), 200, w.Body.Bytes(), strings.Repeat("A", 86)+"==", stamp{p.now, "", KeyID(public(key))}, key)
			return w.Code, w.Body.Bytes()
		},
		"answer to something else": func(p *pair, w *httptest.ResponseRecorder) (int, []byte) {
			signReply(w.Header(), 200, w.Body.Bytes(), strings.Repeat("A", 86)+"==", stamp{p.now, "", KeyID(public(p.door.Key))}, p.door.Key)
			return w.Code, w.Body.Bytes()
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t)
			p.client.instance = p.door.Verifier.Instance
			between := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				held := httptest.NewRecorder()
				p.door.ServeHTTP(held, r)
				status, body := spoil(p, held)
				for k, v := range held.Header() {
					w.Header()[k] = v
				}
				w.WriteHeader(status)
				w.Write(body)
			}))
			defer between.Close()
			p.client.Address = between.URL
			if answer, err := p.client.Ask(t.Context(), "PUT", "thing", nil, []byte("body")); !errors.Is(err, errImposter) {
				t.Errorf("taken: %q, %v", answer, err)
			}
		})
	}
}

// TestBodiesAreBounded sends more than a body may hold, packed or not.
func TestBodiesAreBounded(t *testing.T) {
	p := newPair(t)
	if _, err := p.client.Ask(t.Context(), "PUT", "thing", nil, make([]byte, 64<<20)); err == nil {
		t.Error("a body of 64 MiB that packs well was taken")
	}
	noise := make([]byte, MostBody+1)
	rand.Read(noise)
	if _, err := p.client.Ask(t.Context(), "PUT", "thing", nil, noise); err == nil {
		t.Error("a body of more than 8 MiB was taken")
	}
	if len(p.got) > 0 {
		t.Error("it reached the handler")
	}
}

// TestNobodysBodyIsRead announces bodies that never come whole. Who proves nothing is
// refused by the headers alone; an invitation is small.
func TestNobodysBodyIsRead(t *testing.T) {
	p := newPair(t)
	stranger := p.signed(t, "body", p.now)
	signAsk(stranger, []byte("body"), stamp{p.now, rand.Text(), KeyID(public(newKey(t)))}, newKey(t))
	again := p.signed(t, "body", p.now)
	do(t, again.Clone(t.Context()), "body")
	late := p.signed(t, "body", p.now.Add(-time.Hour))
	before := p.signed(t, "body", p.now)
	before.Header.Set(instanceHeader, NewInstance())
	signAsk(before, []byte("body"), stamp{p.now, rand.Text(), KeyID(public(p.client.Ours))}, p.client.Ours)
	for name, c := range map[string]struct {
		r      *http.Request
		length int
		status int
	}{
		"unsigned":           {httptest.NewRequest("PUT", Way+"thing", nil), MostBody, http.StatusForbidden},
		"a stranger's":       {stranger, MostBody, http.StatusForbidden},
		"sent again":         {again, MostBody, http.StatusForbidden},
		"late":               {late, MostBody, http.StatusConflict},
		"the process before": {before, MostBody, http.StatusConflict},
		"too long":           {p.signed(t, "body", p.now), MostBody + 1, http.StatusRequestEntityTooLarge},
		"a long invitation":  {httptest.NewRequest("POST", Way+"join", nil), mostInvitation + 1, http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			to, err := net.Dial("tcp", p.at.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer to.Close()
			if err := to.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(to, "%s %s HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n", c.r.Method, c.r.URL.RequestURI(), c.length)
			c.r.Header.Write(to)
			fmt.Fprint(to, "\r\nb")
			w, err := http.ReadResponse(bufio.NewReader(to), c.r)
			if err != nil {
				t.Fatalf("no answer without the body: %v", err)
			}
			w.Body.Close()
			if w.StatusCode != c.status {
				t.Errorf("it answers %d, want %d", w.StatusCode, c.status)
			}
		})
	}
}

// TestBodiesAtOnce lets the edition server send many bodies, each of which stops in the
// middle: only some are read at a time, and what has none is answered meanwhile.
func TestBodiesAtOnce(t *testing.T) {
	p := newPair(t)
	held, began := make(chan struct{}), make(chan struct{}, 10*mostBodies)
	var sent sync.WaitGroup
	for range 3 * mostBodies {
		r := p.signed(t, "body", p.now)
		r.Body, r.ContentLength = io.NopCloser(io.MultiReader(stopped{began, held}, strings.NewReader("body"))), 4
		sent.Go(func() { p.door.ServeHTTP(httptest.NewRecorder(), r) })
	}
	for range mostBodies {
		<-began
	}
	if _, err := p.client.Ask(t.Context(), "GET", "state", nil, nil); err != nil {
		t.Errorf("while bodies are read: %v", err)
	}
	if n := len(began); n > 0 {
		t.Errorf("%d bodies more are read at once", n)
	}
	close(held)
	sent.Wait()
	if len(p.got) != 3*mostBodies {
		t.Errorf("%d were taken", len(p.got))
	}
}

// stopped is the beginning of a body that stops, until it is let go.
type stopped struct{ began, held chan struct{} }

func (s stopped) Read([]byte) (int, error) {
	s.began <- struct{}{}
	<-s.held
	return 0, io.EOF
}

// TestABodyThatDoesNotCome sends less than was announced, and then nothing: it is told that
// it did not come, and not that it is too long.
func TestABodyThatDoesNotCome(t *testing.T) {
	p := newPair(t)
	r := httptest.NewRequestWithContext(t.Context(), "POST", Way+"join", nil)
	r.Body, r.ContentLength = io.NopCloser(io.MultiReader(strings.NewReader("{"), iotest.ErrReader(os.ErrDeadlineExceeded))), 100
	w := httptest.NewRecorder()
	p.door.ServeHTTP(w, r)
	if w.Code != http.StatusRequestTimeout {
		t.Errorf("answered %d %s", w.Code, w.Body)
	}
}

// TestALongBodyAfterARestart sends what is refused by its headers, while it is sent: it
// is sent again by what the refusal told.
func TestALongBodyAfterARestart(t *testing.T) {
	p := newPair(t)
	noise := make([]byte, MostBody/2)
	rand.Read(noise)
	for range 5 {
		p.door.Verifier.Instance = NewInstance()
		if _, err := p.client.Ask(t.Context(), "PUT", "thing", nil, noise); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCertificatesThatAreNotBelieved asks servers whose certificate is of an authority
// that is not known, or of another name: who asks is told that, and not that nothing
// answers.
func TestCertificatesThatAreNotBelieved(t *testing.T) {
	p := newPair(t)
	at := httptest.NewUnstartedServer(p.door)
	at.Config.ErrorLog = log.New(io.Discard, "", 0)
	at.StartTLS()
	defer at.Close()
	clear := httptest.NewServer(p.door)
	defer clear.Close()
	for _, c := range []struct{ address, key string }{
		{at.URL, "fault.peer.untrusted"},
		{strings.Replace(at.URL, "127.0.0.1", "localhost", 1), "fault.peer.certificate"},
		{"http://127.0.0.1:1", "fault.peer.away"},
		{strings.Replace(clear.URL, "http:", "https:", 1), "fault.peer.clear"},
	} {
		_, err := Invite(t.Context(), c.address, NewCode(), Invitation{}, Again{Key: p.client.Ours})
		if key, _ := fault.TextOf(err); key != c.key {
			t.Errorf("%s, invited: %v", c.address, err)
		}
		p.client.Address = c.address
		_, err = p.client.Ask(t.Context(), "GET", "state", nil, nil)
		if key, _ := fault.TextOf(err); c.key != "fault.peer.away" && key != c.key {
			t.Errorf("%s, asked: %v", c.address, err)
		}
	}
}

func TestCodesAreReadHoweverTheyAreTyped(t *testing.T) {
	code := NewCode()
	if len(code) != 23 {
		t.Fatalf("the code is %q", code)
	}
	for _, typed := range []string{strings.ToLower(code), " " + strings.ReplaceAll(code, "-", " ") + "\n", strings.ReplaceAll(code, "-", "")} {
		if !bytes.Equal(CodeKey(typed), CodeKey(code)) {
			t.Errorf("%q is another code", typed)
		}
	}
	if bytes.Equal(CodeKey(code), CodeKey(NewCode())) {
		t.Error("two codes are the same")
	}
}

// FuzzRequests sends what anybody may send: nothing of it is taken, and nothing breaks.
func FuzzRequests(f *testing.F) {
	p := newPair(f)
	r := p.signed(f, "body", p.now)
	f.Add(r.Header.Get(inputHeader), r.Header.Get(proofHeader), r.Header.Get(digestHeader), "body")
	f.Add("", "", "", "")
	f.Fuzz(func(t *testing.T, input, proof, digest, body string) {
		r := httptest.NewRequest("PUT", Way+"thing", strings.NewReader(body))
		r.Header = http.Header{inputHeader: {input}, proofHeader: {proof}, digestHeader: {digest}, toHeader: {"here"}, instanceHeader: {p.door.Verifier.Instance}}
		w := httptest.NewRecorder()
		p.door.ServeHTTP(w, r)
		if w.Code == http.StatusOK {
			t.Errorf("taken: %q %q", input, proof)
		}
	})
}
