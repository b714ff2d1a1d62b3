package load

import (
	"context"
	"crypto/tls"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// crowd is what the people of a load share.
type crowd struct {
	plan    Plan
	home    *url.URL
	trust   *tls.Config
	until   time.Time
	arrived atomic.Uint64 // people who came to the portal
	played  atomic.Uint64 // scripts taken
	barred  atomic.Uint64 // journeys that could not be begun
	begun   atomic.Bool   // one could
	stop    context.CancelFunc

	mu    sync.Mutex
	next  time.Time           // when another journey may begin
	aside map[string]struct{} // scripts that nobody may begin
}

// Run lets people use a server and reports what they saw. It ends early when the
// context does.
func Run(ctx context.Context, plan Plan) (Report, error) {
	if err := plan.Check(); err != nil {
		return Report{}, err
	}
	c := &crowd{plan: plan, aside: map[string]struct{}{}}
	c.home, _ = plan.home()
	authorities, _ := plan.authorities()
	c.trust = &tls.Config{RootCAs: authorities, MinVersion: tls.VersionTLS12}
	working, stop := context.WithCancel(ctx)
	defer stop()
	c.stop = stop
	began := time.Now()
	c.until, c.next = began.Add(plan.For), began
	people := make([]*person, plan.People)
	var all sync.WaitGroup
	for i := range people {
		p := &person{crowd: c, random: rand.New(rand.NewPCG(uint64(i), 1)), client: c.newClient(), tally: newTally()}
		people[i] = p
		all.Go(func() {
			p.rest(working, time.Duration(i)*c.gathering()/time.Duration(plan.People))
			p.live(working)
		})
	}
	all.Wait()
	sum := newTally()
	for _, p := range people {
		sum.add(p.tally)
	}
	took := min(time.Since(began), plan.For)
	return c.report(sum, took, ctx.Err() != nil), nil
}

// barredMost is how many journeys in a row find nothing to begin before it is given up.
const barredMost = 20

// bar counts a journey that could not be begun; where none could yet, there is nothing to
// measure.
func (c *crowd) bar(n uint64) {
	if c.barred.Add(n); c.isShut() {
		c.stop()
	}
}

// isShut reports whether strangers can begin nothing, as far as it was tried.
func (c *crowd) isShut() bool { return !c.begun.Load() && c.barred.Load() >= barredMost }

// gathering is the time in which the people come: nobody knocks at a door with
// everybody else.
func (c *crowd) gathering() time.Duration { return min(time.Second, c.plan.For/10) }

// await waits until another journey may begin, and reports whether one may.
func (p *person) await(ctx context.Context) bool {
	if p.plan.Rate > 0 {
		p.rest(ctx, time.Until(p.slot()))
	}
	return p.goesOn(ctx)
}

// slot takes the next moment at which a journey may begin.
func (c *crowd) slot() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := c.next
	if now := time.Now(); at.Before(now) {
		at = now
	}
	c.next = at.Add(time.Duration(float64(time.Second) / c.plan.Rate))
	return at
}

// nextScript is the one to play now: each in turn, but for those nobody may begin. It
// is nil when none is left.
func (c *crowd) nextScript() *Script {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.plan.Scripts
	for range all {
		s := &all[int(c.played.Add(1)-1)%len(all)]
		if _, is := c.aside[s.ID]; !is {
			return s
		}
	}
	return nil
}

// setAside keeps people from a script that a stranger may not begin.
func (c *crowd) setAside(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.aside[id] = struct{}{}
}

// setAsides are the scripts that nobody could begin.
func (c *crowd) setAsides() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.aside))
}
