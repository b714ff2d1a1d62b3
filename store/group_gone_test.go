package store

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// goneProject is a project written for a group, in all the ways there are.
func goneProject(change func(*procedure.Project)) *procedure.Project {
	one := &procedure.Procedure{
		UID: "one", Alias: "one", Title: procedure.T("Une", "One"), Entry: true,
		Steps: []procedure.Step{{ID: "a", Question: &procedure.Question{Answers: []procedure.Answer{{ID: "x", Text: procedure.T("X", "X"), To: "b"}}}}, {ID: "b", End: &procedure.End{}}},
	}
	p := &procedure.Project{
		UID: "desk", Alias: "desk", Name: procedure.T("Bureau", "Desk"), Languages: []string{"fr", "en"},
		Categories: []procedure.Category{{ID: "cat", Name: procedure.T("Cat", "Cat")}}, Procedures: []*procedure.Procedure{one},
	}
	change(p)
	return p
}

// TestNobodyInheritsAGroup deletes a group and looks whether another one may take its
// name, by each of the ways in which something can be written for it.
func TestNobodyInheritsAGroup(t *testing.T) {
	for name, change := range map[string]func(*procedure.Project){
		"project":   func(p *procedure.Project) { p.Audience = []string{"R&D"} },
		"category":  func(p *procedure.Project) { p.Categories[0].Audience = []string{"other", "R&D"} },
		"procedure": func(p *procedure.Project) { p.Procedures[0].Audience = []string{"R&D"} },
		"answer":    func(p *procedure.Project) { p.Procedures[0].Steps[0].Question.Answers[0].Audience = []string{"R&D"} },
		"formula": func(p *procedure.Project) {
			p.Procedures[0].Steps[0].When = `not ("R&D" in user.groups)`
		},
		"nothing": func(*procedure.Project) {},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := open(t)
			ctx, by := t.Context(), "test"
			g := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "R&D"}, by))
			p := must[Project](t)(s.Content.CreateProject(ctx, "production", goneProject(change), by))
			seen := must[[]Written](t)(s.Content.WrittenFor(ctx, "production", g.Names()))
			if got := kindsOf(seen); got != strings.TrimSuffix(name, "nothing") {
				t.Errorf("written for it: %q", got)
			}
			if err := s.Content.DeleteGroup(ctx, g.ID, g.Version, by); err != nil {
				t.Fatal(err)
			}
			refused := name != "nothing"
			try := func(what string, domain string, refused bool) Group {
				t.Helper()
				made, err := s.Content.CreateGroup(ctx, Group{Domain: domain, Name: "R&D"}, by)
				key, args := fault.TextOf(err)
				if (err != nil) != refused || refused && (key != "fault.group.gone" || !strings.HasPrefix(fmt.Sprint(args...), "desk")) {
					t.Errorf("%s: %v", what, err)
				}
				return made
			}
			elsewhere := try("elsewhere", "sandbox", false)
			if err := s.Content.AttachGroup(ctx, elsewhere.ID, "production", by); (err != nil) != refused {
				t.Errorf("attached: %v", err)
			}
			other := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "plain"}, by))
			if !refused {
				return
			}
			try("in its place", "production", true)
			renamed := other
			renamed.Name = "R&D"
			if _, err := s.Content.SaveGroup(ctx, renamed, by); !fault.Is(err, fault.Conflict) {
				t.Errorf("renamed: %v", err)
			}
			other.Title = procedure.T("Simple", "Plain")
			must[Group](t)(s.Content.SaveGroup(ctx, other, by))
			clean := goneProject(func(*procedure.Project) {})
			must[Project](t)(s.Content.ReplaceProject(ctx, p.ID, p.Version, clean, by))
			try("once it is taken out", "production", false)
		})
	}
}

func kindsOf(all []Written) string {
	var kinds []string
	for _, w := range all {
		kinds = append(kinds, string(w.Kind))
	}
	return strings.Join(slices.Compact(kinds), " ")
}

