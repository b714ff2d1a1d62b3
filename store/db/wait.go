package db

import (
	"sync/atomic"
	"time"
)

// waitBounds are the times that waits are counted by.
var waitBounds = [...]time.Duration{
	100 * time.Microsecond, 500 * time.Microsecond, time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond, 10 * time.Millisecond,
	25 * time.Millisecond, 100 * time.Millisecond, 500 * time.Millisecond, 2500 * time.Millisecond, 10 * time.Second,
}

// Waits counts how long something was waited for. The zero value is ready.
type Waits struct {
	counts [len(waitBounds) + 1]atomic.Uint64 // the last for those over every bound
	nanos  atomic.Int64
}

// Waited is what was counted since the start.
type Waited struct {
	Count uint64
	Sum   time.Duration
	Under map[time.Duration]uint64 // how many were no longer, by bound
}

// Add counts one.
func (w *Waits) Add(d time.Duration) {
	i := 0
	for i < len(waitBounds) && d > waitBounds[i] {
		i++
	}
	w.counts[i].Add(1)
	w.nanos.Add(int64(d))
}

// Read returns what was counted.
func (w *Waits) Read() Waited {
	r := Waited{Sum: time.Duration(w.nanos.Load()), Under: make(map[time.Duration]uint64, len(waitBounds))}
	for i := range w.counts {
		r.Count += w.counts[i].Load()
		if i < len(waitBounds) {
			r.Under[waitBounds[i]] = r.Count
		}
	}
	return r
}
