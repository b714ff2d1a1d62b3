package access

import "slices"

// Role is the duty of a person on the server.
type Role string

// The roles, from the widest to the narrowest.
const (
	Administrator Role = "administrator" // of the domains listed; of the server with EveryDomain
	Writer        Role = "writer"        // works in the Studio, as far as the rights of projects go
	User          Role = "user"          // runs what is published
)

// Roles returns every role, the widest first.
func Roles() []Role { return []Role{Administrator, Writer, User} }

// EveryDomain in an identity's domains stands for all of them, present and to
// come. An administrator who has it administers the server.
const EveryDomain = "*"

// Identity is who asks, the same whatever way they signed in. The zero value
// is a visitor nobody knows.
type Identity struct {
	ID        string // of the user; of the visit, when anonymous
	Login     string
	Name      string // as people read it
	Role      Role
	Domains   []string
	Groups    []string
	Language  string
	Anonymous bool // nobody signed in

	Scoped bool    // a program that an account let in: it may no more than
	Scopes []Scope // these leave it
}

// SignedIn reports whether the identity is that of an account that may come
// in: it has a role and at least one domain.
func (i Identity) SignedIn() bool {
	return !i.Anonymous && i.ID != "" && slices.Contains(Roles(), i.Role) && len(i.Domains) > 0
}

// In reports whether the identity belongs to a domain.
func (i Identity) In(domain string) bool {
	if !i.SignedIn() || domain == "" {
		return false
	}
	return slices.Contains(i.Domains, domain) || slices.Contains(i.Domains, EveryDomain)
}

// administers reports whether the identity is an administrator of a domain.
func (i Identity) administers(domain string) bool {
	return i.Role == Administrator && i.In(domain)
}

// mayWrite reports whether the identity's role opens the Studio.
func (i Identity) mayWrite() bool {
	return i.SignedIn() && (i.Role == Writer || i.Role == Administrator)
}

// amongst reports whether the identity is in one of the groups.
func (i Identity) amongst(groups []string) bool {
	return slices.ContainsFunc(groups, func(g string) bool { return slices.Contains(i.Groups, g) })
}
