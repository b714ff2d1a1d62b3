package saml

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	saml2 "github.com/russellhaering/gosaml2"

	"selfhelp/app/login"
)

// doubts keeps the first reason to refuse.
type doubts struct{ err error }

// unless adds a reason, when it is one.
func (d *doubts) unless(ok bool, format string, args ...any) {
	if d.err == nil && !ok {
		d.err = errors.New(short(fmt.Sprintf(format, args...)))
	}
}

// entity is the format of the names of entities, which goes without saying
// (saml-core-2.0-os, section 8.3.6).
const entity = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"

// maxAge is how long a message about logout is good.
const maxAge = 5 * time.Minute

// checkHeader judges who speaks and to whom. A Response may leave its issuer out,
// for the assertion has one (section 3.2.2).
func (t *Trust) checkHeader(d *doubts, h header, destination string, now time.Time) {
	d.unless(h.Version == "2.0", "version %q of SAML is not spoken", h.Version)
	d.unless(h.ID != "" && len(h.ID) <= maxValue, "the message has no ID")
	d.unless(len(h.Issuers) <= 1, "the message has several issuers")
	for _, i := range h.Issuers {
		d.unless(i.Value == t.theirs.EntityID && (i.Format == "" || i.Format == entity), "issued by %q, and not by %q", i.Value, t.theirs.EntityID)
	}
	d.unless(h.Destination == "" || h.Destination == destination, "sent to %q, and not to %q", h.Destination, destination)
	issued, err := moment(h.IssueInstant)
	d.unless(err == nil, "issued at no time")
	d.unless(issued.Before(now.Add(Skew)), "issued at %s, which is still to come: compare the two clocks", h.IssueInstant)
}

// checkAnswer judges a message as the answer to a request.
func (t *Trust) checkAnswer(d *doubts, a answer, request, destination string, now time.Time) {
	d.unless(a.Status.Code.Value == saml2.StatusCodeSuccess, "the provider says %s", a.Status)
	t.checkHeader(d, a.header, destination, now)
	d.unless(a.InResponseTo == request, "answers the request %q, and not %q", a.InResponseTo, request)
}

// checkAssertion judges an assertion as an answer to a request
// (saml-profiles-2.0-os, sections 4.1.4.2 and 4.1.4.3), and returns until when it
// could be brought again.
func (t *Trust) checkAssertion(d *doubts, a assertion, request string, now time.Time) (until time.Time) {
	t.checkHeader(d, a.header, "", now)
	d.unless(len(a.Issuers) == 1, "the assertion has no issuer")
	d.unless(len(a.Subjects) == 1, "the assertion is not about one person")
	if d.err != nil {
		return until
	}
	t.checkConditions(d, a.Conditions, now)
	d.unless(len(a.Sessions) > 0, "the assertion does not say that the person signed in")
	for _, s := range a.Sessions {
		if err := (period{NotOnOrAfter: s.Until}).check(now); err != nil {
			d.unless(false, "the session: %v", err)
		}
	}
	var why error
	for _, c := range a.Subjects[0].Confirmations {
		if c.Method != saml2.SubjMethodBearer || len(c.Data) != 1 {
			continue
		}
		end, err := t.checkConfirmation(c.Data[0], request, now)
		if err == nil {
			return end.Add(Skew)
		}
		why = err
	}
	d.unless(false, "whoever brings the assertion is not confirmed to be its person: %v", why)
	return until
}

// checkConfirmation judges that whoever brings an assertion may do so: here, in
// answer to this request, and now.
func (t *Trust) checkConfirmation(c confirmation, request string, now time.Time) (end time.Time, err error) {
	switch {
	case c.Recipient != t.ours.ACS:
		return end, fmt.Errorf("it is for %q", c.Recipient)
	case c.InResponseTo != request:
		return end, fmt.Errorf("it answers the request %q, and not %q", c.InResponseTo, request)
	case c.NotOnOrAfter == "":
		return end, errors.New("it has no end")
	}
	if err := c.check(now); err != nil {
		return end, err
	}
	return moment(c.NotOnOrAfter)
}

// checkConditions judges the conditions; one that is not known is not met
// (saml-core-2.0-os, section 2.5.1.1).
func (t *Trust) checkConditions(d *doubts, all []conditions, now time.Time) {
	d.unless(len(all) == 1, "the assertion has no conditions")
	for _, c := range all {
		if err := c.check(now); err != nil {
			d.unless(false, "the assertion: %v", err)
		}
		d.unless(len(c.Others) == 0, "the assertion has a condition that is not known")
		d.unless(len(c.Audiences) > 0, "the assertion is for no audience")
		for _, a := range c.Audiences {
			d.unless(slices.Contains(a.Names, t.ours.EntityID), "the assertion is for the audience %s, and not %s", strings.Join(a.Names, ", "), t.ours.EntityID)
		}
	}
}

// maxGroups is how many groups of a person are read.
const maxGroups = 2000

// identity reads who a judged assertion is about, and their session.
func (t *Trust) identity(d *doubts, a assertion) (login.Identity, Session) {
	p, id, session := t.theirs, login.Identity{Fields: map[string]string{}}, Session{}
	names := a.Subjects[0].Names
	d.unless(len(names) <= 1, "the subject has several names")
	if len(names) == 1 {
		session.NameID = names[0]
		names[0].check(d)
		id.Login = names[0].Value
	}
	if p.ID == "" {
		d.unless(len(a.Subjects[0].Sealed) == 0, "the NameID alone is encrypted (EncryptedID), which is not understood: have the provider encrypt the whole assertion")
		d.unless(len(names) == 1, "the subject has no NameID")
		d.unless(session.NameID.Format != saml2.NameIdFormatTransient, "the NameID is a transient one, and no attribute identifies the person")
		id.Subject = t.Key(session.NameID)
	} else {
		id.Subject = keyOf("attribute", p.ID, only(d, a, p.ID))
	}
	if p.Login != "" {
		id.Login = only(d, a, p.Login)
	}
	d.unless(id.Login != "", "there is no login")
	for field, attribute := range p.Names {
		if values := a.values(attribute); len(values) > 0 {
			id.Fields[field] = values[0]
		}
	}
	if p.Groups != "" {
		id.Groups = a.values(p.Groups)
		slices.Sort(id.Groups)
		id.Groups = slices.Compact(id.Groups)
		id.Groups = id.Groups[:min(len(id.Groups), maxGroups)]
	}
	session.read(a)
	id.Proved = a.proved()
	return id, session
}

// only returns the one value of an attribute that names the person.
func only(d *doubts, a assertion, attribute string) string {
	values := a.values(attribute)
	d.unless(len(values) == 1 && isPlain(values[0]), "the attribute %q has not one value", attribute)
	if len(values) != 1 {
		return ""
	}
	return values[0]
}

// read takes the indexes of a session and when it ends, the soonest.
func (s *Session) read(a assertion) {
	for _, of := range a.Sessions {
		if of.Index != "" && len(of.Index) <= maxValue {
			s.Indexes = append(s.Indexes, of.Index)
		}
		if end, err := moment(of.Until); err == nil && (s.Until.IsZero() || end.Before(s.Until)) {
			s.Until = end
		}
	}
}

// proved is when the person last proved who they are, as the provider has it: the
// earliest of several (saml-core-2.0-os, section 2.7.2).
func (a assertion) proved() (at time.Time) {
	for _, s := range a.Sessions {
		if said, err := moment(s.At); err == nil && (at.IsZero() || said.Before(at)) {
			at = said
		}
	}
	return at
}
