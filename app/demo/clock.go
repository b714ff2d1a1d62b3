package demo

import (
	"sync/atomic"
	"time"
)

// Clock is the time of a store that a demonstration fills: what was written long
// ago is written at that time, then it goes as any other.
type Clock struct{ stopped atomic.Pointer[time.Time] }

// Now is the time.
func (c *Clock) Now() time.Time {
	if at := c.stopped.Load(); at != nil {
		return *at
	}
	return time.Now()
}

// stop is at a moment near the one given when people are at work in Lyon.
func (c *Clock) stop(at time.Time) {
	at = at.In(lyon)
	for at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
		at = at.AddDate(0, 0, -1)
	}
	at = time.Date(at.Year(), at.Month(), at.Day(), 9+at.Hour()/3, at.Minute(), at.Second(), 0, lyon)
	c.stopped.Store(&at)
}

func (c *Clock) goOn() { c.stopped.Store(nil) }
