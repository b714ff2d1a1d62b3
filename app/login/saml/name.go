package saml

import (
	"cmp"
	"net/url"
	"strings"
	"time"

	saml2 "github.com/russellhaering/gosaml2"
)

// NameID names a person at a provider (saml-core-2.0-os, section 2.2.3).
type NameID struct {
	Value       string `xml:",chardata" json:"value"`
	Format      string `xml:"Format,attr" json:"format,omitempty"`
	Qualifier   string `xml:"NameQualifier,attr" json:"qualifier,omitempty"`
	SPQualifier string `xml:"SPNameQualifier,attr" json:"sp_qualifier,omitempty"`
}

// Session is what a provider said about the session of somebody who signed in:
// what is needed to end it, on either side.
type Session struct {
	NameID  NameID    `json:"name_id"`
	Indexes []string  `json:"indexes,omitempty"`
	Until   time.Time `json:"until,omitzero"` // when it ends by itself; zero: not said
}

// Key is one text for a name that no other name of the same provider has. What a
// provider may leave out is left out: the unspecified format, itself as qualifier
// and us as the other one (saml-core-2.0-os, sections 8.3.1 and 8.3.7).
func (t *Trust) Key(n NameID) string {
	if n.Format == saml2.NameIdFormatUnspecified {
		n.Format = ""
	}
	if n.Qualifier == t.theirs.EntityID {
		n.Qualifier = ""
	}
	if n.SPQualifier == t.ours.EntityID {
		n.SPQualifier = ""
	}
	return keyOf(n.Format, n.Qualifier, n.SPQualifier, n.Value)
}

// keyOf joins parts in one text; none of them has an exclamation mark afterwards.
func keyOf(parts ...string) string {
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return strings.Join(parts, "!")
}

// maxValue is how many bytes of a name or a value are kept.
const maxValue = 1000

// check says what is wrong with a name.
func (n NameID) check(d *doubts) {
	d.unless(n.Value != "" && len(n.Value) <= maxValue && isPlain(n.Value), "the NameID is empty, too long or has spaces around it")
	d.unless(len(n.Format)+len(n.Qualifier)+len(n.SPQualifier) <= maxName, "the qualifiers of the NameID are too long")
}

// kind is the format for a trace.
func (n NameID) kind() string {
	return cmp.Or(n.Format[strings.LastIndexByte(n.Format, ':')+1:], "unspecified")
}
