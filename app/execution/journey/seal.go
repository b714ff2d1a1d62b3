package journey

import (
	"crypto/cipher"
	"encoding/base64"
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"

	"selfhelp/app/fault"
)

// MaxState bounds a packed state, in bytes.
const MaxState = 64 << 10

// maxToken bounds what Open looks at: a state that would not shrink, and its
// envelope.
const maxToken = (MaxState + 512) * 4 / 3

// SealKey is a key of a platform. Its ID stands in the clear in every token.
type SealKey struct {
	ID     string // 1 to 32 bytes
	Secret []byte // 32 bytes
}

// Sealer seals states so that they can travel through the hands of others,
// and opens them. It is safe for concurrent use when its randomness is.
type Sealer struct {
	random io.Reader
	first  sealKey
	keys   map[string]sealKey
}

type sealKey struct {
	id   string
	aead cipher.AEAD
}

// NewSealer returns a sealer that seals with the first key and opens with any:
// to change keys, put the new one first and keep the old ones as long as their
// tokens shall open. random is crypto/rand's Reader.
func NewSealer(random io.Reader, keys ...SealKey) (*Sealer, error) {
	if len(keys) == 0 {
		return nil, fault.New(fault.Internal, "fault.seal.no_key")
	}
	s := &Sealer{random: random, keys: map[string]sealKey{}}
	for i, k := range keys {
		if k.ID == "" || len(k.ID) > 32 {
			return nil, fmt.Errorf("seal key id %q: it must have 1 to 32 bytes", k.ID)
		}
		aead, err := chacha20poly1305.NewX(k.Secret)
		if err != nil {
			return nil, fmt.Errorf("seal key %s: %w", k.ID, err)
		}
		if _, twice := s.keys[k.ID]; twice {
			return nil, fmt.Errorf("seal key %s: given twice", k.ID)
		}
		s.keys[k.ID] = sealKey{k.ID, aead}
		if i == 0 {
			s.first = s.keys[k.ID]
		}
	}
	return s, nil
}

// Seal returns a token that only a sealer with the same key opens, and only
// for the same execution.
func (s *Sealer) Seal(state State) (string, error) {
	plain := state.Packed
	if plain == nil {
		plain = state.Pack(make([]byte, 0, 1024))
	}
	return s.seal(plain, ofState, state.Context.ID)
}

// seal puts bytes into a token, bound to what they are and to their execution.
func (s *Sealer) seal(plain []byte, what, execution string) (string, error) {
	if len(plain) > MaxState {
		return "", fault.New(fault.TooLarge, "execution.too_large")
	}
	shape, plain := shrink(plain)
	size := 1 + len(s.first.id) + chacha20poly1305.NonceSizeX
	out := make([]byte, size, size+len(plain)+1+chacha20poly1305.Overhead)
	out[0] = byte(len(s.first.id))
	copy(out[1:], s.first.id)
	nonce := out[1+len(s.first.id):]
	if _, err := io.ReadFull(s.random, nonce); err != nil {
		return "", fmt.Errorf("seal %s: draw a nonce: %w", what, err)
	}
	out = s.first.aead.Seal(append(out, shape), nonce, plain, bind(what, shape, execution))
	return base64.RawURLEncoding.EncodeToString(out), nil
}

// Open returns the state of a token sealed for the execution. Anything else,
// whoever made it and however, is a fault.Invalid.
func (s *Sealer) Open(token, execution string) (State, error) {
	plain, err := s.unseal(token, ofState, execution)
	if err != nil {
		return State{}, err
	}
	state, ok := unpack(plain)
	if !ok || state.Context.ID != execution {
		return State{}, fault.New(fault.Invalid, "execution.token")
	}
	state.Packed = plain
	return state, nil
}

// unseal undoes seal; any other token is a fault.Invalid.
func (s *Sealer) unseal(token, what, execution string) ([]byte, error) {
	if len(token) > maxToken {
		return nil, fault.New(fault.Invalid, "execution.token")
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil {
		return nil, fault.Because(fault.Invalid, err, "execution.token")
	}
	plain, err := s.open(raw, what, execution)
	if err != nil {
		return nil, fault.Because(fault.Invalid, err, "execution.token")
	}
	return plain, nil
}

func (s *Sealer) open(raw []byte, what, execution string) ([]byte, error) {
	if len(raw) == 0 || len(raw) < 1+int(raw[0])+chacha20poly1305.NonceSizeX+1 {
		return nil, fmt.Errorf("token of %d bytes is too short", len(raw))
	}
	named := 1 + int(raw[0])
	id, rest := string(raw[1:named]), raw[named:]
	key, known := s.keys[id]
	if !known {
		return nil, fmt.Errorf("token sealed with the unknown key %q", id)
	}
	nonce, rest := rest[:chacha20poly1305.NonceSizeX], rest[chacha20poly1305.NonceSizeX:]
	shape, box := rest[0], rest[1:]
	plain, err := key.aead.Open(nil, nonce, box, bind(what, shape, execution))
	if err != nil {
		return nil, err
	}
	return grow(shape, plain)
}

// What a token may hold: neither is ever taken for the other.
const (
	ofState = "state"
	ofNote  = "note"
)

// bind is what a token is authenticated with besides its content.
func bind(what string, shape byte, execution string) []byte {
	b := make([]byte, 0, 32+len(execution))
	b = append(b, "selfhelp "...)
	b = append(append(b, what...), ' ', shape)
	return append(b, execution...)
}

// SealNote returns a token of bytes that travel beside a state: only a sealer
// with the same key opens it as a note, and only for the same execution.
func (s *Sealer) SealNote(plain []byte, execution string) (string, error) {
	return s.seal(plain, ofNote, execution)
}

// OpenNote returns what a note sealed for the execution says. Anything else is
// a fault.Invalid.
func (s *Sealer) OpenNote(token, execution string) ([]byte, error) {
	return s.unseal(token, ofNote, execution)
}
