// Package capacity knows how many servers so many people need, by arithmetic that
// everybody can follow. It refuses to know how fast a server is: that is measured, and
// given to it.
//
// Its main names are Need, Reckon and Sum.
package capacity

import "math"

// Need is who comes, what they do, and what one server does.
type Need struct {
	People   float64 // in a day
	Share    float64 // of the people of a day who come in its busiest hour, in percent
	Journeys float64 // that a person makes
	Pages    float64 // of a journey, with those of the portal
	Rate     float64 // pages a second that one server was measured to answer
	Full     float64 // how much of that it may be given, in percent
	Spare    bool    // one server more, so that one may be missing
}

// Sum is each step on the way from people to servers:
//
//	Day    = People × Journeys × Pages
//	Hour   = Day × Share ÷ 100
//	Second = Hour ÷ 3,600
//	Server = Rate × Full ÷ 100
//	Load   = Second ÷ Server
//	Needed = Load, rounded up
type Sum struct {
	Day     float64 // pages
	Hour    float64 // pages in the busiest hour
	Second  float64 // pages in each second of it
	Server  float64 // pages a second that one server is given
	Load    float64 // how many servers that fills
	Needed  int
	Servers int // with the one to spare
}

// Reckon says how many servers a need takes, one at least.
func Reckon(n Need) Sum {
	s := Sum{Day: n.People * n.Journeys * n.Pages, Server: n.Rate * n.Full / 100}
	s.Hour = s.Day * n.Share / 100
	s.Second = s.Hour / 3600
	s.Load = s.Second / s.Server
	// What fills servers to the brim takes no other: a sum of fractions may come out
	// a little above.
	s.Needed = max(1, int(math.Ceil(s.Load-1e-9)))
	s.Servers = s.Needed
	if n.Spare {
		s.Servers++
	}
	return s
}

// Bound is between which numbers a part of a need makes sense.
type Bound struct{ Least, Most float64 }

// The bounds. A day has 24 hours: the busiest of them has more than 4 % of it. Beyond
// 90 % people wait for each other.
var (
	People   = Bound{1, 1_000_000}
	Share    = Bound{5, 100}
	Journeys = Bound{0.1, 100}
	Pages    = Bound{1, 500}
	Rate     = Bound{1, 100_000}
	Full     = Bound{10, 90}
)

// Holds reports whether a number lies between.
func (b Bound) Holds(n float64) bool { return n >= b.Least && n <= b.Most }
