package store

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store/db"
)

func TestProjectComesBackAsItWas(t *testing.T) {
	s, _ := open(t)
	data := aProject("it", 3)
	data.Settings = procedure.Settings{GreenScenarios: true, RetentionDays: 30}
	data.Procedures[0].Keywords = map[string][]string{"fr": {"lampe"}}
	data.Scenarios = []*procedure.Scenario{{Schema: 1, ID: "happy", Procedure: data.Procedures[0].UID, Name: "Ça marche"}}
	p := must[Project](t)(s.Content.CreateProject(t.Context(), "sandbox", data, "ada"))
	got := must[*procedure.Project](t)(s.Content.WholeProject(t.Context(), p.ID))
	want, have := asText(t, data), asText(t, got)
	for _, part := range []string{"green_scenarios", "lampe", "Ça marche"} {
		if !strings.Contains(have, part) {
			t.Errorf("%s was lost", part)
		}
	}
	if len(want) != len(have) { // procedures come by UID
		t.Errorf("got\n%s\nwant\n%s", have, want)
	}
}

func asText(t *testing.T, v any) string {
	t.Helper()
	return string(must[[]byte](t)(json.Marshal(v)))
}

func TestProjectsOfADomain(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	data := aProject("it", 2)
	p := must[Project](t)(s.Content.CreateProject(ctx, "sandbox", data, "ada"))
	must[Project](t)(s.Content.CreateProject(ctx, "production", data, "ada")) // the same archive, the other domain
	_, err := s.Content.CreateProject(ctx, "sandbox", data, "ada")
	refused(t, err, fault.Conflict, "fault.project.taken")
	other := aProject("hr", 1)
	other.Procedures[0].Alias = "it-0"
	_, err = s.Content.CreateProject(ctx, "sandbox", other, "ada")
	refused(t, err, fault.Conflict, "fault.procedure.taken")
	if n := len(must[[]Project](t)(s.Content.Projects(ctx, "sandbox"))); n != 1 {
		t.Errorf("%d projects: half of one was kept", n)
	}
	_, err = s.Content.CreateProject(ctx, "moon", aProject("x", 0), "ada")
	refused(t, err, fault.Conflict, "fault.in_use")

	renamed := *p.Data
	renamed.Alias, renamed.UID = "informatique", "another"
	p = must[Project](t)(s.Content.SaveProject(ctx, p.ID, p.Version, &renamed, "ada"))
	if p.Alias != "informatique" || p.Data.UID != data.UID || p.Version != 2 {
		t.Errorf("got %+v", p)
	}
	_, err = s.Content.SaveProject(ctx, p.ID, 1, &renamed, "ada")
	refused(t, err, fault.Conflict, "fault.stale")
	if got := must[Project](t)(s.Content.ProjectByAlias(ctx, "sandbox", "informatique")); got.ID != p.ID {
		t.Errorf("got %+v", got)
	}
	if got := must[Project](t)(s.Content.ProjectByUID(ctx, "production", data.UID)); got.Alias != "it" {
		t.Errorf("got %+v", got)
	}
}

