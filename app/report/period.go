package report

import (
	"slices"
	"time"
)

// Lengths are how many days a period may have; the second is the usual one.
var Lengths = []int{7, 30, 90, 365}

// Period is a number of whole days in universal time, the last one included.
type Period struct {
	From, Until time.Time
	Days        int
}

const aDay = 24 * time.Hour

// Ending is the period of a length that ends on the day of an instant; one of a
// length there is not has the usual one.
func Ending(now time.Time, days int) Period {
	if !slices.Contains(Lengths, days) {
		days = Lengths[1]
	}
	until := now.UTC().Truncate(aDay)
	return Period{From: until.AddDate(0, 0, 1-days), Until: until, Days: days}
}

// Before is the period of the same length that ends the day before.
func (p Period) Before() Period {
	return Period{From: p.From.AddDate(0, 0, -p.Days), Until: p.From.AddDate(0, 0, -1), Days: p.Days}
}

// End is the instant at which the period is over.
func (p Period) End() time.Time { return p.Until.AddDate(0, 0, 1) }

// Weekly reports whether its trend has a bar a week rather than one a day.
func (p Period) Weekly() bool { return p.Days > 31 }

func (p Period) holds(day time.Time) bool { return !day.Before(p.From) && day.Before(p.End()) }
