package demo

import (
	"math/rand/v2"
	"slices"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
)

// How much past the demonstration has.
const (
	pastDays = 60
	outings  = 400
)

// When people need help, as weights: by day of the week from Sunday, and by
// hour of the day in Lyon.
var (
	byWeekday = []int{1, 21, 23, 20, 21, 15, 2}
	byHour    = []int{0, 0, 0, 0, 0, 0, 1, 4, 13, 19, 16, 12, 6, 9, 16, 14, 12, 8, 4, 2, 1, 1, 0, 0}
)

// lyon is the winter time of Lyon; a demonstration can do without summer.
var lyon = time.FixedZone("CET", 3600)

// wish is how often a journey is to end in a way. The journeys themselves
// decide: another is made when one ended otherwise.
type wish struct {
	outcome procedure.Outcome
	weight  int
}

var (
	deskWishes = []wish{{procedure.Solved, 70}, {procedure.Escalated, 12}, {procedure.Informed, 6}, {procedure.Unsolved, 2}, {procedure.Abandoned, 10}}
	hrWishes   = []wish{{procedure.Escalated, 42}, {procedure.Informed, 24}, {procedure.Solved, 24}, {procedure.Abandoned, 10}}
)

// moments returns as many instants of the past as there are outings, in order.
func moments(random *rand.Rand, now time.Time) []time.Time {
	now = now.In(lyon)
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, lyon)
	list := make([]time.Time, 0, outings)
	for len(list) < outings {
		day := midnight.AddDate(0, 0, -random.IntN(pastDays))
		if random.IntN(23) >= byWeekday[day.Weekday()] {
			continue
		}
		at := day.Add(time.Duration(weighted(random, byHour))*time.Hour + time.Duration(random.IntN(3600))*time.Second)
		if at.Before(now.Add(-time.Hour)) {
			list = append(list, at)
		}
	}
	slices.SortFunc(list, time.Time.Compare)
	return list
}

// weighted returns an index, the heavier the more often.
func weighted(random *rand.Rand, weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	at := random.IntN(total)
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// chooseEntry prefers what the portal calls popular, then what it calls new.
func chooseEntry(random *rand.Rand, entries []*procedure.Procedure) *procedure.Procedure {
	weights := make([]int, len(entries))
	for i, p := range entries {
		switch {
		case p.Popular:
			weights[i] = 6
		case p.New:
			weights[i] = 3
		default:
			weights[i] = 2
		}
	}
	return entries[weighted(random, weights)]
}

// chooseWho returns someone who may run a procedure; a visitor, more often than
// not, where nobody need sign in.
func chooseWho(random *rand.Rand, p *procedure.Procedure, public bool, people []person) person {
	if public && len(p.Audience) == 0 && random.IntN(100) < 45 {
		return person{}
	}
	var may []person
	for _, who := range people {
		in := slices.ContainsFunc(p.Audience, func(g string) bool { return slices.Contains(who.groups, g) })
		if who.Role != access.Administrator && (in || len(p.Audience) == 0) {
			may = append(may, who)
		}
	}
	return pick(random, may)
}
