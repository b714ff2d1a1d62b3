package report

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Share is how many of a hundred a part is, rounded; of nothing there is none.
func Share(part, whole int64) (percent int, known bool) {
	if whole <= 0 {
		return 0, false
	}
	return int(math.Round(100 * float64(part) / float64(whole))), true
}

// Change is by how many of a hundred a figure grew; from nothing, nobody can
// say.
func Change(now, before int64) (percent int, known bool) {
	return Share(now-before, before)
}

// Median is the length in the middle; of two, the one between them.
func Median(all []time.Duration) (middle time.Duration, known bool) {
	if len(all) == 0 {
		return 0, false
	}
	sorted := slices.Sorted(slices.Values(all))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half], true
	}
	return sorted[half-1] + (sorted[half]-sorted[half-1])/2, true
}

// Place is a step of a procedure.
type Place struct{ Procedure, Step string }

// Leak is a step at which people left for good.
type Leak struct {
	Place
	Left    int64
	Seen    int64 // those who left, and those who went on
	Percent int   // of those who saw it
}

// Leaks says of how many people who saw a step so many left there. Went counts
// who went on; people who came back are counted each time.
func Leaks(left map[Place]int64, went map[Place]int64) (all []Leak) {
	for at, n := range left {
		l := Leak{Place: at, Left: n, Seen: n + went[at]}
		l.Percent, _ = Share(l.Left, l.Seen)
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b Leak) int {
		return cmp.Or(cmp.Compare(b.Left, a.Left), cmp.Compare(a.Procedure, b.Procedure), cmp.Compare(a.Step, b.Step))
	})
	return all
}
