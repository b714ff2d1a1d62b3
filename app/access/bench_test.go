package access

import (
	"fmt"
	"testing"
)

// crowded is someone in a thousand groups, and a project that gives rights to a
// thousand others.
func crowded() (Identity, Thing) {
	var mine []string
	var grants []Grant
	for i := range 1000 {
		mine = append(mine, fmt.Sprintf("department-%d-europe", i))
		grants = append(grants, Grant{Right: Rights()[i%6], Group: fmt.Sprintf("department-%d-asia", i)})
	}
	who := Identity{ID: theUser, Role: Writer, Domains: []string{domain}, Groups: GroupsOf(mine...)}
	return who, Thing{Domain: domain, Project: &Project{Grants: GrantsOf(grants...)}}
}

// BenchmarkCan asks for what nothing allows: every grant is looked at.
func BenchmarkCan(b *testing.B) {
	who, on := crowded()
	b.ReportAllocs()
	for b.Loop() {
		if Can(who, ReadProject, on).Allowed {
			b.Fatal("allowed")
		}
	}
}

// BenchmarkCanTry asks for a procedure of a version that is on trial with twenty
// groups, of which one's own is the last.
func BenchmarkCanTry(b *testing.B) {
	who, on := crowded()
	for i := range 20 {
		on.Version.Audience = append(on.Version.Audience, fmt.Sprintf("department-%d-africa", i))
	}
	on.Version.Audience = append(on.Version.Audience, "department-999-europe")
	b.ReportAllocs()
	for b.Loop() {
		if !Can(who, RunProcedure, on).Allowed {
			b.Fatal("refused")
		}
	}
}

func TestCanAllocatesNothing(t *testing.T) {
	who, on := crowded()
	on.Categories, on.Project.Audience = []Audience{{"a"}}, Audience{"department-3-europe"}
	on.Version = Version{"2.0", Audience{"b"}}
	for _, do := range Permissions() {
		if n := testing.AllocsPerRun(10, func() { Can(who, do, on) }); n > 0 {
			t.Errorf("%s: %v allocations", do, n)
		}
	}
}

func TestGroups(t *testing.T) {
	who, _ := crowded()
	for i := range 1000 {
		in, out := fmt.Sprintf("department-%d-europe", i), fmt.Sprintf("department-%d-asia", i)
		if !who.Groups.Has(in) || !who.Groups.may(markOf(in)) || who.Groups.Has(out) {
			t.Fatal(in, out)
		}
	}
	if (Groups{}).Has("") || (&Groups{}).may(markOf("")) || GroupsOf("b", "a", "b").Names()[1] != "b" {
		t.Error("few groups")
	}
}
