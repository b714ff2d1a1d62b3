package platform

import (
	"context"
	"maps"
	"slices"

	"selfhelp/app/presentation"
	"selfhelp/app/publication"
	"selfhelp/store/trial"
)

// trials is what outlives this process of what is on trial.
func (p *Platform) trials() trial.Trials { return trial.Of(p.Store.Activity.DB) }

// recalled is a server that was not dealt with yet, with what is remembered of it.
func (m *Member) recalled(s trial.Seat) *Member {
	m.last, m.untried = s.Mark, map[string]bool{}
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
			if slices.ContainsFunc(c.Publications, func(one publication.Publication) bool { return one.Active && one.Hash == l.Hash }) {
				s.Untried = append(s.Untried, l.Hash)
			}
		}
	})
}

// tried notes that a server switched to a catalogue: what that makes available is tried from
// now on, and what it does not name never will be.
func (p *Platform) tried(ctx context.Context, m *Member, to publication.Catalogue) error {
	return p.keepTrial(ctx, m, func(s *trial.Seat) {
		s.Mark = to.Mark()
		s.Untried = slices.DeleteFunc(s.Untried, func(hash string) bool {
			i := slices.IndexFunc(to.Publications, func(one publication.Publication) bool { return one.Hash == hash })
			return i < 0 || to.Publications[i].Active
		})
	})
}

// keepTrial changes what is on trial at a server, on the disk first.
func (p *Platform) keepTrial(ctx context.Context, m *Member, change func(*trial.Seat)) error {
	m.mu.Lock()
	s := trial.Seat{Server: m.server.ID, Mark: m.last, Untried: slices.Sorted(maps.Keys(m.untried))}
	m.mu.Unlock()
	was := s
	was.Untried = slices.Clone(s.Untried)
	change(&s)
	slices.Sort(s.Untried)
	s.Untried = slices.Compact(s.Untried)
	if s.Mark == was.Mark && slices.Equal(s.Untried, was.Untried) {
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

// tries reports whether a catalogue makes something available at a server that was never
// so there. It is asked under the server's lock.
func (m *Member) tries(c publication.Catalogue) bool {
	return slices.ContainsFunc(c.Publications, func(one publication.Publication) bool { return one.Active && m.untried[one.Hash] })
}
