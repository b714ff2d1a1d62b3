package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/store/db"
	"selfhelp/store/journal"
)

// TestWhatIsNotBroughtStays: retention takes nothing that the edition server does
// not have, whatever its age; the journal keeps what it has for six days.
func TestWhatIsNotBroughtStays(t *testing.T) {
	s, c := presentation(t)
	edition, _ := open(t)
	ctx := t.Context()
	id := journey(t, s, Execution{Project: "p", Procedure: "u", Alias: "a", Version: "1.0", Started: c.now()}, 3, "")
	must[int64](t)(s.Activity.AddSearch(ctx, Search{At: c.now(), Project: "p", Query: "q"}))
	check(t, s.Activity.Enqueue(ctx, Message{Kind: "mail", Key: "k"}))
	check(t, s.Activity.MessageDone(ctx, 1))
	c.pass(1000 * 24 * time.Hour)
	purge := func() (n int64) {
		t.Helper()
		executions := must[int](t)(s.Activity.PurgeExecutions(ctx, "", nil, c.now(), 100))
		return int64(executions) + must[int64](t)(s.Activity.PurgeSearches(ctx, c.now(), 100)) + must[int64](t)(s.Activity.PurgeMessages(ctx, c.now(), 100))
	}
	if n := purge(); n != 0 {
		t.Fatalf("%d things were removed that nobody has", n)
	}
	bring(t, edition, s, "one", journal.MaxBatch)
	must[int](t)(s.Activity.AbandonExecutions(ctx, c.now(), 100))
	if n := purge(); n != 2 { // that it was abandoned is not there yet
		t.Fatalf("%d things were removed", n)
	}
	bring(t, edition, s, "one", journal.MaxBatch)
	if n := purge(); n != 1 {
		t.Fatalf("%d things were removed", n)
	}
	if e := must[Execution](t)(edition.Activity.Execution(ctx, id)); e.Outcome != procedure.Abandoned || e.Turns != 3 {
		t.Errorf("brought %+v", e)
	}

	rows := func() int64 {
		t.Helper()
		return must[int64](t)(db.One(ctx, s.Activity.DB, db.ScanNumber, "SELECT count(*) FROM journal"))
	}
	before := rows()
	at, _, err := edition.Activity.GatheredTo(ctx, "one")
	check(t, err)
	for _, kept := range []struct {
		hours time.Duration
		rows  int64
	}{{143, before}, {146, 1}} {
		c.pass(kept.hours * time.Hour)
		check(t, s.Activity.Acknowledge(ctx, at))
		if n := rows(); n != kept.rows {
			t.Errorf("after %d hours %d of %d are kept", kept.hours, n, before)
		}
	}
	// What comes after is brought all the same.
	id = journey(t, s, Execution{Project: "p", Procedure: "u", Alias: "a", Version: "1.0", Started: c.now()}, 2, procedure.Solved)
	bring(t, edition, s, "one", journal.MaxBatch)
	must[Execution](t)(edition.Activity.Execution(ctx, id))
}

// TestASingleServerKeepsNoJournal: nothing is noted, and retention does as before.
func TestASingleServerKeepsNoJournal(t *testing.T) {
	s, c := open(t)
	ctx := t.Context()
	journey(t, s, Execution{Project: "p", Procedure: "u", Alias: "a", Version: "1.0", Started: c.now()}, 3, "")
	if n := must[int64](t)(db.One(ctx, s.Activity.DB, db.ScanNumber, "SELECT (SELECT count(*) FROM journal) + (SELECT count(*) FROM sqlite_schema WHERE name LIKE 'journal_%' AND type = 'trigger')")); n != 0 {
		t.Errorf("%d rows and triggers", n)
	}
	if n := must[int](t)(s.Activity.PurgeExecutions(ctx, "", nil, c.now(), 9)); n != 1 {
		t.Errorf("%d removed", n)
	}
	_, err := s.Gathered(ctx, Cursor{}, 1000)
	if !errors.Is(err, journal.ErrNone) {
		t.Errorf("got %v", err)
	}
}

// TestAServerThatWasAlone: what was there before it became a presentation server is
// brought, too; commands that open its folder note what they do; and when it is
// alone again, its journal goes.
func TestAServerThatWasAlone(t *testing.T) {
	ctx, c, dir := t.Context(), newClock(), anEmptyStore(t)
	edition, _ := open(t)
	s := must[*Store](t)(Open(ctx, dir, Options{Now: c.now, Log: quiet()}))
	first := journey(t, s, Execution{Project: "p", Procedure: "u", Alias: "a", Version: "1.0", Started: c.now()}, 3, procedure.Solved)
	check(t, s.Close())
	s = openJournal(t, dir, c)
	bring(t, edition, s, "one", 500)
	if e := must[Execution](t)(edition.Activity.Execution(ctx, first)); e.Outcome != procedure.Solved || e.Turns != 3 {
		t.Errorf("got %+v", e)
	}
	check(t, s.Close())
	s = must[*Store](t)(Open(ctx, dir, Options{Now: c.now, Log: quiet()}))
	second := journey(t, s, Execution{Project: "p", Procedure: "u", Alias: "a", Version: "1.0", Started: c.now()}, 2, "")
	bring(t, edition, s, "one", 500)
	must[Execution](t)(edition.Activity.Execution(ctx, second))
	check(t, s.Activity.EndJournal(ctx))
	if going := must[bool](t)(s.Activity.Journaling(ctx)); going {
		t.Error("it goes on")
	}
	journey(t, s, Execution{Project: "p", Procedure: "u", Alias: "a", Version: "1.0", Started: c.now()}, 2, "")
	if n := must[int](t)(s.Activity.PurgeExecutions(ctx, "", nil, c.now(), 9)); n != 3 {
		t.Errorf("%d removed", n)
	}
	check(t, s.Close())
}

