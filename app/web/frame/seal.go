package frame

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"io"
	"strings"
	"sync"
)

// Sign returns a value with a proof that we wrote it, for one purpose: what is
// signed for one is refused for another.
func (k Keys) Sign(purpose, value string) string {
	return value + "." + base64.RawURLEncoding.EncodeToString(k.proof(purpose, value))
}

// Verify returns the value of what sign wrote.
func (k Keys) Verify(purpose, signed string) (string, bool) {
	at := strings.LastIndexByte(signed, '.')
	if at < 0 {
		return "", false
	}
	proof, err := base64.RawURLEncoding.DecodeString(signed[at+1:])
	if err != nil || !hmac.Equal(proof, k.proof(purpose, signed[:at])) {
		return "", false
	}
	return signed[:at], true
}

// proof is the keyed hash of a value and its purpose. Making a keyed hash costs
// more than using it: they are used again.
func (k Keys) proof(purpose, value string) []byte {
	mac, ok := macs.Get().(*keyedHash)
	if !ok || !bytes.Equal(mac.key, k.Visitors) {
		mac = &keyedHash{hmac.New(sha256.New, k.Visitors), k.Visitors}
	}
	defer macs.Put(mac)
	mac.Reset()
	io.WriteString(mac, purpose)
	mac.Write([]byte{0})
	io.WriteString(mac, value)
	return mac.Sum(make([]byte, 0, sha256.Size))[:16]
}

// keyedHash is a hash that was made with a key.
type keyedHash struct {
	hash.Hash
	key []byte
}

var macs sync.Pool

// Mark returns what is kept of a value in place of it: the same for the same
// value, and nothing the value can be found from without the key.
func (k Keys) Mark(purpose, value string) string {
	return base64.RawURLEncoding.EncodeToString(k.proof(purpose, value))
}
