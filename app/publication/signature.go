package publication

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"selfhelp/app/fault"
)

// What is signed begins with what it is, so that the signature of one kind of
// document is never good for another.
const (
	bundleMark    = "selfhelp bundle\n"
	catalogueMark = "selfhelp catalogue\n"
)

// KeyID is the short name of a public key, for people and for choosing among
// the trusted ones.
func KeyID(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:8])
}

// sign signs a document of the kind that mark names.
func sign(key ed25519.PrivateKey, mark string, document []byte) []byte {
	return ed25519.Sign(key, slices.Concat([]byte(mark), document))
}

// verify refuses a document whose signature no trusted key made.
func verify(trusted []ed25519.PublicKey, mark string, document, signature []byte) error {
	message := slices.Concat([]byte(mark), document)
	for _, key := range trusted {
		if len(key) == ed25519.PublicKeySize && ed25519.Verify(key, message, signature) {
			return nil
		}
	}
	return fault.New(fault.Forbidden, "fault.signature")
}
