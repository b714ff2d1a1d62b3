package recovery

import (
	"testing"
	"time"
)

func at(minute int) time.Time { return time.Date(2026, 11, 20, 14, minute, 0, 0, time.UTC) }

func TestRuns(t *testing.T) {
	all := Runs([]Event{
		{At: at(0), Kind: Begun, Text: "rehearsal", Drill: true},
		{At: at(1), Kind: Done, Phase: Detection}, {At: at(2), Kind: Done, Phase: Decision},
		{At: at(3), Kind: Noted, Text: "mail is slow"},
		{At: at(5), Kind: Done, Phase: Takeover}, // told before the people are
		{At: at(9), Kind: Ended},
		{At: at(20), Kind: Done, Phase: Takeover}, // in a hurry
	})
	if len(all) != 2 {
		t.Fatalf("%d runs, want 2", len(all))
	}
	first, second := all[0], all[1]
	if !first.Drill || first.Reason != "rehearsal" || len(first.Events) != 6 || !first.Ended.Equal(at(9)) {
		t.Errorf("the first: %+v", first)
	}
	if first.Now() != Outage || first.Away() != 5*time.Minute || !first.Done(Decision).Equal(at(2)) {
		t.Errorf("the first is in phase %d, away %s", first.Now(), first.Away())
	}
	if second.Drill || !second.Begun.Equal(at(20)) || !second.Ended.IsZero() || second.Now() != Detection || second.Away() != 0 {
		t.Errorf("the second: %+v", second)
	}
}

func TestAllDone(t *testing.T) {
	var events []Event
	for i, p := range Phases {
		events = append(events, Event{At: at(i), Kind: Done, Phase: p})
	}
	if r := Runs(events)[0]; r.Now() != 0 {
		t.Errorf("all is done, and it is in phase %d", r.Now())
	}
	if Runs(nil) != nil {
		t.Error("a log of nothing has runs")
	}
}
