package trusted

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// Host is what is configured of a host product.
type Host struct {
	Issuer string `json:"issuer"` // what it calls itself in iss
	Keys   string `json:"keys"`   // its public keys, PEM, one or several while they change

	// Origins are where it has its pages, as browsers write origins (RFC 6454,
	// section 6.2). What somebody does there is done on purpose; may be empty.
	Origins []string `json:"origins,omitempty"`
}

// maxOrigins is how many origins a product has its pages at.
const maxOrigins = 10

// Check says what is wrong with the settings, by field: keys of sentences.
func (h Host) Check() map[string]string {
	wrong := map[string]string{}
	if h.Issuer == "" || !isText(h.Issuer) {
		wrong["issuer"] = "fault.trusted.issuer"
	}
	if _, err := h.keys(); err != nil {
		wrong["keys"] = "fault.trusted.keys"
	}
	if len(h.Origins) > maxOrigins || slices.ContainsFunc(h.Origins, func(o string) bool { return originOf(o) != strings.ToLower(o) }) {
		wrong["origins"] = "fault.trusted.origins"
	}
	return wrong
}

// HasPage reports whether a browser comes from a page of the product, by the
// Origin or the Referer that it sends: no page can make it send another's.
func (h Host) HasPage(from string) bool {
	origin := originOf(from)
	return origin != "" && slices.ContainsFunc(h.Origins, func(o string) bool { return strings.EqualFold(o, origin) })
}

// originOf is the origin of an address, without a port that goes without saying;
// "" when it has none.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil {
		return ""
	}
	host := strings.ToLower(u.Host)
	if port := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]; strings.HasSuffix(host, port) {
		host = strings.TrimSuffix(host, port)
	}
	return u.Scheme + "://" + host
}

// pinned is a key and the one algorithm it is good for (RFC 8725, section 3.1).
type pinned struct {
	key       crypto.PublicKey
	algorithm jose.SignatureAlgorithm
}

// shortestRSA is what NIST SP 800-131A asks for, in bits.
const shortestRSA = 2048

// maxKeys is how many keys are tried for an assertion.
const maxKeys = 5

// keys reads the public keys. A private key among them is refused: it should not
// have been given away.
func (h Host) keys() ([]pinned, error) {
	var all []pinned
	rest := []byte(h.Keys)
	for len(strings.TrimSpace(string(rest))) > 0 {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil || block.Type != "PUBLIC KEY" {
			return nil, errors.New("there is something else than public keys in PEM")
		}
		key, err := x509.ParsePKIXPublicKey(block.Bytes)
		if err != nil {
			return nil, err
		}
		algorithm := algorithmOf(key)
		if algorithm == "" {
			return nil, errors.New("a key is neither Ed25519, nor P-256, nor RSA of 2048 bits or more")
		}
		all = append(all, pinned{key, algorithm})
	}
	if len(all) == 0 || len(all) > maxKeys {
		return nil, errors.New("there are no keys, or too many")
	}
	return all, nil
}

func algorithmOf(key crypto.PublicKey) jose.SignatureAlgorithm {
	switch k := key.(type) {
	case ed25519.PublicKey:
		return jose.EdDSA
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() {
			return jose.ES256
		}
	case *rsa.PublicKey:
		if k.N.BitLen() >= shortestRSA {
			return jose.RS256
		}
	}
	return ""
}