// TestARestoredServer: a server that was brought back to an earlier moment gives
// its numbers again. Its journal is another one then, and nothing is lost.
func TestARestoredServer(t *testing.T) {
	ctx, c, dir := t.Context(), newClock(), anEmptyStore(t)
	edition, _ := open(t)
	s := openJournal(t, dir, c)
	e := Execution{Project: "p", Procedure: "u", Alias: "a", Version: "1.0"}
	e.Started = c.now()
	journey(t, s, e, 2, "")
	bring(t, edition, s, "one", 1000)
	check(t, s.Close())
	before := must[[]byte](t)(os.ReadFile(filepath.Join(dir, "activity.db")))
	s = openJournal(t, dir, c)
	e.Started = c.now()
	lost := journey(t, s, e, 4, procedure.Solved)
	must[int64](t)(s.Activity.AddSearch(ctx, Search{At: c.now(), Project: "p", Query: "of before"}))
	bring(t, edition, s, "one", 1000)
	check(t, s.Close())
	for _, more := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(filepath.Join(dir, "activity.db"+more))
	}
	check(t, os.WriteFile(filepath.Join(dir, "activity.db"), before, 0o600))
	s = openJournal(t, dir, c)
	defer func() { check(t, s.Close()) }()
	e.Started = c.now()
	again := journey(t, s, e, 9, procedure.Unsolved) // past the cursor
	must[int64](t)(s.Activity.AddSearch(ctx, Search{At: c.now(), Project: "p", Query: "of after"}))
	bring(t, edition, s, "one", 1000)
	for id, turns := range map[string]int64{lost: 4, again: 9} {
		if e := must[Execution](t)(edition.Activity.Execution(ctx, id)); e.Turns != turns {
			t.Errorf("got %+v", e)
		}
	}
	if all := must[[]Search](t)(edition.Activity.Searches(ctx, "", 0, 9)); len(all) != 2 {
		t.Errorf("searches %+v", all)
	}
	if got := counters(t, edition); !strings.Contains(got, "started 3 1 1 ") {
		t.Errorf("counted %s", got)
	}
}

// TestWhatWasRemovedStaysAway: what the edition server removed, made nobody's or
// erased does not come back when it is gathered again, nor what a server had of
// somebody who was erased meanwhile.
func TestWhatWasRemovedStaysAway(t *testing.T) {
	s, c := presentation(t)
	edition, ec := open(t)
	ctx := t.Context()
	run := func(user string) string {
		t.Helper()
		id := journey(t, s, Execution{Project: "p", Procedure: "u", Alias: "a", Version: "1.0", User: user, Started: c.now()}, 3, procedure.Solved)
		must[int64](t)(s.Activity.AddPostit(ctx, Postit{Execution: id, Step: "s1", Text: "I am " + user, At: c.now()}))
		check(t, s.Activity.SetFeedback(ctx, Feedback{Execution: id, Step: "s1", Scale: "stars", Score: 1, Comment: "says " + user, At: c.now()}))
		return id
	}
	old := run("ada")
	must[int64](t)(s.Activity.AddSearch(ctx, Search{At: c.now(), Project: "p", Query: "of ada"}))
	c.pass(48 * time.Hour)
	named, erased := run("bo"), run("cleo")
	bring(t, edition, s, "one", journal.MaxBatch)
	ec.pass(72 * time.Hour)
	limit := c.now().Add(-24 * time.Hour)
	if n := must[int](t)(edition.Activity.PurgeExecutions(ctx, "", nil, limit, 9)); n != 1 {
		t.Fatalf("%d removed", n)
	}
	must[int64](t)(edition.Activity.PurgeSearches(ctx, limit, 9))
	check(t, edition.Activity.EraseUser(ctx, "cleo"))
	must[int](t)(edition.Activity.Pseudonymise(ctx, c.now(), 9, func(string) string { return "someone" }))
	before := counters(t, edition)

	late := run("cleo") // the other server does not know yet
	check(t, s.Activity.PauseExecution(ctx, named, "hash", "Bo's"))
	forget(t, edition)
	bring(t, edition, s, "one", journal.MaxBatch)
	if _, err := edition.Activity.Execution(ctx, old); err == nil {
		t.Error("what was removed is there again")
	}
	if e := must[Execution](t)(edition.Activity.Execution(ctx, named)); e.User != "someone" || e.Label != "" {
		t.Errorf("got %+v", e)
	}
	for _, id := range []string{erased, late} {
		e := must[Execution](t)(edition.Activity.Execution(ctx, id))
		if turns := must[[]Turn](t)(edition.Activity.Turns(ctx, id)); e.User != "" || e.Outcome != procedure.Solved || len(turns) != 0 {
			t.Errorf("got %+v with %d turns", e, len(turns))
		}
	}
	words := all(t, edition, "SELECT text FROM postit UNION ALL SELECT comment FROM feedback UNION ALL SELECT query FROM search UNION ALL SELECT 'recent ' || user FROM recent")
	for _, gone := range []string{"cleo", "of ada", "I am ada", "says ada"} {
		if strings.Contains(words, gone) {
			t.Errorf("%q is there again in\n%s", gone, words)
		}
	}
	if want, after := strings.Replace(before, "started 2 2", "started 3 3", 1), counters(t, edition); after != want {
		t.Errorf("counted\n%s\nwant\n%s", after, want)
	}
}
