package access

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// world makes people and things at random, out of few names so that they meet.
type world struct{ *rand.Rand }

func (w world) some(names ...string) (list []string) {
	for _, n := range names {
		if w.IntN(3) == 0 {
			list = append(list, n)
		}
	}
	return list
}

func (w world) one(names ...string) string { return names[w.IntN(len(names))] }

func (w world) person() Identity {
	roles := append(Roles(), "", "root")
	return Identity{
		ID: w.one("", "u1", "u2"), Role: roles[w.IntN(len(roles))], Domains: w.some("a", "b", EveryDomain), Groups: GroupsOf(w.some("g", "h", "i")...),
		Anonymous: w.IntN(8) == 0, Suspended: w.IntN(8) == 0,
	}
}

func (w world) thing() Thing {
	on := Thing{Domain: w.one("", "a", "b"), Owner: w.one("", "u1", "u2")}
	if w.IntN(5) == 0 {
		return on
	}
	var grants []Grant
	for range w.IntN(4) {
		grants = append(grants, Grant{Right: append(Rights(), "other")[w.IntN(len(Rights())+1)], User: w.one("", "u1", "u2"), Group: w.one("", "g", "h")})
	}
	on.Project = &Project{Owner: w.one("", "u1", "u2"), Public: w.IntN(4) == 0, Audience: w.some("g", "h"), Grants: GrantsOf(grants...)}
	if w.IntN(3) == 0 {
		on.Version = Version{"2.0", w.some("g", "h", "i")}
	}
	if w.IntN(3) == 0 {
		on.Categories = []Audience{w.some("g", "i"), w.some("h")}
	}
	if w.IntN(3) == 0 {
		on.Procedure = w.some("h", "i")
	}
	return on
}

// TestExplainIsCan holds that an explanation says what Can decides, and that its
// links are a way to it.
func TestExplainIsCan(t *testing.T) {
	w := world{rand.New(rand.NewPCG(1, 2))}
	for range 20_000 {
		who, on := w.person(), w.thing()
		for _, do := range append(Permissions(), "fly") {
			d, e := Can(who, do, on), Explain(who, do, on)
			if d != e.Decision || e.Do != do {
				t.Fatalf("%s of %+v on %+v: %v, explained as %v", do, who, on, d, e.Decision)
			}
			if len(e.Chain) == 0 {
				if e.Because != NotKnown && on.Project != nil {
					t.Fatalf("%s of %+v on %+v: no way to %v", do, who, on, d)
				}
				continue
			}
			if last := e.Chain[len(e.Chain)-1]; last.Holds != d.Allowed && !(last.Fact == OfDomain && on.Project == nil) && e.Do != GiveProject {
				t.Fatalf("%s of %+v on %+v: %v, and the last link is %+v", do, who, on, d, last)
			}
		}
	}
}

// chain writes an explanation in short.
func chain(e Explanation) (facts []string) {
	for _, l := range e.Chain {
		mark := "-"
		if l.Holds {
			mark = "+"
		}
		fact := mark + string(l.Fact)
		if len(l.Groups) > 0 {
			fact += fmt.Sprint(l.Groups)
		}
		if len(l.Rights) > 0 {
			fact += fmt.Sprint(l.Rights)
		}
		facts = append(facts, fact+l.Version)
	}
	return facts
}

func TestExplain(t *testing.T) {
	granting := Thing{Domain: domain, Project: project(toGroup(Modification, Approval)...)}
	for _, c := range []struct {
		who  string
		do   Permission
		on   Thing
		want []string
	}{
		{"writer in group", ModifyProject, granting, []string{"+active", "+placed", "+of_domain", "-administers", "-role_allows", "-owns_project", "+granted[support][modification]"}},
		{"writer", PublishProject, granting, []string{"+active", "+placed", "+of_domain", "-administers", "-role_allows", "-owns_project", "-granted[administration publication]"}},
		{"expert", ModifyProject, granting, []string{"+active", "+placed", "+of_domain", "-administers", "-role_allows", "-role_takes[administration modification]"}},
		{"manager", ReadReports, granting, []string{"+active", "+placed", "+of_domain", "-administers", "+role_allows"}},
		{"user", RunProcedure, granting, []string{"-open_project", "+active", "+placed", "+of_domain", "-for_project[support]"}},
		{"user in group", RunProcedure, Thing{Domain: domain, Project: project(), Categories: []Audience{{group, "x"}}, Procedure: Audience{"finance", "x"}},
			[]string{"-open_project", "+active", "+placed", "+of_domain", "+for_project[support]", "+of_domain", "+for_category[support]", "+of_domain", "-for_procedure[finance x]"}},
		{"user in group", RunProcedure, Thing{Domain: domain, Project: project(), Version: Version{"2.0", Audience{"lyon", group}}},
			[]string{"-open_project", "+active", "+placed", "+of_domain", "+for_project[support]", "+of_domain", "+for_version[support]2.0"}},
		{"user in group", SeeProject, Thing{Domain: domain, Project: project(), Version: Version{"2.0", Audience{"lyon"}}},
			[]string{"-open_project", "+active", "+placed", "+of_domain", "+for_project[support]", "+of_domain", "-for_version[lyon]2.0"}},
		{"suspended", EnterStudio, granting, []string{"-active"}},
		{"user of no domain", EnterStudio, granting, []string{"+active", "-placed"}},
		{"admin", AdministerServer, Thing{}, []string{"+active", "+placed", "+role_allows", "-of_domain"}},
	} {
		if got := chain(Explain(cast()[c.who], c.do, c.on)); !slices.Equal(got, c.want) {
			t.Errorf("%s, %s: %q, want %q", c.who, c.do, got, c.want)
		}
	}
}
