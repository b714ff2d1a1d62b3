package samltest

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// The names of algorithms.
const (
	RSASHA1   = ds + "rsa-sha1"
	RSASHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
	HMAC      = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"
	SHA1      = ds + "sha1"
	SHA256    = "http://www.w3.org/2001/04/xmlenc#sha256"
	Exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
	Comments  = Exclusive + "WithComments"
	Enveloped = ds + "enveloped-signature"
	XSLT      = "http://www.w3.org/TR/1999/REC-xslt-19991116"
)

// Signing is how something is signed. The zero value is as it should be.
type Signing struct {
	Method     string   // RSASHA256
	Digest     string   // SHA256
	Form       string   // of SignedInfo: Exclusive
	Transforms []string // Enveloped, Exclusive
	Prefixes   string   // of InclusiveNamespaces in the last transform; "": none

	By      *Provider         // who signs; nil: the provider
	Secret  []byte            // of HMAC
	KeyInfo *x509.Certificate // what the message claims; nil: that of who signs
	Bare    bool              // no KeyInfo

	Bend func(signature *etree.Element) // before the value is computed
}

// Sign puts a signature into an element, behind its issuer.
func (p *Provider) Sign(e *etree.Element, s Signing) {
	by := p
	if s.By != nil {
		by = s.By
	}
	sig := s.outline(e)
	if s.Bend != nil {
		s.Bend(sig)
	}
	info := sig.SelectElement("SignedInfo").Copy()
	info.CreateAttr("xmlns:ds", ds)
	value := by.signed(canonical(info, or(s.Form, Exclusive), ""), s)
	sig.CreateElement("ds:SignatureValue").SetText(base64.StdEncoding.EncodeToString(value))
	if !s.Bare {
		cert := by.Cert
		if s.KeyInfo != nil {
			cert = s.KeyInfo
		}
		sig.CreateElement("ds:KeyInfo").CreateElement("ds:X509Data").CreateElement("ds:X509Certificate").SetText(base64.StdEncoding.EncodeToString(cert.Raw))
	}
	e.InsertChildAt(1, sig)
}

// outline makes a signature without a value.
func (s Signing) outline(e *etree.Element) *etree.Element {
	sig := etree.NewElement("ds:Signature")
	sig.CreateAttr("xmlns:ds", ds)
	info := sig.CreateElement("ds:SignedInfo")
	info.CreateElement("ds:CanonicalizationMethod").CreateAttr("Algorithm", or(s.Form, Exclusive))
	info.CreateElement("ds:SignatureMethod").CreateAttr("Algorithm", or(s.Method, RSASHA256))
	ref := info.CreateElement("ds:Reference")
	ref.CreateAttr("URI", "#"+e.SelectAttrValue("ID", ""))
	transforms := ref.CreateElement("ds:Transforms")
	names := s.Transforms
	if names == nil {
		names = []string{Enveloped, Exclusive}
	}
	for i, name := range names {
		t := transforms.CreateElement("ds:Transform")
		t.CreateAttr("Algorithm", name)
		if i == len(names)-1 && s.Prefixes != "" {
			list := t.CreateElement("ec:InclusiveNamespaces")
			list.CreateAttr("xmlns:ec", Exclusive)
			list.CreateAttr("PrefixList", s.Prefixes)
		}
	}
	form := Exclusive
	if len(names) > 0 && names[len(names)-1] == Comments {
		form = Comments
	}
	hash := map[string]crypto.Hash{SHA1: crypto.SHA1, SHA256: crypto.SHA256}[or(s.Digest, SHA256)].New()
	hash.Write(canonical(e.Copy(), form, s.Prefixes))
	ref.CreateElement("ds:DigestMethod").CreateAttr("Algorithm", or(s.Digest, SHA256))
	ref.CreateElement("ds:DigestValue").SetText(base64.StdEncoding.EncodeToString(hash.Sum(nil)))
	return sig
}

// signed computes the value of a signature.
func (p *Provider) signed(content []byte, s Signing) []byte {
	if s.Secret != nil {
		mac := hmac.New(sha256.New, s.Secret)
		mac.Write(content)
		return mac.Sum(nil)
	}
	hash := crypto.SHA256
	if s.Method == RSASHA1 {
		hash = crypto.SHA1
	}
	digest := hash.New()
	digest.Write(content)
	return must(rsa.SignPKCS1v15(rand.Reader, p.Key, hash, digest.Sum(nil)))
}

func canonical(e *etree.Element, form, prefixes string) []byte {
	c := dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList(prefixes)
	switch form {
	case Comments:
		c = dsig.MakeC14N10ExclusiveWithCommentsCanonicalizerWithPrefixList(prefixes)
	case string(dsig.CanonicalXML10RecAlgorithmId):
		c = dsig.MakeC14N10RecCanonicalizer()
	}
	return must(c.Canonicalize(e))
}

// Query makes a signed query of a message that was deflated.
func (p *Provider) Query(as, deflated, relay string, s Signing) string {
	query := as + "=" + url.QueryEscape(deflated)
	if relay != "" {
		query += "&RelayState=" + url.QueryEscape(relay)
	}
	query += "&SigAlg=" + strings.ToLower(url.QueryEscape(or(s.Method, RSASHA256))) // as some write it: %2f
	return query + "&Signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(p.signed([]byte(query), s)))
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
