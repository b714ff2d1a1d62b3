package journey

import (
	"encoding/base64"
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"

	"selfhelp/app/fault"
)

// A note travels beside a state, under the same keys and bound to the same
// execution. It is bound to its being a note, too: neither is ever taken for
// the other.

// SealNote returns a token that only a sealer with the same key opens as a
// note, and only for the same execution.
func (s *Sealer) SealNote(plain []byte, execution string) (string, error) {
	if len(plain) > MaxState {
		return "", fault.New(fault.TooLarge, "execution.too_large")
	}
	shape, plain := shrink(plain)
	nonce := make([]byte, chacha20poly1305.NonceSizeX)
	if _, err := io.ReadFull(s.random, nonce); err != nil {
		return "", fmt.Errorf("seal note: draw a nonce: %w", err)
	}
	out := append([]byte{byte(len(s.first.id))}, s.first.id...)
	out = append(append(out, nonce...), shape)
	return base64.RawURLEncoding.EncodeToString(s.first.aead.Seal(out, nonce, plain, bindNote(shape, execution))), nil
}

// OpenNote returns what a note sealed for the execution says. Anything else is
// a fault.Invalid.
func (s *Sealer) OpenNote(token, execution string) ([]byte, error) {
	if len(token) > maxToken {
		return nil, fault.New(fault.Invalid, "execution.token")
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil {
		return nil, fault.Because(fault.Invalid, err, "execution.token")
	}
	plain, err := s.open(raw, func(shape byte) []byte { return bindNote(shape, execution) })
	if err != nil {
		return nil, fault.Because(fault.Invalid, err, "execution.token")
	}
	return plain, nil
}

// bindNote is what a note is authenticated with besides its content.
func bindNote(shape byte, execution string) []byte {
	return append(append([]byte("selfhelp note "), shape), execution...)
}
