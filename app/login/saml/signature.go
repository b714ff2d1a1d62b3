package saml

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/beevik/etree"
	saml2 "github.com/russellhaering/gosaml2"
	dsig "github.com/russellhaering/goxmldsig"
)

// The algorithms that are accepted (RFC 9231). SHA-1 and HMAC are not among them.
var (
	signatureMethods = map[string]x509.SignatureAlgorithm{
		dsig.RSASHA256SignatureMethod: x509.SHA256WithRSA,
		dsig.RSASHA384SignatureMethod: x509.SHA384WithRSA,
		dsig.RSASHA512SignatureMethod: x509.SHA512WithRSA,
	}
	digestMethods = []string{
		"http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmldsig-more#sha384", "http://www.w3.org/2001/04/xmlenc#sha512",
	}
	exclusive = string(dsig.CanonicalXML10ExclusiveAlgorithmId)
	enveloped = string(dsig.EnvelopedSignatureAltorithmId)
)

var (
	errUnsigned = errors.New("nothing that counts is signed")
	errStray    = errors.New("the message has an assertion, a message or a signature where none belongs")
	errOutline  = errors.New("the signature is not made up as SAML wants it")
)

// placed refuses a message in which assertions, messages and signatures stand
// anywhere but where the profile has them, in whichever namespace: one assertion
// in the message, one signature directly in either. Wrapping needs more.
func placed(root *etree.Element) error {
	assertions := 0
	return walk(root, func(e *etree.Element) error {
		above := e.Parent()
		switch e.Tag {
		case "Assertion", "EncryptedAssertion":
			if assertions++; assertions > 1 || e != root && above != root {
				return errStray
			}
		case "Response", "LogoutRequest", "LogoutResponse":
			if e != root {
				return errStray
			}
		case "Signature":
			if above != root && (above.Tag != "Assertion" || above.Parent() != root) {
				return errStray
			}
		}
		return nil
	})
}

// signatureOf returns the signature of an element, nil when it has none.
func signatureOf(e *etree.Element) (*etree.Element, error) {
	var found *etree.Element
	for _, c := range e.ChildElements() {
		if c.Tag != "Signature" {
			continue
		}
		if found != nil || c.NamespaceURI() != dsig.Namespace {
			return nil, errOutline
		}
		found = c
	}
	return found, nil
}

// outline names the child elements in their order; one of another namespace
// stands as a question mark.
func outline(e *etree.Element, space string) string {
	var tags []string
	for _, c := range e.ChildElements() {
		tag := "?"
		if c.NamespaceURI() == space {
			tag = c.Tag
		}
		tags = append(tags, tag)
	}
	return strings.Join(tags, " ")
}

// checkSignature refuses any signature but one over the element it stands in,
// made in the one way SAML allows (saml-core-2.0-os, section 5.4): one reference
// to the element's own ID, the transforms "enveloped signature" and "exclusive
// canonical XML", and nothing else to be verified, fetched or computed.
func checkSignature(sig *etree.Element, id string) error {
	if shape := outline(sig, dsig.Namespace); shape != "SignedInfo SignatureValue" && shape != "SignedInfo SignatureValue KeyInfo" {
		return errOutline
	}
	info := child(sig, dsig.Namespace, "SignedInfo")
	if outline(info, dsig.Namespace) != "CanonicalizationMethod SignatureMethod Reference" {
		return errOutline
	}
	form, method, ref := info.ChildElements()[0], info.ChildElements()[1], info.ChildElements()[2]
	if attribute(form, "Algorithm") != exclusive || len(form.ChildElements()) > 0 {
		return fmt.Errorf("the canonical form %q is not accepted", attribute(form, "Algorithm"))
	}
	if _, known := signatureMethods[attribute(method, "Algorithm")]; !known || len(method.ChildElements()) > 0 {
		return fmt.Errorf("signatures by %q are not accepted", attribute(method, "Algorithm"))
	}
	if id == "" || attribute(ref, "URI") != "#"+id {
		return errors.New("the signature is of something else than the element it stands in")
	}
	if outline(ref, dsig.Namespace) != "Transforms DigestMethod DigestValue" {
		return errOutline
	}
	digest := ref.ChildElements()[1]
	if !slices.Contains(digestMethods, attribute(digest, "Algorithm")) {
		return fmt.Errorf("digests by %q are not accepted", attribute(digest, "Algorithm"))
	}
	return checkTransforms(ref.ChildElements()[0])
}

