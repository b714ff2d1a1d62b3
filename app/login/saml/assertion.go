package saml

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// header is what every message begins with (saml-core-2.0-os, sections 3.2.1 and
// 3.2.2).
type header struct {
	ID           string   `xml:"ID,attr"`
	Version      string   `xml:"Version,attr"`
	IssueInstant string   `xml:"IssueInstant,attr"`
	Destination  string   `xml:"Destination,attr"`
	InResponseTo string   `xml:"InResponseTo,attr"`
	Issuers      []issuer `xml:"urn:oasis:names:tc:SAML:2.0:assertion Issuer"`
}

// answer is a message that answers.
type answer struct {
	header
	Status status `xml:"urn:oasis:names:tc:SAML:2.0:protocol Status"`
}

type issuer struct {
	Value  string `xml:",chardata"`
	Format string `xml:"Format,attr"`
}

type status struct {
	Code struct {
		Value  string `xml:"Value,attr"`
		Second struct {
			Value string `xml:"Value,attr"`
		} `xml:"urn:oasis:names:tc:SAML:2.0:protocol StatusCode"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:protocol StatusCode"`
}

// String is the code, and the one below it, for a trace.
func (s status) String() string {
	last := func(urn string) string { return urn[strings.LastIndexByte(urn, ':')+1:] }
	return strings.TrimSpace(last(s.Code.Value) + " " + last(s.Code.Second.Value))
}

// assertion is what a provider says of a person (section 2.3.3).
type assertion struct {
	header
	Subjects   []subject    `xml:"urn:oasis:names:tc:SAML:2.0:assertion Subject"`
	Conditions []conditions `xml:"urn:oasis:names:tc:SAML:2.0:assertion Conditions"`
	Sessions   []struct {
		Index string `xml:"SessionIndex,attr"`
		Until string `xml:"SessionNotOnOrAfter,attr"`
		At    string `xml:"AuthnInstant,attr"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:assertion AuthnStatement"`
	Statements []struct {
		Attributes []struct {
			Name   string   `xml:"Name,attr"`
			Values []string `xml:"urn:oasis:names:tc:SAML:2.0:assertion AttributeValue"`
		} `xml:"urn:oasis:names:tc:SAML:2.0:assertion Attribute"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:assertion AttributeStatement"`
}

type subject struct {
	Names         []NameID   `xml:"urn:oasis:names:tc:SAML:2.0:assertion NameID"`
	Sealed        []struct{} `xml:"urn:oasis:names:tc:SAML:2.0:assertion EncryptedID"` // which are not opened
	Confirmations []struct {
		Method string         `xml:"Method,attr"`
		Data   []confirmation `xml:"urn:oasis:names:tc:SAML:2.0:assertion SubjectConfirmationData"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:assertion SubjectConfirmation"`
}

type confirmation struct {
	period
	Recipient    string `xml:"Recipient,attr"`
	InResponseTo string `xml:"InResponseTo,attr"`
}

type conditions struct {
	period
	Audiences []struct {
		Names []string `xml:"urn:oasis:names:tc:SAML:2.0:assertion Audience"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:assertion AudienceRestriction"`
	OneTimeUse       []struct{} `xml:"urn:oasis:names:tc:SAML:2.0:assertion OneTimeUse"`
	ProxyRestriction []struct{} `xml:"urn:oasis:names:tc:SAML:2.0:assertion ProxyRestriction"`
	Others           []struct{} `xml:",any"`
}

// period is when something holds.
type period struct {
	NotBefore    string `xml:"NotBefore,attr"`
	NotOnOrAfter string `xml:"NotOnOrAfter,attr"`
}

// check says why a period is not now, as far as clocks can tell.
func (p period) check(now time.Time) error {
	if p.NotBefore != "" {
		begin, err := moment(p.NotBefore)
		if err != nil {
			return err
		}
		if now.Add(Skew).Before(begin) {
			return fmt.Errorf("holds only from %s, and it is %s here: compare the two clocks", begin.Format(time.RFC3339), now.UTC().Format(time.RFC3339))
		}
	}
	if p.NotOnOrAfter == "" {
		return nil
	}
	end, err := moment(p.NotOnOrAfter)
	if err != nil {
		return err
	}
	if !now.Add(-Skew).Before(end) {
		return fmt.Errorf("held until %s, and it is %s here: compare the two clocks", end.Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	}
	return nil
}

// moment reads a time, which SAML writes in UTC (section 1.3.3).
func moment(text string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, errors.New("a time is not written as SAML writes it")
	}
	return at, nil
}

// values are those of an attribute, as they stand, without empty and overlong
// ones.
func (a assertion) values(name string) []string {
	var values []string
	for _, s := range a.Statements {
		for _, attr := range s.Attributes {
			if attr.Name != name {
				continue
			}
			for _, v := range attr.Values {
				if v = strings.TrimSpace(v); v != "" && len(v) <= maxValue {
					values = append(values, v)
				}
			}
		}
	}
	return values
}

// names are those of the attributes that came, for a trace.
func (a assertion) names() string {
	var names []string
	for _, s := range a.Statements {
		for _, attr := range s.Attributes {
			names = append(names, attr.Name)
		}
	}
	slices.Sort(names)
	return cmp.Or(short(strings.Join(slices.Compact(names), ", ")), "none")
}

// short is a text of the other side for a trace or a log.
func short(text string) string {
	const most = 300
	text = strings.ToValidUTF8(text, "?")
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
