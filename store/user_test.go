package store

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/store/db"
)

func aUser(t *testing.T, s *Store, login string, role access.Role) User {
	t.Helper()
	return must[User](t)(s.Content.CreateUser(t.Context(), User{Login: login, Role: role, Active: true}, "test"))
}

// TestLoginTwins: there is one account however its login is written.
func TestLoginTwins(t *testing.T) {
	s, _ := open(t)
	first := aUser(t, s, "Zoé.Lefèvre", access.Writer) // composed
	for name, twin := range map[string]string{
		"case":        "zoé.LEFÈVRE",
		"decomposed":  "Zoe\u0301.Lefe\u0300vre",
		"wide":        "\uff3aoé.Lefèvre",
		"as it is":    "Zoé.Lefèvre",
		"small print": "ｚoé.lefèvre",
	} {
		_, err := s.Content.CreateUser(t.Context(), User{Login: twin, Role: access.User, Active: true}, "test")
		refused(t, err, fault.Conflict, "fault.user.taken")
		if fault.FieldsOf(err)["login"] == "" {
			t.Errorf("%s: the field is not named", name)
		}
		if got := must[User](t)(s.Content.UserByLogin(t.Context(), twin)); got.ID != first.ID || got.Login != "Zoé.Lefèvre" {
			t.Errorf("%s: found %+v", name, got)
		}
	}
	other := aUser(t, s, "zoe.lefevre", access.User) // another person
	other.Login = "ZOÉ.lefèvre"
	_, err := s.Content.SaveUser(t.Context(), other, "test")
	refused(t, err, fault.Conflict, "fault.user.taken")
}

