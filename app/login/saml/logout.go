package saml

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/beevik/etree"
	saml2 "github.com/russellhaering/gosaml2"

	"selfhelp/app/login"
)

// Incoming is a message about logout as it came: by the redirect binding the
// query, untouched, for the signature is over it; by POST the value of the field.
type Incoming struct {
	Query string // raw; "" by POST
	Value string // of SAMLRequest or SAMLResponse
}

// Logout is a request of the provider to end sessions: those of the indexes, or
// all of the person when there are none (saml-core-2.0-os, section 3.7.1).
type Logout struct {
	ID      string // of the request
	Name    string // of the person, by Key
	Indexes []string
}

// logoutRequest is a request to log out.
type logoutRequest struct {
	header
	NotOnOrAfter string   `xml:"NotOnOrAfter,attr"`
	Names        []NameID `xml:"urn:oasis:names:tc:SAML:2.0:assertion NameID"`
	Indexes      []string `xml:"urn:oasis:names:tc:SAML:2.0:protocol SessionIndex"`
}

// maxIndexes is how many sessions one request may end.
const maxIndexes = 100

// CanSignOut reports whether the provider can be asked to end a session: it takes
// part in single logout, and has named the person.
func (t *Trust) CanSignOut(s Session) bool { return t.theirs.SLO != "" && s.NameID.Value != "" }

// SignOut asks the provider to end a session everywhere. The caller remembers the
// ID of the message for the answer.
func (t *Trust) SignOut(s Session, relay string, now time.Time, trace *login.Trace) (Message, error) {
	if !t.CanSignOut(s) {
		return Message{}, errors.New("the provider cannot be asked to end this session")
	}
	w, err := t.writer(now)
	if err != nil {
		return Message{}, err
	}
	doc, err := w.BuildLogoutRequestDocumentNoSig(s.NameID.Value, "")
	if err != nil {
		return Message{}, err
	}
	root := doc.Root()
	describe(child(root, saml2.SAMLAssertionNamespace, "NameID"), s.NameID)
	if index := child(root, saml2.SAMLProtocolNamespace, "SessionIndex"); index != nil {
		root.RemoveChild(index)
	}
	for _, index := range s.Indexes {
		root.CreateElement("samlp:SessionIndex").SetText(index)
	}
	m := outgoing{as: asRequest, root: root, binding: t.theirs.SLOBinding, to: t.theirs.SLO, relay: relay, signs: true}
	return m.pack(w, now, trace)
}

// describe writes what a name was written with when it came.
func describe(e *etree.Element, n NameID) {
	e.Attr = nil
	for _, a := range [][2]string{{"Format", n.Format}, {"NameQualifier", n.Qualifier}, {"SPNameQualifier", n.SPQualifier}} {
		if a[1] != "" {
			e.CreateAttr(a[0], a[1])
		}
	}
}

// ReadSignedOut judges the answer to a request of ours to log out.
func (t *Trust) ReadSignedOut(in Incoming, request string, now time.Time, trace *login.Trace) error {
	var a answer
	_, err := t.readSigned(in, asResponse, "LogoutResponse", now, &a)
	trace.Add(now, err, login.AsWritten(a.summary()), login.InWords("trace.saml.take", "LogoutResponse", request))
	if err != nil {
		return refused(err)
	}
	var d doubts
	d.unless(request != "", "nobody asked")
	d.unless(len(a.Issuers) == 1, "the message has no issuer")
	t.checkAnswer(&d, a, request, t.ours.SLO, now)
	trace.Add(now, d.err, login.Said{}, login.InWords("trace.saml.judge", "LogoutResponse"))
	if d.err != nil {
		return refused(d.err)
	}
	return nil
}

// ReadLogout judges a request of the provider to log somebody out. It must be
// signed, and not be old: a request may come twice, and then ends nothing more.
// The relay state goes back with the answer; by POST it stands in a field of its
// own, which nobody signed.
func (t *Trust) ReadLogout(in Incoming, now time.Time, trace *login.Trace) (out Logout, relay string, err error) {
	var r logoutRequest
	relay, err = t.readSigned(in, asRequest, "LogoutRequest", now, &r)
	trace.Add(now, err, login.AsWritten(short(r.ID)), login.InWords("trace.saml.request"))
	if err != nil {
		return Logout{}, "", refused(err)
	}
	var d doubts
	t.checkHeader(&d, r.header, t.ours.SLO, now)
	d.unless(len(r.Issuers) == 1, "the message has no issuer")
	issued, _ := moment(r.IssueInstant)
	d.unless(issued.Add(maxAge+Skew).After(now), "the request is of %s", r.IssueInstant)
	if err := (period{NotOnOrAfter: r.NotOnOrAfter}).check(now); err != nil {
		d.unless(false, "the request: %v", err)
	}
	d.unless(len(r.Names) == 1, "the request does not name one person")
	d.unless(len(r.Indexes) <= maxIndexes, "the request names %d sessions", len(r.Indexes))
	if d.err == nil {
		r.Names[0].check(&d)
	}
	trace.Add(now, d.err, login.InWords("trace.saml.indexes", strconv.Itoa(len(r.Indexes))), login.InWords("trace.saml.judge", "LogoutRequest"))
	if d.err != nil {
		return Logout{}, "", refused(d.err)
	}
	return Logout{ID: r.ID, Name: t.Key(r.Names[0]), Indexes: r.Indexes}, relay, nil
}

