package transfer

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"selfhelp/app/procedure"
)

func sampleArchive(t *testing.T) *Archive {
	t.Helper()
	a, err := readZip(zipOf(t, sample()), Usual)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// counting gives u1, u2, … as UIDs.
func counting() func() string {
	n := 0
	return func() string { n++; return fmt.Sprintf("u%d", n) }
}

func plan(t *testing.T, present Present, o Options) Plan {
	t.Helper()
	o.NewUID = counting()
	p, err := PlanImport(sampleArchive(t), present, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// lines tells a plan in short.
func lines(p Plan) string {
	var all []string
	for _, c := range p.Changes {
		line := fmt.Sprintf("%s %s %s", c.Deed, c.What, c.ID)
		if c.Was != "" {
			line += " " + c.UID
		}
		if c.Owner != "" {
			line += " of " + c.Owner
		}
		all = append(all, line)
	}
	return strings.Join(all, "; ")
}

func TestPlanIntoNothing(t *testing.T) {
	p := plan(t, Present{}, Options{})
	want := "create project help-desk; create procedure bulb; create procedure lamp; create scenario lit; create resource box; create resource manual; create resource rooms"
	if got := lines(p); got != want {
		t.Errorf("got %s", got)
	}
}

func TestPlanOverItself(t *testing.T) {
	there := sampleArchive(t).Project
	there.Procedures[0].Note = "changed since"
	there.Procedures = append(there.Procedures, &procedure.Procedure{UID: "later", Alias: "later"})
	there.Resources = there.Resources[:2]
	p := plan(t, Present{Project: there}, Options{})
	want := "keep project help-desk; update procedure bulb; keep procedure lamp; remove procedure later; keep scenario lit; keep resource box; keep resource manual; create resource rooms"
	if got := lines(p); got != want {
		t.Errorf("got %s", got)
	}
	if p.Count(Keep) != 5 || p.Count(Remove) != 1 {
		t.Errorf("counts: keep %d, remove %d", p.Count(Keep), p.Count(Remove))
	}
}

// TestForeignUIDsAreRenewed: an archive that names another project's
// procedures neither overwrites nor adopts them.
func TestForeignUIDsAreRenewed(t *testing.T) {
	present := Present{
		Owners:     map[string]string{lampUID: "payroll"},
		Projects:   map[string]bool{"help-desk": true, "help-desk-2": true},
		Procedures: map[string]bool{"lamp": true},
	}
	p := plan(t, present, Options{})
	want := "create project help-desk-3; create procedure bulb; create procedure lamp-2 u1 of payroll; create scenario lit; create resource box; create resource manual; create resource rooms"
	if got := lines(p); got != want {
		t.Errorf("got %s", got)
	}
	if uid := p.Project.News[0].Procedure; uid != "u1" {
		t.Errorf("the news leads to %s", uid)
	}
	if uid := p.Project.Scenarios[0].Procedure; uid != "u1" {
		t.Errorf("the scenario is of %s", uid)
	}
	bulb := p.Project.Procedures[slices.IndexFunc(p.Project.Procedures, func(p *procedure.Procedure) bool { return p.Alias == "bulb" })]
	if bulb.Related[0] != "u1" {
		t.Errorf("the bulb is related to %s", bulb.Related[0])
	}
}

func TestPlanAsCopy(t *testing.T) {
	there := sampleArchive(t)
	present := Present{
		Project:    there.Project,
		Owners:     map[string]string{lampUID: "help-desk", "bulb00000000000000000aaaaa": "help-desk"},
		Projects:   map[string]bool{"help-desk": true},
		Procedures: map[string]bool{"lamp": true, "bulb": true},
	}
	p := plan(t, present, Options{AsCopy: true})
	if p.Count(Create) != len(p.Changes) || p.Project.UID == there.Project.UID || p.Project.Alias != "help-desk-2" {
		t.Errorf("got %s", lines(p))
	}
	for _, proc := range p.Project.Procedures {
		if slices.ContainsFunc(there.Project.Procedures, func(o *procedure.Procedure) bool { return o.UID == proc.UID || o.Alias == proc.Alias }) {
			t.Errorf("%s %s is the original's", proc.Alias, proc.UID)
		}
		if s := proc.Step("sub"); s != nil && s.Call.Procedure == "bulb00000000000000000aaaaa" {
			t.Error("the copy calls the original's sub-procedure")
		}
	}
	if there.Project.Alias != "help-desk" {
		t.Error("planning changed the archive")
	}
}
