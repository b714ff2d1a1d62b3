package presentation

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/peer"
	"selfhelp/store/disk"
	"selfhelp/store/extract"
)

// State is what a presentation server says of itself.
type State struct {
	ID       string    `json:"id"`
	Version  string    `json:"version"`
	Instance string    `json:"instance"`
	Address  string    `json:"address"` // by which people come there, as it was started; "" where nobody said
	Now      time.Time `json:"now"`
	Started  time.Time `json:"started"`
	Shape    int64     `json:"shape"`    // of its content.db
	Sequence uint64    `json:"sequence"` // of the catalogue in force, 0 for none
	Mark     string    `json:"mark"`     // of the same, "" for none
	Staged   uint64    `json:"staged"`   // of the one that is ready, 0 for none
	Next     string    `json:"next"`     // its mark, "" for none
	Extract  string    `json:"extract"`  // hash of the one that was adopted last
	Keys     string    `json:"keys"`     // mark of the shared keys
	Term     uint64    `json:"term"`
	Deed     *Deed     `json:"deed,omitempty"` // of the edition server of that term
	Office   Office    `json:"office"`         // the process of the edition server that it follows
	Rival    Office    `json:"rival"`          // one that was refused, since the office changed; none: zero
	Bundles  int       `json:"bundles"`        // open ones
	Broken   int       `json:"broken"`         // publications whose bundles cannot be opened, and have to be sent again
	Lost     []string  `json:"lost,omitempty"` // hashes of bundles of earlier versions that cannot be opened, and have to be sent again
	Free     int64     `json:"free"`           // bytes on its disk; -1: not known
	Memory   int64     `json:"memory"`         // bytes it takes from the system
	Going    int64     `json:"going"`          // executions that go on
	Sessions int64     `json:"sessions"`
	Ready    bool      `json:"ready"`    // people should be sent there
	Expires  time.Time `json:"expires"`  // its certificate; zero where it shows none
	Kept     Kept      `json:"kept"`     // what the edition server has not got yet
	Wishes   bool      `json:"wishes"`   // passwords that the edition server does not have
	Arrivals bool      `json:"arrivals"` // and people
	// Taken is up to which of both none waits; nil: an earlier version, which keeps none.
	Taken  *extract.Taken `json:"taken,omitempty"`
	Turned []peer.Turned  `json:"turned"`
	Wants  []Want         `json:"wants,omitempty"` // accounts whose executions are looked for there
}

// state answers how the server is.
func (p *Presentation) state(ctx context.Context, _ peer.Ask) ([]byte, error) {
	m, now := p.membership(), p.shelf.InForce()
	s := State{
		ID: m.ID, Version: p.Version, Address: p.Address, Instance: p.door.Verifier.Instance, Now: p.Now(), Started: p.started,
		Sequence: now.Sequence, Mark: now.Mark, Staged: p.shelf.Staged(), Next: p.shelf.StagedMark(), Extract: m.Extract, Keys: p.store.Keys.Shared().Mark(), Term: m.Term, Deed: m.Deed,
		Bundles: now.Open, Broken: now.Broken, Lost: p.asked(), Turned: p.door.Turned(), Wants: p.wants(ctx), Free: -1, Kept: p.kept(ctx),
	}
	s.Office, s.Rival = p.offices()
	var err error
	if s.Shape, err = p.store.Content.Shape(ctx); err != nil {
		return nil, err
	}
	waits, err := p.store.Content.Awaits(ctx)
	if err != nil {
		return nil, err
	}
	taken, err := p.store.Content.Taken(ctx)
	if err != nil {
		return nil, err
	}
	s.Wishes, s.Arrivals, s.Taken = waits.Wishes, waits.Arrivals, &taken
	if free, err := disk.FreeBytes(p.folder); err == nil {
		s.Free = free
	}
	if p.Facts != nil {
		p.Facts(&s)
	}
	return json.Marshal(s)
}

// termKey carries the term of office of the edition server, in the query that is
// signed.
const termKey = "term"

func termOf(q peer.Ask) (uint64, error) {
	term, err := strconv.ParseUint(q.Query.Get(termKey), 10, 64)
	if err != nil {
		return 0, fault.Because(fault.Invalid, err, "fault.peer.body")
	}
	return term, nil
}
