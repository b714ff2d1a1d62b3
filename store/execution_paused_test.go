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
	e := must[Execution](t)(b.Activity.PausedExecution(ctx, []string{"other", "hash"}))
	if last := must[Turn](t)(b.Activity.Turn(ctx, "x1", 0)); e.ID != "x1" || e.Owner != "o" || e.Label != "Rounds" || e.Turns != 2 || string(last.State) != "two" {
		t.Fatalf("%+v %+v", e, last)
	}
	if n := must[int64](t)(b.Activity.CountStarted(ctx, []string{"p"}, now, now)); n != 0 {
		t.Errorf("it is counted as begun %d times where it was not", n)
	}
	if got := must[string](t)(b.Activity.UseCode(ctx, "x1", []string{"other", "hash"}, "b")); got != "hash" {
		t.Errorf("it is known by %q", got)
	}
	if _, err := b.Activity.UseCode(ctx, "x1", []string{"hash"}, "b"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a code is used twice (%v)", err)
	}
	u, _, err := b.Activity.AppendTurn(ctx, Turn{Execution: "x1", Parent: 2, Input: "3", Step: "done", At: now, State: []byte("three")})
	check(t, err)
	check(t, b.Activity.TakePaused(ctx, p)) // the news of before come late
	if last := must[Turn](t)(b.Activity.Turn(ctx, "x1", 0)); last.Seq != u.Seq {
		t.Errorf("what went on here was undone: it stands at turn %d", last.Seq)
	}
	if _, err := b.Activity.PausedExecution(ctx, []string{"hash"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("the news of before have the code open the execution again (%v)", err)
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

// TestACodeIsUsedOnce has the same code typed at two servers before they know of each
// other: both hear which of them it is, that of which the edition server heard first.
func TestACodeIsUsedOnce(t *testing.T) {
	ctx := t.Context()
	a, _ := open(t)
	b, _ := open(t)
	edition, clock := open(t)
	servers := map[string]*Store{"a": a, "b": b}
	for name, s := range servers {
		check(t, s.Activity.StartExecution(ctx, Execution{ID: "x1", Project: "p", Procedure: "u", Alias: "rounds", Owner: "o", Started: clock.now()}, Turn{Input: "1", Step: "first", At: clock.now(), State: []byte("one")}))
		check(t, s.Activity.PauseExecution(ctx, "x1", "hash", "Rounds"))
		must[string](t)(s.Activity.UseCode(ctx, "x1", []string{"hash"}, name))
	}
	for range 2 {
		for _, name := range []string{"b", "a"} {
			check(t, edition.Activity.HearCodes(ctx, name, must[[]UsedCode](t)(servers[name].Activity.UsedCodes(ctx, time.Time{}, 10))))
			check(t, servers[name].Activity.SettleCodes(ctx, must[[]UsedCode](t)(edition.Activity.UsedCodes(ctx, time.Time{}, 10))))
		}
	}
	for name, s := range servers {
		if got := must[string](t)(s.Activity.CodeTaker(ctx, "x1", "hash")); got != "b" {
			t.Errorf("%s has it that the code was typed at %s", name, got)
		}
	}
	if _, err := a.Activity.CodeTaker(ctx, "x1", "another"); !fault.Is(err, fault.NotFound) {
		t.Errorf("of a code that nobody typed it knows something (%v)", err)
	}
}
