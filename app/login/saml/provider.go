package saml

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"time"

	saml2 "github.com/russellhaering/gosaml2"
)

// The bindings of a message (saml-bindings-2.0-os, sections 3.4 and 3.5).
const (
	Redirect = "redirect"
	POST     = "post"
)

// The formats of a NameID that may be wished for, by what they are called in
// settings (saml-core-2.0-os, section 8.3). Without one the provider chooses.
var formats = map[string]string{
	"":           "",
	"persistent": saml2.NameIdFormatPersistent,
	"mail":       saml2.NameIdFormatEmailAddress,
	"transient":  saml2.NameIdFormatTransient,
}

// Skew is how far the clocks of the two sides may be apart.
const Skew = 90 * time.Second

// minBits of an RSA key that signs.
const minBits = 2048

// Provider is what is configured of one identity provider.
type Provider struct {
	EntityID   string `json:"entity_id"`             // how it calls itself
	SSO        string `json:"sso"`                   // where people are sent to sign in
	SSOBinding string `json:"sso_binding"`           // Redirect or POST
	SLO        string `json:"slo,omitempty"`         // where logout requests are sent; empty: no single logout
	SLOBinding string `json:"slo_binding,omitempty"` // Redirect or POST
	SLOAnswer  string `json:"slo_answer,omitempty"`  // where answers about logout are sent; empty: to SLO

	// Certificates are those it signs with, PEM, one after the other. Any of them
	// is good, so that the next one can be there before the present one goes.
	Certificates string `json:"certificates"`

	Format string `json:"format,omitempty"` // of the NameID that is wished for: persistent, mail, transient; empty: theirs to choose

	// ID is the attribute that identifies a person for ever; empty: the NameID,
	// which may then not be a transient one.
	ID string `json:"id,omitempty"`
	// Login is the attribute that holds the login; empty: the NameID.
	Login  string `json:"login,omitempty"`
	Groups string `json:"groups,omitempty"` // attribute that names groups; empty: none are read

	// Names maps fields of ours (first_name, last_name, mail, language, and any
	// other) to attributes of the provider, by their full names.
	Names map[string]string `json:"names"`

	Sign        bool `json:"sign"`                  // requests to sign in are signed
	Unsolicited bool `json:"unsolicited,omitempty"` // it may send people who did not ask (section 4.1.5 of the profiles)
}

// maxName is how many bytes an attribute's or an entity's name may have
// (saml-core-2.0-os, section 8.3.6).
const maxName = 1024

// Check says what is wrong with the settings, by field: keys of sentences.
func (p Provider) Check() map[string]string {
	wrong := map[string]string{}
	refuse := func(field, key string, isWrong bool) {
		if isWrong && wrong[field] == "" {
			wrong[field] = key
		}
	}
	refuse("entity_id", "fault.saml.entity", !isName(p.EntityID))
	refuse("sso", "fault.saml.url", !isSafe(p.SSO))
	refuse("sso_binding", "fault.saml.binding", !isBinding(p.SSOBinding))
	refuse("slo", "fault.saml.url", p.SLO != "" && !isSafe(p.SLO))
	refuse("slo_binding", "fault.saml.binding", p.SLO != "" && !isBinding(p.SLOBinding))
	refuse("slo_answer", "fault.saml.url", p.SLOAnswer != "" && (p.SLO == "" || !isSafe(p.SLOAnswer)))
	_, err := p.certificates()
	refuse("certificates", "fault.saml.weak", errors.Is(err, errWeak))
	refuse("certificates", "fault.saml.certificates", err != nil)
	_, known := formats[p.Format]
	refuse("format", "fault.saml.format", !known)
	refuse("id", "fault.saml.transient", p.ID == "" && p.Format == "transient")
	for field, attribute := range map[string]string{"id": p.ID, "login": p.Login, "groups": p.Groups} {
		refuse(field, "fault.saml.attribute", attribute != "" && !isName(attribute))
	}
	for _, attribute := range p.Names {
		refuse("names", "fault.saml.attribute", !isName(attribute))
	}
	return wrong
}

var (
	errWeak = errors.New("the certificate is not of an RSA key of 2048 bits or more")
	errPEM  = errors.New("there is no certificate in PEM, or something else besides")
)

// certificates reads the pinned certificates.
func (p Provider) certificates() ([]*x509.Certificate, error) {
	certs, err := certificatesOf(p.Certificates)
	if err != nil {
		return nil, err
	}
	for _, c := range certs {
		if key, isRSA := c.PublicKey.(*rsa.PublicKey); !isRSA || key.N.BitLen() < minBits {
			return nil, errWeak
		}
	}
	return certs, nil
}

// certificatesOf reads certificates, PEM.
func certificatesOf(text string) ([]*x509.Certificate, error) {
	var certs []*x509.Certificate
	rest := []byte(strings.TrimSpace(text))
	for len(rest) > 0 {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil || block.Type != "CERTIFICATE" {
			return nil, errPEM
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		certs = append(certs, c)
	}
	if len(certs) == 0 {
		return nil, errPEM
	}
	return certs, nil
}

// isName reports whether a text can be the name of an entity or an attribute:
// no control characters, and no space around it.
func isName(name string) bool {
	return name != "" && len(name) <= maxName && isPlain(name)
}

// isPlain reports whether a text has no control characters and no space around it.
func isPlain(text string) bool {
	return strings.TrimSpace(text) == text && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f })
}

func isBinding(name string) bool { return name == Redirect || name == POST }

// isSafe reports whether people may be sent to an address: encrypted, or on this
// very machine.
func isSafe(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	isHere := u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && isHere
}
