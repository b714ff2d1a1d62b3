package trusted

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"selfhelp/app/login"
)

// Bound is what is kept of an API key of a host product: its hash, and the one
// client certificate that it goes with. Who has one of them has nothing.
type Bound struct {
	Key         string `json:"key"`         // as HashKey returns it
	Fingerprint string `json:"fingerprint"` // of the certificate, as Fingerprint returns it
}

// Person is somebody the host vouches for.
type Person struct {
	Login, Name    string
	Mail, Language string // may be empty
}

// NewKey returns an API key, to be shown once, and what is kept of it.
func NewKey() (key, hash string) {
	key = "shk_" + rand.Text() // 130 bits
	return key, HashKey(key)
}

// HashKey returns what is kept of an API key. A key is chance from end to end:
// nothing slower than SHA-256 makes it harder to guess.
func HashKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// Fingerprint names a certificate: SHA-256 of its DER.
func Fingerprint(certificate *x509.Certificate) string {
	sum := sha256.Sum256(certificate.Raw)
	return hex.EncodeToString(sum[:])
}

// Accept checks the key and the certificate of a request, and returns who it is
// made for. Whoever made the connection has proven that the certificate is
// theirs: TLS did, or a proxy that the caller trusts. The key is compared
// whatever the certificate is, both in constant time.
func (b Bound) Accept(key string, certificate *x509.Certificate, who Person, now time.Time) (login.Identity, error) {
	if certificate == nil {
		return login.Identity{}, refused(errors.New("the request has no client certificate"))
	}
	rightKey := subtle.ConstantTimeCompare([]byte(HashKey(key)), []byte(b.Key)) == 1
	rightCertificate := subtle.ConstantTimeCompare([]byte(Fingerprint(certificate)), []byte(b.Fingerprint)) == 1
	switch {
	case !rightKey:
		return login.Identity{}, refused(errors.New("the key is not the one that was made here last"))
	case !rightCertificate:
		return login.Identity{}, refused(fmt.Errorf("the certificate is not the one that goes with the key: it is of %.100q, SHA-256 %s", certificate.Subject, Fingerprint(certificate)))
	case now.Before(certificate.NotBefore) || now.After(certificate.NotAfter):
		return login.Identity{}, refused(fmt.Errorf("the certificate is good from %v to %v", certificate.NotBefore, certificate.NotAfter))
	case !slices.Contains(certificate.ExtKeyUsage, x509.ExtKeyUsageClientAuth):
		return login.Identity{}, refused(errors.New("the certificate is not one of a client"))
	case who.Login == "" || len(who.Login) > maxLogin || strings.TrimSpace(who.Name) == "":
		return login.Identity{}, refused(errors.New("the request names no login, or no full name"))
	case !isText(who.Login) || !isText(who.Name) || !isText(who.Mail) || !isText(who.Language):
		return login.Identity{}, refused(errors.New("what the request says of the person is not text"))
	}
	return identity(who.Login, map[string]string{login.FieldName: who.Name, login.FieldMail: who.Mail, login.FieldLanguage: who.Language}, nil), nil
}
