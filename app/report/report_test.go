package report

import (
	"math"
	"testing"
	"time"

	"selfhelp/app/procedure"
)

var now = time.Date(2026, 11, 23, 22, 30, 0, 0, time.UTC)

func TestPeriods(t *testing.T) {
	for days, want := range map[int]int{7: 7, 30: 30, 90: 90, 365: 365, 0: 30, -1: 30, 1000000: 30} {
		p := Ending(now, days)
		b := p.Before()
		if p.Days != want || p.End().Sub(p.From) != time.Duration(want)*aDay || !b.End().Equal(p.From) || b.Until.Sub(b.From) != p.Until.Sub(p.From) {
			t.Errorf("%d: %+v after %+v", days, p, b)
		}
		if p.Until.Day() != 23 {
			t.Errorf("%d ends on %s", days, p.Until)
		}
	}
	// The last hours of a day west of Greenwich are the next day in universal time.
	if p := Ending(now.In(time.FixedZone("west", -5*3600)), 7); p.Until.Day() != 23 {
		t.Errorf("ends on %s", p.Until)
	}
}

func count(started int64, o procedure.Outcome, n int64) Count {
	return Count{Started: started, Outcomes: map[procedure.Outcome]int64{o: n}}
}

// TestTrendKeepsEveryDay gives each day of every period one execution, and days
// around it: a bar misses none and takes none twice.
func TestTrendKeepsEveryDay(t *testing.T) {
	for _, length := range Lengths {
		p := Ending(now, length)
		var days []Day
		for i := -3; i < length+3; i++ {
			days = append(days, Day{p.From.AddDate(0, 0, i), count(1, procedure.Solved, 1)})
		}
		bars := Trend(p, days)
		var all int64
		for i, b := range bars {
			all += b.Started
			if want := int64(b.Until.Sub(b.From)/aDay) + 1; b.Started != want {
				t.Errorf("%d: bar %d has %d of %d days", length, i, b.Started, want)
			}
			if i > 0 && !bars[i-1].Until.AddDate(0, 0, 1).Equal(b.From) {
				t.Errorf("%d: bar %d begins on %s after %s", length, i, b.From, bars[i-1].Until)
			}
		}
		if s := Sum(p, days); all != int64(length) || s.Started != all || !bars[0].From.Equal(p.From) || !bars[len(bars)-1].Until.Equal(p.Until) {
			t.Errorf("%d: %d counted in %d bars, %d in all", length, all, len(bars), s.Started)
		}
	}
	if n := len(Trend(Ending(now, 90), nil)); n != 13 {
		t.Errorf("90 days are %d weeks", n)
	}
	if bars := Trend(Ending(now, 365), nil); len(bars) != 52 || bars[0].Until.Sub(bars[0].From) != 7*aDay {
		t.Errorf("365 days are %d weeks, the first from %s to %s", len(bars), bars[0].From, bars[0].Until)
	}
}

func TestFigures(t *testing.T) {
	for _, x := range []struct {
		now, before int64
		want        int
		known       bool
	}{{112, 100, 12, true}, {50, 100, -50, true}, {0, 4, -100, true}, {5, 0, 0, false}, {0, 0, 0, false}, {1, 3, -67, true}} {
		if got, known := Change(x.now, x.before); got != x.want || known != x.known {
			t.Errorf("from %d to %d: %d, %v", x.before, x.now, got, known)
		}
	}
	for _, x := range []struct {
		all  []time.Duration
		want time.Duration
	}{{[]time.Duration{9, 1, 5}, 5}, {[]time.Duration{4, 2}, 3}, {[]time.Duration{7}, 7}, {nil, 0}} {
		if got, known := Median(x.all); got != x.want || known != (len(x.all) > 0) {
			t.Errorf("%v: %v, %v", x.all, got, known)
		}
	}
	c := Count{Started: 10, Outcomes: map[procedure.Outcome]int64{procedure.Solved: 4, procedure.Informed: 1, procedure.Abandoned: 2}}
	if c.Of(Going) != 3 || c.Reached() != 5 || c.Ended() != 7 {
		t.Errorf("%d go on, %d reached, %d ended", c.Of(Going), c.Reached(), c.Ended())
	}
	// One that ended on another day than its start was counted can leave less than nothing.
	if c := count(1, procedure.Solved, 2); c.Of(Going) != 0 {
		t.Errorf("%d go on", c.Of(Going))
	}
}

func TestLeaks(t *testing.T) {
	ask, serial := Place{"lamp", "ask"}, Place{"shared", "serial"}
	got := Leaks(map[Place]int64{serial: 3, ask: 12}, map[Place]int64{ask: 68})
	if len(got) != 2 || got[0] != (Leak{ask, 12, 80, 15}) || got[1] != (Leak{serial, 3, 3, 100}) {
		t.Errorf("%+v", got)
	}
}

// TestDraw holds that pieces fill a bar from the bottom without a gap, and
// never leave the field.
func TestDraw(t *testing.T) {
	bars := []Bar{{Count: Count{}}, {Count: count(3, procedure.Solved, 1)}, {Count: Count{Started: 37, Outcomes: map[procedure.Outcome]int64{procedure.Solved: 20, procedure.Unsolved: 10}}}}
	c := Draw(bars)
	if c.Top != 40 || len(c.Bars) != 3 || len(c.Bars[0].Pieces) != 0 || len(c.Bars[2].Pieces) != 3 {
		t.Fatalf("%+v", c)
	}
	for _, b := range c.Bars {
		bottom := float64(ChartHeight)
		for _, p := range b.Pieces {
			if math.Abs(p.Y+p.Height-bottom) > 1e-9 || p.Y < 0 {
				t.Errorf("piece %+v does not stand on %f", p, bottom)
			}
			bottom = p.Y
		}
		if b.X < 0 || b.X+b.Width > ChartWidth {
			t.Errorf("bar from %f, %f wide", b.X, b.Width)
		}
	}
	for n, want := range map[int64]int64{0: 2, 1: 2, 2: 2, 3: 4, 10: 10, 11: 20, 81: 100, 101: 200, 1_000_001: 2_000_000} {
		if got := roundUp(n); got != want {
			t.Errorf("%d ends at %d", n, got)
		}
	}
	if c := Draw(nil); c.Top != 2 || c.Bars != nil {
		t.Errorf("%+v", c)
	}
}
