package certificate

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"slices"
	"strings"
	"time"

	"selfhelp/app/fault"
)

// Offer is what an administrator gives for a domain.
type Offer struct {
	Host  string // people type it
	Chain string // PEM: the certificate, then those that vouch for it
	Key   string // PEM
	Roots string // PEM: of an authority of their own; "" for those of the system
}

// most is how many certificates a chain may have.
const most = 10

// Check refuses what browsers would not believe, each with what to ask the authority for.
func (o Offer) Check(now time.Time) (*Pair, error) {
	host := strings.ToLower(strings.TrimSuffix(strings.TrimSpace(o.Host), "."))
	if !isHost(host) {
		return nil, fault.InField("host", "fault.certificate.host")
	}
	chain, err := parse(o.Chain)
	if err != nil || len(chain) == 0 || len(chain) > most {
		return nil, fault.InField("chain", "fault.certificate.pem")
	}
	pair, err := tls.X509KeyPair([]byte(o.Chain), []byte(o.Key))
	if err != nil {
		return nil, fault.InField("key", keyWrong(o.Key))
	}
	leaf := chain[0]
	switch {
	case now.After(leaf.NotAfter):
		return nil, fault.InField("chain", "fault.certificate.ended")
	case now.Before(leaf.NotBefore):
		return nil, fault.InField("chain", "fault.certificate.early")
	case bytes.Equal(leaf.RawIssuer, leaf.RawSubject) && leaf.CheckSignatureFrom(leaf) == nil || isOwn(leaf):
		return nil, fault.InField("chain", "fault.certificate.self")
	case leaf.IsCA:
		return nil, fault.InField("chain", "fault.certificate.authority")
	case leaf.VerifyHostname(host) != nil:
		return nil, fault.InField("chain", "fault.certificate.name")
	}
	if wrong := weak(chain); wrong != "" {
		return nil, fault.InField("chain", wrong)
	}
	return &Pair{Certificate: pair, Source: Given}, verify(chain, host, o.Roots, now)
}

// isOwn reports whether a certificate was signed by its own key under whatever name.
func isOwn(c *x509.Certificate) bool {
	return c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

// isHost reports whether something is the name of a server.
func isHost(host string) bool {
	if len(host) > 253 || !strings.Contains(host, ".") {
		return false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") ||
			strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return true
}

func keyWrong(key string) string {
	block, _ := pem.Decode([]byte(key))
	switch {
	case block == nil || !strings.HasSuffix(block.Type, "PRIVATE KEY"):
		return "fault.certificate.key"
	case block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "":
		return "fault.certificate.passphrase"
	}
	return "fault.certificate.pair"
}

func parse(text string) (chain []*x509.Certificate, err error) {
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return chain, nil
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		chain = append(chain, c)
	}
}

// old are the signatures that nobody believes any more.
var old = []x509.SignatureAlgorithm{x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.DSAWithSHA256, x509.ECDSAWithSHA1}

// weak says what is too weak in a chain, "" when nothing is. How a root is signed proves
// nothing.
func weak(chain []*x509.Certificate) string {
	for _, c := range chain {
		switch key := c.PublicKey.(type) {
		case *rsa.PublicKey:
			if key.N.BitLen() < 2048 {
				return "fault.certificate.short"
			}
		case *ecdsa.PublicKey:
			if key.Curve == elliptic.P224() {
				return "fault.certificate.short"
			}
		case ed25519.PublicKey:
			return "fault.certificate.kind" // no browser takes it
		default:
			return "fault.certificate.kind"
		}
		if slices.Contains(old, c.SignatureAlgorithm) && !bytes.Equal(c.RawIssuer, c.RawSubject) {
			return "fault.certificate.signature"
		}
	}
	return ""
}

// verify refuses a chain that is not complete, or not in order: who is shown it has
// nothing but it and their roots.
func verify(chain []*x509.Certificate, host, own string, now time.Time) error {
	for i, c := range chain[1:] {
		if chain[i].CheckSignatureFrom(c) != nil {
			return fault.InField("chain", "fault.certificate.order")
		}
	}
	roots, err := rootsOf(own)
	if err != nil {
		return err
	}
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	if _, err := chain[0].Verify(x509.VerifyOptions{DNSName: host, Roots: roots, Intermediates: between, CurrentTime: now}); err != nil {
		if len(chain) == 1 {
			return fault.InField("chain", "fault.certificate.alone")
		}
		return fault.InField("chain", "fault.certificate.chain")
	}
	return nil
}

// rootsOf are the roots of the system, and those of an authority of their own beside.
func rootsOf(own string) (*x509.CertPool, error) {
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if strings.TrimSpace(own) == "" {
		return roots, nil
	}
	all, err := parse(own)
	if err != nil || len(all) == 0 || len(all) > most {
		return nil, fault.InField("roots", "fault.certificate.roots")
	}
	for _, c := range all {
		if !c.IsCA {
			return nil, fault.InField("roots", "fault.certificate.roots")
		}
		roots.AddCert(c)
	}
	return roots, nil
}
