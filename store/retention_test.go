package store

import (
	"bytes"
	"os"
	"testing"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/store/db"
)

func TestAbandon(t *testing.T) {
	s, c := open(t)
	ctx := t.Context()
	e := Execution{Project: "p", Procedure: "u", Alias: "a", Started: c.now()}
	idle, done := journey(t, s, e, 2, ""), journey(t, s, e, 2, procedure.Solved)
	c.pass(time.Hour)
	e.Started = c.now()
	fresh := journey(t, s, e, 2, "")
	if n := must[int](t)(s.Activity.AbandonExecutions(ctx, e.Started.Add(-time.Minute), 10)); n != 1 {
		t.Errorf("%d abandoned", n)
	}
	for id, want := range map[string]procedure.Outcome{idle: procedure.Abandoned, done: procedure.Solved, fresh: ""} {
		if e := must[Execution](t)(s.Activity.Execution(ctx, id)); e.Outcome != want || e.Ended.IsZero() != (want == "") {
			t.Errorf("got %+v, want %s", e, want)
		}
	}
	p := must[[]Popular](t)(s.Activity.Populars(ctx, "p", c.now(), c.now(), 10))
	if p[0].Started != 3 || p[0].Outcomes[procedure.Abandoned] != 1 || p[0].Outcomes[procedure.Solved] != 1 {
		t.Errorf("got %+v", p)
	}
	// The person comes back after all.
	_, _, err := s.Activity.AppendTurn(ctx, Turn{Execution: idle, Parent: 2, Input: "late", Step: "end", At: c.now(), Ended: true, Outcome: procedure.Solved})
	check(t, err)
	p = must[[]Popular](t)(s.Activity.Populars(ctx, "p", c.now(), c.now(), 10))
	if p[0].Outcomes[procedure.Abandoned] != 0 || p[0].Outcomes[procedure.Solved] != 2 {
		t.Errorf("got %+v", p)
	}
}

func TestPurge(t *testing.T) {
	s, c := open(t)
	ctx := t.Context()
	for i := range 30 {
		project := []string{"p", "q"}[i%2]
		id := journey(t, s, Execution{Project: project, Procedure: "u", Alias: "a", Started: c.now()}, 2, procedure.Solved)
		must[int64](t)(s.Activity.AddPostit(ctx, Postit{Execution: id, Text: "x"}))
		check(t, s.Activity.SetFeedback(ctx, Feedback{Execution: id, Score: 1}))
		must[Claim](t)(dropBool(s.Activity.ClaimEffect(ctx, id, id)))
	}
	var purged []int
	for n := -1; n != 0; purged = append(purged, n) {
		n = must[int](t)(s.Activity.PurgeExecutions(ctx, "p", nil, c.now(), 10))
	}
	if len(purged) != 3 || purged[0] != 10 || purged[1] != 5 {
		t.Errorf("purged %v", purged)
	}
	if n := must[int](t)(s.Activity.PurgeExecutions(ctx, "", []string{"q"}, c.now(), 1000)); n != 0 {
		t.Errorf("%d purged of a project that was kept out", n)
	}
	must[int](t)(s.Activity.PurgeExecutions(ctx, "", nil, c.now(), 1000))
	left := must[int64](t)(db.One(ctx, s.Activity.DB, db.ScanNumber, "SELECT (SELECT count(*) FROM execution) + (SELECT count(*) FROM turn) + (SELECT count(*) FROM postit) + (SELECT count(*) FROM feedback) + (SELECT count(*) FROM claim)"))
	counted := must[[]Popular](t)(s.Activity.Populars(ctx, "p", c.now(), c.now(), 10))
	if left != 0 || counted[0].Started != 15 {
		t.Errorf("%d rows are left, %d counted", left, counted[0].Started)
	}
}

