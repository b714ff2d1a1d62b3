package access

// Reason says in one word why something was allowed or refused: the key of a
// sentence for people, and a value for the audit.
type Reason string

// The reasons for allowing.
const (
	ByEveryone       Reason = "everyone"       // it is open
	ByAccount        Reason = "account"        // one is signed in
	ByAudience       Reason = "audience"       // it is for one's groups, or one's domain
	ByOwnership      Reason = "ownership"      // it is one's own execution
	ByRole           Reason = "role"           // one's role includes it
	ByRight          Reason = "right"          // the project gives the right
	ByOwning         Reason = "owning"         // one owns the project
	ByAdministration Reason = "administration" // one administers the domain or the server
)

// The reasons for refusing.
const (
	NotKnown      Reason = "not_known"       // no such permission
	NotSignedIn   Reason = "not_signed_in"   // signing in may help
	NotOfDomain   Reason = "not_of_domain"   // one does not belong there
	NotAttached   Reason = "not_attached"    // one belongs there by a group only
	NotOfAudience Reason = "not_of_audience" // it is for other groups
	NotOwner      Reason = "not_owner"       // it is someone else's execution
	NotOfRole     Reason = "not_of_role"     // one's role does not include it
	NotGranted    Reason = "not_granted"     // the project does not give the right
	NotOfScope    Reason = "not_of_scope"    // one may, but not the program one let in
)

// Decision is the answer to whether someone may do something.
type Decision struct {
	Allowed bool
	Because Reason
}

func yes(why Reason) Decision { return Decision{Allowed: true, Because: why} }
func no(why Reason) Decision  { return Decision{Because: why} }

// Can decides whether an identity may do something on a thing. Every check of
// the product is this one. A program may what its person may, as far as its
// scopes leave it.
func Can(who Identity, do Permission, on Thing) Decision {
	d := decide(who, do, on, nil)
	if d.Allowed && !who.leaves(do) {
		return no(NotOfScope)
	}
	return d
}

// decide follows the rules, and tells the trail what it found on its way when
// there is one.
func decide(who Identity, do Permission, on Thing, t *trail) Decision {
	switch do {
	case Public:
		t.found(Link{Fact: Open, Holds: true})
		return yes(ByEveryone)
	case SeeProject:
		return reachProject(who, on, t)
	case RunProcedure:
		return reachProcedure(who, on, t)
	case ContinueExecution:
		return own(who, on, t)
	case ReadExecution:
		if mine := own(who, on, t); mine.Allowed {
			return mine
		}
		return studio(who, ReadReports, on, t)
	case SignedIn:
		return signedIn(who, t)
	case EnterStudio, CreateProject, AdministerDomain, AdministerServer, Provision:
		return server(who, do, on, t)
	}
	return studio(who, do, on, t)
}

// signedIn allows every account that may come in.
func signedIn(who Identity, t *trail) Decision {
	if !t.account(who) {
		return no(NotSignedIn)
	}
	return yes(ByAccount)
}

// member allows those who are signed in and belong to a domain.
func member(who Identity, domain string, why Reason, t *trail) Decision {
	if d := signedIn(who, t); !d.Allowed {
		return d
	}
	if !t.is(Link{Fact: OfDomain, Domain: domain}, who.In(domain)) {
		return no(NotOfDomain)
	}
	return yes(why)
}

// reachProject follows the audience of a published project, then that of the
// version at hand, which narrows it.
func reachProject(who Identity, on Thing, t *trail) Decision {
	d := ownAudience(who, on, t)
	if !d.Allowed || len(on.Version.Audience) == 0 {
		return d
	}
	if d := member(who, on.Domain, ByAudience, t); !d.Allowed {
		return d
	}
	return inAudience(who, Link{Fact: ForVersion, Version: on.Version.Number}, on.Version.Audience, t)
}

// ownAudience follows the audience of a project alone.
func ownAudience(who Identity, on Thing, t *trail) Decision {
	if on.Project == nil {
		return no(NotOfAudience)
	}
	if t.is(Link{Fact: OpenProject}, on.Project.Public) {
		return yes(ByEveryone)
	}
	if d := member(who, on.Domain, ByAudience, t); !d.Allowed {
		return d
	}
	return inAudience(who, Link{Fact: ForProject}, on.Project.Audience, t)
}

