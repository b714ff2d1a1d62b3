package admission

import (
	"encoding/json"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/login/ldap"
	"selfhelp/app/login/oidc"
)

// TestChangesAreTold: what is done to the ways in is told by what it is, and no
// secret with it.
func TestChangesAreTold(t *testing.T) {
	directory := Method{ID: "d", Kind: LDAP, Name: "Directory", LDAP: &ldap.Server{URLs: []string{"ldaps://old"}, Password: "first secret"}}
	login := Method{ID: "o", Kind: OIDC, Name: "Login", OIDC: &oidc.Provider{Issuer: "https://old", ClientSecret: "second secret"}}
	was := Settings{Methods: []Method{{ID: InternalID, Kind: Internal}, directory, login}}
	server := *directory.LDAP
	server.URLs, server.Password, server.Plain = []string{"ldaps://new"}, "third secret", true
	other := directory
	other.LDAP, other.Accounts.Role = &server, access.Writer
	off := login
	off.Off = true
	for want, now := range map[string]Settings{
		`{}`: was,
		`{"methods":[{"did":"changed","method":"d","name":"Directory","fields":["ldap.password","ldap.urls"],"values":{"accounts.role":{"was":null,"now":"writer"},"ldap.plain":{"was":null,"now":true}}}]}`: was.Put(other),
		`{"methods":[{"did":"off","method":"o","name":"Login"}]}`:                                was.Put(off),
		`{"methods":[{"did":"removed","method":"d","name":"Directory"}]}`:                        was.Without("d"),
		`{"methods":[{"did":"moved","method":"o","name":"Login"}]}`:                              was.Move("o", -1),
		`{"methods":[{"did":"added","method":"n","name":"New"}]}`:                                was.Put(Method{ID: "n", Kind: SCIM, Name: "New"}),
		`{"values":{"away.who":{"was":null,"now":"everyone"},"second":{"was":null,"now":true}}}`: {Methods: was.Methods, Second: true, Away: Away{Who: Everyone}},
	} {
		told, err := now.since(was)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(told)
		if err != nil || string(got) != want || strings.Contains(string(got), "secret") {
			t.Errorf("told %s, %v, want %s", got, err, want)
		}
	}
}
