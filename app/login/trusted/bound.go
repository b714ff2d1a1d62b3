package trusted

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"net/url"
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
	right := subtle.ConstantTimeCompare([]byte(HashKey(key)), []byte(b.Key))
	right &= subtle.ConstantTimeCompare([]byte(Fingerprint(certificate)), []byte(b.Fingerprint))
	switch {
	case right != 1:
		return login.Identity{}, refused(errors.New("the key and the certificate are not those that go together"))
	case now.Before(certificate.NotBefore) || now.After(certificate.NotAfter):
		return login.Identity{}, refused(errors.New("the certificate has expired, or is not good yet"))
	case !slices.Contains(certificate.ExtKeyUsage, x509.ExtKeyUsageClientAuth):
		return login.Identity{}, refused(errors.New("the certificate is not one of a client"))
	case who.Login == "" || len(who.Login) > maxLogin || strings.TrimSpace(who.Name) == "":
		return login.Identity{}, refused(errors.New("the request names no login, or no full name"))
	case !isText(who.Login) || !isText(who.Name) || !isText(who.Mail) || !isText(who.Language):
		return login.Identity{}, refused(errors.New("what the request says of the person is not text"))
	}
	return identity(who.Login, map[string]string{login.FieldName: who.Name, login.FieldMail: who.Mail, login.FieldLanguage: who.Language}, nil), nil
}

// ReadHeader reads the client certificate that a proxy tells: as RFC 9440 writes
// it (":base64:"), or as PEM with URL escapes, as nginx and others do. The caller
// has seen that the request comes from the proxy.
func ReadHeader(value string) (*x509.Certificate, error) {
	if len(value) > maxBytes {
		return nil, refused(errors.New("the proxy tells a certificate that is too long"))
	}
	var der []byte
	if inner, found := strings.CutPrefix(value, ":"); found {
		encoded, ends := strings.CutSuffix(inner, ":")
		if !ends {
			return nil, refused(errors.New("the proxy tells a certificate that does not end"))
		}
		decoded, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return nil, refused(err)
		}
		der = decoded
	} else if text, err := url.PathUnescape(value); err == nil { // a plus is one of base64
		if block, _ := pem.Decode([]byte(text)); block != nil && block.Type == "CERTIFICATE" {
			der = block.Bytes
		}
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, refused(err)
	}
	return certificate, nil
}
