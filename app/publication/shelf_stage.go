package publication

import (
	"bytes"
	"fmt"

	"selfhelp/app/fault"
)

// Stage opens what a sealed catalogue names and keeps it beside what is in force, so
// that Switch has nothing left to do that may fail. What was staged before makes way.
// Bundles that cannot be opened are returned with the error, to be sent again.
func (s *Shelf) Stage(sealed []byte) ([]Broken, error) {
	s.swap.Lock()
	defer s.swap.Unlock()
	if s.staged != nil && bytes.Equal(s.staged.sealed, sealed) {
		return nil, nil
	}
	s.unstage()
	fresh, err := s.prepare(sealed)
	if err != nil || fresh == nil {
		return nil, stageError(err)
	}
	if len(fresh.broken) > 0 {
		err = fresh.broken[0].Err
	} else {
		err = fresh.arrange()
	}
	if err != nil {
		fresh.release()
		return fresh.broken, stageError(err)
	}
	s.staged = fresh
	return nil, nil
}

func stageError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("stage catalogue: %w", err)
}

// unstage closes what was staged.
func (s *Shelf) unstage() {
	if s.staged != nil {
		s.staged.release()
		s.staged = nil
	}
}

// Staged is the sequence of what is staged, 0 for nothing.
func (s *Shelf) Staged() uint64 {
	s.swap.Lock()
	defer s.swap.Unlock()
	if s.staged == nil {
		return 0
	}
	return s.staged.catalogue.Sequence
}

// StagedMark is the mark of what is staged, "" for nothing.
func (s *Shelf) StagedMark() string {
	s.swap.Lock()
	defer s.swap.Unlock()
	if s.staged == nil {
		return ""
	}
	return s.staged.mark
}

// Switch puts what is staged in force, with its sequence and what keep does with it
// before anybody sees it: where keep fails, all stays as it is. One that is in force
// already changes nothing.
func (s *Shelf) Switch(sequence uint64, keep func(sealed []byte) error) error {
	s.swap.Lock()
	defer s.swap.Unlock()
	old := s.now.Load()
	if old.catalogue.Sequence == sequence && (s.staged == nil || s.staged.catalogue.Sequence != sequence) {
		return nil
	}
	if s.staged == nil || s.staged.catalogue.Sequence != sequence {
		return fault.New(fault.Conflict, "fault.catalogue.unstaged", sequence)
	}
	if err := keep(s.staged.sealed); err != nil {
		return fmt.Errorf("keep catalogue %d: %w", sequence, err)
	}
	s.now.Store(s.staged)
	s.staged = nil
	old.release()
	return nil
}

// Clear puts nothing in force: the server belongs to nobody any more.
func (s *Shelf) Clear() {
	s.swap.Lock()
	defer s.swap.Unlock()
	s.unstage()
	s.now.Swap(newSet(Catalogue{}, nil)).release()
}
