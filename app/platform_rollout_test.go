package app

import (
	"reflect"
	"testing"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/edition"
	"selfhelp/app/platform"
	"selfhelp/app/publication"
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
	t.Parallel()
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
	waits := func(otherwise string, most int) {
		t.Helper()
		eventually(t, otherwise, func() bool {
			serve, ready := f.serving(f.edition.shelf().Sequence())
			return 0 < serve && serve <= most && serve+ready == 3
		})
	}
	waits("one server serves what was published and two are ready", 1)
	if err := f.edition.edition.RollBack(t.Context(), project, before, "test"); err != nil {
		t.Fatal(err)
	}
	f.await(t)
	if err := f.edition.edition.Activate(t.Context(), project, published.Number, "test"); err != nil {
		t.Fatal(err)
	}
	waits("a server that never served it is ready and waits", 2) // the one that did, and the first
}

// TestTheSameServerTriesWhatComesNext publishes another project while one server tries the
// one before, and once more after the edition server was started again: that server gets it,
// and no other anything of both.
func TestTheSameServerTriesWhatComesNext(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 3)
	f.way(t, func(g *store.Target) { g.Way, g.Pause = store.Canary, time.Hour })
	projects, err := f.edition.store.Content.Projects(t.Context(), "production")
	if err != nil || len(projects) < 2 {
		t.Fatalf("%d projects (%v)", len(projects), err)
	}
	var first *Server
	before := f.edition.shelf().Sequence()
	for i, project := range []string{projects[0].ID, projects[1].ID, projects[0].ID, projects[1].ID} {
		if i == 3 {
			if err := f.end(); err != nil {
				t.Fatal(err)
			}
			f.start(t)
		}
		if _, err := f.edition.edition.Publish(t.Context(), edition.Order{Project: project, Notes: "next"}); err != nil {
			t.Fatal(err)
		}
		sequence := f.edition.shelf().Sequence()
		eventually(t, "one server serves what was published and two are ready", func() bool {
			serve, ready := f.serving(sequence)
			return serve == 1 && ready == 2
		})
		for _, s := range f.servers {
			switch got := s.shelf().Sequence(); {
			case got == sequence && first == nil:
				first = s
			case got == sequence && s != first, got != sequence && got != before:
				t.Fatalf("%d: another server serves publication %d", i, got)
			}
		}
	}
}

// TestWhatComesAgainIsTried puts in force, with one server to try first, what the servers had
// before what they have now, and then what they had gone back from: going back waits for
// nobody, what comes again is tried as if it had never been there.
func TestWhatComesAgainIsTried(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2)
	projects, err := f.edition.store.Content.Projects(t.Context(), "production")
	if err != nil {
		t.Fatal(err)
	}
	project := projects[0].ID
	versions, err := f.edition.store.Content.Versions(t.Context(), project)
	if err != nil {
		t.Fatal(err)
	}
	published, err := f.edition.edition.Publish(t.Context(), edition.Order{Project: project, Notes: "all have it"})
	if err != nil {
		t.Fatal(err)
	}
	f.await(t)
	f.way(t, func(g *store.Target) { g.Way, g.Pause = store.Canary, time.Hour })
	if err := f.edition.edition.RollBack(t.Context(), project, versions[0].Number, "test"); err != nil {
		t.Fatal(err)
	}
	f.await(t)
	if err := f.edition.edition.Activate(t.Context(), project, published.Number, "test"); err != nil {
		t.Fatal(err)
	}
	sequence := f.edition.shelf().Sequence()
	eventually(t, "one server tries what came again, and the other is ready", func() bool {
		serve, ready := f.serving(sequence)
		return serve == 1 && ready == 1
	})
}

// TestThePauseBeginsAnew has the first server fail during the pause of a canary: the others
// are to follow one that was well for as long as that, so it begins anew. Meanwhile the
// pages of the servers and of the versions say how things are.
func TestThePauseBeginsAnew(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 0)
	var ends []func() error
	for range 2 {
		s, end := started(t, config.Config{Role: config.Presentation})
		if _, err := f.edition.platform.Join(t.Context(), store.Server{Name: string(rune('a' + len(ends))), Address: s.URL(), Target: "production"}, s.joiningCode(), "test"); err != nil {
			t.Fatal(err)
		}
		f.servers, ends = append(f.servers, s), append(ends, end)
	}
	f.await(t)
	f.way(t, func(g *store.Target) { g.Way, g.Pause = store.Canary, time.Hour })
	f.publish(t)
	now := f.edition.shelf().Sequence()
	eventually(t, "the first server does not switch", func() bool { serve, ready := f.serving(now); return serve == 1 && ready == 1 })
	var began time.Time
	eventually(t, "the pause does not begin", func() bool { began = f.edition.platform.Rollouts()["production"].Well; return !began.IsZero() })
	for i, s := range f.servers {
		if s.shelf().Sequence() == now {
			if err := ends[i](); err != nil {
				t.Fatal(err)
			}
		}
	}
	eventually(t, "the pause goes on though the first server is away", func() bool { return f.edition.platform.Rollouts()["production"].Well.After(began) })
	eventually(t, "it reaches a server that is away", func() bool {
		reach, err := f.edition.platform.Reach(t.Context(), "production")
		return err == nil && reach.Servers == 2 && reach.Serving == 0
	})
	f.shows(t, "", "a basculé et ne va pas bien", "0 sur 2 servent")
}

