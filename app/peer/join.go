package peer

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"selfhelp/app/fault"
)

// codeHeader carries the proof that who asks a server to join has its code. The code
// itself never travels.
const codeHeader = "Selfhelp-Join"

// NewCode is what an administrator carries from a new presentation server to the
// edition server: 100 random bits, in groups to be read out.
func NewCode() string {
	text := rand.Text() // 26 characters of base32, 130 bits
	return text[:5] + "-" + text[5:10] + "-" + text[10:15] + "-" + text[15:20]
}

// codeLetters is how many letters and digits a code has.
const codeLetters = 20

// CodeKey is the key that a code stands for, however it was typed.
func CodeKey(code string) []byte {
	sum := sha256.Sum256([]byte("selfhelp joining code\x00" + plainCode(code)))
	return sum[:]
}

func plainCode(code string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z':
			return c - 'a' + 'A'
		case c >= 'A' && c <= 'Z', c >= '2' && c <= '7':
			return c
		case c == '0':
			return 'O'
		case c == '1':
			return 'I'
		}
		return -1
	}, code)
}

// CodeProof proves that a message comes from who has the code. What one side says
// proves nothing of the other.
func CodeProof(key []byte, side string, message []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(side + "\x00"))
	mac.Write(message)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// The sides that prove they have a code.
const (
	EditionSide      = "edition"
	PresentationSide = "presentation"
)

// Invitation is what the edition server tells a server that is to join.
type Invitation struct {
	Platform string            `json:"platform"` // id
	Name     string            `json:"name"`     // where the edition server is, for people
	Key      ed25519.PublicKey `json:"key"`      // of its requests
	Trusted  ed25519.PublicKey `json:"trusted"`  // of what it publishes
	Nonce    string            `json:"nonce"`
}

// Acceptance is what that server answers.
type Acceptance struct {
	ID      string            `json:"id"`
	Key     ed25519.PublicKey `json:"key"`
	Version string            `json:"version"`
	Nonce   string            `json:"nonce"` // of the invitation
	Proof   string            `json:"proof"` // by the code, of all that stands before
}

// Prove gives an acceptance its proof.
func (a *Acceptance) Prove(key []byte) {
	a.Proof = ""
	text, _ := json.Marshal(a) // strings
	a.Proof = CodeProof(key, PresentationSide, text)
}

func (a Acceptance) proves(key []byte) bool {
	given := a.Proof
	a.Prove(key)
	return hmac.Equal([]byte(given), []byte(a.Proof))
}

// Invite asks the server at an address to join, by its code, or again. What is no whole
// code proves nothing: anybody would guess it.
func Invite(ctx context.Context, address, code string, i Invitation, again Again) (a Acceptance, err error) {
	key := CodeKey(code)
	i.Nonce = rand.Text()
	body, err := json.Marshal(i)
	if err != nil {
		return a, fmt.Errorf("write the invitation: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(address, "/")+Way+"join", bytes.NewReader(body))
	if err != nil {
		return a, fault.Because(fault.Invalid, err, "fault.peer.address", address)
	}
	r.Header.Set(codeHeader, again.proof(key, body))
	w, err := outward.Do(r)
	if err != nil {
		return a, cmp.Or(disbelieved(err, address), error(fault.Because(fault.Unavailable, err, "fault.peer.away", address)))
	}
	defer w.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(w.Body, 64<<10))
	if err != nil {
		return a, fault.Because(fault.Unavailable, err, "fault.peer.away", address)
	}
	if w.StatusCode != http.StatusOK {
		return a, refusedToJoin(answer, address)
	}
	err = json.Unmarshal(answer, &a)
	proved := len(plainCode(code)) == codeLetters && a.proves(key) || again.Shared != nil && a.proves(again.Shared)
	if err != nil || a.Nonce != i.Nonce || len(a.Key) != ed25519.PublicKeySize || !proved {
		return a, fault.Because(fault.Forbidden, errors.Join(errImposter, err), "fault.peer.imposter", address)
	}
	return a, nil
}

// refusedToJoin is why a server did not join: what it says where it is one of ours.
func refusedToJoin(answer []byte, address string) error {
	if err := failed(answer); fault.KindOf(err) != fault.Internal {
		return err
	}
	return fault.New(fault.Invalid, "fault.peer.no_server", address)
}