func TestRecycleBins(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	p := must[Project](t)(s.Content.CreateProject(ctx, "sandbox", aProject("it", 2), "ada"))
	pr := must[[]Procedure](t)(s.Content.Procedures(ctx, p.ID))[0]
	refused(t, s.Content.DeleteProcedure(ctx, p.ID, pr.UID, 99, "ada"), fault.Conflict, "fault.stale")
	check(t, s.Content.DeleteProcedure(ctx, p.ID, pr.UID, pr.Version, "ada"))
	bin := must[[]Procedure](t)(s.Content.ProceduresInBin(ctx, p.ID))
	if len(bin) != 1 || bin[0].DeletedBy != "ada" || bin[0].Deleted.IsZero() {
		t.Fatalf("got %+v", bin)
	}
	if w := must[*procedure.Project](t)(s.Content.WholeProject(ctx, p.ID)); len(w.Procedures) != 1 {
		t.Errorf("a deleted procedure is part of the project")
	}
	_, err := s.Content.SaveRevision(ctx, Edit{Project: p.ID, UID: pr.UID, Version: bin[0].Version, Data: aProcedure("x")})
	refused(t, err, fault.NotFound, "")
	_, err = s.Content.ProcedureByAlias(ctx, "sandbox", pr.Alias)
	refused(t, err, fault.NotFound, "")

	// Its alias is free meanwhile; taken, it cannot come back under it.
	thief := must[Procedure](t)(s.Content.CreateProcedure(ctx, p.ID, aProcedure(pr.Alias), "ada"))
	refused(t, s.Content.RestoreProcedure(ctx, p.ID, pr.UID, bin[0].Version, "ada"), fault.Conflict, "fault.procedure.taken")
	check(t, s.Content.DeleteProcedure(ctx, p.ID, thief.UID, thief.Version, "ada"))
	check(t, s.Content.RestoreProcedure(ctx, p.ID, pr.UID, bin[0].Version, "ada"))
	refused(t, s.Content.RemoveProcedure(ctx, p.ID, pr.UID, bin[0].Version+1, "ada"), fault.Conflict, "")
	check(t, s.Content.RemoveProcedure(ctx, p.ID, thief.UID, thief.Version+1, "ada"))

	check(t, s.Content.DeleteProject(ctx, p.ID, p.Version, "ada"))
	_, err = s.Content.WholeProject(ctx, p.ID)
	refused(t, err, fault.NotFound, "")
	_, err = s.Content.CreateProcedure(ctx, p.ID, aProcedure("y"), "ada")
	refused(t, err, fault.NotFound, "")
	if l := must[[]Procedure](t)(s.Content.LatestProcedures(ctx, "sandbox", 10)); len(l) != 0 {
		t.Errorf("latest: %+v", l)
	}
	again := must[Project](t)(s.Content.CreateProject(ctx, "sandbox", p.Data, "ada")) // its alias and UID are free
	refused(t, s.Content.RestoreProject(ctx, p.ID, p.Version+1, "ada"), fault.Conflict, "fault.project.taken")
	check(t, s.Content.DeleteProject(ctx, again.ID, again.Version, "ada"))
	check(t, s.Content.RestoreProject(ctx, p.ID, p.Version+1, "ada"))
	must[Procedure](t)(s.Content.ProcedureByAlias(ctx, "sandbox", pr.Alias))

	refused(t, s.Content.RemoveProject(ctx, p.ID, p.Version+2, "ada"), fault.Conflict, "fault.stale")
	check(t, s.Content.DeleteProject(ctx, p.ID, p.Version+2, "ada"))
	check(t, s.Content.RemoveProject(ctx, p.ID, p.Version+3, "ada"))
	if n := must[int64](t)(db.One(ctx, s.Content.DB, db.ScanNumber, "SELECT (SELECT count(*) FROM procedure) + (SELECT count(*) FROM revision)")); n != 0 {
		t.Errorf("%d rows of a removed project are left", n)
	}
}

// TestHistory edits, goes back and edits again: every state can be read for ever.
func TestHistory(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	p := must[Project](t)(s.Content.CreateProject(ctx, "sandbox", aProject("it", 1), "ada"))
	now := must[[]Procedure](t)(s.Content.Procedures(ctx, p.ID))[0]
	edit := func(note string) {
		t.Helper()
		data := must[*procedure.Procedure](t)(s.Content.Revision(ctx, p.ID, now.UID, now.Revision))
		data.Note, data.UID = note, "not its own"
		now = must[Procedure](t)(s.Content.SaveRevision(ctx, Edit{Project: p.ID, UID: now.UID, Version: now.Version, Data: data, Operation: json.RawMessage(`{"do":"set"}`), By: "ada"}))
	}
	is := func(note string, revision int64) {
		t.Helper()
		if now.Data.Note != note || now.Revision != revision || now.Data.UID != now.UID {
			t.Fatalf("got %q, revision %d, UID %s", now.Data.Note, now.Revision, now.Data.UID)
		}
	}
	undo := func() { t.Helper(); now = must[Procedure](t)(s.Content.Undo(ctx, p.ID, now.UID, now.Version, "bob")) }
	redo := func() { t.Helper(); now = must[Procedure](t)(s.Content.Redo(ctx, p.ID, now.UID, now.Version, "bob")) }

	edit("a")
	edit("b")
	edit("c")
	undo()
	is("b", 3)
	undo()
	undo()
	is("", 1)
	_, err := s.Content.Undo(ctx, p.ID, now.UID, now.Version, "bob")
	refused(t, err, fault.Invalid, "fault.nothing_to_undo")
	redo()
	redo()
	redo()
	is("c", 4)
	_, err = s.Content.Redo(ctx, p.ID, now.UID, now.Version, "bob")
	refused(t, err, fault.Invalid, "fault.nothing_to_redo")
	undo()
	edit("d") // from b: c is left beside
	is("d", 5)
	undo()
	redo()
	is("d", 5)
	_, err = s.Content.Undo(ctx, p.ID, now.UID, 1, "bob")
	refused(t, err, fault.Conflict, "fault.stale")

	h := must[[]Revision](t)(s.Content.History(ctx, p.ID, now.UID, 0, 100))
	if len(h) != 5 || h[0].Number != 5 || h[0].Parent != 3 || string(h[0].Operation) != `{"do":"set"}` || h[0].Author != "ada" || string(h[4].Operation) != "null" {
		t.Errorf("got %+v", h)
	}
	if c := must[*procedure.Procedure](t)(s.Content.Revision(ctx, p.ID, now.UID, 4)); c.Note != "c" {
		t.Errorf("revision 4 says %q", c.Note)
	}
	_, err = s.Content.Revision(ctx, p.ID, now.UID, 6)
	refused(t, err, fault.NotFound, "")
}

