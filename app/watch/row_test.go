package watch

import (
	"testing"
	"time"

	"selfhelp/store"
)

// TestWhatToDoWhereTheCauseIsKnown: the log is named only where nobody knows better, and
// nothing is wrong before the first backup.
func TestWhatToDoWhereTheCauseIsKnown(t *testing.T) {
	full := &Trouble{Key: "fault.disk_full"}
	f := Facts{Served: true, Free: -1, Databases: []Database{{Name: Content, Trouble: full}}, Outbox: Outbox{Trouble: full}, Backup: &Backup{Trouble: &Trouble{Key: "fault.backup.away"}}}
	want := map[string]string{Content: "ready.disk.do", ToDo: "ready.disk.do", Backed: "status.backup.away.do"}
	for _, r := range Judge(f) {
		if key := want[r.Subject]; key != "" && r.Mend.Key != key {
			t.Errorf("%s: %s", r.Subject, r.Mend.Key)
		}
		if r.Subject == Content && len(r.Detail) != 1 {
			t.Errorf("a full disk was written to on trial: %+v", r.Detail)
		}
	}
	if got := f.failing()[0].Do; got != "ready.disk.do" {
		t.Error(got)
	}
	for _, r := range Judge(Facts{Served: true, Free: -1, Backup: &Backup{}}) {
		if (r.Subject == Backed || r.Subject == Verified) && (r.State != Unknown || r.Mend.Key != "status.backup.never.do") {
			t.Errorf("before the first backup: %+v", r)
		}
	}
}

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
		"idle":           {with(func(r *Replica) { r.Whole = now.Add(-14 * time.Second) }), Well, Well, "status.moments"},
		"full":           {with(func(r *Replica) { r.Well, r.Why = false, "full" }), Warn, Well, "status.moments"},
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
		if r := c.replica; r != nil && r.Why != "" && (rows[0].Mend.Key != "status.copy.full.do" || rows[0].Detail[1].Key != "status.copy.full") {
			t.Errorf("%s: the reason is not told: %+v", name, rows[0])
		}
		if name == "idle" && rows[0].Figure.Key != "admin.fact.copy.well" {
			t.Errorf("nothing is on its way, and it says %+v", rows[0].Figure)
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
