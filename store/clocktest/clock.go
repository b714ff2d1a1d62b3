// Package clocktest is the clock of tests that let time go by: the test turns it
// while the product reads it, from as many goroutines as it has. It knows nothing
// of what the time is for; nothing of the product imports it.
package clocktest

import (
	"sync/atomic"
	"time"
)

// Clock stands still until it is turned.
type Clock struct{ at atomic.Pointer[time.Time] }

// At is a clock that shows a time.
func At(t time.Time) *Clock {
	c := &Clock{}
	c.Set(t)
	return c
}

// Now is what it shows.
func (c *Clock) Now() time.Time { return *c.at.Load() }

// Set turns it to a time.
func (c *Clock) Set(t time.Time) { c.at.Store(&t) }

// Pass turns it on.
func (c *Clock) Pass(d time.Duration) { c.Set(c.Now().Add(d)) }
