package ldap

import (
	"crypto/x509"
	"net"
	"net/url"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// LoginMark stands in templates for what the person typed, escaped for where it
// stands.
const LoginMark = "{login}"

// Server is what is configured of one directory.
type Server struct {
	URLs     []string `json:"urls"`               // ldaps://host or ldap://host, tried in turn
	StartTLS bool     `json:"start_tls"`          // encrypt an ldap:// connection before anything is said
	Plain    bool     `json:"plain,omitempty"`    // passwords may go unencrypted; without it only to this very machine
	Roots    string   `json:"roots,omitempty"`    // certificates to trust, PEM; empty: those of the system
	BindAs   string   `json:"bind_as,omitempty"`  // who searches, a distinguished name or user@domain; empty: nobody
	Password string   `json:"password,omitempty"` // of BindAs

	// Direct makes the name a person binds with from the login, without a search:
	// "uid={login},ou=people,dc=example,dc=org" or "{login}@example.org".
	Direct string `json:"direct,omitempty"`

	Base   string `json:"base"`   // where people are
	Filter string `json:"filter"` // who has a login: "(&(objectClass=person)(uid={login}))"
	Login  string `json:"login"`  // attribute that holds the login
	ID     string `json:"id"`     // attribute that never changes: entryUUID, objectGUID

	// Names maps fields of ours (first_name, last_name, mail, language, and any
	// other) to attributes of the directory.
	Names map[string]string `json:"names"`

	GroupBase   string `json:"group_base,omitempty"`   // where groups are; empty: no groups are read
	GroupFilter string `json:"group_filter,omitempty"` // what is a group: "(objectClass=groupOfNames)"
	GroupName   string `json:"group_name,omitempty"`   // attribute that names a group
	// Member is the attribute of a group that names its members, by their
	// distinguished names; memberUid (RFC 2307) by their logins.
	Member string `json:"member,omitempty"`
}

// Check says what is wrong with the settings, by field: keys of sentences.
func (s Server) Check() map[string]string {
	wrong := map[string]string{}
	refuse := func(field, key string, isWrong bool) {
		if isWrong && wrong[field] == "" {
			wrong[field] = "fault.ldap." + key
		}
	}
	refuse("urls", "urls", len(s.URLs) == 0)
	for _, address := range s.URLs {
		u, err := url.Parse(address)
		refuse("urls", "urls", err != nil || u.Host == "" || u.Scheme != "ldap" && u.Scheme != "ldaps" || u.User != nil)
		refuse("urls", "plain", err == nil && u.Scheme == "ldap" && !s.StartTLS && !s.Plain && !isHere(u.Hostname()))
	}
	refuse("roots", "roots", s.Roots != "" && !x509.NewCertPool().AppendCertsFromPEM([]byte(s.Roots)))
	refuse("direct", "login_mark", s.Direct != "" && strings.Count(s.Direct, LoginMark) != 1)
	refuse("filter", "filter", !strings.Contains(s.Filter, LoginMark) || !isFilter(s.Filter))
	refuse("group_filter", "filter", s.GroupBase != "" && !isFilter(s.GroupFilter))
	for field, dn := range map[string]string{"base": s.Base, "group_base": s.GroupBase} {
		_, err := ldap.ParseDN(dn)
		refuse(field, "dn", err != nil)
	}
	refuse("base", "dn", s.Base == "")
	refuse("login", "attribute", !isAttribute(s.Login))
	refuse("id", "attribute", !isAttribute(s.ID))
	refuse("group_name", "attribute", s.GroupBase != "" && !isAttribute(s.GroupName))
	refuse("member", "attribute", s.GroupBase != "" && !isAttribute(s.Member))
	for _, attribute := range s.Names {
		refuse("names", "attribute", !isAttribute(attribute))
	}
	refuse("password", "password", s.BindAs != "" && s.Password == "") // it would be taken for nobody's
	return wrong
}

// isFilter reports whether a template makes a filter of RFC 4515.
func isFilter(template string) bool {
	_, err := ldap.CompileFilter(strings.ReplaceAll(template, LoginMark, "x"))
	return err == nil
}

// namesLogins reports whether groups name their members by login.
func (s Server) namesLogins() bool { return strings.EqualFold(s.Member, "memberUid") }

// isAttribute follows the descr of RFC 4512, section 1.4.
func isAttribute(name string) bool {
	for i, r := range name {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r != '-' && (r < '0' || r > '9')) {
			return false
		}
	}
	return name != "" && len(name) <= 100
}

// isHere reports whether a host is this very machine.
func isHere(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
