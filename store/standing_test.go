package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"regexp"
	"testing"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store/db"
)

// What the writer remembers of executions is what the database holds, whatever
// became of the transaction and whoever else changed it.

func appendOne(t *testing.T, s *Store, id string, parent int64, outcome procedure.Outcome) Turn {
	t.Helper()
	u, _, err := s.Activity.AppendTurn(t.Context(), Turn{Execution: id, Parent: parent, Input: "i", Step: "b", At: time.UnixMicro(1), Ended: outcome != "", Outcome: outcome})
	check(t, err)
	return u
}

func TestTurnsUndoneAreNotRemembered(t *testing.T) {
	s, c := open(t)
	id, other := startOne(t, s, c, "p"), startOne(t, s, c, "p")
	appendOne(t, s, id, 1, "")
	broken := errors.New("broken")
	err := s.Activity.Write(context.Background(), "break", func(tx *db.Tx) error {
		for _, name := range []string{id, other} {
			e, err := standing(tx, name)
			if err != nil {
				return err
			}
			if _, err := appendTurn(tx, e, Turn{Execution: name, Parent: e.Turns, Input: "lost", Step: "c", At: c.now()}); err != nil {
				return err
			}
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if u := appendOne(t, s, id, 2, ""); u.Seq != 3 {
		t.Errorf("after a turn that was undone comes number %d, want 3", u.Seq)
	}
	if u := appendOne(t, s, other, 1, ""); u.Seq != 2 {
		t.Errorf("after a turn that was undone comes number %d, want 2", u.Seq)
	}
	for name, want := range map[string]int64{id: 3, other: 2} {
		if e := must[Execution](t)(s.Activity.Execution(t.Context(), name)); e.Turns != want {
			t.Errorf("an execution has %d turns, want %d", e.Turns, want)
		}
	}
}

func TestAbandonedExecutionsAreCountedOnceWhenTakenUpAgain(t *testing.T) {
	s, c := open(t)
	id := startOne(t, s, c, "p")
	appendOne(t, s, id, 1, "")
	c.pass(48 * time.Hour)
	if n := must[int](t)(s.Activity.AbandonExecutions(t.Context(), c.now(), 10)); n != 1 {
		t.Fatalf("%d were abandoned", n)
	}
	appendOne(t, s, id, 2, procedure.Solved)
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	counts := must[[]Popular](t)(s.Activity.Populars(t.Context(), "p", day, day, 10))
	if len(counts) != 1 || counts[0].Outcomes[procedure.Solved] != 1 || counts[0].Outcomes[procedure.Abandoned] != 0 {
		t.Errorf("the outcomes are %+v, want one solved", counts)
	}
}

func TestRemovedExecutionsTakeNoTurns(t *testing.T) {
	s, c := open(t)
	id := startOne(t, s, c, "p")
	appendOne(t, s, id, 1, "")
	c.pass(time.Hour)
	must[int](t)(s.Activity.PurgeExecutions(t.Context(), "", nil, c.now(), 10))
	_, _, err := s.Activity.AppendTurn(t.Context(), Turn{Execution: id, Parent: 2, Input: "i", Step: "b", At: c.now()})
	refused(t, err, fault.NotFound, "")
}

func TestFewExecutionsAreRemembered(t *testing.T) {
	k := standings{all: map[string]Standing{}}
	for range 3 * maxStandings {
		k.committed(&dealings{standings: map[string]Standing{NewID(): {}}})
	}
	if len(k.all) > maxStandings {
		t.Errorf("%d are remembered, more than %d", len(k.all), maxStandings)
	}
}

// asKept compares what is remembered of executions with what the database
// holds.
func asKept(t *testing.T, s *Store, after string, ids []string) (remembered int) {
	t.Helper()
	for _, id := range ids {
		got, known := s.Activity.standings.get(id)
		if !known {
			continue
		}
		remembered++
		want, err := db.One(t.Context(), s.Activity.DB, scanStanding, sqlExecutionStanding, id)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("after %s, of %s\n%+v is remembered,\n%+v is kept (%v)", after, id, got, want, err)
		}
	}
	return remembered
}

// TestStandingsAreThoseOfTheDatabase does what can be done to executions in any
// order.
func TestStandingsAreThoseOfTheDatabase(t *testing.T) {
	s, c := open(t)
	ctx, a := t.Context(), s.Activity
	random := rand.New(rand.NewPCG(1, 2))
	var ids []string
	any := func() string { return ids[random.IntN(len(ids))] }
	start := func() error {
		e := Execution{
			ID: NewID(), Project: "p", Procedure: "u", Alias: "a", Version: "1.0", User: []string{"", "ada"}[random.IntN(2)], Owner: "o", Channel: "portal", Language: "fr",
			Started: c.now().Add(time.Nanosecond), Test: random.IntN(4) == 0, Label: "not kept", Turns: 7, Step: "nowhere",
		}
		ids = append(ids, e.ID)
		return a.StartExecution(ctx, e, Turn{Step: "ask", At: c.now(), State: []byte("first")})
	}
	check(t, start())
	doings := []struct {
		name string
		do   func() error
	}{
		{"a start", start},
		{"a pause", func() error { return a.PauseExecution(ctx, any(), NewID(), "later") }},
		{"an abandoning", func() error { _, err := a.AbandonExecutions(ctx, c.now().Add(-time.Second), 2); return err }},
		{"a purge", func() error { _, err := a.PurgeExecutions(ctx, "", nil, c.now().Add(-time.Minute), 1); return err }},
		{"a pseudonym", func() error {
			_, err := a.Pseudonymise(ctx, c.now().Add(-time.Second), 1, func(string) string { return "someone" })
			return err
		}},
		{"an erasure", func() error { return a.EraseUser(ctx, "ada") }},
	}
	remembered := 0
	for range 600 {
		name, do := "a turn", func() error {
			id := any()
			at, err := a.Standing(ctx, id)
			if err == nil {
				_, _, err = a.AppendTurn(ctx, Turn{
					Execution: id, Parent: max(0, at.Turns-int64(random.IntN(3))), Input: []string{"x", "y"}[random.IntN(2)], Step: "next", At: c.now().Add(time.Nanosecond),
					State: []byte{byte(random.IntN(256))}, Ended: random.IntN(4) == 0, Outcome: procedure.Solved, Failed: random.IntN(5) == 0,
				})
			}
			return err
		}
		if random.IntN(3) == 0 {
			doing := doings[random.IntN(len(doings))]
			name, do = doing.name, doing.do
		}
		if err := do(); err != nil && !fault.Is(err, fault.NotFound) {
			t.Fatalf("%s: %v", name, err)
		}
		c.pass(time.Second)
		remembered += asKept(t, s, name, ids)
	}
	if remembered < 300 {
		t.Errorf("only %d times something was remembered", remembered)
	}
}

// TestStatementsThatOutdateAreNamed finds each statement that changes an
// execution or its turns.
func TestStatementsThatOutdateAreNamed(t *testing.T) {
	files, _ := goFiles(t)
	changes := regexp.MustCompile(`(?i)^(UPDATE|DELETE FROM|REPLACE INTO|INSERT OR \w+ INTO)\s+(execution|turn)\b`)
	found := 0
	for name, query := range constants(files, "sql") {
		if !changes.MatchString(query) || name == "sqlExecutionTurn" {
			continue
		}
		found++
		if !outdating[query] {
			t.Errorf("%s changes executions, and nobody is told", name)
		}
	}
	if found != len(outdating) {
		t.Errorf("%d statements change executions, %d are named", found, len(outdating))
	}
}
