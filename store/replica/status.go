package replica

import (
	"context"
	"encoding/json"
	"path/filepath"
	"selfhelp/store/replica/chain"
	"sync"
	"time"
)

// Status is how a replica is.
type Status struct {
	Target string    // where, without secrets
	Epoch  Epoch     // of this server
	Asked  time.Time // when it was last known; the zero time before
	// Whole is up to when everything is known to be at the target; the zero time for never.
	Whole    time.Time
	Err      error       // of the last question; nil when all is well
	Errors   uint64      // questions that were not answered well, since the start
	Behind   uint64      // transactions that are not at the target yet, as far as known
	Replaced *Replaced   // by whom, when this server's epoch is over
	Twin     *Twin       // who copies in this server's own epoch, when it stopped because of that
	Gaps     []chain.Gap // what is missing at the target, as far as it was looked through
	Examined time.Time   // when it was; the zero time for never
	// Spoilt are the contents that are damaged here and are not sent, and where each is
	// whole; "" where nobody knows.
	Spoilt map[string]string
}

// state is what a replicator last knew.
type state struct {
	clock func() time.Time
	mu    sync.Mutex
	last  Status
}

// probed keeps the answer of a question and says whether it differs from the last. What
// came after it was asked may not be at the target yet.
func (s *state) probed(asked time.Time, err error) (changed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	changed = s.last.Asked.IsZero() || (err == nil) != (s.last.Err == nil)
	s.last.Asked, s.last.Err = now, err
	if err == nil {
		s.last.Whole = asked
	} else {
		s.last.Errors++
	}
	return changed
}

// replaced keeps who ended the epoch, and says whether that is new.
func (s *state) replaced(by Replaced) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	is := s.last.Replaced == nil
	if is {
		s.last.Replaced = &by
	}
	return is
}

// twin keeps who copies in the own epoch, and says whether that is new.
func (s *state) twin(t Twin) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	is := s.last.Twin == nil
	if is {
		s.last.Twin = &t
	}
	return is
}

// over says that nothing is copied any more, and never will be by this process.
func (s Status) over() bool { return s.Replaced != nil || s.Twin != nil }

// lacks keeps what is missing at the target.
func (s *state) lacks(gaps []chain.Gap) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last.Gaps, s.last.Examined = gaps, s.clock()
}

func (s *state) now() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// Status says how the replica is, without asking the target.
func (r *Replicator) Status() Status {
	st := r.state.now()
	st.Spoilt = r.crates.spoilt.now()
	st.Target, st.Epoch = r.root.Name(), r.options.Epoch
	for _, db := range r.dbs {
		pos, err := db.Pos()
		if there := db.Replica.Pos(); err == nil && pos.TXID > there.TXID {
			st.Behind += uint64(pos.TXID - there.TXID)
		}
	}
	return st
}

// Manifest names the set that belongs together at a target: once it is written,
// everything up to its positions is there.
type Manifest struct {
	At        time.Time         `json:"at"`
	Epoch     Epoch             `json:"epoch"`
	Positions map[string]uint64 `json:"positions"` // of each database, in the replicator's transactions
	// Ended says that the server stopped after it: there is nothing of its epoch
	// that is not at the target.
	Ended bool `json:"ended,omitempty"`
	// Keys is the mark of the keys that open what is sealed in the databases; "" where
	// nobody said.
	Keys string `json:"keys,omitempty"`
}

func manifestName(t Epoch) string { return "manifests/" + t.Name() + ".json" }

// enterManifest writes what is at the target now, and whether more may come.
func (r *Replicator) enterManifest(ctx context.Context, d depot, ended bool) error {
	m := Manifest{At: r.options.Now().UTC(), Epoch: r.options.Epoch, Positions: map[string]uint64{}, Ended: ended, Keys: r.options.Keys}
	for _, db := range r.dbs {
		m.Positions[filepath.Base(db.Path())] = uint64(db.Replica.Pos().TXID)
	}
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return r.turn.enter(ctx, d, b)
}
