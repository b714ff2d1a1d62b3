package access

import "slices"

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
	ByGroup   []string // those of Domains that only a group brings: nobody administers them by it
	Groups    Groups   // in the domain that is asked about
	Language  string
	Anonymous bool // nobody signed in
	Suspended bool // the account is: nobody can sign in to it

	Scoped bool    // a program that an account let in: it may no more than
	Scopes []Scope // these leave it
}

// SignedIn reports whether the identity is that of an account that may come
// in: it has a role and at least one domain.
func (i Identity) SignedIn() bool {
	return !i.Anonymous && !i.Suspended && i.ID != "" && slices.Contains(Roles(), i.Role) && len(i.Domains) > 0
}

// In reports whether the identity belongs to a domain.
func (i Identity) In(domain string) bool {
	if !i.SignedIn() || domain == "" {
		return false
	}
	return slices.Contains(i.Domains, domain) || slices.Contains(i.Domains, EveryDomain)
}

// Attached lists the domains to which the account itself is attached: those
// where its role may make it an administrator.
func (i Identity) Attached() (domains []string) {
	for _, d := range i.Domains {
		if !slices.Contains(i.ByGroup, d) {
			domains = append(domains, d)
		}
	}
	return domains
}

// attached reports whether the account itself is attached to a domain. Whoever
// puts an administrator of elsewhere into a group gives them what the group
// opens, and not the domain.
func (i Identity) attached(domain string) bool {
	return i.In(domain) && (slices.Contains(i.Domains, EveryDomain) || !slices.Contains(i.ByGroup, domain))
}