func checkTransforms(e *etree.Element) error {
	if outline(e, dsig.Namespace) != "Transform Transform" {
		return errOutline
	}
	first, second := e.ChildElements()[0], e.ChildElements()[1]
	if attribute(first, "Algorithm") != enveloped || attribute(second, "Algorithm") != exclusive {
		return fmt.Errorf("the transforms %q and %q are not accepted", attribute(first, "Algorithm"), attribute(second, "Algorithm"))
	}
	if shape := outline(second, exclusive); len(first.ChildElements()) > 0 || shape != "" && shape != "InclusiveNamespaces" {
		return errOutline
	}
	return nil
}

// verified returns what is signed of an element that has a signature: read anew
// from the very bytes whose digest was signed, by a pinned certificate.
func (t *Trust) verified(e *etree.Element, now time.Time) (*etree.Element, error) {
	sig, err := signatureOf(e)
	if err != nil {
		return nil, err
	}
	if sig == nil {
		return nil, errUnsigned
	}
	id := attribute(e, "ID")
	if err := checkSignature(sig, id); err != nil {
		return nil, err
	}
	alone := detached(e)
	own, err := signatureOf(alone)
	if err != nil || own == nil {
		return nil, errOutline
	}
	if info := child(own, dsig.Namespace, "KeyInfo"); info != nil { // who may sign is settled
		own.RemoveChild(info)
	}
	var failures []error
	for _, cert := range t.pinned {
		read, err := verifiedBy(cert, alone, now)
		if err != nil {
			failures = append(failures, fmt.Errorf("by %q: %w", cert.Subject.CommonName, err))
			continue
		}
		if !is(read, e.NamespaceURI(), e.Tag) || attribute(read, "ID") != id {
			return nil, errOutline
		}
		return read, nil
	}
	return nil, fmt.Errorf("no pinned certificate made this signature: %w", errors.Join(failures...))
}

// verifiedBy verifies with one certificate, which must not have ended.
func verifiedBy(cert *x509.Certificate, e *etree.Element, now time.Time) (*etree.Element, error) {
	ctx := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{cert}})
	ctx.Clock = dsig.NewFakeClockAt(now)
	return ctx.Validate(e)
}

// verifiedIfSigned returns what is signed of an element, or the element as it is
// when it has no signature.
func (t *Trust) verifiedIfSigned(e *etree.Element, now time.Time) (read *etree.Element, isSigned bool, err error) {
	read, err = t.verified(e, now)
	if errors.Is(err, errUnsigned) {
		return e, false, nil
	}
	return read, err == nil, err
}

// trusted returns the answer and its assertion, as far as each is signed: what is
// signed is verified and read from the signed bytes, and the assertion is signed
// by itself or within the answer.
func (t *Trust) trusted(response *etree.Element, now time.Time) (answer, assertion *etree.Element, err error) {
	answer, isAnswerSigned, err := t.verifiedIfSigned(response, now)
	if err != nil {
		return nil, nil, fmt.Errorf("the Response: %w", err)
	}
	found, err := t.assertionOf(answer, isAnswerSigned)
	if err != nil {
		return nil, nil, err
	}
	assertion, isSigned, err := t.verifiedIfSigned(found, now)
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("the Assertion: %w", err)
	case !isSigned && !isAnswerSigned:
		return nil, nil, errUnsigned
	}
	return answer, detached(assertion), nil
}

// assertionOf returns the one assertion of an answer, decrypted if need be.
func (t *Trust) assertionOf(answer *etree.Element, isAnswerSigned bool) (*etree.Element, error) {
	if found := child(answer, saml2.SAMLAssertionNamespace, "Assertion"); found != nil {
		return found, nil
	}
	sealed := child(answer, saml2.SAMLAssertionNamespace, "EncryptedAssertion")
	if sealed == nil {
		return nil, errors.New("the Response has no assertion")
	}
	assertion, err := t.decrypted(sealed, isAnswerSigned)
	if err != nil {
		return nil, err
	}
	if !is(assertion, saml2.SAMLAssertionNamespace, "Assertion") {
		return nil, errors.New("what was encrypted is not an assertion")
	}
	return assertion, placed(assertion)
}
