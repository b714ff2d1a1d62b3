package store

import (
	"slices"
	"strings"
	"testing"
	"time"

	"selfhelp/app/procedure"
)

// TestStatistics counts a few executions that are known one by one.
func TestStatistics(t *testing.T) {
	s, c := open(t)
	ctx := t.Context()
	first := c.now().Truncate(24 * time.Hour).Add(10 * time.Hour)
	for _, x := range []struct {
		project, uid, user string
		day                int
		took               time.Duration
		outcome            procedure.Outcome // empty: it goes on
		within, step       string
		test               bool
	}{
		{"p", "lamp", "ada", 0, time.Minute, procedure.Solved, "", "end", false},
		{"p", "lamp", "", 0, 3 * time.Minute, procedure.Escalated, "", "end", false},
		{"p", "lamp", "", 1, 0, "", "", "ask", false},
		{"p", "lamp", "bob", 1, 0, "", "", "ask", false},
		{"p", "box", "ada", 1, 0, "", "shared", "serial", false},
		{"p", "box", "", 2, 9 * time.Minute, procedure.Informed, "", "end", false},
		{"p", "box", "zoe", 2, time.Hour, procedure.Solved, "", "end", true},
		{"other", "lamp", "eve", 1, time.Hour, procedure.Solved, "", "end", false},
	} {
		at := first.AddDate(0, 0, x.day)
		e := Execution{ID: NewID(), Project: x.project, Procedure: x.uid, Version: "1.0", User: x.user, Started: at, Test: x.test}
		check(t, s.Activity.StartExecution(ctx, e, Turn{Input: "start", Step: "start", At: at}))
		_, _, err := s.Activity.AppendTurn(ctx, Turn{
			Execution: e.ID, Parent: 1, Input: "x", Step: x.step, Within: x.within, At: at.Add(x.took), Ended: x.outcome != "", Outcome: x.outcome,
		})
		check(t, err)
	}
	to := first.AddDate(0, 0, 3)
	if n := must[int](t)(s.Activity.AbandonExecutions(ctx, to, 10)); n != 3 {
		t.Fatalf("%d abandoned", n)
	}

	days := must[[]Day](t)(s.Activity.Days(ctx, "p", "", first, to))
	if len(days) != 3 || days[0].Started != 2 || days[1].Outcomes[procedure.Abandoned] != 3 || days[2].Started != 1 || !days[1].On.Equal(first.Truncate(24*time.Hour).AddDate(0, 0, 1)) {
		t.Errorf("days: %+v", days)
	}
	if days := must[[]Day](t)(s.Activity.Days(ctx, "p", "box", first, first.AddDate(0, 0, 1))); len(days) != 1 || days[0].Started != 1 {
		t.Errorf("days of one procedure: %+v", days)
	}
	took := must[[]time.Duration](t)(s.Activity.Took(ctx, ExecutionFilter{Project: "p", From: first, To: to, Limit: 10}))
	if want := []time.Duration{9 * time.Minute, 3 * time.Minute, time.Minute}; !slices.Equal(slices.Sorted(slices.Values(took)), slices.Sorted(slices.Values(want))) {
		t.Errorf("took %v", took)
	}
	left := must[[]LeftAt](t)(s.Activity.Left(ctx, "p", "", first, to, 10))
	if want := []LeftAt{{"lamp", "ask", 2}, {"shared", "serial", 1}}; !slices.Equal(left, want) {
		t.Errorf("left at %+v", left)
	}
	if left := must[[]LeftAt](t)(s.Activity.Left(ctx, "p", "box", first, to, 10)); len(left) != 1 || left[0].Step != "serial" {
		t.Errorf("box left at %+v", left)
	}
	if left := must[[]LeftAt](t)(s.Activity.Left(ctx, "p", "", to, to.AddDate(0, 0, 1), 10)); len(left) != 0 {
		t.Errorf("later left at %+v", left)
	}
	if ran := must[[]string](t)(s.Activity.Ran(ctx, "p")); !slices.Equal(ran, []string{"box", "lamp"}) {
		t.Errorf("ran %v", ran)
	}
	if people := must[[]string](t)(s.Activity.People(ctx, "p", 10)); !slices.Equal(people, []string{"ada", "bob", "zoe"}) {
		t.Errorf("people %v", people)
	}
	if people := must[[]string](t)(s.Activity.People(ctx, "p", 2)); len(people) != 2 {
		t.Errorf("people %v", people)
	}
}

// TestStatisticsReadTheirIndexes holds that what a page of statistics reads is
// in its index, however many turns there are beside it.
func TestStatisticsReadTheirIndexes(t *testing.T) {
	s, _ := open(t)
	for query, want := range map[string]string{
		sqlLeft:   "COVERING INDEX execution_left (project=? AND started>? AND started<?)",
		sqlDays:   "popular USING PRIMARY KEY (project=?)",
		sqlRan:    "popular USING PRIMARY KEY (project=? AND procedure>?)",
		sqlPeople: "COVERING INDEX execution_person (project=? AND user>?)",
	} {
		rows, err := rawly(t, s.Activity.Path(), readOnly).QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, make([]any, 12)...)
		check(t, err)
		var plan strings.Builder
		for rows.Next() {
			var id, parent, unused int
			var line string
			check(t, rows.Scan(&id, &parent, &unused, &line))
			plan.WriteString(line + "\n")
		}
		check(t, rows.Err())
		if !strings.Contains(plan.String(), want) {
			t.Errorf("%s\n%swant %s", query, plan.String(), want)
		}
	}
}
