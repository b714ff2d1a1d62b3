package samltest

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/beevik/etree"

	"selfhelp/app/login/saml"
)

// Answer is a Response about to be made: a good one, of which a test changes what
// it likes.
type Answer struct {
	ID, AssertionID         string
	Request                 string
	Issuer, Destination     string
	Recipient, Audience     string
	Status                  string
	Issued                  time.Time
	NotBefore, NotOnOrAfter time.Time // of the assertion
	ConfirmedUntil          time.Time // of its bringing
	SessionUntil            time.Time
	Name                    string // NameID, raw XML
	Format                  string
	Qualifier               string
	Index                   string
	Attributes              map[string][]string

	SignAnswer    bool
	SignAssertion bool
	Signing       Signing
	Encryption    *Encryption // nil: the assertion is in clear

	BendAssertion func(assertion *etree.Element) // before it is signed
	Bend          func(response *etree.Element)  // before it is signed
	After         func(response *etree.Element)  // after
}

// Persistent is the format of a NameID that stays.
const Persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"

// Answer returns a good answer to a request of ours, about ada.
func (p *Provider) Answer(ours saml.ServiceProvider, request string, now time.Time) Answer {
	return Answer{
		ID: "_r" + now.Format("150405.000"), AssertionID: "_a" + now.Format("150405.000"), Request: request,
		Issuer: p.EntityID, Destination: ours.ACS, Recipient: ours.ACS, Audience: ours.EntityID,
		Status: "urn:oasis:names:tc:SAML:2.0:status:Success",
		Issued: now, NotBefore: now.Add(-time.Minute), NotOnOrAfter: now.Add(5 * time.Minute),
		ConfirmedUntil: now.Add(5 * time.Minute), SessionUntil: now.Add(8 * time.Hour),
		Name: "ada", Format: Persistent, Index: "_s1",
		Attributes: map[string][]string{
			"urn:oid:2.5.4.42": {"Ada"}, "urn:oid:0.9.2342.19200300.100.1.3": {"ada@example.org", "a.l@example.org"},
			"department": {"Sales"}, "memberOf": {"lyon", "europe", "lyon"}, "uid": {"ada.lovelace"},
		},
		SignAssertion: true,
	}
}

// Make writes an answer as it stands in the form.
func (p *Provider) Make(a Answer) string { return Encode(p.Element(a)) }

// Element makes an answer.
func (p *Provider) Element(a Answer) *etree.Element {
	r := begin("samlp:Response", a.ID, a.Issued, a.Issuer)
	set(r, "Destination", a.Destination)
	set(r, "InResponseTo", a.Request)
	r.CreateElement("samlp:Status").CreateElement("samlp:StatusCode").CreateAttr("Value", a.Status)
	assertion := p.assertion(a)
	if a.BendAssertion != nil {
		a.BendAssertion(assertion)
	}
	if a.SignAssertion {
		p.Sign(assertion, a.Signing)
	}
	if a.Encryption != nil {
		assertion = a.Encryption.seal(assertion)
	}
	r.AddChild(assertion)
	if a.Bend != nil {
		a.Bend(r)
	}
	if a.SignAnswer {
		p.Sign(r, a.Signing)
	}
	if a.After != nil {
		a.After(r)
	}
	return r
}

func (p *Provider) assertion(a Answer) *etree.Element {
	e := begin("saml:Assertion", a.AssertionID, a.Issued, a.Issuer)
	subject := e.CreateElement("saml:Subject")
	subject.AddChild(nameID(a))
	confirmation := subject.CreateElement("saml:SubjectConfirmation")
	confirmation.CreateAttr("Method", "urn:oasis:names:tc:SAML:2.0:cm:bearer")
	data := confirmation.CreateElement("saml:SubjectConfirmationData")
	set(data, "Recipient", a.Recipient)
	set(data, "InResponseTo", a.Request)
	data.CreateAttr("NotOnOrAfter", stamp(a.ConfirmedUntil))
	conditions := e.CreateElement("saml:Conditions")
	conditions.CreateAttr("NotBefore", stamp(a.NotBefore))
	conditions.CreateAttr("NotOnOrAfter", stamp(a.NotOnOrAfter))
	conditions.CreateElement("saml:AudienceRestriction").CreateElement("saml:Audience").SetText(a.Audience)
	session := e.CreateElement("saml:AuthnStatement")
	session.CreateAttr("AuthnInstant", stamp(a.Issued))
	session.CreateAttr("SessionNotOnOrAfter", stamp(a.SessionUntil))
	session.CreateAttr("SessionIndex", a.Index)
	session.CreateElement("saml:AuthnContext").CreateElement("saml:AuthnContextClassRef").SetText("urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport")
	statement := e.CreateElement("saml:AttributeStatement")
	for _, name := range slices.Sorted(maps.Keys(a.Attributes)) {
		attribute := statement.CreateElement("saml:Attribute")
		attribute.CreateAttr("Name", name)
		for _, value := range a.Attributes[name] {
			attribute.CreateElement("saml:AttributeValue").SetText(value)
		}
	}
	return e
}

// nameID takes the name as XML, so that it may have a comment in it.
func nameID(a Answer) *etree.Element {
	doc := etree.NewDocument()
	if err := doc.ReadFromString(`<saml:NameID>` + a.Name + `</saml:NameID>`); err != nil {
		panic(err)
	}
	e := doc.Root().Copy()
	set(e, "Format", a.Format)
	set(e, "NameQualifier", a.Qualifier)
	return e
}

// begin makes an element with what every message begins with.
func begin(tag, id string, issued time.Time, issuer string) *etree.Element {
	e := etree.NewElement(tag)
	if strings.HasPrefix(tag, "samlp:") {
		e.CreateAttr("xmlns:samlp", Protocol)
	}
	e.CreateAttr("xmlns:saml", Assertion)
	e.CreateAttr("ID", id)
	e.CreateAttr("Version", "2.0")
	e.CreateAttr("IssueInstant", stamp(issued))
	e.CreateElement("saml:Issuer").SetText(issuer)
	return e
}

func set(e *etree.Element, key, value string) {
	if value != "" {
		e.CreateAttr(key, value)
	}
}

// LogoutRequest makes a request to end sessions of a person.
func (p *Provider) LogoutRequest(ours saml.ServiceProvider, a Answer, now time.Time) *etree.Element {
	e := begin("samlp:LogoutRequest", "_l"+now.Format("150405.000"), now, p.EntityID)
	e.CreateAttr("Destination", ours.SLO)
	e.CreateAttr("NotOnOrAfter", stamp(now.Add(time.Minute)))
	e.AddChild(nameID(a))
	e.CreateElement("samlp:SessionIndex").SetText(a.Index)
	return e
}

// LogoutResponse makes the answer to a request to log out.
func (p *Provider) LogoutResponse(ours saml.ServiceProvider, request string, now time.Time) *etree.Element {
	e := begin("samlp:LogoutResponse", "_o"+now.Format("150405.000"), now, p.EntityID)
	e.CreateAttr("Destination", ours.SLO)
	e.CreateAttr("InResponseTo", request)
	e.CreateElement("samlp:Status").CreateElement("samlp:StatusCode").CreateAttr("Value", "urn:oasis:names:tc:SAML:2.0:status:Success")
	return e
}