// TestALongHistory makes many revisions of a large procedure: each
// can be read, and they cost a fraction of what they would whole.
func TestALongHistory(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	data := aProject("it", 1)
	for i := range 200 {
		id := fmt.Sprintf("s%d", i)
		data.Procedures[0].Steps = append(data.Procedures[0].Steps, procedure.Step{
			ID: id, Title: procedure.T("Étape "+NewID(), "Step "+NewID()), Next: "end", Page: &procedure.Page{},
		})
	}
	p := must[Project](t)(s.Content.CreateProject(ctx, "sandbox", data, "ada"))
	now := must[Procedure](t)(s.Content.Procedure(ctx, p.ID, data.Procedures[0].UID))
	whole := len(asText(t, now.Data))
	for i := range 120 {
		now.Data.Steps[i%200].Note = fmt.Sprint("note ", i)
		now = must[Procedure](t)(s.Content.SaveRevision(ctx, Edit{Project: p.ID, UID: now.UID, Version: now.Version, Data: now.Data, By: "ada"}))
	}
	for _, n := range []int64{1, 2, 33, 34, 35, 90, 121} {
		got := must[*procedure.Procedure](t)(s.Content.Revision(ctx, p.ID, now.UID, n))
		if n > 1 && got.Steps[(n-2)%200].Note != fmt.Sprint("note ", n-2) || len(got.Steps) != 202 {
			t.Errorf("revision %d is not what was saved", n)
		}
		if n == 121 && !reflect.DeepEqual(got, now.Data) {
			t.Error("the last revision is not the present state")
		}
	}
	kept := must[int64](t)(db.One(ctx, s.Content.DB, db.ScanNumber, "SELECT sum(length(data)) FROM revision"))
	t.Logf("121 revisions of %d bytes are kept in %d", whole, kept)
	if kept > int64(whole*121/20) {
		t.Errorf("121 revisions of %d bytes take %d", whole, kept)
	}
}

func TestScenarios(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	p := must[Project](t)(s.Content.CreateProject(ctx, "sandbox", aProject("it", 1), "ada"))
	one := &procedure.Scenario{Schema: 1, ID: "happy", Procedure: "u", Name: "Tout va bien"}
	kept := must[Scenario](t)(s.Content.SaveScenario(ctx, p.ID, 0, one))
	_, err := s.Content.SaveScenario(ctx, p.ID, 0, one)
	refused(t, err, fault.Conflict, "fault.scenario.taken")
	one.Name = "Tout va mieux"
	kept = must[Scenario](t)(s.Content.SaveScenario(ctx, p.ID, kept.Version, one))
	if kept.Version != 2 || kept.Data.Name != "Tout va mieux" {
		t.Errorf("got %+v", kept)
	}
	_, err = s.Content.SaveScenario(ctx, p.ID, 1, one)
	refused(t, err, fault.Conflict, "fault.stale")
	refused(t, s.Content.DeleteScenario(ctx, p.ID, "happy", 1), fault.Conflict, "fault.stale")
	check(t, s.Content.DeleteScenario(ctx, p.ID, "happy", 2))
	if all := must[[]Scenario](t)(s.Content.Scenarios(ctx, p.ID)); len(all) != 0 {
		t.Errorf("got %+v", all)
	}
}