func TestPseudonyms(t *testing.T) {
	s, c := open(t)
	ctx := t.Context()
	old := journey(t, s, Execution{Project: "p", Procedure: "u", Alias: "a", User: "ada", Started: c.now()}, 2, procedure.Solved)
	check(t, s.Activity.PauseExecution(ctx, old, "code", "Ada's own"))
	c.pass(time.Hour)
	before := c.now()
	fresh := journey(t, s, Execution{Project: "p", Procedure: "u", Alias: "a", User: "ada", Started: c.now()}, 2, "")
	alias := func(user string) string { return "~" + user[:1] }
	if n := must[int](t)(s.Activity.Pseudonymise(ctx, before, 10, alias)); n != 1 {
		t.Errorf("%d replaced", n)
	}
	if n := must[int](t)(s.Activity.Pseudonymise(ctx, before, 10, alias)); n != 0 {
		t.Errorf("%d replaced again", n)
	}
	e := must[Execution](t)(s.Activity.Execution(ctx, old))
	if e.User != "~a" || !e.Pseudonym || e.Label != "" || e.Outcome != procedure.Solved {
		t.Errorf("got %+v", e)
	}
	for _, u := range must[[]Turn](t)(s.Activity.Turns(ctx, old)) {
		if len(u.State) != 0 {
			t.Error("a state is left")
		}
	}
	if e := must[Execution](t)(s.Activity.Execution(ctx, fresh)); e.User != "ada" || e.Pseudonym {
		t.Errorf("got %+v", e)
	}
}

// TestErase looks into the file itself for what the person left.
func TestErase(t *testing.T) {
	s, c := open(t)
	ctx := t.Context()
	const secret = "Q7xw9-only-ada-says-this"
	var ids []string
	for i := range erasure + 5 {
		e := Execution{ID: NewID(), Project: "p", Procedure: "u", Alias: "a", User: "ada", Owner: "owner", Started: c.now()}
		check(t, s.Activity.StartExecution(ctx, e, Turn{Step: "ask", State: []byte(secret), Events: []byte(`["` + secret + `"]`)}))
		ids = append(ids, e.ID)
		if i == 0 {
			must[int64](t)(s.Activity.AddPostit(ctx, Postit{Execution: e.ID, Text: secret}))
			check(t, s.Activity.SetFeedback(ctx, Feedback{Execution: e.ID, Score: 4, Comment: secret}))
			check(t, s.Activity.PauseExecution(ctx, e.ID, "code", secret))
			must[Claim](t)(dropBool(s.Activity.ClaimEffect(ctx, "k", e.ID)))
			check(t, s.Activity.SettleClaim(ctx, "k", []byte(`"`+secret+`"`)))
		}
	}
	other := journey(t, s, Execution{Project: "p", Procedure: "u", Alias: "a", User: "bob", Started: c.now()}, 2, procedure.Solved)
	check(t, s.Activity.EraseUser(ctx, "ada", "~pseudonym", ""))
	for _, id := range ids {
		e := must[Execution](t)(s.Activity.Execution(ctx, id))
		if e.User != "" || e.Owner != "" || e.Label != "" || e.Turns != 1 {
			t.Fatalf("got %+v", e)
		}
	}
	if turns := must[[]Turn](t)(s.Activity.Turns(ctx, other)); len(turns) != 2 {
		t.Errorf("someone else has lost turns")
	}
	if f := must[[]Feedback](t)(s.Activity.FeedbacksOf(ctx, ids[0])); len(f) != 1 || f[0].Score != 4 || f[0].Comment != "" {
		t.Errorf("got %+v", f)
	}
	if r := must[[]Recent](t)(s.Activity.Recents(ctx, "ada", "", 10)); len(r) != 0 {
		t.Errorf("got %+v", r)
	}
	check(t, s.Close())
	b := must[[]byte](t)(os.ReadFile(s.Activity.Path()))
	if n := bytes.Count(b, []byte(secret)); n != 0 {
		t.Errorf("what was erased stands in the file %d times", n)
	}
	again := must[*Store](t)(Open(ctx, s.dir, Options{Now: c.now, Log: quiet()}))
	*s = *again // closed with the test
}
