package access

import (
	"slices"
	"testing"
)

// TestScopesOnlyNarrow: a program never may what its person may not, and with no
// scope it may what a visitor may.
func TestScopesOnlyNarrow(t *testing.T) {
	things := []Thing{
		{}, {Domain: domain, Project: project()}, {Domain: domain, Project: &Project{Public: true}},
		{Domain: domain, Project: project(toUser(Rights()...)...), Owner: theUser},
	}
	for name, who := range cast() {
		for _, on := range things {
			for _, do := range Permissions() {
				person := Can(who, do, on)
				for _, s := range Scopes() {
					program := who
					program.Scoped, program.Scopes = true, []Scope{s}
					got, holds := Can(program, do, on), slices.Contains(ScopesFor(do), s)
					if want := person.Allowed && (holds || do == Public); got.Allowed != want {
						t.Errorf("%s with %s: %s: %v (%s), want %v", name, s, do, got.Allowed, got.Because, want)
					}
					if person.Allowed && !got.Allowed && got.Because != NotOfScope {
						t.Errorf("%s with %s: %s is refused because of %s", name, s, do, got.Because)
					}
				}
				bare := who
				bare.Scoped = true
				if got := Can(bare, do, on); got.Allowed && do != Public {
					t.Errorf("%s without any scope may %s", name, do)
				}
			}
		}
	}
}

// TestNoScopeAdministers: what decides who may what is left to people.
func TestNoScopeAdministers(t *testing.T) {
	for _, do := range []Permission{AdministerServer, AdministerDomain, AdministerProject} {
		if got := ScopesFor(do); len(got) > 0 {
			t.Errorf("%s is left by %v", do, got)
		}
	}
}

// TestWhoGivesScopes: those whose role opens the Studio, and provisioning those
// who administer the server.
func TestWhoGivesScopes(t *testing.T) {
	for name, want := range map[string][]Scope{
		"visitor": nil, "user": nil, "user in group": nil, "unknown role": nil,
		"writer": {ScopeRun, ScopeReports, ScopeStudio}, "admin": {ScopeRun, ScopeReports, ScopeStudio}, "server admin": Scopes(),
	} {
		var got []Scope
		for _, s := range append(Scopes(), "everything") {
			if MayGive(cast()[name], s) {
				got = append(got, s)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s may give %v, want %v", name, got, want)
		}
	}
	program := cast()["server admin"]
	program.Scoped, program.Scopes = true, Scopes()
	if MayHoldTokens(program) {
		t.Error("a program makes tokens for others")
	}
}
