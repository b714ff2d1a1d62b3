package ldap

import (
	"context"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-ldap/ldap/v3"

	"selfhelp/app/fault"
	"selfhelp/app/login"
)

// person is what a directory tells of someone, and where their entry is now.
type person struct {
	login.Identity
	dn string
}

// ErrRefused is what somebody gets whose login or password is not right.
var ErrRefused = fault.New(fault.Unauthenticated, "fault.sign_in.wrong")

// maxLogin is how many bytes of a login are sent to a directory.
const maxLogin = 200

// Authenticate checks a login and its password and returns whose they are.
// ErrRefused is the directory's no; any other error says nothing about the
// person: the directory is away or wrongly set up.
func (s Server) Authenticate(ctx context.Context, name, password string, trace *login.Trace) (login.Identity, error) {
	if name == "" || password == "" || len(name) > maxLogin || !utf8.ValidString(name) || strings.ContainsRune(name, 0) {
		return login.Identity{}, ErrRefused
	}
	l, err := s.open(ctx, askTime, askBytes, trace)
	if err != nil {
		return login.Identity{}, err
	}
	defer l.close()
	if s.Direct != "" {
		return l.direct(name, password)
	}
	if err := l.bindSearcher(); err != nil {
		return login.Identity{}, err
	}
	entry, err := l.find(name)
	if err != nil {
		return login.Identity{}, err
	}
	who, err := l.described(entry) // first: groups are read by who may read them
	if err != nil {
		return login.Identity{}, err
	}
	if err := l.bind(entry.DN, password); err != nil {
		return login.Identity{}, sorted(err)
	}
	return who, nil
}

// direct binds first, and reads as the person.
func (l *link) direct(typed, password string) (login.Identity, error) {
	name := l.server.bindsAs(typed)
	if !strings.Contains(l.server.Direct, "=") { // user@domain, or DOMAIN\user: no name has these signs
		if strings.ContainsAny(typed, "@\\/\"[]:;|=,+*?<>") {
			return login.Identity{}, ErrRefused
		}
		name = strings.Replace(l.server.Direct, LoginMark, typed, 1)
	}
	if err := l.bind(name, password); err != nil {
		return login.Identity{}, sorted(err)
	}
	if err := l.bindSearcher(); err != nil {
		return login.Identity{}, err
	}
	entry, err := l.find(typed)
	if err != nil {
		return login.Identity{}, err
	}
	return l.described(entry)
}

// sorted tells a no from a failure.
func sorted(err error) error {
	for _, code := range []uint16{ldap.LDAPResultInvalidCredentials, ldap.LDAPResultNoSuchObject, ldap.LDAPResultInvalidDNSyntax, ldap.LDAPResultInappropriateAuthentication, ldap.LDAPResultUnwillingToPerform, ldap.LDAPResultConstraintViolation} {
		if ldap.IsErrorWithCode(err, code) {
			return &fault.Error{Kind: ErrRefused.Kind, Key: ErrRefused.Key, Cause: err}
		}
	}
	return fault.Because(fault.Unavailable, err, "fault.ldap.away")
}

// bindsAs is the name that somebody binds as who is not searched first.
func (s Server) bindsAs(typed string) string {
	return strings.Replace(s.Direct, LoginMark, ldap.EscapeDN(typed), 1)
}

// asked is the filter that finds a login.
func (s Server) asked(typed string) string {
	return strings.ReplaceAll(s.Filter, LoginMark, ldap.EscapeFilter(typed))
}

// find returns the one entry of a login.
func (l *link) find(typed string) (*ldap.Entry, error) {
	found, err := l.search(l.server.Base, l.server.asked(typed), l.server.attributes(), maxEntries)
	switch {
	case ldap.IsErrorWithCode(err, ldap.LDAPResultNoSuchObject):
		return nil, fault.Because(fault.Unavailable, err, "fault.ldap.base")
	case ldap.IsErrorWithCode(err, ldap.LDAPResultSizeLimitExceeded) || len(found) > 1:
		return nil, fault.New(fault.Unavailable, "fault.ldap.several")
	case err != nil:
		return nil, failed(err)
	case len(found) == 0:
		return nil, ErrRefused
	}
	return found[0], nil
}

// search asks below a base. Referrals to other servers are not followed: their
// answers would be believed as this one's.
func (l *link) search(base, filter string, attributes []string, most int) ([]*ldap.Entry, error) {
	res, err := l.Search(ldap.NewSearchRequest(base, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, most, int(askTime/time.Second), false, filter, attributes, nil))
	answer := login.InWords("trace.ldap.none")
	var entries []*ldap.Entry
	if res != nil {
		entries = res.Entries
	}
	switch {
	case len(entries) == 1:
		answer = login.AsWritten(entries[0].DN)
	case len(entries) > 1:
		answer = login.InWords("trace.ldap.several", entries[0].DN)
	}
	l.trace.Add(time.Now(), err, answer, login.InWords("trace.ldap.search", base, filter))
	return entries, err
}

// attributes are those that are asked for.
func (s Server) attributes() []string {
	all := append(slices.Sorted(maps.Values(s.Names)), s.Login, s.ID)
	slices.Sort(all)
	return slices.Compact(all)
}

// described reads an entry and the groups of the person.
func (l *link) described(entry *ldap.Entry) (login.Identity, error) {
	p, err := l.server.person(entry)
	if err != nil {
		return login.Identity{}, err
	}
	p.Groups, err = l.groups(p)
	return p.Identity, err
}

// errNoID is why an entry cannot be somebody's.
var errNoID = errors.New("the entry has no value of the attribute that identifies it, or of the login, or none that can be one")

// maxValue is how many bytes of an attribute are kept.
const maxValue = 1000

// person reads an entry.
func (s Server) person(entry *ldap.Entry) (person, error) {
	p := person{login.Identity{
		Subject: textOf(entry.GetRawAttributeValue(s.ID)), Login: entry.GetAttributeValue(s.Login), Fields: map[string]string{},
	}, entry.DN}
	if p.Subject == "" || len(p.Subject) > 2*maxValue || p.Login == "" || !isKept(p.Login) {
		return p, fault.Because(fault.Unavailable, errNoID, "fault.ldap.no_id")
	}
	for field, attribute := range s.Names {
		value := entry.GetAttributeValue(attribute)
		if isKept(value) {
			p.Fields[field] = value
		}
	}
	return p, nil
}

// isKept reports whether a value is text of a length that is kept.
func isKept(value string) bool { return utf8.ValidString(value) && len(value) <= maxValue }

// textOf is a value that may be bytes, as Active Directory's objectGUID.
func textOf(value []byte) string {
	for _, b := range value {
		if b < ' ' || b > '~' {
			return hex.EncodeToString(value)
		}
	}
	return string(value)
}
