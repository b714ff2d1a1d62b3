package platform

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"selfhelp/app/fault"
	"selfhelp/app/presentation"
	"selfhelp/app/publication"
	"selfhelp/store/trial"
)

// trials is what outlives this process of what is on trial.
func (p *Platform) trials() trial.Trials { return trial.Of(p.Store.Activity.DB) }

// recalled is a server that was not dealt with yet, with what is remembered of it.
func (m *Member) recalled(s trial.Seat) *Member {
	m.last, m.lastSequence, m.untried = s.Mark, s.Sequence, map[string]bool{}
	for _, hash := range s.Untried {
		m.untried[hash] = true
	}
	return m
}

// try notes what is to be tried at a server, before that is sent there: bundles that it
// lacks and that a catalogue makes available, and not what is kept for those in the middle
// of it.
func (p *Platform) try(ctx context.Context, m *Member, c publication.Catalogue, lacking []presentation.Lacking) error {
	return p.keepTrial(ctx, m, func(s *trial.Seat) {
		for _, l := range lacking {
			if makesAvailable(c, l.Hash) {
				s.Untried = append(s.Untried, l.Hash)
			}
		}
	})
}

// tried notes that a server switched to a catalogue: what that makes available is tried from
// now on, and what it does not name never will be.
func (p *Platform) tried(ctx context.Context, m *Member, to publication.Catalogue) error {
	return p.keepTrial(ctx, m, func(s *trial.Seat) {
		s.Mark, s.Sequence = to.Mark(), to.Sequence
		s.Untried = slices.DeleteFunc(s.Untried, func(hash string) bool {
			i := slices.IndexFunc(to.Publications, func(one publication.Publication) bool { return one.Hash == hash })
			return i < 0 || to.Publications[i].Active
		})
	})
}

// keepTrial changes what is on trial at a server, on the disk first.
func (p *Platform) keepTrial(ctx context.Context, m *Member, change func(*trial.Seat)) error {
	m.mu.Lock()
	s := trial.Seat{Server: m.server.ID, Mark: m.last, Sequence: m.lastSequence, Untried: slices.Sorted(maps.Keys(m.untried))}
	m.mu.Unlock()
	was := s
	was.Untried = slices.Clone(s.Untried)
	change(&s)
	slices.Sort(s.Untried)
	s.Untried = slices.Compact(s.Untried)
	if s.Mark == was.Mark && s.Sequence == was.Sequence && slices.Equal(s.Untried, was.Untried) {
		return nil
	}
	if err := p.trials().Keep(ctx, s); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.recalled(s)
	return nil
}

// tries reports whether a catalogue makes something available at a server that never was so
// there, or is not now. It is asked under the server's lock.
func (m *Member) tries(c publication.Catalogue) bool {
	return slices.ContainsFunc(c.Publications, func(one publication.Publication) bool {
		return one.Active && (m.untried[one.Hash] || m.lacks(one))
	})
}

// lacks reports whether a publication is not in force at a server, nor a later one of the
// project, from which it would be gone back.
func (m *Member) lacks(one publication.Publication) bool {
	if m.force == nil || m.forceOf != m.state.Mark {
		return false // it is not known
	}
	later := false
	for _, had := range m.force {
		if !had.Active || had.Domain != one.Domain || had.Project != one.Project {
			continue
		}
		if had.Hash == one.Hash {
			return false
		}
		later = later || had.Number.Compare(one.Number) > 0
	}
	return !later
}

// learnForce learns what is in force at a server, once for each catalogue.
func (p *Platform) learnForce(ctx context.Context, m *Member, s presentation.State, wanted publication.Catalogue) error {
	m.mu.Lock()
	known := m.forceOf == s.Mark
	m.mu.Unlock()
	if known {
		return nil
	}
	c := wanted
	if s.Mark != wanted.Mark() {
		answer, err := p.ask(ctx, m, "GET", "catalogue", nil, nil)
		if fault.Is(err, fault.NotFound) { // an earlier version does not say
			m.forces(s.Mark, nil)
			return nil
		}
		if err == nil {
			err = json.Unmarshal(answer, &c)
		}
		if err != nil {
			return fmt.Errorf("ask what is in force there: %w", err)
		}
	}
	if c.Mark() != s.Mark { // it switched meanwhile
		return nil
	}
	// Whoever told it to may not have come to note that.
	err := p.keepTrial(ctx, m, func(t *trial.Seat) {
		t.Mark, t.Sequence = s.Mark, s.Sequence
		t.Untried = slices.DeleteFunc(t.Untried, func(hash string) bool { return makesAvailable(c, hash) })
	})
	if err == nil {
		m.forces(s.Mark, c.Publications)
	}
	return err
}

// makesAvailable reports whether a catalogue has a bundle in force, and not only for those in
// the middle of it.
func makesAvailable(c publication.Catalogue, hash string) bool {
	return slices.ContainsFunc(c.Publications, func(one publication.Publication) bool { return one.Active && one.Hash == hash })
}

func (m *Member) forces(mark string, all []publication.Publication) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forceOf, m.force = mark, all
}
