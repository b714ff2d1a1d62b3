package ldap

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-ldap/ldap/v3"

	"selfhelp/app/login"
)

// FuzzTyped holds that a login that was typed is compared as it was typed: it ends
// neither the filter nor the name that it stands in, and adds nothing to them.
func FuzzTyped(f *testing.F) {
	for _, seed := range []string{"ada", "*", "*)(uid=*", `\2a`, "\x00", "o,d+a", " ada ", "#x", `a\,b`, "é", "\xff", `"`, "a=b;c", "((((", "a\\", "<>"} {
		f.Add(seed)
	}
	server := Server{Filter: "(&(objectClass=person)(uid={login}))", Direct: "uid={login},ou=people,dc=example,dc=org"}
	f.Fuzz(func(t *testing.T, typed string) {
		if typed == "" || len(typed) > maxLogin {
			return
		}
		packet, err := ldap.CompileFilter(server.asked(typed))
		if err != nil {
			t.Fatalf("%q: %v", server.asked(typed), err)
		}
		if packet.Tag != ldap.FilterAnd || len(packet.Children) != 2 || packet.Children[1].Tag != ldap.FilterEqualityMatch || packet.Children[1].Children[1].Data.String() != typed {
			t.Errorf("%q is asked for as %q", typed, server.asked(typed))
		}
		if !utf8.ValidString(typed) || strings.ContainsRune(typed, 0) {
			return // nobody's login, refused before any name is made of it
		}
		dn, err := ldap.ParseDN(server.bindsAs(typed))
		if err != nil || len(dn.RDNs) != 4 || len(dn.RDNs[0].Attributes) != 1 || dn.RDNs[0].Attributes[0].Type != "uid" || dn.RDNs[0].Attributes[0].Value != typed {
			t.Errorf("%q binds as %q: %v", typed, server.bindsAs(typed), err)
		}
	})
}

// FuzzEntry holds that whatever a directory says, what is taken of it is text, of
// bounded length, and that circles of groups end.
func FuzzEntry(f *testing.F) {
	f.Add([]byte("id-1"), []byte("ada"), []byte("Ada"), []byte("cn=a,dc=x"), []byte("lyon"))
	f.Add([]byte{0, 1, 0xff}, []byte("\xff"), []byte(strings.Repeat("x", 2000)), []byte("CN=A,DC=X"), []byte("\xfe"))
	f.Add([]byte{}, []byte{}, []byte{}, []byte{}, []byte{})
	f.Add([]byte(strings.Repeat("y", 5000)), []byte(strings.Repeat("z", 5000)), []byte("\x00"), []byte(","), []byte(strings.Repeat("g", 5000)))
	f.Fuzz(func(t *testing.T, id, name, first, group, called []byte) {
		server := Server{ID: "entryUUID", Login: "uid", GroupName: "cn", Member: "member", Names: map[string]string{login.FieldFirstName: "givenName"}}
		entry := ldap.NewEntry("uid=ada,dc=x", nil)
		for attribute, value := range map[string][]byte{"entryUUID": id, "uid": name, "givenName": first} {
			entry.Attributes = append(entry.Attributes, &ldap.EntryAttribute{Name: attribute, Values: []string{string(value)}, ByteValues: [][]byte{value}})
		}
		p, err := server.person(entry)
		if err != nil {
			if len(id) > 0 && len(id) <= maxValue && len(name) > 0 && isKept(string(name)) {
				t.Errorf("%+v is refused: %v", p, err)
			}
			return
		}
		key := canonical(string(group))
		in := grouping{server, map[string][]string{canonical(p.dn): {key}, key: {key, canonical(p.dn)}}, map[string]string{key: string(called)}}
		p.Groups = in.names(p)
		for what, value := range map[string]string{"subject": p.Subject, "login": p.Login, "first name": p.Fields[login.FieldFirstName], "groups": strings.Join(p.Groups, "\n")} {
			if !utf8.ValidString(value) || len(value) > 2*maxValue {
				t.Errorf("the %s is %d bytes, %.50q", what, len(value), value)
			}
		}
		if p.Subject == "" || p.Login == "" || len(p.Groups) > 1 || len(p.Groups) == 1 && p.Groups[0] == "" {
			t.Errorf("taken: %+v", p)
		}
	})
}
