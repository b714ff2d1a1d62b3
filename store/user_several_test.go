package store

import (
	"slices"
	"strings"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// crowd makes accounts a, b, c, … in production.
func crowd(t *testing.T, s *Store, names ...string) (ids []string) {
	t.Helper()
	for i, name := range names {
		u := must[User](t)(s.Content.CreateUser(t.Context(), User{Login: name, LastName: strings.ToUpper(name), Mail: string(rune('z'-i)) + "@x.example", Role: access.User, Active: i%2 == 0}, "test"))
		check(t, s.Content.SetMemberships(t.Context(), u.ID, []string{"production"}, nil, "test"))
		ids = append(ids, u.ID)
	}
	return ids
}

// TestUsersInEveryOrder goes through every order, both ways, two at a time:
// nobody is left out or comes twice.
func TestUsersInEveryOrder(t *testing.T) {
	s, _ := open(t)
	ids := crowd(t, s, "ada", "bob", "eve", "joe", "sue")
	slices.Sort(ids)
	for _, sort := range UserSorts {
		for _, down := range []bool{false, true} {
			f := UserFilter{Sort: sort, Down: down, Limit: 2}
			var seen []string
			for {
				page := must[[]User](t)(s.Content.Users(t.Context(), f))
				if len(page) == 0 {
					break
				}
				for _, u := range page {
					seen = append(seen, u.ID)
				}
				f.After = page[len(page)-1].ID
			}
			slices.Sort(seen)
			if !slices.Equal(seen, ids) {
				t.Errorf("by %s, down %v: %d accounts seen", sort, down, len(seen))
			}
		}
	}
	byMail := must[[]User](t)(s.Content.Users(t.Context(), UserFilter{Sort: "mail"}))
	if byMail[0].Login != "sue" || byMail[4].Login != "ada" {
		t.Errorf("by mail %s comes first", byMail[0].Login)
	}
}

func TestSeveralAccountsAtOnce(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	ids := crowd(t, s, "ada", "bob", "eve")
	if n := must[int](t)(s.Content.SetActive(ctx, ids, false, "test")); n != 2 {
		t.Errorf("%d suspended, want the 2 that were not", n)
	}
	if _, err := s.Content.SetActive(ctx, append(ids, "none"), true, "test"); !fault.Is(err, fault.NotFound) {
		t.Errorf("got %v", err)
	}
	if n := must[int64](t)(s.Content.CountUsersLike(ctx, UserFilter{Active: true})); n != 0 {
		t.Errorf("%d came back though one of them is not there", n)
	}
	g := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "it"}, "test"))
	if n := must[int](t)(s.Content.EnterGroupTogether(ctx, g.ID, append(ids, ids[0]), "test")); n != 3 {
		t.Errorf("%d entered", n)
	}
	if n := must[int](t)(s.Content.LeaveGroupTogether(ctx, g.ID, ids[:2], "test")); n != 2 {
		t.Errorf("%d left", n)
	}
	chief := must[User](t)(s.Content.CreateUser(ctx, User{Login: "chief", Role: access.Administrator, Everywhere: true, Active: true}, "test"))
	if _, err := s.Content.SetActive(ctx, append(ids, chief.ID), false, "test"); !fault.Is(err, fault.Conflict) {
		t.Errorf("the last administrator was suspended with others: %v", err)
	}
}

func TestGroupsInSeveralDomains(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	ids := crowd(t, s, "ada", "bob")
	g := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "it"}, "test"))
	must[int](t)(s.Content.EnterGroupTogether(ctx, g.ID, ids[:1], "test"))
	check(t, s.Content.AttachGroup(ctx, g.ID, "sandbox", "test"))
	check(t, s.Content.AttachGroup(ctx, g.ID, "sandbox", "test")) // again: nothing more
	m := must[Memberships](t)(s.Content.Memberships(ctx, ids[0]))
	if len(m.Groups) != 1 || !slices.Equal(m.Groups[0].In(), []string{"production", "sandbox"}) {
		t.Errorf("got %+v", m)
	}
	if n := must[int64](t)(s.Content.CountUsersLike(ctx, UserFilter{Domain: "sandbox"})); n != 1 {
		t.Errorf("%d accounts belong to the sandbox", n)
	}
	if listed := must[[]Group](t)(s.Content.Groups(ctx, "sandbox")); len(listed) != 1 || listed[0].Domain != "production" {
		t.Errorf("got %+v", listed)
	}
	named := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "sandbox", Name: "desk", Title: procedure.T("Accueil", "Desk")}, "test"))
	if titles := must[map[string]procedure.Text](t)(s.Content.GroupTitles(ctx, "sandbox", []string{"it", "desk", "none"})); len(titles) != 2 || titles["desk"].In["en"] != "Desk" {
		t.Errorf("got %+v", titles)
	}
	if titles := must[map[string]procedure.Text](t)(s.Content.GroupTitles(ctx, "production", []string{"desk"})); len(titles) != 0 {
		t.Errorf("%s is told elsewhere: %+v", named.Name, titles)
	}
	if sizes := must[map[string]int](t)(s.Content.GroupSizes(ctx, "sandbox")); sizes[g.ID] != 1 {
		t.Errorf("got %v", sizes)
	}
	// Nobody else may have its name there.
	if _, err := s.Content.CreateGroup(ctx, Group{Domain: "sandbox", Name: "it"}, "test"); !fault.Is(err, fault.Conflict) {
		t.Errorf("two groups of one name in a domain: %v", err)
	}
	hr := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "sandbox", Name: "hr"}, "test"))
	now := must[Group](t)(s.Content.Group(ctx, g.ID))
	now.Name = "hr"
	if _, err := s.Content.SaveGroup(ctx, now, "test"); !fault.Is(err, fault.Conflict) {
		t.Errorf("renamed to the name of another: %v", err)
	}
	if err := s.Content.AttachGroup(ctx, hr.ID, "none", "test"); err == nil {
		t.Error("attached to a domain that is not there")
	}
	check(t, s.Content.DetachGroup(ctx, g.ID, "production", "test")) // its own it keeps
	check(t, s.Content.DetachGroup(ctx, g.ID, "sandbox", "test"))
	if got := must[Group](t)(s.Content.Group(ctx, g.ID)); len(got.Also) != 0 || got.Domain != "production" {
		t.Errorf("got %+v", got)
	}
	if n := must[int64](t)(s.Content.CountUsersLike(ctx, UserFilter{Domain: "sandbox"})); n != 0 {
		t.Errorf("%d accounts belong to the sandbox still", n)
	}
}

