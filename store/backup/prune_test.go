package backup

import (
	"slices"
	"testing"
	"time"
)

// TestKeptHourly lets nine days go by, with a backup every hour, on paper.
func TestKeptHourly(t *testing.T) {
	began := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	var all []Entry
	full, now := "", began
	for hour := range 9 * 24 {
		now = began.Add(time.Duration(hour) * time.Hour)
		e := Entry{Manifest: Manifest{Kind: Increment, Base: full, Began: now, At: now}, Verdict: &Verdict{At: now}}
		if hour%24 == 0 {
			e.Kind, e.Base = Full, ""
		}
		e.Name = nameOf(now, e.Kind)
		if e.Kind == Full {
			full = e.Name
		}
		all = append(all, e)
		stay := Usual.kept(all, now)
		all = slices.DeleteFunc(all, func(e Entry) bool { return !stay[e.Name] })
	}
	fulls := 0
	for _, e := range all {
		if e.Kind == Full {
			fulls++
		} else if !slices.ContainsFunc(all, func(base Entry) bool { return base.Name == e.Base }) {
			t.Errorf("%s lost its full", e.Name)
		}
	}
	for ago := time.Duration(0); ago <= 5*24*time.Hour; ago += time.Hour {
		if e, found := Before(all, now.Add(-ago)); !found || !e.At.Equal(now.Add(-ago)) {
			t.Errorf("%v ago: %s", ago, e.Name)
		}
	}
	if fulls != 7 {
		t.Errorf("%d fulls are kept", fulls)
	}
}
