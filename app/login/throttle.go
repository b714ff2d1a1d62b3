package login

import (
	"sync"
	"time"
)

// Throttle slows down guessing. It counts attempts by name, and makes each name
// wait longer after each one past the free ones. Nobody is ever locked out: a wait
// ends, and a device that has signed in before is counted by itself, so that a
// stranger cannot keep an administrator out by failing in their name. Each server of a
// platform counts by itself.
type Throttle struct {
	mu         sync.Mutex
	young, old map[Name]*failures
}

// Name is what attempts are counted under.
type Name struct {
	Of Counted
	ID string
}

// Counted is what a name is the name of.
type Counted int

// What attempts are counted under. One person who errs is slowed down after a few
// of them. What many have in common is slowed down when guessing is all that
// explains the number: strangers who fail in the name of one account, whatever
// their addresses (the most that NIST SP 800-63B, section 5.2.2, lets fail in a
// row); and an address with whole companies behind it.
const (
	Own     Counted = iota // of one person: a device, or an account at one address
	Account                // of strangers, at one account
	Address                // of strangers, from one address
)

// allowance is how many attempts cost nothing, and after how long one of those
// made is forgiven; 0: none is, until they succeed or all are forgotten.
type allowance struct {
	free  int
	every time.Duration
}

var allowances = map[Counted]allowance{Own: {5, 0}, Account: {100, 3 * time.Minute}, Address: {50, time.Minute}}

// failures are those of one name.
type failures struct {
	count int
	last  time.Time // when the latest was made
	since time.Time // of what was not forgiven yet
}

const (
	longest    = 5 * time.Minute // wait
	forgetting = time.Hour       // after the last failure
	names      = 50_000          // kept, a generation
)

// NewThrottle returns a throttle that has seen nothing.
func NewThrottle() *Throttle { return &Throttle{young: map[Name]*failures{}} }

// Wait returns how long the first attempt of any of the names has to wait.
func (t *Throttle) Wait(now time.Time, names ...Name) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.wait(now, names)
}

// Take counts an attempt of each name before it is made, so that many at once are
// not all free; it counts none when one of them has to wait.
func (t *Throttle) Take(now time.Time, names ...Name) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if wait = t.wait(now, names); wait > 0 {
		return wait
	}
	for _, name := range names {
		f := t.of(name)
		if f == nil {
			f = t.add(name, now)
		}
		f.forgive(now, allowances[name.Of].every)
		f.count++
		f.last = now
	}
	return 0
}

// Return takes back an attempt that was not one: nobody could be asked.
func (t *Throttle) Return(names ...Name) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, name := range names {
		if f := t.of(name); f != nil {
			f.count = max(0, f.count-1)
		}
	}
}

// Succeeded forgets what somebody did themselves, and that they tried now. What
// others did stays: who has an account of their own could undo it between guesses.
func (t *Throttle) Succeeded(names ...Name) {
	t.Return(names...)
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, name := range names {
		if name.Of == Own {
			delete(t.young, name)
			delete(t.old, name)
		}
	}
}

func (t *Throttle) wait(now time.Time, names []Name) (most time.Duration) {
	for _, name := range names {
		f := t.of(name)
		if f == nil {
			continue
		}
		a := allowances[name.Of]
		f.forgive(now, a.every)
		most = max(most, f.last.Add(delay(f.count-a.free)).Sub(now))
	}
	return most
}

// forgive takes back what is long ago.
func (f *failures) forgive(now time.Time, every time.Duration) {
	if now.Sub(f.last) > forgetting {
		f.count, f.since = 0, now
	}
	if every == 0 || f.count == 0 {
		f.since = now
		return
	}
	if n := int(now.Sub(f.since) / every); n > 0 {
		f.count = max(0, f.count-n)
		f.since = f.since.Add(time.Duration(n) * every)
	}
}

// delay doubles with each attempt over the free ones.
func delay(over int) time.Duration {
	if over < 0 {
		return 0
	}
	return min(time.Second<<min(over, 20), longest)
}

func (t *Throttle) of(name Name) *failures {
	if f := t.young[name]; f != nil {
		return f
	}
	return t.old[name]
}

// add begins a name; when one generation is full the one before is forgotten,
// so that invented names cannot fill the memory.
func (t *Throttle) add(name Name, now time.Time) *failures {
	if len(t.young) >= names {
		t.old, t.young = t.young, map[Name]*failures{}
	}
	f := &failures{since: now}
	t.young[name] = f
	return f
}
