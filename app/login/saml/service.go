package saml

import (
	"cmp"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"
)

// ServiceProvider is our side, as identity providers know it.
type ServiceProvider struct {
	EntityID string `json:"entity_id"` // how we call ourselves
	ACS      string `json:"acs"`       // where answers come: the assertion consumer service
	SLO      string `json:"slo"`       // where messages about logout come

	// Keys sign, by the first of them, and decrypt, by any. All are published, so
	// that the next pair is known before it becomes the first.
	Keys []KeyPair `json:"keys"`
}

// KeyPair is a key of ours and its certificate. The key is a secret.
type KeyPair struct {
	Certificate string `json:"certificate"` // PEM
	Key         string `json:"key"`         // PEM, PKCS #8
}

// keyBits of the keys we make.
const keyBits = 3072

// NewKeyPair makes an RSA key and a certificate for it that nobody else signed:
// providers pin it, as we pin theirs.
func NewKeyPair(name string, now, until time.Time) (KeyPair, error) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return KeyPair{}, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return KeyPair{}, err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name}, NotBefore: now.Add(-Skew), NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return KeyPair{}, err
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return KeyPair{}, err
	}
	return KeyPair{inPEM("CERTIFICATE", cert), inPEM("PRIVATE KEY", encoded)}, nil
}

func inPEM(kind string, content []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}))
}

// pair is a key pair, read.
type pair struct {
	key  *rsa.PrivateKey
	cert *x509.Certificate
}

var errKey = errors.New("the key is not one RSA key in PKCS #8 with its certificate")

func (k KeyPair) read() (pair, error) {
	certs, err := certificatesOf(k.Certificate)
	if err != nil {
		return pair{}, err
	}
	block, _ := pem.Decode([]byte(k.Key))
	if block == nil || len(certs) != 1 {
		return pair{}, errKey
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return pair{}, errKey // what the error says may be of the key
	}
	own, isRSA := key.(*rsa.PrivateKey)
	if !isRSA || !own.PublicKey.Equal(certs[0].PublicKey) {
		return pair{}, errKey
	}
	return pair{own, certs[0]}, nil
}

// Expiry is a certificate that ends.
type Expiry struct {
	Ours bool
	Name string // of its subject
	At   time.Time
}

// Expiries lists the certificates of both sides that end before a time, soonest
// first; what cannot be read is not listed. A certificate of theirs that has ended
// is no longer good: before, there is time to ask for the next one.
func Expiries(s ServiceProvider, p Provider, before time.Time) []Expiry {
	var list []Expiry
	add := func(ours bool, text string) {
		certs, _ := certificatesOf(text)
		for _, c := range certs {
			if c.NotAfter.Before(before) {
				list = append(list, Expiry{ours, cmp.Or(c.Subject.CommonName, c.Subject.String()), c.NotAfter})
			}
		}
	}
	for _, k := range s.Keys {
		add(true, k.Certificate)
	}
	add(false, p.Certificates)
	slices.SortStableFunc(list, func(a, b Expiry) int { return a.At.Compare(b.At) })
	return list
}

// Trust joins our side and one identity provider, with keys and certificates
// read, and speaks with it.
type Trust struct {
	ours   ServiceProvider
	theirs Provider
	pairs  []pair
	pinned []*x509.Certificate
}

// NewTrust reads the keys of ours and the certificates of theirs.
func NewTrust(ours ServiceProvider, theirs Provider) (*Trust, error) {
	t := &Trust{ours: ours, theirs: theirs}
	for i, k := range ours.Keys {
		own, err := k.read()
		if err != nil {
			return nil, fmt.Errorf("read key pair %d for SAML: %w", i+1, err)
		}
		t.pairs = append(t.pairs, own)
	}
	if len(t.pairs) == 0 {
		return nil, errors.New("there is no key pair for SAML")
	}
	var err error
	if t.pinned, err = theirs.certificates(); err != nil {
		return nil, fmt.Errorf("read the certificates of %s: %w", theirs.EntityID, err)
	}
	return t, nil
}
