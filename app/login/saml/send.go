package saml

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/beevik/etree"
	saml2 "github.com/russellhaering/gosaml2"
	dsig "github.com/russellhaering/goxmldsig"

	"selfhelp/app/login"
)

// Message is what a browser brings to the provider: by going to the URL when
// there are no fields, and by a form with these fields otherwise.
type Message struct {
	ID     string // which the answer must name
	URL    string
	Fields map[string]string
}

// MaxRelay is how many bytes RelayState may have (saml-bindings-2.0-os, section
// 3.4.3). It comes back unsigned: anybody can make it up.
const MaxRelay = 80

// The names of a message in a query and in a form.
const (
	asRequest  = "SAMLRequest"
	asResponse = "SAMLResponse"
)

// writer builds and signs messages, as of now, with the first of our keys.
func (t *Trust) writer(now time.Time) (*saml2.SAMLServiceProvider, error) {
	w := &saml2.SAMLServiceProvider{
		IdentityProviderSSOURL: t.theirs.SSO, IdentityProviderSLOURL: t.theirs.SLO,
		AssertionConsumerServiceURL: t.ours.ACS, ServiceProviderIssuer: t.ours.EntityID,
		NameIdFormat:                   formats[t.theirs.Format],
		SignAuthnRequestsAlgorithm:     dsig.RSASHA256SignatureMethod,
		SignAuthnRequestsCanonicalizer: dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList(""),
		Clock:                          dsig.NewFakeClockAt(now),
	}
	return w, w.SetSPSigningKeyStore(&saml2.KeyStore{Signer: t.pairs[0].key, Cert: t.pairs[0].cert.Raw})
}

// SignIn asks the provider to say who somebody is (saml-core-2.0-os, section
// 3.4.1), and to have them prove it again, though they are signed in there. The
// caller remembers the ID of the message for the answer.
func (t *Trust) SignIn(relay string, again bool, now time.Time, trace *login.Trace) (Message, error) {
	w, err := t.writer(now)
	if err != nil {
		return Message{}, err
	}
	doc, err := w.BuildAuthRequestDocumentNoSig()
	if err != nil {
		return Message{}, err
	}
	if again {
		doc.Root().CreateAttr("ForceAuthn", "true")
	}
	m := outgoing{as: asRequest, root: doc.Root(), binding: t.theirs.SSOBinding, to: t.theirs.SSO, relay: relay, signs: t.theirs.Sign}
	return m.pack(w, now, trace)
}

// outgoing is a message before it is packed.
type outgoing struct {
	as      string // asRequest or asResponse
	root    *etree.Element
	binding string
	to      string
	relay   string
	signs   bool
}

// pack signs a message and makes it ready for its binding.
func (m outgoing) pack(w *saml2.SAMLServiceProvider, now time.Time, trace *login.Trace) (Message, error) {
	if m.to == "" || len(m.relay) > MaxRelay {
		return Message{}, errors.New("there is no address for the message, or its relay state is too long")
	}
	m.root.CreateAttr("Destination", m.to)
	out := Message{ID: attribute(m.root, "ID"), URL: m.to}
	how := "trace.saml.send"
	if m.signs {
		how = "trace.saml.send.signed"
	}
	trace.Add(now, nil, login.Said{}, login.InWords(how, m.root.Tag, out.ID, m.to, string(m.binding)))
	var err error
	if m.binding == POST {
		out.Fields, err = m.fields(w)
	} else {
		out.URL, err = m.address(w)
	}
	return out, err
}

// fields are those of the POST binding: the signature is in the message
// (saml-bindings-2.0-os, section 3.5.4).
func (m outgoing) fields(w *saml2.SAMLServiceProvider) (map[string]string, error) {
	root := m.root
	if m.signs {
		var err error
		if root, err = w.SignAuthnRequest(root); err != nil { // signs any message: behind the issuer
			return nil, err
		}
	}
	raw, err := etree.NewDocumentWithRoot(root).WriteToBytes()
	if err != nil {
		return nil, err
	}
	fields := map[string]string{m.as: base64.StdEncoding.EncodeToString(raw)}
	if m.relay != "" {
		fields["RelayState"] = m.relay
	}
	return fields, nil
}

// address is that of the redirect binding: the signature is over the query
// (saml-bindings-2.0-os, section 3.4.4.1).
func (m outgoing) address(w *saml2.SAMLServiceProvider) (string, error) {
	raw, err := etree.NewDocumentWithRoot(m.root).WriteToBytes()
	if err != nil {
		return "", err
	}
	var packed bytes.Buffer
	deflate, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := deflate.Write(raw); err != nil {
		return "", err
	}
	if err := deflate.Close(); err != nil {
		return "", err
	}
	query := m.as + "=" + url.QueryEscape(base64.StdEncoding.EncodeToString(packed.Bytes()))
	if m.relay != "" {
		query += "&RelayState=" + url.QueryEscape(m.relay)
	}
	if m.signs {
		query += "&SigAlg=" + url.QueryEscape(dsig.RSASHA256SignatureMethod)
		signature, err := w.SigningContext().SignString(query)
		if err != nil {
			return "", err
		}
		query += "&Signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(signature))
	}
	if strings.Contains(m.to, "?") {
		return m.to + "&" + query, nil
	}
	return m.to + "?" + query, nil
}
