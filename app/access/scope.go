package access

import "slices"

// Scope is a part of what an account may do, given to a program. The list is
// closed.
type Scope string

// The scopes. None holds another.
const (
	ScopeRun       Scope = "run"          // run procedures as the person, and read their own reports
	ScopeReports   Scope = "read_reports" // read everyone's executions, where the person may
	ScopeStudio    Scope = "studio"       // read and change projects, where the person may
	ScopeProvision Scope = "provision"    // keep accounts and groups, by SCIM
)

// Scopes returns every scope, in the order forms show them.
func Scopes() []Scope { return []Scope{ScopeRun, ScopeReports, ScopeStudio, ScopeProvision} }

// scoped lists the permissions that a scope leaves. What stands nowhere is left
// to people: administration, and the rights of projects.
var scoped = map[Scope][]Permission{
	ScopeRun:       {SignedIn, SeeProject, RunProcedure, ContinueExecution, ReadExecution},
	ScopeReports:   {SignedIn, SeeProject, ReadExecution, ReadReports},
	ScopeStudio:    {SignedIn, SeeProject, EnterStudio, CreateProject, ReadProject, TestProject, ModifyProject, DuplicateProject, ApproveProject, PublishProject},
	ScopeProvision: {Provision},
}

// ScopesFor lists the scopes that leave a permission.
func ScopesFor(do Permission) (scopes []Scope) {
	for _, s := range Scopes() {
		if slices.Contains(scoped[s], do) {
			scopes = append(scopes, s)
		}
	}
	return scopes
}

// leaves reports whether the scopes of who asks leave a permission. People who
// came by themselves have no scopes, and are left everything.
func (i Identity) leaves(do Permission) bool {
	if !i.Scoped || do == Public {
		return true
	}
	return slices.ContainsFunc(i.Scopes, func(s Scope) bool { return slices.Contains(scoped[s], do) })
}

// MayHoldTokens reports whether somebody may let programs in as themselves: with
// a role that opens the Studio, and in person.
func MayHoldTokens(who Identity) bool {
	return !who.Scoped && Can(who, EnterStudio, Thing{}).Allowed
}

// MayGive reports whether somebody may give a program a scope: provisioning is
// of those who administer the server.
func MayGive(who Identity, s Scope) bool {
	if !MayHoldTokens(who) || !slices.Contains(Scopes(), s) {
		return false
	}
	return s != ScopeProvision || Can(who, Provision, Thing{}).Allowed
}
