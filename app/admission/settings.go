package admission

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/login/ldap"
	"selfhelp/app/login/oidc"
	"selfhelp/app/login/saml"
	"selfhelp/app/login/trusted"
	"selfhelp/store"
	"selfhelp/store/keys"
	"selfhelp/store/people"
)

// Settings are the ways in, and what holds when some are away. The zero value is
// that of a new server: passwords kept here, and nothing else.
type Settings struct {
	Methods []Method `json:"methods"` // in the order they are tried
	Away    Away     `json:"away"`
	Second  bool     `json:"second,omitempty"` // who enters the Studio or the administration has to show more than a password
	// SecondOfAll asks it of everybody whose password is asked here.
	SecondOfAll bool `json:"second_of_all,omitempty"`
	// Pairs are our keys for SAML, the one that signs first. They are made with the
	// first provider, and all providers know the same.
	Pairs []saml.KeyPair `json:"pairs,omitempty"`
}

// Kind is how a method proves who somebody is.
type Kind string

// The kinds of methods.
const (
	Internal Kind = "internal" // passwords kept here; there is one such method
	LDAP     Kind = "ldap"     // a directory that is asked
	SAML     Kind = "saml"     // an identity provider that speaks SAML 2.0
	OIDC     Kind = "oidc"     // one that speaks OpenID Connect
	Trusted  Kind = "trusted"  // the one host product that vouches for people
	SCIM     Kind = "scim"     // nobody comes in by it: a program keeps the accounts
)

// Kinds returns the kinds that may be added, in the order they are offered.
func Kinds() []Kind { return []Kind{LDAP, SAML, OIDC, Trusted, SCIM} }

// Method is one way in.
type Method struct {
	ID       string         `json:"id"` // never changes; what it told is kept under it
	Kind     Kind           `json:"kind"`
	Name     string         `json:"name,omitempty"` // as people read it
	Off      bool           `json:"off,omitempty"`
	Accounts Accounts       `json:"accounts"`
	LDAP     *ldap.Server   `json:"ldap,omitempty"`
	SAML     *saml.Provider `json:"saml,omitempty"`
	OIDC     *oidc.Provider `json:"oidc,omitempty"`
	Trusted  *Vouching      `json:"trusted,omitempty"`
	Sync     Sync           `json:"sync"`          // of a directory
	Kept     Kept           `json:"kept,omitzero"` // of passwords kept here

	beside []string // the methods of the same settings by which nobody comes in
}

// Vouching is how the host product proves itself: by assertions that it signs, by
// a key that goes with a client certificate, or by either.
type Vouching struct {
	trusted.Host
	Bound *trusted.Bound `json:"bound,omitempty"`
}

// check says what is wrong: a host without public keys has a key of ours.
func (t Vouching) check() map[string]string {
	wrong := t.Host.Check()
	if t.Bound != nil && strings.TrimSpace(t.Keys) == "" {
		delete(wrong, "keys")
	}
	return wrong
}

// InternalID is the id of the method of passwords kept here.
const InternalID = "internal"

// Accounts says what becomes of the people that a method proves.
type Accounts struct {
	Create  bool          `json:"create,omitempty"` // an account for whom there is none
	Take    people.Taking `json:"take,omitempty"`   // the account of the same login
	Role    access.Role   `json:"role,omitempty"`   // of a new one; "" is User
	Domains []string      `json:"domains,omitempty"`
	Groups  []GroupOf     `json:"groups,omitempty"`
	Roles   []RoleOf      `json:"roles,omitempty"` // when there are any, roles follow the method
}

// GroupOf makes the members of a group of theirs those of one of ours.
type GroupOf struct {
	Theirs string `json:"theirs"` // its name
	Group  string `json:"group"`  // id of ours
}

// RoleOf gives the members of a group of theirs a role, the widest of several.
type RoleOf struct {
	Theirs string      `json:"theirs"`
	Role   access.Role `json:"role"`
}

// Sync says when a directory is asked for everybody, and what becomes of those
// it no longer has.
type Sync struct {
	Minutes int  `json:"minutes,omitempty"` // between two; 0: only when asked for
	Suspend bool `json:"suspend,omitempty"` // accounts of people the directory no longer has
}

