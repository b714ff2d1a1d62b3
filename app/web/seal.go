package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// sign returns a value with a proof that we wrote it, for one purpose: what is
// signed for one is refused for another.
func (k Keys) sign(purpose, value string) string {
	return value + "." + base64.RawURLEncoding.EncodeToString(k.proof(purpose, value))
}

// verify returns the value of what sign wrote.
func (k Keys) verify(purpose, signed string) (string, bool) {
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

func (k Keys) proof(purpose, value string) []byte {
	mac := hmac.New(sha256.New, k.Visitors)
	mac.Write([]byte(purpose))
	mac.Write([]byte{0})
	mac.Write([]byte(value))
	return mac.Sum(nil)[:16]
}

// mark returns what is kept of a value in place of it: the same for the same
// value, and nothing the value can be found from without the key.
func (k Keys) mark(purpose, value string) string {
	return base64.RawURLEncoding.EncodeToString(k.proof(purpose, value))
}
