package store

import (
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/fault"
)

// TestOneAdministratorStays refuses every way to leave the server without one.
func TestOneAdministratorStays(t *testing.T) {
	s, _ := open(t)
	chief := must[User](t)(s.Content.CreateUser(t.Context(), User{Login: "chief", Role: access.Administrator, Everywhere: true, Active: true}, "test"))
	for name, change := range map[string]func(*User){
		"demoted":   func(u *User) { u.Role = access.Writer },
		"suspended": func(u *User) { u.Active = false },
		"narrowed":  func(u *User) { u.Everywhere = false },
	} {
		u := chief
		change(&u)
		_, err := s.Content.SaveUser(t.Context(), u, "test")
		refused(t, err, fault.Conflict, "fault.user.last_administrator")
		if got := must[User](t)(s.Content.User(t.Context(), chief.ID)); got.Version != 1 || !got.Active || got.Role != access.Administrator {
			t.Errorf("%s: %+v", name, got)
		}
	}
	refused(t, s.Content.DeleteUser(t.Context(), chief.ID, 1, Heir{}, "test"), fault.Conflict, "fault.user.last_administrator")
	must[User](t)(s.Content.CreateUser(t.Context(), User{Login: "second", Role: access.Administrator, Everywhere: true, Active: true}, "test"))
	check(t, s.Content.DeleteUser(t.Context(), chief.ID, 1, Heir{}, "test"))
}

// TestAccountsAreSavedWhole: what refuses the account leaves its memberships.
func TestAccountsAreSavedWhole(t *testing.T) {
	s, _ := open(t)
	g := must[Group](t)(s.Content.CreateGroup(t.Context(), Group{Domain: "production", Name: "support"}, "test"))
	u := must[User](t)(s.Content.CreateAccount(t.Context(), User{Login: "a", Role: access.User, Active: true}, []string{"production"}, []string{g.ID}, "test"))
	stale := u
	u = must[User](t)(s.Content.SaveAccount(t.Context(), u, []string{"sandbox"}, []string{g.ID}, Heir{}, "test"))
	_, err := s.Content.SaveAccount(t.Context(), stale, nil, nil, Heir{}, "test")
	refused(t, err, fault.Conflict, "fault.stale")
	if m := must[Memberships](t)(s.Content.Memberships(t.Context(), u.ID)); len(m.Domains) != 1 || m.Domains[0] != "sandbox" || len(m.Groups) != 1 {
		t.Errorf("got %+v", m)
	}
	if _, err := s.Content.CreateAccount(t.Context(), User{Login: "b", Role: access.User}, []string{"nowhere"}, nil, "test"); err == nil {
		t.Error("a domain that there is not was given")
	}
	if _, err := s.Content.UserByLogin(t.Context(), "b"); !fault.Is(err, fault.NotFound) {
		t.Errorf("half an account is left: %v", err)
	}
	check(t, s.Content.LeaveGroup(t.Context(), g.ID, u.ID, "test"))
	_, err = s.Content.SaveAccount(t.Context(), u, nil, []string{g.ID}, Heir{}, "test") // a form opened before
	refused(t, err, fault.Conflict, "fault.stale")
	check(t, s.Content.EnterGroup(t.Context(), g.ID, u.ID, "test"))
	check(t, s.Content.EnterGroup(t.Context(), g.ID, u.ID, "test"))
	if sizes := must[map[string]int](t)(s.Content.GroupSizes(t.Context(), "production")); sizes[g.ID] != 1 {
		t.Errorf("got %v", sizes)
	}
}

// TestUsersAmongDomains lists what an administrator of some domains may see.
func TestUsersAmongDomains(t *testing.T) {
	s, _ := open(t)
	g := must[Group](t)(s.Content.CreateGroup(t.Context(), Group{Domain: "production", Name: "support"}, "test"))
	for login, places := range map[string][2][]string{
		"direct": {{"production"}, nil}, "grouped": {nil, {g.ID}}, "other": {{"sandbox"}, nil}, "nowhere": {nil, nil},
	} {
		must[User](t)(s.Content.CreateAccount(t.Context(), User{Login: login, Role: access.User, Active: login != "grouped"}, places[0], places[1], "test"))
	}
	for name, c := range map[string]struct {
		filter UserFilter
		want   int
	}{
		"all":       {UserFilter{}, 4},
		"one":       {UserFilter{Among: []string{"production"}}, 2},
		"both":      {UserFilter{Among: []string{"production", "sandbox"}}, 3},
		"none":      {UserFilter{Among: []string{}}, 0},
		"narrower":  {UserFilter{Among: []string{"production"}, Domain: "sandbox"}, 0},
		"suspended": {UserFilter{Suspended: true}, 1},
		"active":    {UserFilter{Active: true}, 3},
		"role":      {UserFilter{Role: access.Writer}, 0},
	} {
		users := must[[]User](t)(s.Content.Users(t.Context(), c.filter))
		n := must[int64](t)(s.Content.CountUsersLike(t.Context(), c.filter))
		if len(users) != c.want || n != int64(c.want) {
			t.Errorf("%s: %d accounts, %d counted, want %d", name, len(users), n, c.want)
		}
	}
}
