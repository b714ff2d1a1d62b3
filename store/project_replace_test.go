package store

import (
	"testing"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

func TestReplaceProject(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	data := aProject("it", 3)
	p := must[Project](t)(s.Content.CreateProject(ctx, "sandbox", data, "test"))
	whole := func() *procedure.Project {
		t.Helper()
		return must[*procedure.Project](t)(s.Content.WholeProject(ctx, p.ID))
	}

	// The first two exchange their aliases, the third goes, a fourth comes.
	next := whole()
	a, b, gone := next.Procedures[0], next.Procedures[1], next.Procedures[2]
	a.Alias, b.Alias = b.Alias, a.Alias
	next.Procedures = []*procedure.Procedure{a, b, {Schema: 1, UID: "new", Alias: gone.Alias}}
	next.Scenarios = []*procedure.Scenario{{Schema: 1, ID: "fresh", Procedure: a.UID}}
	p = must[Project](t)(s.Content.ReplaceProject(ctx, p.ID, p.Version, next, "test"))

	if got := must[Procedure](t)(s.Content.Procedure(ctx, p.ID, a.UID)); got.Alias != a.Alias || got.Revision != 2 {
		t.Errorf("got %+v", got)
	}
	if bin := must[[]Procedure](t)(s.Content.ProceduresInBin(ctx, p.ID)); len(bin) != 1 || bin[0].UID != gone.UID {
		t.Errorf("in the bin: %+v", bin)
	}
	if got := whole(); len(got.Procedures) != 3 || len(got.Scenarios) != 1 || got.Scenarios[0].ID != "fresh" {
		t.Errorf("got %+v", got)
	}

	// What does not differ gets no revision; what was in the bin comes back.
	next.Procedures[2] = gone
	p = must[Project](t)(s.Content.ReplaceProject(ctx, p.ID, p.Version, next, "test"))
	if got := must[Procedure](t)(s.Content.Procedure(ctx, p.ID, a.UID)); got.Revision != 2 {
		t.Errorf("the same again made revision %d", got.Revision)
	}
	if got := must[Procedure](t)(s.Content.Procedure(ctx, p.ID, gone.UID)); !got.Deleted.IsZero() || got.Alias != gone.Alias {
		t.Errorf("got %+v", got)
	}

	// All or nothing: an alias of another project spoils the whole of it.
	other := aProject("hr", 1)
	must[Project](t)(s.Content.CreateProject(ctx, "sandbox", other, "test"))
	before := whole()
	next.Alias, next.Procedures[1].Alias = "renamed", other.Procedures[0].Alias
	_, err := s.Content.ReplaceProject(ctx, p.ID, p.Version, next, "test")
	refused(t, err, fault.Conflict, "fault.procedure.taken")
	if after := whole(); after.Alias != before.Alias || after.Procedures[0].Alias != before.Procedures[0].Alias {
		t.Errorf("half of it stayed: %+v", after)
	}
	_, err = s.Content.ReplaceProject(ctx, p.ID, p.Version-1, next, "test")
	refused(t, err, fault.Conflict, "fault.stale")
}
