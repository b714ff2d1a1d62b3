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
	ByAdministration Reason = "administration" // one administers the domain or the server
)

// The reasons for refusing.
const (
	NotKnown      Reason = "not_known"       // no such permission
	NotSignedIn   Reason = "not_signed_in"   // signing in may help
	NotOfDomain   Reason = "not_of_domain"   // one does not belong there
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
	d := can(who, do, on)
	if d.Allowed && !who.leaves(do) {
		return no(NotOfScope)
	}
	return d
}

func can(who Identity, do Permission, on Thing) Decision {
	switch do {
	case Public:
		return yes(ByEveryone)
	case SeeProject:
		return reachProject(who, on)
	case RunProcedure:
		return reachProcedure(who, on)
	case ContinueExecution:
		return own(who, on)
	case ReadExecution:
		if mine := own(who, on); mine.Allowed {
			return mine
		}
		return studio(who, ReadReports, on)
	case SignedIn:
		return signedIn(who)
	case EnterStudio, CreateProject, AdministerDomain, AdministerServer, Provision:
		return duty(who, do, on)
	}
	return studio(who, do, on)
}

// signedIn allows every account that may come in.
func signedIn(who Identity) Decision {
	if !who.SignedIn() {
		return no(NotSignedIn)
	}
	return yes(ByAccount)
}

// reachProject follows the audience of a published project.
func reachProject(who Identity, on Thing) Decision {
	switch {
	case on.Project == nil:
		return no(NotOfAudience)
	case on.Project.Public:
		return yes(ByEveryone)
	case !who.SignedIn():
		return no(NotSignedIn)
	case !who.In(on.Domain):
		return no(NotOfDomain)
	}
	return inAudience(who, on.Project.Audience)
}

// reachProcedure follows the project's audience, then the procedure's own.
// Groups belong to a domain, so a group of the same name elsewhere is nothing.
func reachProcedure(who Identity, on Thing) Decision {
	d := reachProject(who, on)
	if !d.Allowed || len(on.Procedure) == 0 {
		return d
	}
	switch {
	case !who.SignedIn():
		return no(NotSignedIn)
	case !who.In(on.Domain):
		return no(NotOfDomain)
	}
	return inAudience(who, on.Procedure)
}

func inAudience(who Identity, groups Audience) Decision {
	if len(groups) > 0 && !who.amongst(groups) {
		return no(NotOfAudience)
	}
	return yes(ByAudience)
}

// own allows the owner of an execution, visitor or not, and nobody else.
func own(who Identity, on Thing) Decision {
	if who.ID == "" || who.ID != on.Owner {
		return no(NotOwner)
	}
	return yes(ByOwnership)
}

// duty follows roles, for what is larger than a project.
func duty(who Identity, do Permission, on Thing) Decision {
	switch {
	case !who.SignedIn():
		return no(NotSignedIn)
	case !who.mayWrite():
		return no(NotOfRole)
	case do == EnterStudio:
		return yes(ByRole)
	case do == CreateProject:
		return within(who, on.Domain, ByRole)
	case who.Role != Administrator:
		return no(NotOfRole)
	case do == AdministerServer, do == Provision:
		return within(who, EveryDomain, ByAdministration)
	}
	return within(who, on.Domain, ByAdministration)
}

// within allows for the given reason those who belong to a domain.
func within(who Identity, domain string, why Reason) Decision {
	if !who.In(domain) {
		return no(NotOfDomain)
	}
	return yes(why)
}

// studio follows the rights of a project, for those whose role opens the
// Studio; administrators of its domain have them all.
func studio(who Identity, do Permission, on Thing) Decision {
	rights, known := opens[do]
	switch {
	case !known:
		return no(NotKnown)
	case !who.SignedIn():
		return no(NotSignedIn)
	case !who.mayWrite():
		return no(NotOfRole)
	case !who.In(on.Domain):
		return no(NotOfDomain)
	case on.Project == nil:
		return no(NotGranted)
	case who.administers(on.Domain):
		return yes(ByAdministration)
	case !on.Project.gives(who, rights):
		return no(NotGranted)
	}
	return yes(ByRight)
}