// TestNobodyInheritsATrial does so for a version that is on trial, and for one that
// was frozen with an audience that the project has no longer.
func TestNobodyInheritsATrial(t *testing.T) {
	for name, f := range map[string]Freeze{
		"trial":  {Audience: []string{"R&D"}},
		"frozen": {Data: goneProject(func(p *procedure.Project) { p.Audience = []string{"R&D"} })},
		"formula": {Data: goneProject(func(p *procedure.Project) {
			p.Procedures[0].Steps[0].When = `any(user.groups, # == "r&d")`
		})},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := open(t)
			ctx, by := t.Context(), "test"
			g := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "R&D"}, by))
			plain := goneProject(func(*procedure.Project) {})
			p := must[Project](t)(s.Content.CreateProject(ctx, "production", plain, by))
			f.Project, f.By = p.ID, by
			if f.Data == nil {
				f.Data = plain
			}
			must[Version](t)(s.Content.FreezeVersion(ctx, f))
			if err := s.Content.DeleteGroup(ctx, g.ID, g.Version, by); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "R&D"}, by); !fault.Is(err, fault.Conflict) {
				t.Errorf("a group takes it over: %v", err)
			}
		})
	}
}

// TestAGroupComesBack detaches a group and attaches it again: what was written for it
// is its own; another one does not take its place meanwhile.
func TestAGroupComesBack(t *testing.T) {
	s, _ := open(t)
	ctx, by := t.Context(), "test"
	g := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "sandbox", Name: "R&D"}, by))
	if err := s.Content.AttachGroup(ctx, g.ID, "production", by); err != nil {
		t.Fatal(err)
	}
	p := must[Project](t)(s.Content.CreateProject(ctx, "production", goneProject(func(p *procedure.Project) { p.Audience = []string{"R&D"} }), by))
	if err := s.Content.SetGrants(ctx, p.ID, []access.Grant{{Group: "R&D", Right: access.Approval}}, by); err != nil {
		t.Fatal(err)
	}
	if held := must[[]Holding](t)(s.Content.GroupHoldings(ctx, g.ID)); len(held) != 1 || held[0].Project != p.ID || held[0].Right != access.Approval {
		t.Errorf("it holds %v", held)
	}
	if err := s.Content.DetachGroup(ctx, g.ID, "production", by); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "R&D"}, by); !fault.Is(err, fault.Conflict) {
		t.Errorf("another takes its place: %v", err)
	}
	if err := s.Content.AttachGroup(ctx, g.ID, "production", by); err != nil {
		t.Errorf("it does not come back: %v", err)
	}
}

// TestGroupsThatWereGoneBefore opens a database in which a group was deleted before
// such names were kept: the audit knows them.
func TestGroupsThatWereGoneBefore(t *testing.T) {
	folder, c, ctx, by := t.TempDir(), newClock(), t.Context(), "test"
	s := must[*Store](t)(Open(ctx, folder, Options{Now: c.now, Log: quiet()}))
	g := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "sandbox", Name: "R&D"}, by))
	check(t, s.Content.AttachGroup(ctx, g.ID, "production", by))
	must[Project](t)(s.Content.CreateProject(ctx, "production", goneProject(func(p *procedure.Project) { p.Audience = []string{"R&D"} }), by))
	g = must[Group](t)(s.Content.Group(ctx, g.ID))
	check(t, s.Content.DeleteGroup(ctx, g.ID, g.Version, by))
	check(t, s.Close())
	db := rawly(t, filepath.Join(folder, "content.db"), "")
	must[sql.Result](t)(db.Exec(beforeLooks + "DROP TABLE group_gone; PRAGMA user_version = 8"))
	check(t, db.Close())
	s = must[*Store](t)(Open(ctx, folder, Options{Now: c.now, Log: quiet()}))
	defer s.Close()
	_, err := s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "R&D"}, by)
	refused(t, err, fault.Conflict, "fault.group.gone")
}

