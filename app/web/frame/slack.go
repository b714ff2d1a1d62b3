package frame

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// slack is by how much the memory in use may grow, besides doubling, before
// garbage is collected. Requests leave more garbage than a small server keeps
// things: without slack it would collect many times a second. A server that
// keeps much hardly notices it.
const slack = 48 << 20

// allowSlack gives the collector its slack after each of its runs, for as long
// as the program lives; one whose environment says how often to collect is
// left alone.
var allowSlack = sync.OnceFunc(func() {
	if os.Getenv("GOGC") == "" {
		first := &collection{live: []metrics.Sample{{Name: "/gc/heap/live:bytes"}}}
		runtime.SetFinalizer(first, (*collection).ended)
	}
})

// collection is garbage from its first moment: its finalizer tells that the
// collector ran.
type collection struct {
	live    []metrics.Sample
	percent int
}

func (c *collection) ended() {
	metrics.Read(c.live)
	percent := 100
	if n := c.live[0].Value.Uint64(); n > 0 {
		percent = min(100+int(100*slack/n), 5000)
	}
	if diff := percent - c.percent; diff*diff*100 > c.percent*c.percent { // setting it stops the world
		debug.SetGCPercent(percent)
		c.percent = percent
	}
	runtime.SetFinalizer(c, (*collection).ended)
}
