// Package samltest knows an identity provider for tests: one that signs, encrypts
// and answers as it should, or in any of the ways it should not. It shares no code
// with app/login/saml but the settings. It refuses to know HTTP.
//
// Its main names are Provider, Answer and Wrappings.
package samltest

import (
	"bytes"
	"compress/flate"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"time"

	"github.com/beevik/etree"

	"selfhelp/app/login/saml"
)

// The namespaces of messages.
const (
	Assertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	Protocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	ds        = "http://www.w3.org/2000/09/xmldsig#"
)

// Provider is an identity provider.
type Provider struct {
	EntityID string
	Key      *rsa.PrivateKey
	Cert     *x509.Certificate
}

// New returns a provider with a key of so many bits, whose certificate is good for
// a year around now.
func New(entityID string, bits int, now time.Time) *Provider {
	key := must(rsa.GenerateKey(rand.Reader, bits))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: entityID},
		NotBefore: now.AddDate(0, -6, 0), NotAfter: now.AddDate(0, 6, 0),
	}
	raw := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
	return &Provider{EntityID: entityID, Key: key, Cert: must(x509.ParseCertificate(raw))}
}

// PEM is the certificate of the provider.
func (p *Provider) PEM() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.Cert.Raw}))
}

// Settings are those that trust the provider.
func (p *Provider) Settings() saml.Provider {
	return saml.Provider{
		EntityID: p.EntityID, SSO: p.EntityID + "/sso", SSOBinding: saml.Redirect, SLO: p.EntityID + "/slo", SLOBinding: saml.Redirect,
		Certificates: p.PEM(), Groups: "memberOf", Sign: true,
		Names: map[string]string{"first_name": "urn:oid:2.5.4.42", "mail": "urn:oid:0.9.2342.19200300.100.1.3", "entity": "department"},
	}
}

// Metadata describes the provider.
func (p *Provider) Metadata() []byte {
	doc := etree.NewDocument()
	root := doc.CreateElement("md:EntityDescriptor")
	root.CreateAttr("xmlns:md", "urn:oasis:names:tc:SAML:2.0:metadata")
	root.CreateAttr("entityID", p.EntityID)
	role := root.CreateElement("md:IDPSSODescriptor")
	role.CreateAttr("WantAuthnRequestsSigned", "true")
	role.CreateAttr("protocolSupportEnumeration", Protocol)
	for _, use := range []string{"signing", "encryption"} {
		key := role.CreateElement("md:KeyDescriptor")
		key.CreateAttr("use", use)
		info := key.CreateElement("ds:KeyInfo")
		info.CreateAttr("xmlns:ds", ds)
		info.CreateElement("ds:X509Data").CreateElement("ds:X509Certificate").SetText("\n  " + base64.StdEncoding.EncodeToString(p.Cert.Raw) + "\n")
	}
	for _, service := range [][3]string{
		{"md:SingleLogoutService", "HTTP-Redirect", "/slo"}, {"md:SingleSignOnService", "SOAP", "/soap"},
		{"md:SingleSignOnService", "HTTP-POST", "/post"}, {"md:SingleSignOnService", "HTTP-Redirect", "/sso"},
	} {
		e := role.CreateElement(service[0])
		e.CreateAttr("Binding", "urn:oasis:names:tc:SAML:2.0:bindings:"+service[1])
		e.CreateAttr("Location", p.EntityID+service[2])
	}
	return must(doc.WriteToBytes())
}

// Encode makes the value of a form's field.
func Encode(root *etree.Element) string {
	return base64.StdEncoding.EncodeToString(Bytes(root))
}

// Bytes writes an element.
func Bytes(root *etree.Element) []byte {
	return must(etree.NewDocumentWithRoot(root.Copy()).WriteToBytes())
}

// Deflate makes the value of a query's field.
func Deflate(raw []byte) string {
	var b bytes.Buffer
	w := must(flate.NewWriter(&b, flate.BestCompression))
	must(w.Write(raw))
	if err := w.Close(); err != nil {
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// must ends the test: what a test makes can be made.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// stamp writes a time as SAML does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// ReadPEM reads a certificate.
func ReadPEM(text string) *x509.Certificate {
	block, _ := pem.Decode([]byte(text))
	return must(x509.ParseCertificate(block.Bytes))
}
