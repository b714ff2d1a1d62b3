package frame

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits are how often one address may do something. Zero values are the
// product's own.
type Limits struct {
	All    Rate // any request
	Starts Rate // executions begun
	Search Rate // searches and suggestions
	Signs  Rate // attempts to sign in
}

// Rate is a number of times a second, and how many at once. A negative one is
// no limit.
type Rate struct {
	PerSecond float64
	Burst     int
}

func (r Rate) or(other Rate) Rate {
	if r.PerSecond == 0 {
		return other
	}
	return r
}

// Limiters are the limits in force. Whole companies come from one address:
// they are generous, except where a password is guessed.
type Limiters struct{ all, Starts, Search, Signs *Limiter }

func (l Limits) build() Limiters {
	return Limiters{
		all:    newLimiter(l.All.or(Rate{400, 2000})),
		Starts: newLimiter(l.Starts.or(Rate{10, 200})),
		Search: newLimiter(l.Search.or(Rate{50, 300})),
		Signs:  newLimiter(l.Signs.or(Rate{1, 30})),
	}
}

// Limiter counts per address in bounded memory: when one generation of
// addresses is full it becomes the old one, and the one before is forgotten.
type Limiter struct {
	rate rate.Limit
	much int

	mu         sync.Mutex
	young, old map[netip.Addr]*rate.Limiter
}

const limiterAddresses = 20_000 // a generation

func newLimiter(r Rate) *Limiter {
	l := &Limiter{rate: rate.Limit(r.PerSecond), much: r.Burst, young: map[netip.Addr]*rate.Limiter{}}
	if r.PerSecond < 0 {
		l.rate = rate.Inf
	}
	return l
}

// allow takes one time from an address.
func (l *Limiter) allow(addr netip.Addr, now time.Time) bool {
	if l.rate == rate.Inf {
		return true
	}
	return l.of(Household(addr)).AllowN(now, 1)
}

func (l *Limiter) of(addr netip.Addr) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if own := l.young[addr]; own != nil {
		return own
	}
	own := l.old[addr]
	if own == nil {
		own = rate.NewLimiter(l.rate, l.much)
	}
	if len(l.young) >= limiterAddresses {
		l.old, l.young = l.young, map[netip.Addr]*rate.Limiter{}
	}
	l.young[addr] = own
	return own
}

// Household is what one subscriber has: an IPv4 address, or an IPv6 /64.
func Household(addr netip.Addr) netip.Addr {
	if addr.Is4() || !addr.IsValid() {
		return addr
	}
	prefix, err := addr.Prefix(64)
	if err != nil {
		return addr
	}
	return prefix.Addr()
}
