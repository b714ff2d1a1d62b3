package keys

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"

	"selfhelp/app/fault"
)

// sealed begins every secret that is sealed, and says how: XChaCha20-Poly1305
// (draft-irtf-cfrg-xchacha), the nonce before the rest, base64url (RFC 4648).
const sealed = "sealed:1:"

// Seal encrypts a secret of somebody else's, as settings keep it. What it is for
// must be given again to open it: a secret moved to another place opens nothing.
func (k *Keys) Seal(purpose, secret string) string {
	aead, _ := chacha20poly1305.NewX(k.Shared().Secret) // only another size of key is refused
	nonce := make([]byte, chacha20poly1305.NonceSizeX, chacha20poly1305.NonceSizeX+len(secret)+chacha20poly1305.Overhead)
	rand.Read(nonce)
	return sealed + base64.RawURLEncoding.EncodeToString(aead.Seal(nonce, nonce, []byte(secret), []byte(purpose)))
}

var errSealed = errors.New("it was sealed by another key, or is damaged")

// Unseal is the contrary of Seal.
func (k *Keys) Unseal(purpose, text string) (string, error) {
	failed := &fault.Error{
		Kind: fault.Unavailable, Key: "fault.store.keys", Args: []any{k.dir}, Cause: errSealed,
		Hint: "the secret for " + purpose + " was sealed by another secret.key: put that file back, or give the secret again",
	}
	encoded, ok := strings.CutPrefix(text, sealed)
	if !ok {
		return "", failed
	}
	b, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || len(b) < chacha20poly1305.NonceSizeX {
		return "", failed
	}
	aead, _ := chacha20poly1305.NewX(k.Shared().Secret)
	plain, err := aead.Open(nil, b[:chacha20poly1305.NonceSizeX], b[chacha20poly1305.NonceSizeX:], []byte(purpose))
	if err != nil {
		return "", failed
	}
	return string(plain), nil
}
