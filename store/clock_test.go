package store

import (
	"slices"
	"testing"
	"time"

	"selfhelp/app/procedure"
)

// TestTheClockMayJump sets the clock back an hour, then forward a year: what
// happened keeps its order, lists of turns, audit and versions go by number,
// and no page of a list loses or repeats an execution.
func TestTheClockMayJump(t *testing.T) {
	s, c := open(t)
	ctx := t.Context()
	p := must[Project](t)(s.Content.CreateProject(ctx, "sandbox", aProject("lamp", 1), "test"))
	id := startOne(t, s, c, p.ID)
	want, numbers := []string{"ask_lamp"}, []Number{}
	var others []string
	for i, jump := range []time.Duration{0, -time.Hour, 365 * 24 * time.Hour, -3 * 365 * 24 * time.Hour, time.Minute} {
		c.pass(jump)
		step := string(rune('a' + i))
		must[Turn](t)(dropBool(s.Activity.AppendTurn(ctx, Turn{Execution: id, Parent: int64(i) + 1, Input: step, Step: step, At: c.now()})))
		want = append(want, step)
		numbers = append([]Number{must[Version](t)(s.Content.FreezeVersion(ctx, Freeze{Project: p.ID, Data: aProject("lamp", 1), By: "test"})).Number}, numbers...)
		others = append(others, journey(t, s, Execution{Project: p.ID, Procedure: "u", Alias: "lamp", Started: c.now()}, 2, procedure.Solved))
	}
	var got []string
	for _, u := range must[[]Turn](t)(s.Activity.Turns(ctx, id)) {
		got = append(got, u.Step)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the turns are %v", got)
	}
	if e := must[Execution](t)(s.Activity.Execution(ctx, id)); e.Step != "e" || e.Turns != 6 {
		t.Errorf("it stands at %+v", e)
	}
	for i, v := range must[[]Version](t)(s.Content.Versions(ctx, p.ID)) {
		if v.Number != numbers[i] {
			t.Errorf("version %d is %s, want %s", i, v.Number, numbers[i])
		}
	}
	if _, err := s.Content.VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
	entries := must[[]AuditEntry](t)(s.Content.AuditLike(ctx, AuditFilter{Limit: 100}))
	for i := range entries[1:] {
		if entries[i].Seq <= entries[i+1].Seq {
			t.Errorf("the audit lists %d before %d", entries[i].Seq, entries[i+1].Seq)
		}
	}
	for sort := range executionSorts {
		seen := map[string]int{}
		f := ExecutionFilter{Project: p.ID, Sort: sort, Limit: 2}
		for pages := 0; pages == 0 || f.After != ""; pages++ {
			page := must[ExecutionPage](t)(s.Activity.Executions(ctx, f))
			for _, e := range page.Executions {
				seen[e.ID]++
			}
			f.After = page.Next
		}
		for _, one := range append(others, id) {
			goesOn := sort == "duration" && must[Execution](t)(s.Activity.Execution(ctx, one)).Ended.IsZero()
			if seen[one] != 1 && !goesOn {
				t.Errorf("by %s, an execution is listed %d times", sort, seen[one])
			}
		}
	}
}
