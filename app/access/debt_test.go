package access

import (
	"slices"
	"testing"
)

func TestOwed(t *testing.T) {
	writer := Identity{ID: "w", Role: Writer, Domains: []string{"d"}}
	open, closed := Thing{Domain: "d", Project: &Project{Public: true}}, Thing{Domain: "d", Project: &Project{}}
	renew, add, run, both := Debts{Password: true}, Debts{Factor: true}, Debts{Entry: true}, Debts{Password: true, Factor: true}
	for _, c := range []struct {
		name string
		do   Permission
		on   Thing
		come Debts
		want []Owed
	}{
		{"nothing", EnterStudio, Thing{}, Debts{}, nil},
		{"the password, the Studio", EnterStudio, Thing{}, renew, []Owed{OwesPassword}},
		{"the password, a project", SeeProject, closed, renew, []Owed{OwesPassword}},
		{"the password, an open project", SeeProject, open, renew, []Owed{OwesPassword}},
		{"the password, then a factor", EnterStudio, Thing{}, both, []Owed{OwesPassword, OwesFactor}},
		{"a factor", RunProcedure, closed, add, []Owed{OwesFactor}},
		{"signing in is where it is paid", SignedIn, Thing{}, both, nil},
		{"a session that runs", EnterStudio, Thing{}, run, []Owed{OwesEntry}},
		{"runs in it", RunProcedure, closed, run, nil},
	} {
		if got := c.come.Owed(writer, c.do, c.on); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := both.First(Public, Debts{}); got != OwesNothing {
		t.Errorf("what is public asks for %q", got)
	}
	if got := both.First(SignedIn, Debts{Password: true}); got != OwesFactor {
		t.Errorf("once the password is changed: %q", got)
	}
}
