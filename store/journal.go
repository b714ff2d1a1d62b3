package store

import (
	"context"
	"errors"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/store/db"
	"selfhelp/store/journal"
)

// What servers of a platform tell each other of what happened on them.
type (
	Cursor = journal.Cursor
	Batch  = journal.Batch
)

// beginJournal makes the journal where one is wanted, and what writes it where
// there is one already.
func (s *Store) beginJournal(ctx context.Context, wanted bool) error {
	if !wanted {
		going, err := s.Activity.Journaling(ctx)
		if err != nil || !going {
			return err
		}
	}
	return s.Activity.Write(ctx, "begin the journal", journal.Begin)
}

// Journaling reports whether this store keeps a journal for an edition server.
func (a *Activity) Journaling(ctx context.Context) (bool, error) {
	var going bool
	err := a.Read(ctx, func(t *db.Tx) (err error) {
		going, err = journal.Going(t)
		return err
	})
	return going, err
}

// EndJournal takes the journal out: the server is no presentation server any
// more. What was not brought to its edition server by then stays here only.
func (a *Activity) EndJournal(ctx context.Context) error {
	return a.Write(ctx, "end the journal", journal.End)
}

// Gathered returns what happened here after a cursor of an edition server, of so
// many bytes at most (one thing may be larger, and comes alone), as it is now. A
// cursor from which nobody can go on, since one of the two servers was brought
// back to an earlier moment, is answered with the beginning of a new journal, in
// which everything is that is here.
func (s *Store) Gathered(ctx context.Context, after Cursor, most int) (Batch, error) {
	b, err := s.gathered(ctx, after, most)
	if !errors.Is(err, journal.ErrStale) {
		return b, err
	}
	if err := s.Activity.Write(ctx, "begin the journal anew", journal.Renew); err != nil {
		return Batch{}, err
	}
	return s.gathered(ctx, Cursor{}, most)
}

func (s *Store) gathered(ctx context.Context, after Cursor, most int) (b Batch, err error) {
	most = min(most, journal.MaxBatch/8*7) // its head, and what stands in line ends
	err = s.Activity.Read(ctx, func(t *db.Tx) error {
		b, err = journal.Read(t, after, most)
		return err
	})
	if err == nil {
		err = s.Content.Read(ctx, func(t *db.Tx) error { return b.Audited(t, most) })
	}
	if err != nil {
		return Batch{}, err
	}
	return b, nil
}

// Acknowledge says that the edition server has all up to a cursor, on its disk.
// From then on retention may take it, and in six days the journal forgets it.
func (a *Activity) Acknowledge(ctx context.Context, until Cursor) error {
	return a.Write(ctx, "acknowledge what was brought", func(t *db.Tx) error { return journal.Acknowledge(t, until) })
}

// Unacknowledged is what happened here and the edition server has not acknowledged.
func (a *Activity) Unacknowledged(ctx context.Context) (w journal.Waiting, err error) {
	err = a.Read(ctx, func(t *db.Tx) error {
		w, err = journal.WaitingIn(t)
		return err
	})
	return w, err
}

// Gather takes in what happened on another server: all of a batch and how far it
// leads, or nothing. A batch that does not begin where the last one ended is
// refused with journal.OutOfOrder, which says where to go on. What was taken in
// before changes nothing, and what was removed here stays away.
func (a *Activity) Gather(ctx context.Context, server string, b Batch) error {
	return a.Write(ctx, "gather from server "+server, func(t *db.Tx) error {
		return journal.Gather(t, server, b, elsewhere{&beside(t).tally})
	})
}

// elsewhere counts what happened on other servers.
type elsewhere struct{ *tally }

func (y elsewhere) Began(x journal.Execution) {
	e := asCounted(x)
	y.popular(e, e.Started).started++
}

func (y elsewhere) Took(x journal.Execution, ways []journal.Way, at int64) {
	for _, w := range ways {
		y.ways(asCounted(x), []Passage{Passage(w)}, moment(at))
	}
}

func (y elsewhere) Corrected(was, now journal.Execution) { y.corrected(asCounted(was), asCounted(now)) }

// asCounted is an execution as far as counters look at it.
func asCounted(x journal.Execution) Execution {
	return Execution{
		Project: x.Project, Procedure: x.Procedure, Version: x.Version, Started: moment(x.Started),
		Outcome: procedure.Outcome(x.Outcome), Failed: x.Failed,
	}
}

func moment(micros int64) (t time.Time) {
	if micros > 0 {
		t = time.UnixMicro(micros).UTC()
	}
	return t
}

// GatheredTo is how far this server has what happened on another, and since when;
// the zero values where it has nothing.
func (a *Activity) GatheredTo(ctx context.Context, server string) (c Cursor, at time.Time, err error) {
	err = a.Read(ctx, func(t *db.Tx) error {
		c, at, err = journal.CursorOf(t, server)
		return err
	})
	return c, at, err
}

// MessagesElsewhere lists what other servers have to do, in a state, the latest
// first; of one of them unless "". It is theirs to do.
func (a *Activity) MessagesElsewhere(ctx context.Context, state MessageState, server string, limit int) (all []journal.Elsewhere, err error) {
	err = a.Read(ctx, func(t *db.Tx) error {
		all, err = journal.MessagesElsewhere(t, string(state), server, limit)
		return err
	})
	return all, err
}

// AuditElsewhere lists who did what on other servers before a time, the latest
// first; on one of them unless "". The zero time begins at the end.
func (a *Activity) AuditElsewhere(ctx context.Context, server string, before time.Time, limit int) (all []journal.Audited, err error) {
	if before.IsZero() {
		before = time.UnixMicro(1 << 62)
	}
	err = a.Read(ctx, func(t *db.Tx) error {
		all, err = journal.AuditElsewhere(t, server, before.UnixMicro(), limit)
		return err
	})
	return all, err
}

// EachFile does something with each file that a turn names, maybe several times.
func (a *Activity) EachFile(ctx context.Context, do func(hash string)) error {
	return journal.EachFile(ctx, a.DB, do)
}