func TestSessionsAreListed(t *testing.T) {
	s, c := open(t)
	ctx := t.Context()
	for _, token := range []string{"one", "two", "three", "nobody's"} {
		check(t, s.Activity.Sessions(aDay).CommitCtx(ctx, token, []byte("x"), c.now().Add(time.Hour)))
		c.pass(time.Minute)
	}
	check(t, s.Activity.NameSession(ctx, "one", Session{User: "ada", Agent: "Firefox", Address: "192.0.2.1", Began: c.now()}, 20))
	check(t, s.Activity.NameSession(ctx, "two", Session{User: "ada"}, 20))
	check(t, s.Activity.NameSession(ctx, "three", Session{User: "bob"}, 20))
	own := must[[]Session](t)(s.Activity.SessionsOf(ctx, "ada", 0))
	if len(own) != 2 || own[0].ID != SessionID("two") || own[1].Agent != "Firefox" || own[1].Seen.IsZero() {
		t.Errorf("got %+v", own)
	}
	if n := must[int64](t)(s.Activity.StopSessions(ctx, "bob", []string{SessionID("one"), "strange"})); n != 0 {
		t.Errorf("%d sessions of someone else ended", n)
	}
	if n := must[int64](t)(s.Activity.StopSessions(ctx, "", []string{SessionID("one"), SessionID("three")})); n != 2 {
		t.Errorf("%d ended", n)
	}
	c.pass(2 * time.Hour)
	if left := must[[]Session](t)(s.Activity.SessionsOf(ctx, "", 0)); len(left) != 0 {
		t.Errorf("sessions that expired are listed: %+v", left)
	}
}

// TestRostersAreKeptWhole makes, changes and moves accounts in one: what refuses
// one refuses all.
func TestRostersAreKeptWhole(t *testing.T) {
	s, _ := open(t)
	g := must[Group](t)(s.Content.CreateGroup(t.Context(), Group{Domain: "production", Name: "support"}, "test"))
	old := must[User](t)(s.Content.CreateAccount(t.Context(), User{Login: "old", Role: access.User, Active: true, Password: "kept"}, []string{"production"}, []string{g.ID}, "test"))
	old.LastName = "Named"
	all := []Roster{
		{User: User{Login: "new", Role: access.Writer, Active: true}, Moves: true, Domains: []string{"sandbox"}, Groups: []string{g.ID}, Password: "first"},
		{User: old},
	}
	stale := old
	stale.Version = 7
	refused(t, s.Content.SaveRoster(t.Context(), append(all, Roster{User: stale}), "test"), fault.Conflict, "fault.stale")
	if _, err := s.Content.UserByLogin(t.Context(), "new"); !fault.Is(err, fault.NotFound) {
		t.Errorf("half a roster is kept: %v", err)
	}
	check(t, s.Content.SaveRoster(t.Context(), all, "test"))
	found := must[map[string]Known](t)(s.Content.KnownByLogin(t.Context(), []string{"new", "old", "none"}))
	made, changed := found["new"], found["old"]
	if len(found) != 2 || made.User.Password != "first" || !made.User.MustChange || len(made.Belongs.Groups) != 1 || len(made.Belongs.Domains) != 1 {
		t.Errorf("made %+v", made)
	}
	if changed.User.LastName != "Named" || changed.User.Password != "kept" || changed.User.MustChange || len(changed.Belongs.Groups) != 1 {
		t.Errorf("changed %+v", changed)
	}
	check(t, s.Content.SaveRoster(t.Context(), []Roster{{User: changed.User, Moves: true, Domains: []string{"sandbox"}, Password: "second"}}, "test"))
	if moved := must[map[string]Known](t)(s.Content.KnownByLogin(t.Context(), []string{"old"}))["old"]; moved.User.Password != "second" || !moved.User.MustChange || len(moved.Belongs.Groups) != 0 || moved.Belongs.Domains[0] != "sandbox" {
		t.Errorf("moved %+v", moved)
	}
}
