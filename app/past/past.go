package past

import (
	"context"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store"
)

// keepFor is how long a state stays open after somebody looked at it last: bringing
// it again takes a while, and it takes the room of a database.
const keepFor = 30 * time.Minute

// longest is how long bringing a state may take.
const longest = time.Hour

// Past holds the state of one earlier moment for a server that works, and takes
// parts of it back in: one thing at a time, none of them in a request.
type Past struct {
	sources Sources
	live    *store.Store
	keep    time.Duration
	running context.Context
	stop    context.CancelFunc
	work    sync.WaitGroup

	mu     sync.Mutex
	now    State
	moment *Moment
	ending *time.Timer
	done   chan struct{} // closed when what goes on is over

	reading sync.RWMutex // held by whoever reads the moment
}

// State is what goes on, or what came of it.
type State struct {
	ID      string    // of the look: what is asked of another one is refused
	At      time.Time // the moment; the zero time where nothing is looked at
	By      string    // user id
	Going   bool
	Step    string // what is being done: ask, bring, open or take
	Bytes   int64  // that came so far
	Failed  error  // why it came to nothing
	Open    bool   // the moment can be read
	From    string
	Backup  bool
	Reached time.Time
	Until   time.Time // when it is closed, unless somebody looks
	Brought *Brought  // what was taken in last
}

// New returns the past of a live store. It holds nothing until somebody looks.
func New(s Sources, live *store.Store) *Past {
	p := &Past{sources: s, live: live, keep: keepFor}
	p.running, p.stop = context.WithCancel(context.Background())
	return p
}

// Kept says whether anything keeps states of before.
func (p *Past) Kept() bool { return p.sources.Kept() }

// Look begins to bring the state of a moment, instead of the one that is open.
func (p *Past) Look(at time.Time, by string) error {
	if at.After(p.sources.Now()) {
		return fault.New(fault.Invalid, "fault.past.future", at)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now.Going {
		return fault.New(fault.Conflict, "fault.past.busy")
	}
	if p.now.Open && p.now.At.Equal(at) {
		p.touch()
		return nil
	}
	old := p.moment
	p.moment = nil
	p.begin(State{ID: store.NewID(), At: at, By: by})
	p.work.Go(func() {
		p.shut(old)
		ctx, cancel := context.WithTimeout(p.running, longest)
		defer cancel()
		m, err := p.sources.Open(ctx, at, p.step)
		p.mu.Lock()
		defer p.mu.Unlock()
		if err == nil {
			p.moment = m
			p.now.Open, p.now.From, p.now.Backup, p.now.Reached = true, m.From, m.Backup, m.Reached
		}
		p.end(err)
	})
	return nil
}

// Bring begins to take a part of the state that a look opened.
func (p *Past) Bring(id string, w Wish) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.now.Going:
		return fault.New(fault.Conflict, "fault.past.busy")
	case p.moment == nil || p.now.ID != id:
		return fault.New(fault.Conflict, "fault.past.over")
	}
	m, now := p.moment, p.now
	now.Brought, now.Failed = nil, nil
	p.begin(now)
	p.now.Step = "take"
	p.work.Go(func() {
		ctx, cancel := context.WithTimeout(p.running, longest)
		defer cancel()
		b, err := m.Bring(ctx, p.live, w)
		p.mu.Lock()
		defer p.mu.Unlock()
		if err == nil {
			p.now.Brought = &b
		}
		p.end(err)
	})
	return nil
}

// begin says that something goes on. The lock is held.
func (p *Past) begin(s State) {
	if p.ending != nil {
		p.ending.Stop()
	}
	s.Going, s.Until = true, time.Time{}
	p.now, p.done = s, make(chan struct{})
}

// end says what came of it. The lock is held.
func (p *Past) end(err error) {
	p.now.Going, p.now.Step, p.now.Failed = false, "", err
	close(p.done)
	if p.now.Open {
		p.touch()
	}
}

// touch keeps the state open from now on. The lock is held.
func (p *Past) touch() {
	if p.ending != nil {
		p.ending.Stop()
	}
	p.now.Until = p.sources.Now().Add(p.keep)
	id := p.now.ID
	p.ending = time.AfterFunc(p.keep, func() { p.forget(id) })
}

// forget closes the state of a look, unless another one began.
func (p *Past) forget(id string) {
	p.mu.Lock()
	if p.now.ID != id || p.now.Going {
		p.mu.Unlock()
		return
	}
	old := p.moment
	p.moment, p.now = nil, State{}
	p.mu.Unlock()
	p.shut(old)
}

// Forget closes the state of a look at once.
func (p *Past) Forget(id string) { p.forget(id) }

// shut closes a state that nobody is given any more, after its last reader.
func (p *Past) shut(m *Moment) {
	if m == nil {
		return
	}
	p.reading.Lock()
	defer p.reading.Unlock()
	if err := m.Close(); err != nil {
		p.sources.Log.Warn("what was brought of an earlier moment was not all removed", "err", err)
	}
}

func (p *Past) step(step string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now.Step = step
}

// State says what goes on.
func (p *Past) State() State {
	p.mu.Lock()
	s := p.now
	p.mu.Unlock()
	if s.Going && s.Step == "bring" {
		s.Bytes = sizeBelow(p.sources.Place.Dir)
	}
	return s
}

// sizeBelow is how much stands in the scratch folders of a data folder.
func sizeBelow(dir string) (n int64) {
	found, err := filepath.Glob(filepath.Join(dir, ".restore-*"))
	if err != nil {
		return 0
	}
	for _, scratch := range found {
		_ = filepath.WalkDir(scratch, func(_ string, d fs.DirEntry, err error) error {
			if info, stat := infoOf(d, err); stat {
				n += info.Size()
			}
			return nil // it is a figure for people; what just went is not missed
		})
	}
	return n
}

func infoOf(d fs.DirEntry, err error) (fs.FileInfo, bool) {
	if err != nil || !d.Type().IsRegular() {
		return nil, false
	}
	info, err := d.Info()
	return info, err == nil
}

// Wait waits until what goes on is over, or a time has passed.
func (p *Past) Wait(ctx context.Context, most time.Duration) State {
	p.mu.Lock()
	done := p.done
	p.mu.Unlock()
	if done != nil {
		select {
		case <-done:
		case <-ctx.Done():
		case <-time.After(most):
		}
	}
	return p.State()
}

// Read lets somebody read the state that a look opened; it stays open meanwhile.
func (p *Past) Read(id string, read func(*Moment) error) error {
	p.reading.RLock()
	defer p.reading.RUnlock()
	p.mu.Lock()
	m := p.moment
	if m == nil || p.now.ID != id {
		p.mu.Unlock()
		return fault.New(fault.Conflict, "fault.past.over")
	}
	if !p.now.Going {
		p.touch()
	}
	p.mu.Unlock()
	return read(m)
}

// Close ends what goes on and removes what was brought.
func (p *Past) Close() error {
	if p == nil {
		return nil
	}
	p.stop()
	p.work.Wait()
	p.mu.Lock()
	old := p.moment
	p.moment, p.now = nil, State{}
	if p.ending != nil {
		p.ending.Stop()
	}
	p.mu.Unlock()
	if old == nil {
		return nil
	}
	p.reading.Lock()
	defer p.reading.Unlock()
	return old.Close()
}
