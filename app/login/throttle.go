package login

import (
	"sync"
	"time"
)

// Throttle slows down guessing. It counts failures by name (an account, an
// address, a device), and makes each name wait longer after each failure past
// the free ones. Nobody is ever locked out: a wait ends, and a device that has
// signed in before is counted by itself, so that a stranger cannot keep an
// administrator out by failing in their name.
type Throttle struct {
	mu         sync.Mutex
	young, old map[string]*failures
}

// failures are those of one name.
type failures struct {
	count int
	last  time.Time
}

const (
	free       = 5               // failures that cost nothing
	longest    = 5 * time.Minute // wait
	forgetting = time.Hour       // after the last failure
	names      = 50_000          // kept, a generation
)

// NewThrottle returns a throttle that has seen nothing.
func NewThrottle() *Throttle { return &Throttle{young: map[string]*failures{}} }

// Wait returns how long the first attempt of any of the names has to wait.
func (t *Throttle) Wait(now time.Time, names ...string) (longestWait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, name := range names {
		f := t.of(name)
		if f == nil || now.Sub(f.last) > forgetting {
			continue
		}
		longestWait = max(longestWait, f.last.Add(delay(f.count)).Sub(now))
	}
	return max(longestWait, 0)
}

// delay doubles with each failure.
func delay(count int) time.Duration {
	if count < free {
		return 0
	}
	return min(time.Second<<min(count-free, 20), longest)
}

// Failed counts a failure of each name.
func (t *Throttle) Failed(now time.Time, names ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, name := range names {
		f := t.of(name)
		if f == nil {
			f = t.add(name)
		}
		if now.Sub(f.last) > forgetting {
			f.count = 0
		}
		f.count++
		f.last = now
	}
}

// Succeeded forgets the failures of each name.
func (t *Throttle) Succeeded(names ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, name := range names {
		delete(t.young, name)
		delete(t.old, name)
	}
}

func (t *Throttle) of(name string) *failures {
	if f := t.young[name]; f != nil {
		return f
	}
	return t.old[name]
}

// add begins a name; when one generation is full the one before is forgotten,
// so that invented names cannot fill the memory.
func (t *Throttle) add(name string) *failures {
	if len(t.young) >= names {
		t.old, t.young = t.young, map[string]*failures{}
	}
	f := &failures{}
	t.young[name] = f
	return f
}
