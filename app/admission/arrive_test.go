package admission

import (
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/login"
)

// TestALookAlikeGivesNothing: names of groups there that only look like the one that
// a role or a group here is given for.
func TestALookAlikeGivesNothing(t *testing.T) {
	m := Method{Kind: SAML, Accounts: Accounts{Roles: []RoleOf{{Theirs: "Admins", Role: access.Administrator}}, Groups: []GroupOf{{"Admins", "g"}}}}
	for name, want := range map[string]bool{
		"Admins": true, "ADMINS": true,
		"\u0410dmins": false, "\uff21dmins": false, "Adm\u0456ns": false, "Adm\u0131ns": false, "Admins ": false, "Admins\ufe0f": false,
	} {
		who := login.Identity{Groups: []string{name}}
		if got := m.roleOf(who) == access.Administrator; got != want {
			t.Errorf("%q gives the role: %v", name, got)
		}
		if got := len(m.arrival(who).Groups) == 1; got != want {
			t.Errorf("%q gives the group: %v", name, got)
		}
	}
}
