package store

import "time"

// BackedUp is how the backups of a store are.
type BackedUp struct {
	Folder   string
	Last     time.Time // nothing later is in the last good one; the zero time for none
	Verified time.Time // when that was looked through
	Restored bool      // by bringing it back; else what went into it was, before it was encrypted
	Failed   error     // why the last one could not be made, or is not whole; nil while all is well
	Delivery *Delivery // nil where no copies are given elsewhere
}

// Delivery is how the copies of backups at a server of the customer are, one a month.
type Delivery struct {
	To     string    // where, without secrets
	Last   time.Time // when one was last given; the zero time for never
	Of     time.Time // when the backup began of which it is
	Failed error     // why the one that is due could not be given; nil while all is well
}

// TellBackups names who knows how the backups are, before anybody asks.
func (s *Store) TellBackups(tell func() BackedUp) { s.backedUp = tell }

// BackedUp says how the backups are; false where nothing here makes any.
func (s *Store) BackedUp() (BackedUp, bool) {
	if s.backedUp == nil {
		return BackedUp{}, false
	}
	return s.backedUp(), true
}
