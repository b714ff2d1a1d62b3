package studio

import (
	"encoding/json"
	"fmt"

	"selfhelp/app/execution/rehearsal"
	"selfhelp/app/fault"
)

// Journal opens the journal that came with a page of a test run.
func (s *Studio) Journal(token, run string) (j rehearsal.Journal, err error) {
	plain, err := s.Sealer.OpenNote(token, run)
	if err != nil {
		return j, err
	}
	if err := json.Unmarshal(plain, &j); err != nil {
		return j, fault.Because(fault.Invalid, err, "fault.form.unreadable")
	}
	return j, nil
}

// SealJournal is a journal as it travels; "" when it has grown too long for
// that, and the run can no longer be kept.
func (s *Studio) SealJournal(j rehearsal.Journal, run string) (string, error) {
	plain, err := json.Marshal(j)
	if err != nil {
		return "", fmt.Errorf("write the journal: %w", err)
	}
	token, err := s.Sealer.SealNote(plain, run)
	if fault.Is(err, fault.TooLarge) {
		return "", nil
	}
	return token, err
}
