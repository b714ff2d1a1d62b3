package store

import (
	"testing"
	"time"

	"selfhelp/app/fault"
)

// TestACodeOpensAtAnotherServer puts an execution aside at one server, takes it at
// another, uses the code there, and tells the first.
func TestACodeOpensAtAnotherServer(t *testing.T) {
	ctx := t.Context()
	a, clock := open(t)
	b, _ := open(t)
	now := clock.now()
	check(t, a.Activity.StartExecution(ctx, Execution{ID: "x1", Project: "p", Procedure: "u", Alias: "rounds", Owner: "o", Started: now}, Turn{Input: "1", Step: "first", At: now, State: []byte("one")}))
	must[Turn](t)(func() (Turn, error) {
		u, _, err := a.Activity.AppendTurn(ctx, Turn{Execution: "x1", Parent: 1, Input: "2", Step: "more", At: now, State: []byte("two")})
		return u, err
	}())
	check(t, a.Activity.PauseExecution(ctx, "x1", "hash", "Rounds"))
	codes := must[[]PausedCode](t)(a.Activity.PausedCodes(ctx, now.Add(-time.Hour)))
	if len(codes) != 1 || codes[0] != (PausedCode{"x1", "hash"}) {
		t.Fatalf("%+v", codes)
	}
	p := must[Paused](t)(a.Activity.Paused(ctx, "x1", "hash"))
	for range 2 { // sent twice it is one
		check(t, b.Activity.TakePaused(ctx, p))
	}
	e := must[Execution](t)(b.Activity.PausedExecution(ctx, []string{"hash"}))
	if last := must[Turn](t)(b.Activity.Turn(ctx, "x1", 0)); e.ID != "x1" || e.Owner != "o" || e.Label != "Rounds" || e.Turns != 2 || string(last.State) != "two" {
		t.Fatalf("%+v %+v", e, last)
	}
	if n := must[int64](t)(b.Activity.CountStarted(ctx, []string{"p"}, now, now)); n != 0 {
		t.Errorf("it is counted as begun %d times where it was not", n)
	}
	check(t, b.Activity.PauseExecution(ctx, "x1", "", ""))
	u, _, err := b.Activity.AppendTurn(ctx, Turn{Execution: "x1", Parent: 2, Input: "3", Step: "done", At: now, State: []byte("three")})
	check(t, err)
	check(t, b.Activity.TakePaused(ctx, p)) // the news of before come late
	if last := must[Turn](t)(b.Activity.Turn(ctx, "x1", 0)); last.Seq != u.Seq {
		t.Errorf("what went on here was undone: it stands at turn %d", last.Seq)
	}
	p.Resume = ""
	check(t, a.Activity.TakePaused(ctx, p))
	if _, err := a.Activity.PausedExecution(ctx, []string{"hash"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("a code that was used opens the execution again (%v)", err)
	}
	p.Execution.ID = "x2"
	check(t, a.Activity.TakePaused(ctx, p))
	if _, err := a.Activity.Execution(ctx, "x2"); !fault.Is(err, fault.NotFound) {
		t.Errorf("what is not put aside was taken (%v)", err)
	}
}
