package access

import "testing"

func TestOwes(t *testing.T) {
	writer := Identity{ID: "w", Role: Writer, Domains: []string{"d"}}
	open, closed := Thing{Domain: "d", Project: &Project{Public: true}}, Thing{Domain: "d", Project: &Project{}}
	renew, add, run, both := Debts{Password: true}, Debts{Factor: true}, Debts{Entry: true}, Debts{Password: true, Factor: true}
	for _, c := range []struct {
		name string
		do   Permission
		on   Thing
		ways []Debts
		want Owed
	}{
		{"nothing", EnterStudio, Thing{}, []Debts{{}}, OwesNothing},
		{"the password, the Studio", EnterStudio, Thing{}, []Debts{renew}, OwesPassword},
		{"the password, a project", SeeProject, closed, []Debts{renew}, OwesPassword},
		{"the password, an open project", SeeProject, open, []Debts{renew}, OwesPassword},
		{"the password, then a factor", EnterStudio, Thing{}, []Debts{both}, OwesPassword},
		{"a factor", RunProcedure, closed, []Debts{add}, OwesFactor},
		{"signing in is where it is paid", SignedIn, Thing{}, []Debts{both}, OwesNothing},
		{"a session that runs", EnterStudio, Thing{}, []Debts{run}, OwesEntry},
		{"runs in it", RunProcedure, closed, []Debts{run}, OwesNothing},
		{"another way is free", EnterStudio, Thing{}, []Debts{run, renew, {}}, OwesNothing},
		{"the first of several", EnterStudio, Thing{}, []Debts{add, run}, OwesFactor},
		{"no way in", RunProcedure, closed, nil, OwesWay},
		{"no way in is needed", RunProcedure, open, nil, OwesNothing},
	} {
		if got := Owes(writer, c.do, c.on, c.ways); got != c.want {
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
