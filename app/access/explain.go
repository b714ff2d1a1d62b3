package access

// Fact is one thing that a decision looks at: the key of a sentence.
type Fact string

// The facts. A link says of each whether it holds.
const (
	Open          Fact = "open"           // it is for everyone
	Active        Fact = "active"         // the account is not suspended
	Placed        Fact = "placed"         // it has a role and a domain: it may come in
	OfDomain      Fact = "of_domain"      // it belongs to Domain
	Attached      Fact = "attached"       // it is attached to Domain itself, not by a group
	OpenProject   Fact = "open_project"   // the project is public
	ForProject    Fact = "for_project"    // the project's audience lets it in
	ForVersion    Fact = "for_version"    // that of its version Version does
	ForCategory   Fact = "for_category"   // the category's does
	ForProcedure  Fact = "for_procedure"  // the procedure's does
	OwnsExecution Fact = "owns_execution" // the journey is its own
	RoleAllows    Fact = "role_allows"    // Role is enough by itself
	Administers   Fact = "administers"    // it is an administrator of Domain
	RoleTakes     Fact = "role_takes"     // Rights have an effect with Role
	OwnsProject   Fact = "owns_project"
	Granted       Fact = "granted" // the project gives one of Rights, to a group of Groups or to the account
)

// Link is a fact on the way to a decision.
type Link struct {
	Fact    Fact
	Holds   bool
	Role    Role
	Domain  string
	Version string
	Groups  []string // those that would do; once it holds, those that did
	Rights  []Right  // likewise
}

// Explanation is a decision with the way that led to it. The last link decides.
type Explanation struct {
	Decision
	Do    Permission
	Chain []Link
}

// Explain says why Can decides as it does: it follows the same rules.
func Explain(who Identity, do Permission, on Thing) Explanation {
	var t trail
	d := decide(who, do, on, &t)
	return Explanation{Decision: d, Do: do, Chain: t.links}
}

// trail gathers the links of an explanation. A nil one gathers nothing, at no
// cost: most decisions are asked for without their reasons.
type trail struct{ links []Link }

func (t *trail) found(l Link) {
	if t != nil {
		t.links = append(t.links, l)
	}
}

// is adds a link that holds or not, and returns which.
func (t *trail) is(l Link, holds bool) bool {
	if t != nil {
		l.Holds = holds
		t.links = append(t.links, l)
	}
	return holds
}

// account adds whether an account may come in, once.
func (t *trail) account(who Identity) bool {
	if t != nil && !t.has(Active) {
		t.is(Link{Fact: Active}, !who.Anonymous && !who.Suspended && who.ID != "")
		if t.links[len(t.links)-1].Holds {
			t.is(Link{Fact: Placed, Role: who.Role}, who.SignedIn())
		}
	}
	return who.SignedIn()
}

// attached adds that an account belongs to a domain by a group only, where that
// is so.
func (t *trail) attached(who Identity, domain string) bool {
	holds := who.attached(domain)
	if !holds {
		t.found(Link{Fact: Attached, Domain: domain})
	}
	return holds
}

func (t *trail) has(f Fact) bool {
	for _, l := range t.links {
		if l.Fact == f {
			return true
		}
	}
	return false
}

// audience adds whether an audience lets someone in, and by which groups.
func (t *trail) audience(who Identity, l Link, groups Audience, in bool) bool {
	if t != nil {
		l.Holds, l.Groups = in, groups
		if in && len(groups) > 0 {
			l.Groups = who.Groups.amongst(groups)
		}
		t.found(l)
	}
	return in
}

// takes adds that none of the rights has an effect with a role, where that is so.
func (t *trail) takes(role Role, enough, effective rights) bool {
	if t != nil && effective == 0 {
		t.found(Link{Fact: RoleTakes, Role: role, Rights: enough.list()})
	}
	return effective != 0
}

// granted adds what a project gives of what would be enough.
func (t *trail) granted(enough, given rights, by string) bool {
	if t == nil {
		return given != 0
	}
	l := Link{Fact: Granted, Holds: given != 0, Rights: enough.list()}
	if l.Holds {
		l.Rights = given.list()
	}
	if by != "" {
		l.Groups = []string{by}
	}
	if len(l.Rights) > 0 {
		t.found(l)
	}
	return l.Holds
}
