package login

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"

	"selfhelp/app/fault"
)

// Rank is how somebody waits for their password to be looked at: the smaller goes
// first.
type Rank int

// First is the rank of whom we know: signed in, or in a browser that was. Before
// them come new passwords, which nobody is sent away with.
const (
	First    Rank = 0
	unfailed Rank = -1
)

// ErrBusy is what is given to who would have to wait for too long.
var ErrBusy = fault.New(fault.Limited, "fault.sign_in.busy")

// A hash takes 19 MiB and some 25 ms of a core. Half of the cores are left to
// others, and whoever waits does so for two seconds or three.
const (
	mostWaiting = 64 // for each hash that may be made at a time
	mostPatient = 10 * time.Second
)

// AtOnce is how many hashes are made at a time.
func AtOnce() int { return max(1, runtime.GOMAXPROCS(0)/2) }

// hashing is the line in front of all hashes of this process.
var hashing = newLine(AtOnce(), mostWaiting*AtOnce())

// line lets so many in at a time. Those who wait go by rank, then as they came;
// when too many wait, the last of them is sent away.
type line struct {
	most int // waiting

	mu      sync.Mutex
	free    int
	waiting []*waiter // the next one first
}

type waiter struct {
	rank  Rank
	comes chan bool // true: it is their turn; false: they are sent away
}

func newLine(atOnce, most int) *line { return &line{free: atOnce, most: most} }

// enter waits for one's turn. Whoever gets it leaves again.
func (l *line) enter(ctx context.Context, rank Rank) error {
	w := l.join(rank)
	if w == nil {
		return nil
	}
	select {
	case turn := <-w.comes:
		if !turn {
			return ErrBusy
		}
		return nil
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.waiting, w); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	} else if <-w.comes { // both happened at once
		l.next()
	}
	return ErrBusy
}

// join takes a free place, or a place in the line.
func (l *line) join(rank Rank) *waiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.free > 0 {
		l.free--
		return nil
	}
	w := &waiter{rank: rank, comes: make(chan bool, 1)}
	behind := slices.IndexFunc(l.waiting, func(o *waiter) bool { return o.rank > rank })
	if behind < 0 {
		behind = len(l.waiting)
	}
	l.waiting = slices.Insert(l.waiting, behind, w)
	if last := len(l.waiting) - 1; last >= l.most && l.waiting[last].rank > unfailed {
		l.waiting[last].comes <- false
		l.waiting = slices.Delete(l.waiting, last, last+1)
	}
	return w
}

func (l *line) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next()
}

// next gives a place that became free to the first who waits.
func (l *line) next() {
	if len(l.waiting) == 0 {
		l.free++
		return
	}
	l.waiting[0].comes <- true
	l.waiting = slices.Delete(l.waiting, 0, 1)
}

// Stranger is the rank of somebody unknown, by how often their address and its
// neighbours tried lately: who comes for the first time passes those who guess.
func Stranger(tried int64) Rank { return Rank(1 + min(max(tried, 0), math.MaxInt32)) }