// TestATrialOutlivesARestart starts the edition server again during the pause of a canary,
// once with all servers there and once with the first of them away: those that wait go on
// waiting, for a whole pause, and the page says so.
func TestATrialOutlivesARestart(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 0)
	ends := map[*Server]func() error{}
	for range 3 {
		s, end := started(t, config.Config{Role: config.Presentation})
		if _, err := f.edition.platform.Join(t.Context(), store.Server{Name: string(rune('a' + len(ends))), Address: s.URL(), Target: "production"}, s.joiningCode(), "test"); err != nil {
			t.Fatal(err)
		}
		f.servers, ends[s] = append(f.servers, s), end
	}
	f.await(t)
	f.way(t, func(g *store.Target) { g.Way, g.Pause = store.Canary, time.Hour })
	f.publish(t)
	now := f.edition.shelf().Sequence()
	eventually(t, "the first server does not switch", func() bool { serve, ready := f.serving(now); return serve == 1 && ready == 2 })
	again := func(serving int, asked func(platform.Standing) bool) {
		t.Helper()
		if err := f.end(); err != nil {
			t.Fatal(err)
		}
		f.start(t)
		for _, name := range []string{"a", "b", "c"} {
			f.standing(t, name, asked)
		}
		time.Sleep(2500 * time.Millisecond) // two looks more
		if serve, ready := f.serving(now); serve != serving || ready != 2 {
			t.Fatalf("%d servers serve what is on trial, %d are ready", serve, ready)
		}
	}
	again(1, func(m platform.Standing) bool { return !m.Seen.IsZero() })
	if r := f.edition.platform.Rollouts()["production"]; r.Well.IsZero() || !r.Anew {
		t.Errorf("the pause did not begin anew: %+v", r)
	}
	f.shows(t, "", "La pause a recommencé à ")
	for _, s := range f.servers {
		if s.shelf().Sequence() == now {
			if err := ends[s](); err != nil {
				t.Fatal(err)
			}
		}
	}
	again(0, func(m platform.Standing) bool { return !m.Seen.IsZero() || m.Err != nil })
	f.shows(t, "", "a basculé et ne va pas bien")
}

// shown waits until a server shows exactly the publications of a catalogue.
func (f *fleet) shown(t *testing.T, s *Server, want publication.Catalogue, otherwise string) {
	t.Helper()
	eventually(t, otherwise, func() bool {
		return reflect.DeepEqual(s.shelf().Catalogue().Publications, want.Publications)
	})
}

// TestWhatIsPutInForceReachesGroupsThatStay has an edition server come back from a copy in
// which a group stays at a publication, while its server went on: what the group stays at
// is put in force there, and what is published later is not.
func TestWhatIsPutInForceReachesGroupsThatStay(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1)
	a, stays := f.servers[0], f.edition.shelf().Catalogue()
	f.way(t, func(g *store.Target) { g.Held = stays.Sequence })
	f.publish(t)
	aside := f.copied(t)
	f.way(t, func(g *store.Target) { g.Held = 0 })
	f.await(t)
	f.publish(t)
	f.await(t)
	f.bringBack(t, aside)
	newer := f.standing(t, "a", platform.Standing.Newer).State.Sequence
	if err := f.edition.edition.Renew(t.Context(), newer); err != nil {
		t.Fatal(err)
	}
	f.shown(t, a, stays, "what the group stays at did not reach its server")
	f.standing(t, "a", func(m platform.Standing) bool { return m.Err == nil && m.State.Sequence > newer })
	f.publish(t)
	f.shows(t, "", "Ce groupe reste à la publication", `!action="/admin/servers/renew"`)
	f.shown(t, a, stays, "a group that stays went on")
}

// TestAServerMovesToAGroupThatStays puts a server into a group that stays at a publication
// before the one it serves.
func TestAServerMovesToAGroupThatStays(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1)
	a, stays := f.servers[0], f.edition.shelf().Catalogue()
	ctx, content := t.Context(), f.edition.store.Content
	if err := content.AddTarget(ctx, store.Target{ID: "lyon", Title: "Lyon", Way: store.Together}, "test"); err != nil {
		t.Fatal(err)
	}
	all, err := content.Targets(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range all {
		if g.ID == "lyon" {
			g.Held = stays.Sequence
			err = content.SaveTarget(ctx, g, "test")
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	f.publish(t)
	f.await(t)
	moved := f.standing(t, "a", func(platform.Standing) bool { return true }).Server
	moved.Target = "lyon"
	if err := f.edition.platform.Change(ctx, moved, "test"); err != nil {
		t.Fatal(err)
	}
	f.shown(t, a, stays, "the server does not show what its group stays at")
	f.standing(t, "a", func(m platform.Standing) bool { return m.Err == nil })
}
