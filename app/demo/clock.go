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

func (c *Clock) stop(at time.Time) { c.stopped.Store(&at) }

func (c *Clock) goOn() { c.stopped.Store(nil) }
