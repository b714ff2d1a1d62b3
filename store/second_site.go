package store

import (
	"cmp"
	"context"
	"errors"
	"sync/atomic"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/db"
)

// How long what may not be lost waits for its copy: longer than any that works takes,
// and shorter than people's patience. Whoever asks for a ticket waits twice.
const (
	securing   = 5 * time.Second
	handingOut = 2 * time.Second
)

// Secondary is what copies a store to another site.
type Secondary interface {
	// Barrier returns once everything committed before is there.
	Barrier(context.Context) error
	// NewFile says that a content was kept.
	NewFile(hash string)
	// GoneFile says that a content was removed, which nothing kept ever named.
	GoneFile(hash string)
	// Copying says how the copy is, without asking anybody.
	Copying() Copying
}

// Copying is how the copy of a store is.
type Copying struct {
	Target string    // where, without secrets
	Epoch  string    // of this server there
	Whole  time.Time // up to when everything is known to be there; the zero time for never
	Well   bool      // the last answer was good
	Why    string    // it was not, as far as one can tell: full, read_only, refused, no_target, silent
	Errors uint64    // answers that were not, since the start
	Behind uint64    // transactions that are kept here and not there yet, as far as known
	// Replaced names the epoch that ended this server's; "" while it lasts.
	Replaced string
	// Twin names the machine whose server goes on with a clone of this one's data, and
	// copies instead of it; "" where there is none.
	Twin     string
	Lacks    []Lack    // what is missing there, as far as it was looked through
	Examined time.Time // when it was; the zero time for never
	// Spoilt are contents that are damaged here and not sent, and where each is whole.
	Spoilt map[string]string
}

// Lack is what is missing at the second site between two moments that it can give back.
type Lack struct {
	Database string    `json:"database"`
	After    time.Time `json:"after"`          // the zero time for none
	Before   time.Time `json:"before"`         // the zero time while there is none: the newest state is lacking
	File     string    `json:"file,omitempty"` // that is not as it was written
}

// Copying says how the copy of the store is; false where nothing here copies it.
func (s *Store) Copying() (Copying, bool) {
	if s.second == nil {
		return Copying{}, false
	}
	return s.second.Copying(), true
}

// CopyTo names what copies the store, before anything is written.
func (s *Store) CopyTo(second Secondary) {
	s.second = second
	s.Files.OnKept(second.NewFile)
	s.Files.OnSwept(second.GoneFile)
}

// Secure waits until what was committed is at the second site, where there is one:
// publications and approvals are not told as done before. When it fails, they are done
// all the same, here; only the machine must not burn before the copy is made.
func (s *Store) Secure(ctx context.Context) error { return s.secure(ctx, securing, false) }

// SecureHandedOut is Secure for what is handed to another system: tickets, letters. A
// second site that is known not to answer is not waited for: it may be away for a day.
func (s *Store) SecureHandedOut(ctx context.Context) error { return s.secure(ctx, handingOut, true) }

func (s *Store) secure(ctx context.Context, limit time.Duration, known bool) (err error) {
	if s.second == nil {
		return nil
	}
	if known && !s.second.Copying().Well {
		err = errAway
	} else {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cmp.Or(s.patience, limit))
		defer cancel()
		began := time.Now()
		err = s.second.Barrier(ctx)
		s.secured.waits.Add(time.Since(began))
	}
	if err != nil {
		s.secured.failed.Add(1)
		if !known {
			s.secured.missed.Store(time.Now().UnixNano())
		}
		return fault.Because(fault.Unavailable, err, "fault.store.not_copied")
	}
	return nil
}

// errAway is that the second site did not answer the last time it was asked.
var errAway = errors.New("the second site did not answer when it was asked last")

// secured counts the waits for copies.
type secured struct {
	waits  db.Waits
	failed atomic.Uint64
	missed atomic.Int64 // when the last publication or approval did not come in time, in nanoseconds of Unix
}

// Secured is how long the copies of what may not be lost were waited for, and how
// many did not come in time.
func (s *Store) Secured() (waited db.Waited, failed uint64) {
	return s.secured.waits.Read(), s.secured.failed.Load()
}

// Unsecured reports whether something that Secure waited for in vain is not known to be at
// the second site since.
func (s *Store) Unsecured() bool {
	missed := s.secured.missed.Load()
	return missed != 0 && !s.second.Copying().Whole.After(time.Unix(0, missed))
}

// Fence refuses every write from now on: another server, which by names, has taken
// over.
func (s *Store) Fence(by string) {
	why := &fault.Error{
		Kind: fault.Unavailable, Key: "fault.store.fenced", Args: []any{by},
		Hint: "another server has taken over: stop this one; `selfhelp failback` gives it its place again",
	}
	s.Content.Fence(why)
	s.Activity.Fence(why)
}
