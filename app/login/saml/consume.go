package saml

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/beevik/etree"
	saml2 "github.com/russellhaering/gosaml2"

	"selfhelp/app/fault"
	"selfhelp/app/login"
)

// Replay remembers what was brought. It must outlive the process: an assertion is
// good for minutes.
type Replay interface {
	// Fresh reports whether a key comes for the first time, and keeps it until then.
	Fresh(ctx context.Context, key string, until time.Time) (bool, error)
}

// refused is what everybody is told whose message is not taken. Why, only those
// learn who read logs and traces: whoever made the message should not.
func refused(err error) error {
	return fault.Because(fault.Unauthenticated, err, "fault.saml.refused")
}

// Consume judges the SAMLResponse that a person brought to us by POST, in answer
// to the request of an ID, which the caller must have sent with this very browser
// and takes once. With no request the provider must be allowed to send people
// unasked.
func (t *Trust) Consume(ctx context.Context, response, request string, replay Replay, now time.Time, trace *login.Trace) (login.Identity, Session, error) {
	a, err := t.read(response, request, now, trace)
	if err != nil {
		return login.Identity{}, Session{}, refused(err)
	}
	var d doubts
	until := t.checkAssertion(&d, a, request, now)
	trace.Add(now, d.err, login.Said{}, login.InWords("trace.saml.assertion", short(a.ID)))
	if d.err != nil {
		return login.Identity{}, Session{}, refused(d.err)
	}
	id, session := t.identity(&d, a)
	trace.Add(now, d.err, login.InWords("trace.saml.person.read", short(session.NameID.kind()), a.names(), strconv.Itoa(len(id.Groups))), login.InWords("trace.saml.person"))
	if d.err != nil {
		return login.Identity{}, Session{}, refused(d.err)
	}
	fresh, err := replay.Fresh(ctx, keyOf("saml", t.theirs.EntityID, a.ID), until)
	if err != nil {
		return login.Identity{}, Session{}, fmt.Errorf("remember the assertion: %w", err)
	}
	if !fresh {
		err = errors.New("the assertion was brought before")
		trace.Add(now, err, login.Said{}, login.InWords("trace.saml.remember"))
		return login.Identity{}, Session{}, refused(err)
	}
	return id, session, nil
}

// read takes an answer apart and returns the assertion that is signed.
func (t *Trust) read(response, request string, now time.Time, trace *login.Trace) (assertion, error) {
	if request == "" && !t.theirs.Unsolicited {
		err := errors.New("nobody asked, and the provider may not send people unasked")
		trace.Add(now, err, login.Said{}, login.InWords("trace.saml.unasked"))
		return assertion{}, err
	}
	root, said, err := opening(response)
	trace.Add(now, err, login.AsWritten(said.summary()), login.InWords("trace.saml.take", "Response", request))
	if err != nil {
		return assertion{}, err
	}
	var d doubts
	t.checkAnswer(&d, said, request, t.ours.ACS, now)
	trace.Add(now, d.err, login.Said{}, login.InWords("trace.saml.judge", "Response"))
	if d.err != nil {
		return assertion{}, d.err
	}
	signed, element, err := t.trusted(root, now)
	trace.Add(now, err, login.Said{}, login.InWords("trace.saml.verify"))
	if err != nil {
		return assertion{}, err
	}
	var proven answer // judged again from what is signed, if it is
	if err := into(signed, &proven); err != nil {
		return assertion{}, err
	}
	t.checkAnswer(&d, proven, request, t.ours.ACS, now)
	var a assertion
	if err := into(element, &a); err != nil {
		return assertion{}, err
	}
	return a, d.err
}

// opening parses a Response and reads how it begins.
func opening(response string) (*etree.Element, answer, error) {
	raw, err := unpacked(response)
	if err != nil {
		return nil, answer{}, err
	}
	root, err := parsed(raw, maxMessage)
	if err != nil {
		return nil, answer{}, err
	}
	if !is(root, saml2.SAMLProtocolNamespace, "Response") {
		return nil, answer{}, errors.New("the message is not a Response")
	}
	if err := placed(root); err != nil {
		return nil, answer{}, err
	}
	var a answer
	return root, a, into(root, &a)
}

// summary says how a message begins, for a trace.
func (a answer) summary() string {
	from := "-"
	if len(a.Issuers) > 0 {
		from = a.Issuers[0].Value
	}
	return short(fmt.Sprintf("ID=%s Issuer=%s IssueInstant=%s InResponseTo=%q Status=%s", a.ID, from, a.IssueInstant, a.InResponseTo, a.Status))
}