// The bounds of settings.
const (
	maxMethods  = 20
	maxMapped   = 500
	minMinutes  = 5
	mostMinutes = 7 * 24 * 60
	maxName     = 60
)

// settingsKey is the setting that keeps the ways in.
const settingsKey = "sign_in"

// ReadSettings returns the ways in, and the version a change must name. Secrets
// in them are opened.
func ReadSettings(ctx context.Context, c *store.Content, k *store.Keys) (Settings, int64, error) {
	var s Settings
	version, err := c.Setting(ctx, settingsKey, &s)
	if err != nil {
		return s, version, err
	}
	if !slices.ContainsFunc(s.Methods, func(m Method) bool { return m.Kind == Internal }) {
		s.Methods = append([]Method{{ID: InternalID, Kind: Internal}}, s.Methods...)
	}
	for i := range s.Methods {
		s.Methods[i].beside = s.keepers()
	}
	for name, secret := range s.secrets() {
		if *secret == "" {
			continue
		}
		if *secret, err = k.Unseal(name, *secret); err != nil {
			return s, version, fmt.Errorf("open the secret %s: %w", name, err)
		}
	}
	return s, version, nil
}

// secrets are the fields that are kept sealed, by what they are sealed for.
func (s *Settings) secrets() map[string]*string {
	all := map[string]*string{}
	for i := range s.Methods {
		m := &s.Methods[i]
		switch m.Kind {
		case LDAP:
			all["sign_in/"+m.ID+"/password"] = &m.LDAP.Password
		case OIDC:
			all["sign_in/"+m.ID+"/client_secret"] = &m.OIDC.ClientSecret
		}
	}
	for i := range s.Pairs {
		all[fmt.Sprintf("sign_in/pair/%d", i)] = &s.Pairs[i].Key
	}
	return all
}

// SaveSettings keeps other ways in. What is wrong in them is refused with its
// fields: method id, a point, the field.
func SaveSettings(ctx context.Context, c *store.Content, k *store.Keys, s Settings, version int64, by string) error {
	if wrong := s.Check(); len(wrong) > 0 {
		return &fault.Error{Kind: fault.Invalid, Key: "fault.form", Fields: wrong}
	}
	was, _, err := ReadSettings(ctx, c, k)
	if err != nil {
		return err
	}
	told, err := s.since(was)
	if err != nil {
		return fmt.Errorf("compare the ways in: %w", err)
	}
	return c.SaveSetting(ctx, settingsKey, version, s.sealed(k), by, told)
}

// sealed are the settings as they are kept.
func (s Settings) sealed(k *keys.Keys) Settings {
	s.Methods, s.Pairs = slices.Clone(s.Methods), slices.Clone(s.Pairs)
	for i := range s.Methods {
		m := &s.Methods[i]
		if m.LDAP != nil {
			server := *m.LDAP
			m.LDAP = &server
		}
		if m.OIDC != nil {
			provider := *m.OIDC
			m.OIDC = &provider
		}
	}
	for name, secret := range s.secrets() {
		if *secret != "" {
			*secret = k.Seal(name, *secret)
		}
	}
	return s
}

// Check says what is wrong with the settings: keys of sentences by method id, a
// point and the field.
func (s Settings) Check() map[string]string {
	wrong := map[string]string{}
	if len(s.Methods) > maxMethods {
		wrong["methods"] = "fault.method.many"
	}
	for _, m := range s.Methods {
		for field, key := range m.Check() {
			wrong[m.ID+"."+field] = key
		}
	}
	if len(slices.DeleteFunc(slices.Clone(s.Methods), func(m Method) bool { return m.Kind != Trusted })) > 1 {
		wrong["methods"] = "fault.method.trusted"
	}
	if !slices.ContainsFunc(s.Methods, func(m Method) bool { return !m.Off && m.letsStaffIn() }) {
		wrong["methods"] = "fault.method.none"
	}
	maps.Copy(wrong, s.Away.check())
	return wrong
}

// letsStaffIn reports whether a method may let somebody into the Studio and the
// administration: by SCIM nobody comes in, and a product vouches for people who
// run procedures.
func (m Method) letsStaffIn() bool { return m.Kind != SCIM && m.Kind != Trusted }

