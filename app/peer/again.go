package peer

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// Again is how an edition server that was brought back to an earlier state, and does not
// know a server of its platform any more, has that server join again without a code. It
// proves that it is the one that was joined by its key; the server proves that it is no
// other one by what all servers of the platform share, before anything else is sent there.
type Again struct {
	Key    ed25519.PrivateKey // of the edition server's requests
	Shared []byte             // key that only the servers of the platform have; nil for none
}

// againMark keeps what is signed here from being taken for anything else.
const againMark = "selfhelp joins again\x00"

// AgainKey is the key that a secret of the platform stands for where a server joins again.
func AgainKey(secret []byte) []byte {
	sum := sha256.Sum256(append([]byte(againMark), secret...))
	return sum[:]
}

// proof is what the invitation is sent with: by the code, and by the key of who knew the
// server before.
func (a Again) proof(code, body []byte) string {
	signature := ed25519.Sign(a.Key, append([]byte(againMark), body...))
	return CodeProof(code, EditionSide, body) + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// ByCode is the part of a proof that is by the joining code.
func ByCode(proof string) string {
	code, _, _ := strings.Cut(proof, ".")
	return code
}

// ByKey reports whether the invitation with a proof was signed by one of some keys.
func ByKey(proof string, body []byte, keys []ed25519.PublicKey) bool {
	_, text, _ := strings.Cut(proof, ".")
	signature, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return false
	}
	for _, k := range keys {
		if ed25519.Verify(k, append([]byte(againMark), body...), signature) {
			return true
		}
	}
	return false
}
