package publication

import (
	"context"

	"selfhelp/app/fault"
)

// Bundles of inactive publications are opened when somebody needs them who began there:
// one that cannot be opened shows on nobody's portal meanwhile.

// OnMissed says who is told of an inactive publication whose bundle cannot be opened. It is
// told by who reads, and may keep nobody waiting.
func (s *Shelf) OnMissed(tell func(Broken)) { s.missed.Store(&tell) }

// miss tells of a bundle that cannot be opened.
func (s *Shelf) miss(p Publication, err error) {
	if tell := s.missed.Load(); tell != nil {
		(*tell)(Broken{p, err})
	}
}

// Inspect opens the bundle of each inactive publication in force that is there, one after
// the other, and tells of those that cannot be opened. One that is not there was cleared
// away, until somebody needs it.
func (s *Shelf) Inspect(ctx context.Context) {
	for _, p := range s.Catalogue().Publications {
		if ctx.Err() != nil {
			return
		}
		if p.Active {
			continue
		}
		b, err := s.open(p)
		if err == nil {
			_ = b.Close() // it was only looked at
		} else if !fault.Is(err, fault.NotFound) {
			s.miss(p, err)
		}
	}
}
