package report

import (
	"time"

	"selfhelp/app/procedure"
)

// Going stands among outcomes for the executions that go on.
const Going procedure.Outcome = ""

// Outcomes are what executions are counted by, in the order they are shown.
var Outcomes = []procedure.Outcome{procedure.Solved, procedure.Informed, procedure.Escalated, procedure.Unsolved, procedure.Abandoned, procedure.Failed, Going}

// Count is how many executions were begun, and how those ended.
type Count struct {
	Started  int64
	Outcomes map[procedure.Outcome]int64
}

// Of is how many ended so; of Going, how many neither ended nor failed.
func (c Count) Of(o procedure.Outcome) int64 {
	if o != Going {
		return c.Outcomes[o]
	}
	going := c.Started
	for _, n := range c.Outcomes {
		going -= n
	}
	return max(0, going)
}

// Reached is how many people got what they came for: solved, or informed.
func (c Count) Reached() int64 { return c.Of(procedure.Solved) + c.Of(procedure.Informed) }

// Ended is how many ended, however they did, or were stopped by a problem.
func (c Count) Ended() int64 { return max(0, c.Started-c.Of(Going)) }

func (c *Count) add(more Count) {
	c.Started += more.Started
	if c.Outcomes == nil {
		c.Outcomes = map[procedure.Outcome]int64{}
	}
	for o, n := range more.Outcomes {
		c.Outcomes[o] += n
	}
}

// Day is what was counted of one day, in universal time.
type Day struct {
	On time.Time
	Count
}

// Sum counts the days that a period holds.
func Sum(p Period, days []Day) (all Count) {
	for _, d := range days {
		if p.holds(d.On) {
			all.add(d.Count)
		}
	}
	return all
}

// Bar is what was counted of some days that follow each other.
type Bar struct {
	From, Until time.Time // Until included
	Count
}

// Trend counts a period by days or by weeks, also those on which nothing
// happened. Weeks are counted back from the end, so that the last one is whole;
// the first takes in what is left over when that is less than half a week.
func Trend(p Period, days []Day) []Bar {
	size := 1
	if p.Weekly() {
		size = 7
	}
	n := p.Days / size
	if p.Days%size > size/2 {
		n++
	}
	bars := make([]Bar, n)
	for i := range bars {
		until := p.Until.AddDate(0, 0, -size*(n-1-i))
		bars[i] = Bar{From: until.AddDate(0, 0, 1-size), Until: until}
	}
	bars[0].From = p.From
	for _, d := range days {
		if p.holds(d.On) {
			back := int(p.Until.Sub(d.On) / aDay / time.Duration(size))
			bars[max(0, n-1-back)].add(d.Count)
		}
	}
	return bars
}