func TestLoginsThatCannotBe(t *testing.T) {
	s, _ := open(t)
	for name, login := range map[string]string{
		"empty": "", "space": "a b", "NUL": "a\x00b", "line": "a\nb", "escape": "a\x1b[2Jb", "zero width": "a\u200bb",
		"right to left": "a\u202eb", "lone surrogate": "a\xed\xa0\x80b", "not UTF-8": "a\xff", "long": strings.Repeat("a", 300), "two alphabets": "\u0430da",
		"markup": "<b>x", "quote": `a"b`, "ampersand": "a&b", "slash": "sandbox/ada", "semicolon": "ada;", "equals": "=ada", "option": "-ada", "dot": ".ada", "at": "@ada",
		"two domains": `A\B\c`, "domain alone": `CORP\`, "emoji": "ada😀", "101 letters": strings.Repeat("é", 101),
	} {
		_, err := s.Content.CreateUser(t.Context(), User{Login: login, Role: access.User, Active: true}, "test")
		refused(t, err, fault.Invalid, "")
		if fault.FieldsOf(err)["login"] == "" {
			t.Errorf("%s: the field is not named", name)
		}
		_, err = s.Content.UserByLogin(t.Context(), login)
		refused(t, err, fault.NotFound, "")
	}
	for _, login := range []string{"ada@example.org", `CORP\ada`, "o'hara", "李", "ada+test", "Ада", "a_b-c.d", "7", "अनु", strings.Repeat("é", 100)} {
		aUser(t, s, login, access.User)
	}
	if n := must[int64](t)(s.Content.CountUsers(t.Context())); n != 10 {
		t.Errorf("%d users", n)
	}
}

// TestLoginsOfOlderDays: an account whose login could be had before still signs
// in and is changed in all else; its login is only changed to one that can be.
func TestLoginsOfOlderDays(t *testing.T) {
	s, _ := open(t)
	old := aUser(t, s, "plain", access.User)
	old.Login = "<b>x"
	if err := s.Content.Write(t.Context(), "age", func(t *db.Tx) error {
		_, err := t.Exec(`UPDATE user SET login = ?, login_key = ? WHERE id = ?`, old.Login, old.Login, old.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got := must[User](t)(s.Content.UserByLogin(t.Context(), "<B>x")); got.ID != old.ID {
		t.Errorf("found %+v", got)
	}
	old.FirstName = "Ada"
	old = must[User](t)(s.Content.SaveUser(t.Context(), old, "test"))
	worse := old
	worse.Login = "<i>x"
	_, err := s.Content.SaveUser(t.Context(), worse, "test")
	refused(t, err, fault.Invalid, "")
	if fault.FieldsOf(err)["login"] == "" {
		t.Error("the field is not named")
	}
	old.Login = "ada"
	must[User](t)(s.Content.SaveUser(t.Context(), old, "test"))
}

// TestNamesThatCannotBe: a name is one line in every list, table and log,
// whichever door it came by.
func TestNamesThatCannotBe(t *testing.T) {
	s, _ := open(t)
	kept := aUser(t, s, "ada", access.User)
	for _, name := range []string{"a\nb", "a\x1b[31mb", "a\x00", "a\u202eb", "a\u2028b", "a\xff", strings.Repeat("é", 101)} {
		for field, u := range map[string]User{"first_name": {FirstName: name}, "last_name": {LastName: name}, "mail": {Mail: name}} {
			u.Login, u.Role = "eve", access.User
			_, err := s.Content.CreateUser(t.Context(), u, "test")
			refused(t, err, fault.Invalid, "")
			u.Login, u.ID, u.Version = kept.Login, kept.ID, kept.Version
			_, again := s.Content.SaveUser(t.Context(), u, "test")
			refused(t, again, fault.Invalid, "")
			if fault.FieldsOf(err)[field] == "" || fault.FieldsOf(again)[field] == "" {
				t.Errorf("%q as %s: the field is not named: %v, %v", name, field, err, again)
			}
		}
	}
	kept.FirstName, kept.LastName, kept.Mail = "علي", "O’Hara-Müller", "ada@example.org"
	must[User](t)(s.Content.SaveUser(t.Context(), kept, "test"))
}

func TestSaveUser(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	u := aUser(t, s, "ada", access.Writer)
	u.FirstName, u.LastName, u.Mail, u.Attributes = "Ada", "Lovelace", "ada@example.org", map[string]string{"site": "Paris"}
	saved := must[User](t)(s.Content.SaveUser(ctx, u, "test"))
	got := must[User](t)(s.Content.User(ctx, u.ID))
	if saved.Version != 2 || got.Version != 2 || got.Name() != "Ada Lovelace" || got.Attributes["site"] != "Paris" || !got.SessionsFrom.IsZero() {
		t.Errorf("got %+v", got)
	}
	_, err := s.Content.SaveUser(ctx, u, "test")
	refused(t, err, fault.Conflict, "fault.stale")
	_, err = s.Content.SaveUser(ctx, User{ID: "nobody", Login: "nobody", Role: access.User}, "test")
	refused(t, err, fault.NotFound, "")

	check(t, s.Content.SetPassword(ctx, u.ID, "hash-1", "test"))
	if got = must[User](t)(s.Content.User(ctx, u.ID)); got.Password != "hash-1" || got.SessionsFrom.IsZero() {
		t.Errorf("after a new password: %+v", got)
	}
	check(t, s.Content.RehashPassword(ctx, u.ID, "hash-0", "hash-2"))
	if got = must[User](t)(s.Content.User(ctx, u.ID)); got.Password != "hash-1" {
		t.Error("a password that was changed meanwhile was overwritten")
	}
	before := got.SessionsFrom
	got.Active = false
	if got = must[User](t)(s.Content.SaveUser(ctx, got, "test")); !got.SessionsFrom.After(before) {
		t.Error("the sessions of a suspended account go on")
	}
	refused(t, s.Content.SetPassword(ctx, "nobody", "x", "test"), fault.NotFound, "")
	refused(t, s.Content.DeleteUser(ctx, u.ID, 1, Heir{}, "test"), fault.Conflict, "fault.stale")
	check(t, s.Content.DeleteUser(ctx, u.ID, got.Version, Heir{}, "test"))
	_, err = s.Content.User(ctx, u.ID)
	refused(t, err, fault.NotFound, "")
}

func TestSetupToken(t *testing.T) {
	s, c := open(t)
	ctx := t.Context()
	old := must[string](t)(s.Content.NewSetupToken(ctx, time.Hour))
	token := must[string](t)(s.Content.NewSetupToken(ctx, time.Hour))
	_, err := s.Content.UseSetupToken(ctx, old, User{Login: "ada"})
	refused(t, err, fault.Forbidden, "fault.setup.spent")

	// A login that cannot be does not spend the token; of ten at once, one wins.
	_, err = s.Content.UseSetupToken(ctx, token, User{Login: "a b"})
	refused(t, err, fault.Invalid, "")
	var wg sync.WaitGroup
	var made atomic.Int32
	for i := range 10 {
		wg.Go(func() {
			if _, err := s.Content.UseSetupToken(ctx, token, User{Login: fmt.Sprint("admin", i)}); err == nil {
				made.Add(1)
			} else if !fault.Is(err, fault.Forbidden) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	users := must[[]User](t)(s.Content.Users(ctx, UserFilter{}))
	if made.Load() != 1 || len(users) != 1 || users[0].Role != access.Administrator || !users[0].Everywhere || !users[0].Active {
		t.Errorf("%d made: %+v", made.Load(), users)
	}

	late := must[string](t)(s.Content.NewSetupToken(ctx, time.Hour))
	c.pass(2 * time.Hour)
	_, err = s.Content.UseSetupToken(ctx, late, User{Login: "late"})
	refused(t, err, fault.Forbidden, "fault.setup.spent")
}

func TestMemberships(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	u := aUser(t, s, "ada", access.Writer)
	here := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "support"}, "test"))
	there := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "sandbox", Name: "support"}, "test"))
	_, err := s.Content.CreateGroup(ctx, Group{Domain: "sandbox", Name: "support"}, "test")
	refused(t, err, fault.Conflict, "fault.group.taken")

	check(t, s.Content.SetMemberships(ctx, u.ID, []string{"production", "production"}, []string{there.ID}, "test"))
	m := must[Memberships](t)(s.Content.Memberships(ctx, u.ID))
	if !slices.Equal(m.Domains, []string{"production"}) || len(m.Groups) != 1 || m.Groups[0].Domain != "sandbox" {
		t.Errorf("got %+v", m)
	}
	check(t, s.Content.SetMemberships(ctx, u.ID, nil, []string{here.ID}, "test"))
	m = must[Memberships](t)(s.Content.Memberships(ctx, u.ID))
	if len(m.Domains) != 0 || len(m.Groups) != 1 || m.Groups[0].ID != here.ID {
		t.Errorf("got %+v", m)
	}
	refused(t, s.Content.SetMemberships(ctx, u.ID, []string{"moon"}, nil, "test"), fault.Conflict, "fault.in_use")
	if m = must[Memberships](t)(s.Content.Memberships(ctx, u.ID)); len(m.Groups) != 1 {
		t.Errorf("a refused change was half made: %+v", m)
	}

	p := must[Project](t)(s.Content.CreateProject(ctx, "production", aProject("it", 1), u.ID))
	grants := []access.Grant{{Right: access.Publication, Group: "support"}, {Right: access.Modification, User: u.ID}}
	check(t, s.Content.SetGrants(ctx, p.ID, append(grants, grants...), "test"))
	if got := must[[]access.Grant](t)(s.Content.Grants(ctx, p.ID)); !slices.Equal(got, []access.Grant{grants[1], grants[0]}) {
		t.Errorf("got %+v", got)
	}
	refused(t, s.Content.SetGrants(ctx, p.ID, []access.Grant{{Right: access.Approval, Group: "strangers"}}, "test"), fault.NotFound, "fault.group.unknown")

	here.Name = "help"
	here = must[Group](t)(s.Content.SaveGroup(ctx, here, "test"))
	if got := must[[]access.Grant](t)(s.Content.Grants(ctx, p.ID)); len(got) != 2 || got[1].Group != "help" {
		t.Errorf("after renaming: %+v", got)
	}
	check(t, s.Content.DeleteGroup(ctx, here.ID, here.Version, "test"))
	check(t, s.Content.DeleteUser(ctx, u.ID, u.Version, Heir{}, "test"))
	if got := must[[]access.Grant](t)(s.Content.Grants(ctx, p.ID)); len(got) != 0 {
		t.Errorf("rights of nobody are left: %+v", got)
	}
}

func TestUsersByPages(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	group := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "support"}, "test"))
	for i := range 25 {
		u := must[User](t)(s.Content.CreateUser(ctx, User{Login: fmt.Sprintf("u%02d", i), LastName: "Martin", FirstName: string(rune('a' + i%5)), Role: access.User, Active: true}, "test"))
		switch i % 3 {
		case 0:
			check(t, s.Content.SetMemberships(ctx, u.ID, []string{"sandbox"}, nil, "test"))
		case 1:
			check(t, s.Content.SetMemberships(ctx, u.ID, nil, []string{group.ID}, "test"))
		}
	}
	seen := map[string]bool{}
	f := UserFilter{Limit: 7}
	for page := must[[]User](t)(s.Content.Users(ctx, f)); len(page) > 0; page = must[[]User](t)(s.Content.Users(ctx, f)) {
		for _, u := range page {
			seen[u.ID], f.After = true, u.ID
		}
	}
	if len(seen) != 25 {
		t.Errorf("%d users seen by pages", len(seen))
	}
	for _, c := range []struct {
		f    UserFilter
		want int
	}{
		{UserFilter{Domain: "sandbox"}, 9}, {UserFilter{Domain: "production"}, 8}, {UserFilter{Group: group.ID}, 8},
		{UserFilter{Text: "U1"}, 10}, {UserFilter{Text: "martin"}, 25},
		{UserFilter{Text: "%"}, 0}, {UserFilter{Text: "_"}, 0}, {UserFilter{Text: `\`}, 0}, {UserFilter{Text: "' OR 1=1 --"}, 0},
	} {
		if got := must[[]User](t)(s.Content.Users(ctx, c.f)); len(got) != c.want {
			t.Errorf("%+v: %d users, want %d", c.f, len(got), c.want)
		}
	}
}