// AnswerLogout answers a request of the provider: whether the sessions ended.
func (t *Trust) AnswerLogout(l Logout, done bool, relay string, now time.Time, trace *login.Trace) (Message, error) {
	w, err := t.writer(now)
	if err != nil {
		return Message{}, err
	}
	code := saml2.StatusCodeSuccess
	if !done {
		code = statusResponder
	}
	doc, err := w.BuildLogoutResponseDocumentNoSig(code, l.ID)
	if err != nil {
		return Message{}, err
	}
	m := outgoing{as: asResponse, root: doc.Root(), binding: t.theirs.SLOBinding, to: cmp.Or(t.theirs.SLOAnswer, t.theirs.SLO), relay: relay, signs: true}
	return m.pack(w, now, trace)
}

// statusResponder says that we failed (saml-core-2.0-os, section 3.2.2.2).
const statusResponder = "urn:oasis:names:tc:SAML:2.0:status:Responder"

// readSigned reads a message about logout, which is signed in either binding, and
// the relay state that was signed with it.
func (t *Trust) readSigned(in Incoming, as, tag string, now time.Time, v any) (relay string, err error) {
	var root *etree.Element
	if in.Query != "" {
		root, relay, err = t.fromQuery(in.Query, as, now)
	} else {
		root, err = t.fromForm(in.Value, now)
	}
	if err != nil {
		return "", err
	}
	if !is(root, saml2.SAMLProtocolNamespace, tag) {
		return "", fmt.Errorf("the message is not a %s", tag)
	}
	return relay, into(root, v)
}

// fromForm returns what is signed of a message that came by POST.
func (t *Trust) fromForm(value string, now time.Time) (*etree.Element, error) {
	raw, err := unpacked(value)
	if err != nil {
		return nil, err
	}
	root, err := parsed(raw, maxMessage)
	if err != nil {
		return nil, err
	}
	if err := placed(root); err != nil {
		return nil, err
	}
	return t.verified(root, now)
}

// fromQuery returns a message that came by redirect, when the query is signed
// (saml-bindings-2.0-os, section 3.4.4.1). Nothing else of the query is read, and
// a signature inside the message counts for nothing.
func (t *Trust) fromQuery(query, as string, now time.Time) (root *etree.Element, relay string, err error) {
	parts, err := partsOf(query)
	if err != nil {
		return nil, "", err
	}
	signed := as + "=" + parts[as].raw
	if state, sent := parts["RelayState"]; sent {
		signed += "&RelayState=" + state.raw
		relay = state.value
	}
	signed += "&SigAlg=" + parts["SigAlg"].raw
	method, known := signatureMethods[parts["SigAlg"].value]
	if !known {
		return nil, "", fmt.Errorf("signatures by %q are not accepted", short(parts["SigAlg"].value))
	}
	signature, err := base64.StdEncoding.DecodeString(parts["Signature"].value)
	if err != nil || len(signature) == 0 {
		return nil, "", errUnsigned
	}
	isSigned := false
	for _, cert := range t.pinned {
		valid := !now.Before(cert.NotBefore) && !now.After(cert.NotAfter)
		isSigned = isSigned || valid && cert.CheckSignature(method, []byte(signed), signature) == nil
	}
	if !isSigned {
		return nil, "", errors.New("no pinned certificate made this signature")
	}
	raw, err := inflated(parts[as].value)
	if err != nil {
		return nil, "", err
	}
	if root, err = parsed(raw, maxMessage); err != nil {
		return nil, "", err
	}
	return root, relay, placed(root)
}

// part is a value of a query, as it came and decoded.
type part struct{ raw, value string }

// partsOf takes a query apart without changing it. What would be there twice is
// refused, for another reader could take the other one.
func partsOf(query string) (map[string]part, error) {
	if len(query) > 2*base64.StdEncoding.EncodedLen(maxMessage) {
		return nil, errTooLarge
	}
	parts := map[string]part{}
	for field := range strings.SplitSeq(query, "&") {
		key, raw, _ := strings.Cut(field, "=")
		name, err := url.QueryUnescape(key)
		if err != nil {
			return nil, err
		}
		value, err := url.QueryUnescape(raw)
		if err != nil {
			return nil, err
		}
		if _, twice := parts[name]; twice || name != key {
			return nil, fmt.Errorf("the query has %q twice, or in disguise", short(name))
		}
		parts[name] = part{raw, value}
	}
	return parts, nil
}
