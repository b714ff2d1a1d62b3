package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
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
	err := s.Activity.write(context.Background(), "break", func(tx *tx) error {
		for _, name := range []string{id, other} {
			e, err := oneIn(tx, scanGoing, sqlExecutionGoing, name)
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
	g := going{}
	for range 3 * maxGoing {
		g.keep(NewID(), Execution{})
	}
	if len(g) > maxGoing {
		t.Errorf("%d are remembered, more than %d", len(g), maxGoing)
	}
}
