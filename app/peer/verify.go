package peer

import (
	"crypto/ed25519"
	"crypto/rand"
	"net/http"
	"sync"
	"time"
)

// What is refused of a request, as the log and the page of servers say it.
type Refusal string

// The refusals. Each has its sentence, and only the first of what is wrong is told.
const (
	Unsigned      Refusal = "unsigned"       // no signature, or not in our profile
	UnknownKey    Refusal = "unknown key"    // of no edition server of ours
	BadDigest     Refusal = "bad digest"     // the body is not the one that was signed
	BadSignature  Refusal = "bad signature"  // something that was signed was changed
	NotForUs      Refusal = "not for us"     // signed for another server
	Stale         Refusal = "stale"          // signed too long ago
	FutureDated   Refusal = "future-dated"   // signed at a time that has not come
	OtherInstance Refusal = "other instance" // signed for the process before
	Replayed      Refusal = "replayed"       // taken once already
)

// Error makes a refusal an error.
func (r Refusal) Error() string { return "the request was refused: " + string(r) }

// Window is how old a request may be, and how far ahead of our clock: the edition
// server goes by the clock of the server that it asks.
const Window = time.Minute

// mostNonces bounds what is remembered of a window: who asks more often waits.
const mostNonces = 100_000

// Verifier proves that requests come from the edition server, were meant for this
// server, are whole, and come for the first time.
type Verifier struct {
	ID       string                     // of this server
	Instance string                     // of this process
	Keys     func() []ed25519.PublicKey // of the edition server
	Now      func() time.Time

	mu     sync.Mutex
	nonces map[string]time.Time // until when they would be taken
	swept  time.Time
}

// NewInstance names a process.
func NewInstance() string { return rand.Text() }

// proof is what the headers of a request prove, before its body is read.
type proof struct {
	written string // the signature, which the answer is bound to
	signer  string // id of the key it was signed by
	digest  string // of the body that was signed
}

// covers reports whether a body is the one that was signed.
func (p proof) covers(body []byte) bool { return p.digest == digestOf(body) }

// Verify returns what the headers of a request prove, and why it is not taken, "" when
// it is. Whether its body is the one that was signed is asked once that was read.
// Requests that only ask how the server is need not know the process: they change
// nothing.
func (v *Verifier) Verify(r *http.Request, asks bool) (p proof, why Refusal) {
	written, signature, signed := proofOf(r.Header)
	s, parameters, stamped := stampOf(r.Header)
	digest, once := only(r.Header, digestHeader)
	if !signed || !stamped || !once || len(r.Header.Values(toHeader)) != 1 || len(r.Header.Values(instanceHeader)) != 1 {
		return p, Unsigned
	}
	key := v.keyOf(s.key)
	switch {
	case key == nil:
		return p, UnknownKey
	case !ed25519.Verify(key, askBase(r, parameters), signature):
		return p, BadSignature
	case r.Header.Get(toHeader) != v.ID:
		return p, NotForUs
	}
	now := v.Now()
	switch {
	case s.created.Before(now.Add(-Window)):
		return p, Stale
	case s.created.After(now.Add(Window)):
		return p, FutureDated
	case !asks && r.Header.Get(instanceHeader) != v.Instance:
		return p, OtherInstance
	case !v.first(s.nonce, now):
		return p, Replayed
	}
	return proof{written, s.key, digest}, ""
}

func (v *Verifier) keyOf(id string) ed25519.PublicKey {
	for _, k := range v.Keys() {
		if KeyID(k) == id {
			return k
		}
	}
	return nil
}

// first reports whether a nonce comes for the first time, and remembers it for as long
// as its request would be taken.
func (v *Verifier) first(nonce string, now time.Time) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.nonces == nil {
		v.nonces = map[string]time.Time{}
	}
	if now.Sub(v.swept).Abs() > Window {
		for n, until := range v.nonces {
			if until.Before(now) {
				delete(v.nonces, n)
			}
		}
		v.swept = now
	}
	if _, known := v.nonces[nonce]; known || len(v.nonces) >= mostNonces {
		return false
	}
	v.nonces[nonce] = now.Add(2 * Window)
	return true
}
