package edition

import (
	"context"
	"slices"
	"testing"

	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/store"
)

// numberFor is the version of the printer that somebody begins on, "" for none.
func numberFor(t *testing.T, e *Edition, groups ...string) string {
	t.Helper()
	hold := e.Shelf().Hold()
	defer hold.Release()
	r := publication.Reader{Member: true, Groups: groups}
	placed, err := hold.Find("printer", func(string) publication.Reader { return r })
	if err != nil {
		t.Fatal(err)
	}
	if len(placed) == 0 || !r.Offered(placed[0].Offer) {
		return ""
	}
	return placed[0].Bundle.Manifest().Number.String()
}

// TestATrialFromItsBeginningToItsEnd tries a version with Lyon, fixes it, widens
// it, gives it to everybody and goes back, and looks each time at who gets what.
func TestATrialFromItsBeginningToItsEnd(t *testing.T) {
	ctx := context.Background()
	st, e, p := desk(t)
	look := func(when, lyon, others string) {
		t.Helper()
		if got := numberFor(t, e, "lyon"); got != lyon {
			t.Errorf("%s Lyon begins on %q, want %q", when, got, lyon)
		}
		if got := numberFor(t, e); got != others {
			t.Errorf("%s others begin on %q, want %q", when, got, others)
		}
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	publish := func(o Order) store.Version {
		t.Helper()
		o.Project = p.ID
		v, err := e.Publish(ctx, o)
		do(err)
		return v
	}
	one := publish(Order{})
	two := publish(Order{Trial: []string{"lyon"}})
	look("on trial,", "2.0", "1.0")

	fix := publish(Order{Base: two.Number, Take: []string{sample().Procedures[0].UID}})
	look("after a fix of what is on trial,", "2.1", "1.0")
	do(e.Deactivate(ctx, p.ID, fix.Number, ""))

	// The catalogue is what a server starts with.
	do(e.Close())
	again, err := Open(ctx, st, e.folder, quiet)
	do(err)
	t.Cleanup(func() { again.Close() })
	e = again
	look("after a start,", "2.0", "1.0")

	do(e.Offer(ctx, p.ID, two.Number, []string{"brest", "paris"}, ""))
	look("with others,", "1.0", "1.0")
	do(e.Deactivate(ctx, p.ID, one.Number, ""))
	look("with nothing beside the trial,", "", "")
	do(e.Offer(ctx, p.ID, two.Number, nil, "ada"))
	look("for everybody,", "2.0", "2.0")
	do(e.RollBack(ctx, p.ID, one.Number, ""))
	look("after going back,", "1.0", "1.0")

	// What is withdrawn keeps whom it is for, and can be given to fewer first.
	do(e.Offer(ctx, p.ID, two.Number, []string{"lyon"}, ""))
	look("while it is withdrawn,", "1.0", "1.0")
	for _, in := range e.Shelf().Catalogue().Publications {
		if in.Number.Major == 2 && in.Number.Minor == 0 && !slices.Equal(in.Audience, []string{"lyon"}) {
			t.Errorf("the catalogue gives 2.0 to %v", in.Audience)
		}
	}
	do(e.Activate(ctx, p.ID, two.Number, ""))
	look("on trial again,", "2.0", "1.0")

	told, err := st.Content.AuditLike(ctx, store.AuditFilter{Action: "version.offer", Limit: 100})
	do(err)
	if !slices.ContainsFunc(told, func(en store.AuditEntry) bool {
		return en.Actor == "ada" && string(en.Detail) == `{"audience":"","before":"brest, paris","version":"2.0"}`
	}) {
		t.Errorf("the audit does not tell who ended the trial: %+v", told)
	}
}

// TestATrialOutlivesItsGroup deletes the only group of a trial: nobody gets the
// version, rather than everybody.
func TestATrialOutlivesItsGroup(t *testing.T) {
	ctx := context.Background()
	st, e, p := desk(t)
	g, err := st.Content.CreateGroup(ctx, store.Group{Domain: "production", Name: "lyon", Title: procedure.T("Lyon", "Lyon")}, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []Order{{Project: p.ID}, {Project: p.ID, Trial: []string{"lyon"}}} {
		if _, err := e.Publish(ctx, o); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Content.DeleteGroup(ctx, g.ID, g.Version, ""); err != nil {
		t.Fatal(err)
	}
	// Whatever signs a catalogue again does it from what is kept.
	if err := e.Deactivate(ctx, p.ID, store.Number{Major: 1}, ""); err != nil {
		t.Fatal(err)
	}
	if got := numberFor(t, e); got != "" {
		t.Errorf("everybody begins on %s", got)
	}
	if v, err := st.Content.Version(ctx, p.ID, store.Number{Major: 2}); err != nil || !slices.Equal(v.Audience, []string{"lyon"}) {
		t.Errorf("the version is for %v (%v)", v.Audience, err)
	}
}

// TestOthersDoNotCallWhatIsOnTrial shares a procedure, changes it in a version on
// trial, and looks at what a project that calls it takes in.
func TestOthersDoNotCallWhatIsOnTrial(t *testing.T) {
	ctx := context.Background()
	st, e, p := desk(t)
	shared := sample().Procedures[1]
	shared.UID, shared.Alias, shared.Shared = "ssssssssssssssssssssssssss", "shared", true
	common := sample()
	common.UID, common.Alias, common.Procedures = "dddddddddddddddddddddddddd", "common", []*procedure.Procedure{shared}
	other, err := st.Content.CreateProject(ctx, "production", common, "")
	if err != nil {
		t.Fatal(err)
	}
	taken := func() string {
		t.Helper()
		all, err := e.Sharing(ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) == 0 {
			return ""
		}
		return all[0].Procedures[0].Step("end").Title.In["en"]
	}
	say := func(words string, o Order) store.Version {
		t.Helper()
		kept, err := st.Content.Procedure(ctx, other.ID, shared.UID)
		if err != nil {
			t.Fatal(err)
		}
		data, err := procedure.Apply(kept.Data, procedure.Operation{Do: "set_text", Step: "end", Path: "title", Language: "en", Words: words})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := st.Content.SaveRevision(ctx, store.Edit{Project: other.ID, UID: shared.UID, Version: kept.Version, Data: data}); err != nil {
			t.Fatal(err)
		}
		o.Project = other.ID
		v, err := e.Publish(ctx, o)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	first := say("Tried", Order{Trial: []string{"lyon"}})
	if got := taken(); got != "" {
		t.Errorf("what is only on trial is shared: %q", got)
	}
	say("Done", Order{})
	third := say("Tried again", Order{Trial: []string{"lyon"}})
	if got := taken(); got != "Done" {
		t.Errorf("others call %q beside versions %s and %s on trial", got, first.Number, third.Number)
	}
	if err := e.Offer(ctx, other.ID, third.Number, nil, ""); err != nil {
		t.Fatal(err)
	}
	if got := taken(); got != "Tried again" {
		t.Errorf("after the trial others call %q", got)
	}
}
