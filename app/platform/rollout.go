package platform

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"selfhelp/app/presentation"
	"selfhelp/app/publication"
	"selfhelp/store"
)

// Rollout is a group of servers on its way to another catalogue.
type Rollout struct {
	Sequence uint64    // wanted
	Mark     string    // of that catalogue
	Well     time.Time // since when those that switched are well; zero: none did
	Anew     bool      // that is since this process looks after them, not since they switched
	Forced   bool      // somebody said to go on without those that are away, and without a pause
	Done     bool      // every server serves it
}

// rolling is a rollout that is under way.
type rolling struct {
	deciding sync.Mutex // one at a time
	Rollout             // read and changed under the platform's lock
}

// Seat is one server of a group, as far as the decision goes.
type Seat struct {
	ID       string
	Mark     string // of the catalogue in force there
	Sequence uint64 // of the same
	Next     string // of the one that is staged
	Reached  bool   // the last look was good
	Ready    bool   // it can be sent people
	Light    bool   // nothing of what is wanted is to be tried there
}

// well reports whether the server answers and can be sent people.
func (s Seat) well() bool { return s.Reached && s.Ready }

// Due are the servers that switch to a catalogue now.
func Due(g store.Target, r Rollout, seats []Seat, now time.Time) (ids []string) {
	var staged, light []string
	begun, all, well := false, true, true
	for _, s := range seats {
		switch {
		case s.Mark == r.Mark:
			begun = true
			well = well && s.well()
		case s.Next == r.Mark && s.Reached:
			staged = append(staged, s.ID)
			if s.Light {
				light = append(light, s.ID)
			}
		default:
			all = false
		}
	}
	if len(staged) == 0 || r.Forced {
		return staged
	}
	if len(light) > 0 && g.Way != store.Together {
		return light // going back: nothing is tried, and whoever is not well is so by what it leaves
	}
	switch g.Way {
	case store.Together:
		if all || begun { // begun: they were ready together, and these were away since
			return staged
		}
	case store.Rolling:
		if well {
			return staged[:1]
		}
	case store.Canary:
		switch {
		case !begun:
			return first(r, seats)
		case well && now.Sub(r.Well) >= g.Pause:
			return staged
		}
	}
	return nil
}

// first is the server that tries a catalogue before the others: the one that tries the one
// before already where that goes on, and else any that does not lag behind.
func first(r Rollout, seats []Seat) []string {
	var latest uint64
	for _, s := range seats {
		if s.Sequence < r.Sequence { // else it is not known here, and does not switch
			latest = max(latest, s.Sequence)
		}
	}
	for _, s := range seats {
		if s.Next == r.Mark && s.Reached && s.Sequence >= latest {
			return []string{s.ID}
		}
	}
	return nil
}

// advance switches those servers of a group whose turn it is.
func (p *Platform) advance(ctx context.Context, g store.Target) {
	c, sealed, err := p.wanted(ctx, g)
	if err != nil || sealed == nil {
		return // told where it is brought
	}
	r := p.rollout(g.ID, c.Sequence, c.Mark())
	r.deciding.Lock()
	defer r.deciding.Unlock()
	for range 100 { // rolling: one after the other
		members, seats := p.seats(g, c)
		p.mu.Lock()
		if r.Well.IsZero() && slices.ContainsFunc(seats, func(s Seat) bool { return s.Mark == r.Mark }) {
			r.Well, r.Anew = p.Now(), true // they switched before this process: how they were meanwhile nobody knows
		}
		if !r.Well.IsZero() && slices.ContainsFunc(seats, func(s Seat) bool { return s.Mark == r.Mark && !s.well() }) {
			r.Well = p.Now() // the others are to follow ones that were well for the whole pause
		}
		now := r.Rollout
		p.mu.Unlock()
		due := Due(g, now, seats, p.Now())
		if len(due) == 0 {
			p.mu.Lock()
			r.Done = !slices.ContainsFunc(seats, func(s Seat) bool { return s.Mark != r.Mark })
			p.mu.Unlock()
			return
		}
		if err := p.switchAll(ctx, members, due, c); err != nil {
			p.Log.Error("a presentation server did not switch, and will with its next look", "err", err)
			return
		}
		p.mu.Lock()
		if r.Well.IsZero() {
			r.Well = p.Now()
		}
		p.mu.Unlock()
	}
}

// rollout is that of a group to a catalogue.
func (p *Platform) rollout(target string, sequence uint64, mark string) *rolling {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.rollouts[target]
	if r == nil || r.Mark != mark {
		r = &rolling{Rollout: Rollout{Sequence: sequence, Mark: mark}}
		p.rollouts[target] = r
	}
	return r
}

// seats are the servers of a group on their way to a catalogue, in the order of their names.
func (p *Platform) seats(g store.Target, c publication.Catalogue) (members map[string]*Member, seats []Seat) {
	p.mu.Lock()
	defer p.mu.Unlock()
	members = map[string]*Member{}
	for id, m := range p.members {
		m.mu.Lock()
		if m.server.Target == g.ID {
			members[id] = m
			s := Seat{
				ID: id, Mark: m.state.Mark, Sequence: m.state.Sequence, Next: m.state.Next, Ready: m.state.Ready, Light: !m.tries(c),
				Reached: m.err == nil && !m.seen.IsZero(),
			}
			if m.seen.IsZero() { // it has not answered this process yet
				s.Mark, s.Sequence = m.last, m.lastSequence
			}
			seats = append(seats, s)
		}
		m.mu.Unlock()
	}
	slices.SortFunc(seats, func(a, b Seat) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return members, seats
}

// switchAll tells servers at the same time.
func (p *Platform) switchAll(ctx context.Context, members map[string]*Member, due []string, to publication.Catalogue) error {
	failures := make([]error, len(due))
	var all sync.WaitGroup
	for i, id := range due {
		all.Go(func() {
			m := members[id]
			if failures[i] = p.switchOne(ctx, m, to); failures[i] != nil {
				m.mu.Lock()
				defer m.mu.Unlock()
				m.err = failures[i]
			}
		})
	}
	all.Wait()
	return errors.Join(failures...)
}

// switchOne tells a server to put in force what it made ready.
func (p *Platform) switchOne(ctx context.Context, m *Member, to publication.Catalogue) error {
	body, err := json.Marshal(presentation.Sequence{Sequence: to.Sequence})
	if err == nil {
		_, err = p.ask(ctx, m, "POST", "switch", nil, body)
	}
	if err != nil {
		return fmt.Errorf("tell it to switch: %w", err)
	}
	m.mu.Lock()
	m.state.Sequence, m.state.Mark, m.state.Broken, m.state.Staged, m.state.Next = to.Sequence, to.Mark(), 0, 0, ""
	m.forceOf, m.force = to.Mark(), to.Publications
	m.mu.Unlock()
	return p.tried(ctx, m, to)
}

// Rollouts are the groups on their way, by their ids.
func (p *Platform) Rollouts() map[string]Rollout {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := map[string]Rollout{}
	for id, r := range p.rollouts {
		all[id] = r.Rollout
	}
	return all
}

// Force goes on with the rollout of a group without waiting any longer.
func (p *Platform) Force(ctx context.Context, target string) error {
	g, err := p.target(ctx, target)
	if err != nil {
		return err
	}
	p.mu.Lock()
	if r := p.rollouts[target]; r != nil {
		r.Forced = true
	}
	p.mu.Unlock()
	p.advance(ctx, g)
	return nil
}
