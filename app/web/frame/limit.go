package frame

import (
	"math"
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
	Sent   Rate // bytes of files, by account where there is one
	Tokens Rate // requests with a token, by token
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
type Limiters struct{ all, Starts, Search, Signs, networks, uploads, tokens *Limiter }

func (l Limits) build() Limiters {
	return Limiters{
		all:      newLimiter(l.All.or(Rate{400, 2000})),
		Starts:   newLimiter(l.Starts.or(Rate{10, 200})),
		Search:   newLimiter(l.Search.or(Rate{50, 300})),
		Signs:    newLimiter(l.Signs.or(Rate{1, 30})),
		networks: newLimiter(Rate{1, 1000}), // refuses nobody: Tried counts by it
		tokens:   newLimiter(l.Tokens.or(Rate{50, 500})),
		uploads:  newLimiter(l.Sent.or(Rate{4 << 30 / (24 * 60 * 60), 4 << 30})), // 4 GiB, and as much again a day
	}
}

// sender is who is counted: an account, else an address.
type sender struct {
	address netip.Addr
	account string
}

// sender is the visitor's account, or the household of a stranger.
func (v *Visit) sender() sender {
	if v.Who.ID != "" {
		return sender{account: v.Who.ID}
	}
	return sender{address: Household(v.Address)}
}

// Limiter counts per sender in bounded memory: when one generation of senders
// is full it becomes the old one, and the one before is forgotten.
type Limiter struct {
	rate rate.Limit
	much int

	mu         sync.Mutex
	young, old map[sender]*rate.Limiter
}

const limiterSenders = 20_000 // a generation

func newLimiter(r Rate) *Limiter {
	l := &Limiter{rate: rate.Limit(r.PerSecond), much: r.Burst, young: map[sender]*rate.Limiter{}}
	if r.PerSecond < 0 {
		l.rate = rate.Inf
	}
	return l
}

// allow takes one time from an address.
func (l *Limiter) allow(addr netip.Addr, now time.Time) bool {
	return l.allowSender(sender{address: Household(addr)}, now)
}

// allowSender takes one time from a sender.
func (l *Limiter) allowSender(who sender, now time.Time) bool {
	return l.rate == rate.Inf || l.of(who).AllowN(now, 1)
}

// wait is how long a sender waits until there is a time to take again.
func (l *Limiter) wait(who sender, now time.Time) time.Duration {
	lacks := 1 - l.of(who).TokensAt(now)
	if lacks <= 0 || l.rate <= 0 {
		return 0
	}
	return time.Duration(lacks / float64(l.rate) * float64(time.Second))
}

// used is how many times a sender took lately, of those it may take at once.
func (l *Limiter) used(who sender, now time.Time) int64 {
	return max(0, int64(l.much)-l.left(who, now))
}

// Tried counts an attempt to sign in, and returns how many came lately from its
// address and from the network around it: crowds of addresses are often neighbours.
func (l Limiters) Tried(addr netip.Addr, now time.Time) int64 {
	around := sender{address: network(addr).Addr()}
	before := l.networks.used(around, now)
	l.networks.take(around, 1, now)
	return before + l.Signs.used(sender{address: Household(addr)}, now)
}

// left is how many times a sender has left.
func (l *Limiter) left(who sender, now time.Time) int64 {
	if l.rate == rate.Inf {
		return math.MaxInt64
	}
	return max(0, int64(l.of(who).TokensAt(now)))
}

// take takes many times at once, as many as there are.
func (l *Limiter) take(who sender, many int64, now time.Time) {
	if l.rate != rate.Inf {
		l.of(who).AllowN(now, int(min(many, l.left(who, now))))
	}
}

func (l *Limiter) of(who sender) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if own := l.young[who]; own != nil {
		return own
	}
	own := l.old[who]
	if own == nil {
		own = rate.NewLimiter(l.rate, l.much)
	}
	if len(l.young) >= limiterSenders {
		l.old, l.young = l.young, map[sender]*rate.Limiter{}
	}
	l.young[who] = own
	return own
}

// allows takes one time of a visitor from a limit: of their address or, when others
// there have used that up, of the browser itself if somebody signed in from it
// before. Else it returns the failure that says how long to wait.
func (s *Site) allows(l *Limiter, v *Visit) error {
	now := s.Now()
	if l.allow(v.Address, now) {
		return nil
	}
	if id := s.Device(v); id != "" && l.allowSender(sender{account: "device " + id}, now) {
		return nil
	}
	return TooOften("fault.limited", l.wait(sender{address: Household(v.Address)}, now))
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