// reachProcedure follows the audiences of the project and its version, then those
// of the procedure's categories, then its own: each narrows the one before. Groups
// belong to a domain, so a group of the same name elsewhere is nothing.
func reachProcedure(who Identity, on Thing, t *trail) Decision {
	d := reachProject(who, on, t)
	for _, groups := range on.Categories {
		if d.Allowed && len(groups) > 0 {
			d = narrowed(who, on, ForCategory, groups, t)
		}
	}
	if d.Allowed && len(on.Procedure) > 0 {
		d = narrowed(who, on, ForProcedure, on.Procedure, t)
	}
	return d
}

// narrowed is an audience inside a project, which may be open to everyone.
func narrowed(who Identity, on Thing, of Fact, groups Audience, t *trail) Decision {
	if d := member(who, on.Domain, ByAudience, t); !d.Allowed {
		return d
	}
	return inAudience(who, Link{Fact: of}, groups, t)
}

func inAudience(who Identity, of Link, groups Audience, t *trail) Decision {
	if !t.audience(who, of, groups, len(groups) == 0 || who.Groups.meets(groups)) {
		return no(NotOfAudience)
	}
	return yes(ByAudience)
}

// own allows the owner of an execution, visitor or not, and nobody else.
func own(who Identity, on Thing, t *trail) Decision {
	if !t.is(Link{Fact: OwnsExecution}, who.ID != "" && who.ID == on.Owner) {
		return no(NotOwner)
	}
	return yes(ByOwnership)
}

// server follows roles, for what is larger than a project.
func server(who Identity, do Permission, on Thing, t *trail) Decision {
	if d := signedIn(who, t); !d.Allowed {
		return d
	}
	role := duties[who.Role]
	enough := who.Role == Administrator || do == EnterStudio && role.studio || do == CreateProject && role.creates
	switch {
	case !t.is(Link{Fact: RoleAllows, Role: who.Role}, enough):
		return no(NotOfRole)
	case do == EnterStudio:
		return yes(ByRole)
	case do == CreateProject:
		return member(who, on.Domain, ByRole, t)
	case do == AdministerServer, do == Provision:
		return member(who, EveryDomain, ByAdministration, t)
	}
	if d := member(who, on.Domain, ByAdministration, t); !d.Allowed {
		return d
	}
	if !t.attached(who, on.Domain) {
		return no(NotAttached)
	}
	return yes(ByAdministration)
}

// studio follows the rights of a project, for those whose role opens the
// Studio; administrators of its domain have them all, and other roles some.
func studio(who Identity, do Permission, on Thing, t *trail) Decision {
	enough, known := opens[do]
	if !known {
		return no(NotKnown)
	}
	if d := signedIn(who, t); !d.Allowed {
		return d
	}
	role := duties[who.Role]
	if !role.studio {
		t.found(Link{Fact: RoleAllows, Role: who.Role})
		return no(NotOfRole)
	}
	d := member(who, on.Domain, ByRight, t)
	switch {
	case !d.Allowed:
		return d
	case on.Project == nil:
		return no(NotGranted)
	case t.is(Link{Fact: Administers, Domain: on.Domain}, who.Role == Administrator && who.attached(on.Domain)):
		return yes(ByAdministration)
	case t.is(Link{Fact: RoleAllows, Role: who.Role}, role.includes(do)):
		return yes(ByRole)
	}
	return granted(who, enough, on.Project, t)
}

// granted follows what a project gives: to its owner, to people and to groups,
// as far as it has an effect with their role.
func granted(who Identity, enough rights, p *Project, t *trail) Decision {
	holds := duties[who.Role].holds
	effective := holds & enough
	if !t.takes(who.Role, enough, effective) {
		return no(NotOfRole)
	}
	if t.is(Link{Fact: OwnsProject}, p.Owner != "" && who.ID == p.Owner && holds&ownership != 0) {
		return yes(ByOwning)
	}
	given, by := p.Grants.give(who.ID, &who.Groups, effective)
	if !t.granted(effective, given, by) {
		return no(NotGranted)
	}
	return yes(ByRight)
}
