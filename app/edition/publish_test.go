package edition

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/store"
)

var quiet = slog.New(slog.DiscardHandler)

// desk is an edition on a new store with the sample project in it.
func desk(t *testing.T) (*store.Store, *Edition, store.Project) {
	t.Helper()
	st := openStore(t)
	e, err := Open(context.Background(), st, filepath.Join(t.TempDir(), "bundles"), quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	p, err := st.Content.CreateProject(context.Background(), "production", sample(), "")
	if err != nil {
		t.Fatal(err)
	}
	return st, e, p
}

// edit changes the title of a page and saves it.
func edit(t *testing.T, st *store.Store, project string, words string) {
	t.Helper()
	ctx := context.Background()
	p, err := st.Content.Procedure(ctx, project, sample().Procedures[0].UID)
	if err != nil {
		t.Fatal(err)
	}
	data, err := procedure.Apply(p.Data, procedure.Operation{Do: "set_text", Step: "look", Path: "title", Language: "en", Words: words})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Content.SaveRevision(ctx, store.Edit{Project: project, UID: p.UID, Version: p.Version, Data: data}); err != nil {
		t.Fatal(err)
	}
}

// title is what people who start now read on the page.
func title(t *testing.T, e *Edition) string {
	t.Helper()
	hold := e.Shelf().Hold()
	defer hold.Release()
	placed, err := hold.Find("printer", func(string) publication.Reader { return publication.Reader{Member: true} })
	if err != nil || len(placed) != 1 {
		t.Fatalf("the procedure is published %d times (%v)", len(placed), err)
	}
	program, err := placed[0].Bundle.Program(placed[0].UID)
	if err != nil {
		t.Fatal(err)
	}
	return program.Procedure.Step("look").Title.In["en"]
}

// TestVersionsFollowEachOther publishes, fixes, withdraws and goes back, and
// looks each time at what people get.
func TestVersionsFollowEachOther(t *testing.T) {
	ctx := context.Background()
	st, e, p := desk(t)
	publish := func(o Order, want string) store.Version {
		t.Helper()
		o.Project = p.ID
		v, err := e.Publish(ctx, o)
		if err != nil || v.Number.String() != want {
			t.Fatalf("published %s, want %s (%v)", v.Number, want, err)
		}
		return v
	}
	first := publish(Order{}, "1.0")
	publish(Order{Notes: "the same again"}, "2.0")
	if err := e.RollBack(ctx, p.ID, first.Number, ""); err != nil {
		t.Fatal(err)
	}
	edit(t, st, p.ID, "Look closer")
	if got := title(t, e); got != "Look" {
		t.Errorf("before publishing people read %q", got)
	}
	publish(Order{Base: first.Number, Take: []string{sample().Procedures[0].UID}}, "1.1")
	if got := title(t, e); got != "Look closer" {
		t.Errorf("after the fix people read %q", got)
	}
	if _, err := e.Publish(ctx, Order{Project: p.ID, Base: store.Number{Major: 2}}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a fix of a withdrawn version: %v", err)
	}
	if err := e.RollBack(ctx, p.ID, first.Number, ""); err != nil {
		t.Fatal(err)
	}
	if got := title(t, e); got != "Look" {
		t.Errorf("after going back people read %q", got)
	}
	if err := e.Deactivate(ctx, p.ID, first.Number, ""); err != nil {
		t.Fatal(err)
	}
	hold := e.Shelf().Hold()
	defer hold.Release()
	if placed, err := hold.Find("printer", func(string) publication.Reader { return publication.Reader{Member: true} }); err != nil || len(placed) != 0 {
		t.Errorf("a withdrawn procedure can be started (%v)", err)
	}
	if _, err := hold.Version("production", sample().UID, publication.Number{Major: 1}); err != nil {
		t.Errorf("who is in the middle of a withdrawn version cannot go on: %v", err)
	}
}

// TestNothingIsKeptOfARefusal holds a broken project back, with the reason.
func TestNothingIsKeptOfARefusal(t *testing.T) {
	ctx := context.Background()
	st, e, p := desk(t)
	broken, err := st.Content.Procedure(ctx, p.ID, sample().Procedures[0].UID)
	if err != nil {
		t.Fatal(err)
	}
	data, err := procedure.Apply(broken.Data, procedure.Operation{Do: "connect", Step: "look", Edge: "next"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Content.SaveRevision(ctx, store.Edit{Project: p.ID, UID: broken.UID, Version: broken.Version, Data: data}); err != nil {
		t.Fatal(err)
	}
	_, err = e.Publish(ctx, Order{Project: p.ID})
	var refused *publication.Refusal
	if !errors.As(err, &refused) || refused.Errors == 0 || !fault.Is(err, fault.Invalid) {
		t.Fatalf("a branch that ends nowhere was published: %v", err)
	}
	if versions, err := st.Content.Versions(ctx, p.ID); err != nil || len(versions) != 0 {
		t.Errorf("%d versions were kept (%v)", len(versions), err)
	}
}

// TestLostBundlesAreBuiltAgain removes the bundles behind the product's back.
func TestLostBundlesAreBuiltAgain(t *testing.T) {
	ctx := context.Background()
	st, e, p := desk(t)
	before, err := e.Publish(ctx, Order{Project: p.ID})
	if err != nil {
		t.Fatal(err)
	}
	bundle := e.Shelf().Catalogue().Publications[0].Hash
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(e.folder); err != nil {
		t.Fatal(err)
	}
	again, err := Open(ctx, st, e.folder, quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if got := title(t, again); got != "Look" {
		t.Errorf("people read %q", got)
	}
	if after, err := st.Content.Version(ctx, p.ID, before.Number); err != nil || after.Bundle != bundle {
		t.Errorf("it was bundle %s and is now %s (%v)", bundle, after.Bundle, err)
	}
}

// TestALostBundleThatWouldNotBeTheSameIsReplaced loses the bundle of a project
// that calls a procedure of another, which was published again since.
func TestALostBundleThatWouldNotBeTheSameIsReplaced(t *testing.T) {
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
	publish := func(project, uid string, op procedure.Operation) {
		t.Helper()
		p, err := st.Content.Procedure(ctx, project, uid)
		if err != nil {
			t.Fatal(err)
		}
		data, err := procedure.Apply(p.Data, op)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := st.Content.SaveRevision(ctx, store.Edit{Project: project, UID: uid, Version: p.Version, Data: data}); err != nil {
			t.Fatal(err)
		}
		if _, err := e.Publish(ctx, Order{Project: project}); err != nil {
			t.Fatal(err)
		}
	}
	say := func(words string) procedure.Operation {
		return procedure.Operation{Do: "set_text", Step: "end", Path: "title", Language: "en", Words: words}
	}
	publish(other.ID, shared.UID, say("Done"))
	publish(p.ID, sample().Procedures[0].UID, procedure.Operation{Do: "set", Step: "ask", Path: "call.procedure", Value: shared.UID})
	before, err := st.Content.Version(ctx, p.ID, store.Number{Major: 1})
	if err != nil {
		t.Fatal(err)
	}
	publish(other.ID, shared.UID, say("All done"))
	if err := errors.Join(e.Close(), os.RemoveAll(e.folder)); err != nil {
		t.Fatal(err)
	}
	again, err := Open(ctx, st, e.folder, quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if got := title(t, again); got != "Look" {
		t.Errorf("people read %q", got)
	}
	if after, err := st.Content.Version(ctx, p.ID, before.Number); err != nil || after.Bundle == before.Bundle {
		t.Errorf("the bundle is still said to be %s (%v)", after.Bundle, err)
	}
}