// TestARefusalNamesPlacesOnce keeps a procedure in many versions for a group that is
// gone: the refusal names it once, and what is written elsewhere besides.
func TestARefusalNamesPlacesOnce(t *testing.T) {
	s, _ := open(t)
	ctx, by := t.Context(), "test"
	g := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "R&D"}, by))
	data := goneProject(func(p *procedure.Project) { p.Procedures[0].Audience = []string{"R&D"} })
	p := must[Project](t)(s.Content.CreateProject(ctx, "production", data, by))
	for range 30 {
		must[Version](t)(s.Content.FreezeVersion(ctx, Freeze{Project: p.ID, Data: data, By: by}))
	}
	must[Project](t)(s.Content.CreateProject(ctx, "production", goneProject(func(p *procedure.Project) {
		p.UID, p.Alias, p.Procedures[0].UID, p.Procedures[0].Alias = "zeta", "zeta", "zeta", "zeta"
		p.Audience = []string{"R&D"}
	}), by))
	check(t, s.Content.DeleteGroup(ctx, g.ID, g.Version, by))
	_, err := s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "R&D"}, by)
	refused(t, err, fault.Conflict, "fault.group.gone")
	_, args := fault.TextOf(err)
	if said := fmt.Sprint(args...); strings.Count(said, "desk") != 1 || !strings.Contains(said, "zeta") {
		t.Errorf("it names %s", said)
	}
}

// TestVersionsFrozenBefore opens a database whose versions were frozen before the names
// of groups in them were kept: a name is refused as if they had been.
func TestVersionsFrozenBefore(t *testing.T) {
	folder, c, ctx, by := t.TempDir(), newClock(), t.Context(), "test"
	s := must[*Store](t)(Open(ctx, folder, Options{Now: c.now, Log: quiet()}))
	g := must[Group](t)(s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "R&D"}, by))
	plain := goneProject(func(*procedure.Project) {})
	p := must[Project](t)(s.Content.CreateProject(ctx, "production", plain, by))
	for n := range 45 { // more than are read at once, and only the first is for the group
		data := plain
		if n == 0 {
			data = goneProject(func(p *procedure.Project) { p.Procedures[0].Audience = []string{"R&D"} })
		}
		must[Version](t)(s.Content.FreezeVersion(ctx, Freeze{Project: p.ID, Data: data, By: by}))
	}
	check(t, s.Content.DeleteGroup(ctx, g.ID, g.Version, by))
	check(t, s.Close())
	db := rawly(t, filepath.Join(folder, "content.db"), "")
	must[sql.Result](t)(db.Exec(beforeNames))
	check(t, db.Close())
	s = must[*Store](t)(Open(ctx, folder, Options{Now: c.now, Log: quiet()}))
	defer s.Close()
	_, err := s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "R&D"}, by)
	refused(t, err, fault.Conflict, "fault.group.gone")
	var left int
	check(t, rawly(t, filepath.Join(folder, "content.db"), "").QueryRow("SELECT count(*) FROM version WHERE named = 0").Scan(&left))
	if left != 0 {
		t.Errorf("%d versions were not read", left)
	}
}

// BenchmarkTakeTheNameOfAGroupThatIsGone takes names that groups had, with 1,000
// versions of 300 KB in the domain that name others.
func BenchmarkTakeTheNameOfAGroupThatIsGone(b *testing.B) {
	s, _ := open(b)
	ctx, by := b.Context(), "test"
	data := goneProject(func(p *procedure.Project) {
		for i := range 100 {
			one := *p.Procedures[0]
			one.UID, one.Alias = fmt.Sprint("u", i), fmt.Sprint("p", i)
			one.Audience = []string{fmt.Sprint("others-", i%7)}
			one.Title = procedure.T(strings.Repeat("é ", 700), strings.Repeat("e ", 400))
			p.Procedures = append(p.Procedures, &one)
		}
	})
	p := must[Project](b)(s.Content.CreateProject(ctx, "production", data, by))
	for range 1000 {
		must[Version](b)(s.Content.FreezeVersion(ctx, Freeze{Project: p.ID, Data: data, By: by}))
	}
	take := func() {
		g := must[Group](b)(s.Content.CreateGroup(ctx, Group{Domain: "production", Name: "R&D"}, by))
		check(b, s.Content.DeleteGroup(ctx, g.ID, g.Version, by))
	}
	take() // from now on it is the name of one that is gone
	for b.Loop() {
		take()
	}
}
