package oidc

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"selfhelp/app/fault"
	"selfhelp/app/login"
)

// FuzzIdentity holds that whatever a signed token says of somebody, what is taken
// is text of bounded length, and never an address that the provider does not call
// verified.
func FuzzIdentity(f *testing.F) {
	for _, seed := range []string{
		`{"preferred_username":"ada","email":"a@b.c","email_verified":true,"groups":["b","a","a"]}`,
		`{"preferred_username":["ada","x"],"email":"a@b.c","email_verified":"False","groups":"one"}`,
		`{"preferred_username":5,"email":"a@b.c","email_verified":0,"realm":{"groups":[["deep"],{"x":1},null,true]}}`,
		`{"preferred_username":"ada","email":"a@b.c","email_verified":null}`, `{"preferred_username":{"a":"b"}}`, `{}`, `null`,
		`{"preferred_username":"ada","email":"a@b.c","email_verified":[]}`, `{"preferred_username":"ada","email":"a@b.c","email_verified":{}}`,
	} {
		f.Add(seed)
	}
	p := Provider{Login: "preferred_username", Names: map[string]string{login.FieldMail: "email", login.FieldFirstName: "name.given"}, Groups: "groups"}
	f.Fuzz(func(t *testing.T, body string) {
		c := &claims{subject: "s"}
		if json.Unmarshal([]byte(body), &c.all) != nil {
			return
		}
		verified, said := c.all["email_verified"]
		who, err := p.identity(c)
		if err != nil {
			if !fault.Is(err, fault.Unauthenticated) {
				t.Fatal(err)
			}
			return
		}
		if who.Subject != "s" || who.Login == "" || len(who.Groups) > maxGroups || !slices.IsSorted(who.Groups) {
			t.Errorf("taken: %+v", who)
		}
		for _, value := range append([]string{who.Login, who.Fields[login.FieldMail], who.Fields[login.FieldFirstName]}, who.Groups...) {
			if !utf8.ValidString(value) || len(value) > maxValue {
				t.Errorf("%d bytes are taken, %.50q", len(value), value)
			}
		}
		if mail := who.Fields[login.FieldMail]; mail != "" && said && verified != true && verified != "true" {
			t.Errorf("%s is taken, of which the provider says %v", mail, verified)
		}
		if again, err := p.identity(&claims{"s", c.all}); err != nil || again.Login != who.Login || strings.Join(again.Groups, "\n") != strings.Join(who.Groups, "\n") {
			t.Errorf("read again: %+v, %v", again, err)
		}
	})
}
