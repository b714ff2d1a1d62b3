package directory

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
)

// Person is what a directory tells of someone.
type Person struct {
	ID     string            // never changes; hexadecimal where the directory keeps bytes
	DN     string            // distinguished name, as of now
	Login  string            // as the directory has it
	Fields map[string]string // by the names of Server.Names
	Groups []string          // names of the groups they are in, also within groups; sorted
}

// ErrRefused is what somebody gets whose login or password is not right.
var ErrRefused = fault.New(fault.Unauthenticated, "fault.sign_in.wrong")

// maxLogin is how many bytes of a login are sent to a directory.
const maxLogin = 200

// Authenticate checks a login and its password and returns whose they are.
// ErrRefused is the directory's no; any other error says nothing about the
// person: the directory is away or wrongly set up.
func (s Server) Authenticate(ctx context.Context, login, password string, trace *Trace) (Person, error) {
	if login == "" || password == "" || len(login) > maxLogin || !utf8.ValidString(login) || strings.ContainsRune(login, 0) {
		return Person{}, ErrRefused
	}
	l, err := s.open(ctx, askTime, askBytes, trace)
	if err != nil {
		return Person{}, err
	}
	defer l.close()
	if s.Direct != "" {
		return l.direct(login, password)
	}
	if err := l.bindSearcher(); err != nil {
		return Person{}, err
	}
	entry, err := l.find(login)
	if err != nil {
		return Person{}, err
	}
	if err := l.bind(entry.DN, password); err != nil {
		return Person{}, sorted(err)
	}
	if err := l.bindSearcher(); err != nil { // groups are read by who may read them
		return Person{}, err
	}
	return l.described(entry)
}

// direct binds first, and reads as the person.
func (l *link) direct(login, password string) (Person, error) {
	name := strings.Replace(l.server.Direct, LoginMark, ldap.EscapeDN(login), 1)
	if !strings.Contains(l.server.Direct, "=") { // user@domain, or DOMAIN\user: no name has these signs
		if strings.ContainsAny(login, "@\\/\"[]:;|=,+*?<>") {
			return Person{}, ErrRefused
		}
		name = strings.Replace(l.server.Direct, LoginMark, login, 1)
	}
	if err := l.bind(name, password); err != nil {
		return Person{}, sorted(err)
	}
	if err := l.bindSearcher(); err != nil {
		return Person{}, err
	}
	entry, err := l.find(login)
	if err != nil {
		return Person{}, err
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
	return fault.Because(fault.Unavailable, err, "fault.directory.away")
}

// find returns the one entry of a login.
func (l *link) find(login string) (*ldap.Entry, error) {
	filter := strings.ReplaceAll(l.server.Filter, LoginMark, ldap.EscapeFilter(login))
	found, err := l.search(l.server.Base, filter, l.server.attributes(), maxEntries)
	switch {
	case ldap.IsErrorWithCode(err, ldap.LDAPResultNoSuchObject):
		return nil, fault.Because(fault.Unavailable, err, "fault.directory.base")
	case ldap.IsErrorWithCode(err, ldap.LDAPResultSizeLimitExceeded) || len(found) > 1:
		return nil, fault.New(fault.Unavailable, "fault.directory.several")
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
	answer := "nothing"
	var entries []*ldap.Entry
	if res != nil {
		entries = res.Entries
	}
	if len(entries) > 0 {
		answer = entries[0].DN
		if len(entries) > 1 {
			answer += " and others"
		}
	}
	l.trace.add(time.Now(), err, answer, "search below %s for %s", base, filter)
	return entries, err
}

// attributes are those that are asked for.
func (s Server) attributes() []string {
	all := append(slices.Sorted(maps.Values(s.Names)), s.Login, s.ID)
	slices.Sort(all)
	return slices.Compact(all)
}

// described reads an entry and the groups of the person.
func (l *link) described(entry *ldap.Entry) (Person, error) {
	p, err := l.server.person(entry)
	if err != nil {
		return p, err
	}
	p.Groups, err = l.groups(p)
	return p, err
}

// errNoID is why an entry cannot be somebody's.
var errNoID = errors.New("the entry has no value of the attribute that identifies it, or of the login")

// maxValue is how many bytes of an attribute are kept.
const maxValue = 1000

// person reads an entry.
func (s Server) person(entry *ldap.Entry) (Person, error) {
	p := Person{ID: textOf(entry.GetRawAttributeValue(s.ID)), DN: entry.DN, Login: entry.GetAttributeValue(s.Login), Fields: map[string]string{}}
	if p.ID == "" || p.Login == "" {
		return p, fault.Because(fault.Unavailable, errNoID, "fault.directory.no_id")
	}
	for field, attribute := range s.Names {
		value := entry.GetAttributeValue(attribute)
		if utf8.ValidString(value) && len(value) <= maxValue {
			p.Fields[field] = value
		}
	}
	return p, nil
}

// textOf is a value that may be bytes, as Active Directory's objectGUID.
func textOf(value []byte) string {
	for _, b := range value {
		if b < ' ' || b > '~' {
			return hex.EncodeToString(value)
		}
	}
	return string(value)
}