// Check says what is wrong with a method, by field: keys of sentences.
func (m Method) Check() map[string]string {
	wrong := map[string]string{}
	switch {
	case m.Kind == LDAP && m.LDAP != nil:
		wrong = m.LDAP.Check()
	case m.Kind == SAML && m.SAML != nil:
		wrong = m.SAML.Check()
	case m.Kind == OIDC && m.OIDC != nil:
		wrong = m.OIDC.Check()
	case m.Kind == Trusted && m.Trusted != nil:
		wrong = m.Trusted.check()
	}
	refuse := func(field, key string, isWrong bool) {
		if isWrong && wrong[field] == "" {
			wrong[field] = key
		}
	}
	refuse("name", "fault.method.name", m.Kind != Internal && strings.TrimSpace(m.Name) == "" || len(m.Name) > maxName)
	refuse("role", "fault.user.role", m.Accounts.Role != "" && !slices.Contains(access.Roles(), m.Accounts.Role))
	refuse("role", "fault.provision.role", m.Kind == SCIM && m.Accounts.Role == access.Administrator)
	// People whom a product vouches for run procedures and do nothing else.
	refuse("role", "fault.trusted.role", m.Kind == Trusted && (m.Accounts.newRole() != access.User || len(m.Accounts.Roles) > 0))
	refuse("groups", "fault.method.groups", len(m.Accounts.Groups) > maxMapped || slices.ContainsFunc(m.Accounts.Groups, func(g GroupOf) bool { return g.Theirs == "" || g.Group == "" }))
	refuse("roles", "fault.method.roles", len(m.Accounts.Roles) > maxMapped || slices.ContainsFunc(m.Accounts.Roles, func(r RoleOf) bool { return r.Theirs == "" || !slices.Contains(access.Roles(), r.Role) }))
	refuse("minutes", "fault.method.minutes", m.Sync.Minutes != 0 && (m.Sync.Minutes < minMinutes || m.Sync.Minutes > mostMinutes))
	refuse("shortest", "fault.method.shortest", !m.Kept.isLong())
	refuse("words", "fault.method.words", !m.Kept.areWords())
	refuse("take", "fault.method.take", !slices.Contains([]people.Taking{people.TakeNone, people.TakeUnclaimed, people.TakeAny}, m.Accounts.Take))
	return wrong
}

// Method returns one way in.
func (s Settings) Method(id string) (Method, error) {
	i := slices.IndexFunc(s.Methods, func(m Method) bool { return m.ID == id })
	if i < 0 {
		return Method{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return s.Methods[i], nil
}

// Put returns the settings with a method in place of the one of its id, or
// behind the others.
func (s Settings) Put(m Method) Settings {
	s.Methods = slices.Clone(s.Methods)
	if i := slices.IndexFunc(s.Methods, func(o Method) bool { return o.ID == m.ID }); i >= 0 {
		s.Methods[i] = m
	} else {
		s.Methods = append(s.Methods, m)
	}
	return s
}

// Without returns the settings without a method.
func (s Settings) Without(id string) Settings {
	s.Methods = slices.DeleteFunc(slices.Clone(s.Methods), func(m Method) bool { return m.ID == id && m.Kind != Internal })
	return s
}

// Move returns the settings with a method tried so many places later, or
// earlier.
func (s Settings) Move(id string, by int) Settings {
	s.Methods = slices.Clone(s.Methods)
	i := slices.IndexFunc(s.Methods, func(m Method) bool { return m.ID == id })
	if j := i + by; i >= 0 && j >= 0 && j < len(s.Methods) {
		s.Methods[i], s.Methods[j] = s.Methods[j], s.Methods[i]
	}
	return s
}

// On returns the methods of a kind that are in use, in their order.
func (s Settings) On(kind Kind) (methods []Method) {
	for _, m := range s.Methods {
		if m.Kind == kind && !m.Off {
			methods = append(methods, m)
		}
	}
	return methods
}

// newRole is the role of a new account.
func (a Accounts) newRole() access.Role { return cmp.Or(a.Role, access.User) }
