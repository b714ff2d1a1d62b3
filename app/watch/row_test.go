package watch

import (
	"testing"
	"time"

	"selfhelp/store"
)

// TestJudgeReplica: one judgement of the copy, for the page, the overview, the command
// and the plan.
func TestJudgeReplica(t *testing.T) {
	now := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	whole := Replica{Target: "/mnt/metz", Epoch: "e0001-lyon", Whole: now.Add(-time.Second), Well: true, Examined: now.Add(-time.Minute)}
	with := func(change func(*Replica)) *Replica { r := whole; change(&r); return &r }
	gap := func(before time.Time) []store.Lack {
		return []store.Lack{{Database: "content.db", After: now.Add(-2 * time.Hour), Before: before, File: "a.ltx"}}
	}
	for name, c := range map[string]struct {
		replica *Replica
		copied  State
		moments State // "" for no such row
		figure  string
	}{
		"none":           {nil, None, "", ""},
		"whole":          {&whole, Well, Well, "status.moments"},
		"not looked at":  {with(func(r *Replica) { r.Examined = time.Time{} }), Well, Unknown, "status.moments.unknown"},
		"one bad answer": {with(func(r *Replica) { r.Well = false }), Warn, Well, "status.moments"},
		"late":           {with(func(r *Replica) { r.Whole = now.Add(-2 * time.Minute) }), Warn, Well, "status.moments"},
		"old":            {with(func(r *Replica) { r.Whole = now.Add(-time.Hour) }), Wrong, Well, "status.moments"},
		"never":          {with(func(r *Replica) { r.Whole = time.Time{} }), Wrong, Well, "status.moments"},
		"replaced":       {with(func(r *Replica) { r.Replaced = "e0002-metz" }), Wrong, Well, "status.moments"},
		"a gap":          {with(func(r *Replica) { r.Lacks = gap(time.Time{}) }), Well, Wrong, "status.moments.open"},
		"a healed gap":   {with(func(r *Replica) { r.Lacks = gap(now.Add(-time.Hour)) }), Well, Warn, "status.moments.between"},
		"both, an open one last": {with(func(r *Replica) {
			r.Lacks = append(gap(now.Add(-time.Hour)), gap(time.Time{})...)
		}), Well, Wrong, "status.moments.between"},
	} {
		rows := JudgeReplica(c.replica, now, true)
		if rows[0].Subject != Copy || rows[0].State != c.copied {
			t.Errorf("%s: %+v", name, rows[0])
		}
		switch {
		case c.moments == "" && len(rows) == 1:
		case len(rows) != 2 || rows[1].Subject != Moments || rows[1].State != c.moments || rows[1].Alone().Key != c.figure:
			t.Errorf("%s: %+v", name, rows)
		}
		if c.replica != nil && len(c.replica.Lacks) > 0 { // a number to look at, and a sentence for each
			m := rows[1]
			if m.Figure.Key != "status.moments.lacks" || m.Figure.Number != len(c.replica.Lacks) || m.Detail[0].Key != c.figure {
				t.Errorf("%s: %+v", name, m)
			}
		}
		for _, r := range rows {
			if (r.State == Warn || r.State == Wrong) && r.Mend == nil {
				t.Errorf("%s: nothing says what to do about %s", name, r.Subject)
			}
		}
	}
}
