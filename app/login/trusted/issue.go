package trusted

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"time"

	"selfhelp/app/fault"
)

// The lives of a certificate that we issue.
const (
	shortestLife = time.Hour
	longestLife  = 3 * 366 * 24 * time.Hour
	maxName      = 64 // ub-common-name of RFC 5280, appendix A.1
)

// Issue makes a certificate of a client and its private key, PEM, the key to be
// shown once. It signs itself: what counts is that we know its fingerprint.
func Issue(name string, validity time.Duration, now time.Time) (certificatePEM, keyPEM string, err error) {
	if name == "" || len(name) > maxName || !isText(name) {
		return "", "", fault.InField("name", "fault.trusted.name")
	}
	if validity < shortestLife || validity > longestLife {
		return "", "", fault.InField("validity", "fault.trusted.validity")
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", "", fmt.Errorf("make a key: %w", err)
	}
	template := &x509.Certificate{ // its serial number is made of chance
		Subject: pkix.Name{CommonName: name}, NotBefore: now.Add(-skew), NotAfter: now.Add(validity),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return "", "", fmt.Errorf("make a certificate: %w", err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", "", fmt.Errorf("write a key: %w", err)
	}
	pemOf := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return pemOf("CERTIFICATE", der), pemOf("PRIVATE KEY", private), nil
}
