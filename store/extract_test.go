package store

import (
	"bytes"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// TestAnExtractMakesTheSameContent extracts one store and adopts it in another, again
// after changes of every kind, among them two logins that changed places.
func TestAnExtractMakesTheSameContent(t *testing.T) {
	ctx := t.Context()
	from, _ := open(t)
	to, _ := open(t)
	brought := func(what string) {
		t.Helper()
		sent := must[[]byte](t)(from.Content.Extract(ctx))
		if _, err := to.Content.Adopt(ctx, sent); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if got := must[[]byte](t)(to.Content.Extract(ctx)); !bytes.Equal(got, sent) {
			t.Errorf("%s: what was adopted is not what was sent:\n%s\n%s", what, got, sent)
		}
		if n := must[int](t)(to.Content.Adopt(ctx, sent)); n != 0 {
			t.Errorf("%s: the same again changed %d rows", what, n)
		}
		if wrong := must[[]string](t)(to.Content.Whole(ctx)); len(wrong) > 0 {
			t.Errorf("%s: %v", what, wrong)
		}
	}
	brought("nothing yet")
	add := func(login string) User {
		return must[User](t)(from.Content.CreateUser(ctx, User{Login: login, Role: access.User, Active: true}, "test"))
	}
	ada, ben := add("ada"), add("ben")
	g := must[Group](t)(from.Content.CreateGroup(ctx, Group{Domain: "production", Name: "lyon", Title: procedure.T("Lyon", "Lyon")}, ""))
	for _, u := range []User{ada, ben} {
		check(t, from.Content.SetMemberships(ctx, u.ID, []string{"production"}, []string{g.ID}, ""))
	}
	check(t, from.Content.SaveSetting(ctx, "words", 0, "some", "", nil))
	brought("people and a group")
	// The logins change places: for a moment no row may have either.
	rename := func(u User, login string) User {
		u.Login = login
		return must[User](t)(from.Content.SaveUser(ctx, u, ""))
	}
	ada = rename(ada, "carl")
	ben = rename(ben, "ada")
	rename(ada, "ben")
	brought("logins that changed places")
	ben = must[User](t)(from.Content.User(ctx, ben.ID))
	check(t, from.Content.DeleteUser(ctx, ben.ID, ben.Version, Heir{}, ""))
	brought("somebody who is gone")
}

// TestAnExtractIsRefusedWhole changes an extract in every way that is told.
func TestAnExtractIsRefusedWhole(t *testing.T) {
	ctx := t.Context()
	from, _ := open(t)
	to, _ := open(t)
	must[User](t)(from.Content.CreateUser(ctx, User{Login: "ada", Role: access.User, Active: true}, "test"))
	sent := string(must[[]byte](t)(from.Content.Extract(ctx)))
	before := must[[]byte](t)(to.Content.Extract(ctx))
	for name, c := range map[string]struct {
		was, is string
		kind    fault.Kind
	}{
		"newer format":     {`"format":1`, `"format":2`, fault.Invalid},
		"other shape":      {`"shape":`, `"shape":9`, fault.Conflict},
		"unknown table":    {`"name":"setting"`, `"name":"audit"`, fault.Conflict},
		"unknown column":   {`"login_key"`, `"login_kez"`, fault.Conflict},
		"short row":        {`["production",`, `["x"],["production",`, fault.Invalid},
		"value of no kind": {`["production",`, `[true,`, fault.Invalid},
		"a role of nobody": {`"user"`, `"king"`, fault.Conflict},
		"unknown field":    {`{"format"`, `{"x":1,"format"`, fault.Invalid},
		"cut short":        {`]}]}`, ``, fault.Invalid},
	} {
		if !strings.Contains(sent, c.was) {
			t.Fatalf("%s: nothing to change", name)
		}
		at := strings.LastIndex(sent, c.was)
		if name == "a role of nobody" {
			at = strings.LastIndex(sent, `,"user",`) + 1
		}
		changed := sent[:at] + c.is + sent[at+len(c.was):]
		if _, err := to.Content.Adopt(ctx, []byte(changed)); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after := must[[]byte](t)(to.Content.Extract(ctx)); !bytes.Equal(before, after) {
		t.Error("something of what was refused was kept")
	}
}
