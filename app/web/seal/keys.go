package seal

import (
	"bytes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"io"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"selfhelp/app/execution"
	"selfhelp/store"
)

// Keys are the secrets of the platform's doors, the same on each of its servers. The
// first of each signs and seals; all of them verify and open, so that a key follows
// another without anybody noticing.
type Keys struct {
	Visitors [][]byte            // sign what browsers keep, and seal tickets; 32 bytes
	States   []execution.SealKey // seal the states of executions
}

// KeysOf are the keys of a store, as they are used at a time.
func KeysOf(k *store.Keys, now time.Time) (used Keys) {
	states, visitors := k.InUse(now)
	for _, one := range states {
		used.States = append(used.States, execution.SealKey{ID: one.ID, Secret: one.Key})
	}
	for _, one := range visitors {
		used.Visitors = append(used.Visitors, one.Key)
	}
	return used
}

// Sign returns a value with a proof that we wrote it, for one purpose: what is
// signed for one is refused for another.
func (k Keys) Sign(purpose, value string) string {
	return value + "." + k.Mark(purpose, value)
}

// Verify returns the value of what sign wrote.
func (k Keys) Verify(purpose, signed string) (string, bool) {
	at := strings.LastIndexByte(signed, '.')
	if at < 0 {
		return "", false
	}
	proof, err := base64.RawURLEncoding.DecodeString(signed[at+1:])
	if err != nil {
		return "", false
	}
	for _, key := range k.Visitors {
		if hmac.Equal(proof, proofBy(key, purpose, signed[:at])) {
			return signed[:at], true
		}
	}
	return "", false
}

// proofBy is the keyed hash of a value and its purpose. Making a keyed hash costs
// more than using it: they are used again.
func proofBy(key []byte, purpose, value string) []byte {
	mac, ok := macs.Get().(*keyedHash)
	if !ok || !bytes.Equal(mac.key, key) {
		mac = &keyedHash{hmac.New(sha256.New, key), key}
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
	return base64.RawURLEncoding.EncodeToString(proofBy(k.Visitors[0], purpose, value))
}

// Marks are all that may be kept of a value in place of it: by the key of today,
// which Mark uses, and by those of before.
func (k Keys) Marks(purpose, value string) []string {
	marks := make([]string, len(k.Visitors))
	for i, key := range k.Visitors {
		marks[i] = base64.RawURLEncoding.EncodeToString(proofBy(key, purpose, value))
	}
	return marks
}

// IsMark reports whether a mark is one of a value.
func (k Keys) IsMark(purpose, value, mark string) bool {
	for _, one := range k.Marks(purpose, value) {
		if hmac.Equal([]byte(one), []byte(mark)) {
			return true
		}
	}
	return false
}

// Seal hides what a browser keeps for us, for one purpose and bound to something
// else that must come with it.
func (k Keys) Seal(purpose, bound string, plain []byte) string {
	nonce := make([]byte, chacha20poly1305.NonceSizeX, chacha20poly1305.NonceSizeX+len(plain)+chacha20poly1305.Overhead)
	rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(boxOf(k.Visitors[0]).Seal(nonce, nonce, plain, []byte(purpose+"\x00"+bound)))
}

// Open returns what Seal hid, false for anything else.
func (k Keys) Open(purpose, bound, sealed string) ([]byte, bool) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil || len(b) < chacha20poly1305.NonceSizeX {
		return nil, false
	}
	for _, key := range k.Visitors {
		plain, err := boxOf(key).Open(nil, b[:chacha20poly1305.NonceSizeX], b[chacha20poly1305.NonceSizeX:], []byte(purpose+"\x00"+bound))
		if err == nil {
			return plain, true
		}
	}
	return nil, false
}

// boxOf is what seals by a key: by one made from it, since it signs too.
func boxOf(key []byte) cipher.AEAD {
	own, err := hkdf.Key(sha256.New, key, nil, "selfhelp seal", chacha20poly1305.KeySize)
	if err != nil {
		panic(err) // only another length is refused
	}
	aead, err := chacha20poly1305.NewX(own)
	if err != nil {
		panic(err) // likewise
	}
	return aead
}
