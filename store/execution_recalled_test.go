package store

import (
	"fmt"
	"testing"
	"time"
)

// TestOnlyWhatIsMissingIsRecalled has a server recall somebody's executions a second time:
// nothing that it has comes again, and of one that went on elsewhere what went on.
func TestOnlyWhatIsMissingIsRecalled(t *testing.T) {
	ctx := t.Context()
	a, clock := open(t)
	b, _ := open(t)
	answer := func(id string, parent int64) {
		t.Helper()
		_, _, err := a.Activity.AppendTurn(ctx, Turn{Execution: id, Parent: parent, Input: fmt.Sprint(parent), Step: "more", At: clock.now(), State: []byte("s")})
		check(t, err)
	}
	for i, id := range []string{"x1", "x2", "x3"} {
		check(t, a.Activity.StartExecution(ctx, Execution{ID: id, Project: "p", Procedure: "u", Alias: "rounds", User: "ada", Started: clock.now().Add(time.Duration(i) * time.Second)}, Turn{Input: "1", Step: "first", At: clock.now(), State: []byte("s")}))
		answer(id, 1)
	}
	recall := func(limit, room int) string {
		t.Helper()
		had := must[Had](t)(b.Activity.Had(ctx, "ada", limit))
		all := must[[]Recalled](t)(a.Activity.Recalled(ctx, "ada", had, limit, room))
		check(t, b.Activity.TakeRecalled(ctx, all))
		said := ""
		for _, r := range all {
			said += r.Execution.ID
			for _, u := range r.Turns {
				said += fmt.Sprint(" ", u.Seq)
			}
			said += ";"
		}
		return said
	}
	for _, want := range []string{
		"x3 1 2;", // the room of one
		"x2 1 2;x1 1 2;",
		"",
	} {
		room := 1 << 20
		if want == "x3 1 2;" {
			room = 700
		}
		if got := recall(10, room); got != want {
			t.Errorf("it is given %q, want %q", got, want)
		}
	}
	answer("x2", 2)
	answer("x2", 3)
	if got := recall(10, 1<<20); got != "x2 2 3 4;" { // the one it stands at says that it goes on from there
		t.Errorf("of what went on it is given %q", got)
	}
	if e := must[Execution](t)(b.Activity.Execution(ctx, "x2")); e.Turns != 4 {
		t.Errorf("it stands at turn %d", e.Turns)
	}
	if got := recall(10, 1<<20); got != "" {
		t.Errorf("it is given %q again", got)
	}

	// It goes to and fro.
	at := func(s *Store, parent int64) {
		t.Helper()
		u, _, err := s.Activity.AppendTurn(ctx, Turn{Execution: "x2", Parent: parent, Input: fmt.Sprint(parent), Step: "more", At: clock.now(), State: []byte("s")})
		if check(t, err); u.Seq != parent+1 {
			t.Errorf("the answer to %d is turn %d", parent, u.Seq)
		}
	}
	at(b, 4)
	check(t, a.Activity.TakeRecalled(ctx, must[[]Recalled](t)(b.Activity.Recalled(ctx, "ada", Had{"x2": 4}, 10, 1<<20))))
	at(a, 5)
	if got := recall(10, 1<<20); got != "x2 5 6;" {
		t.Errorf("of what went to and fro it is given %q", got)
	}
	at(b, 6)
}
