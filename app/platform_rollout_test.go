package app

import (
	"testing"
	"time"

	"selfhelp/app/edition"
	"selfhelp/store"
)

// way has the servers of the fleet come to a publication in a way, with a pause that no
// test waits for.
func (f *fleet) way(t *testing.T, change func(*store.Target)) {
	t.Helper()
	all, err := f.edition.store.Content.Targets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range all {
		if g.ID != "production" {
			continue
		}
		change(&g)
		if err := f.edition.store.Content.SaveTarget(t.Context(), g, "test"); err != nil {
			t.Fatal(err)
		}
	}
}

// serving is how many servers serve a publication, and how many are ready for it.
func (f *fleet) serving(sequence uint64) (serve, ready int) {
	for _, s := range f.servers {
		switch {
		case s.shelf().Sequence() == sequence:
			serve++
		case s.shelf().Staged() == sequence:
			ready++
		}
	}
	return serve, ready
}

// TestGoingBackDoesNotWait goes back to the version before while all servers but the
// first wait for the end of a pause: they have what is wanted already. The version that
// they never served is tried again when it comes again.
func TestGoingBackDoesNotWait(t *testing.T) {
	f := newFleet(t, 3)
	f.way(t, func(g *store.Target) { g.Way, g.Pause = store.Canary, time.Hour })
	projects, err := f.edition.store.Content.Projects(t.Context(), "production")
	if err != nil {
		t.Fatal(err)
	}
	project := projects[0].ID
	versions, err := f.edition.store.Content.Versions(t.Context(), project)
	if err != nil {
		t.Fatal(err)
	}
	before := versions[0].Number
	published, err := f.edition.edition.Publish(t.Context(), edition.Order{Project: project, Notes: "not good"})
	if err != nil {
		t.Fatal(err)
	}
	onlyOne := func() {
		t.Helper()
		eventually(t, "one server serves what was published and two are ready", func() bool {
			serve, ready := f.serving(f.edition.shelf().Sequence())
			return serve == 1 && ready == 2
		})
	}
	onlyOne()
	if err := f.edition.edition.RollBack(t.Context(), project, before, "test"); err != nil {
		t.Fatal(err)
	}
	f.await(t)
	if err := f.edition.edition.Activate(t.Context(), project, published.Number, "test"); err != nil {
		t.Fatal(err)
	}
	onlyOne()
}
