package journal

import (
	"encoding/json"
	"errors"
	"slices"

	"selfhelp/app/fault"
	"selfhelp/store/db"
)

const (
	sqlState = `SELECT journal, first, acknowledged FROM journal_state`
	sqlMark  = `SELECT at FROM journal WHERE n = ?`
	sqlFirst = `SELECT coalesce(min(n), ?1) FROM journal WHERE n >= ?1`
	sqlNoted = `SELECT j.n, j.at, j.kind, j.row, j.turn, j.name, coalesce(t.seq, 0), coalesce(t.parent, 0), coalesce(t.input, ''), coalesce(t.step, ''), coalesce(t.at, 0), coalesce(t.events, ''), coalesce(t.state, x'') FROM journal j LEFT JOIN turn t ON j.kind = 'turn' AND t.execution = j.row AND t.seq = j.turn WHERE j.n > ? ORDER BY j.n LIMIT ?`

	sqlBringExecution = `SELECT id, project, procedure, alias, version, user, pseudonym, owner, channel, language, test, started, touched, ended, outcome, failed, step, within, turns, resume, label FROM execution WHERE n = ?`
	sqlBringPostit    = `SELECT id, procedure, step, text, at FROM postit WHERE id = ?`
	sqlBringFeedback  = `SELECT procedure, step, scale, score, comment, at FROM feedback WHERE execution = ? AND step = ?`
	sqlBringSearch    = `SELECT id, at, project, language, query, hits, clicked FROM search WHERE id = ?`
	sqlBringMessage   = `SELECT kind, key, state, attempts, due, error, created FROM outbox WHERE id = ?`
	sqlBringSeal      = `SELECT hash FROM audit WHERE seq = ?`
	sqlBringAudit     = `SELECT seq, at, actor, action, object, detail, previous, hash FROM audit WHERE seq > ? ORDER BY seq LIMIT ?`
)

// ErrStale is that nobody can go on from a cursor: the journal has to be renewed.
var ErrStale = errors.New("the journal does not go on from there")

// ErrNone is that there is no journal.
var ErrNone = errors.New("this server keeps no journal for an edition server")

// state is which journal it is, and how far it was acknowledged.
type state struct {
	journal      string
	first        int64
	acknowledged int64
}

func scanState(r db.Row) (s state, err error) {
	return s, r.Scan(&s.journal, &s.first, &s.acknowledged)
}

// stateOf reads which journal it is.
func stateOf(t *db.Tx) (state, error) {
	s, err := db.OneIn(t, scanState, sqlState)
	if fault.Is(err, fault.NotFound) {
		return s, ErrNone
	}
	return s, err
}

// note is a row of the journal, with the turn it speaks of.
type note struct {
	n, at     int64
	kind      string
	row, turn int64
	name      string
	found     Turn // Seq 0: it is gone
}

// key is of what is sent once in a batch, as it is now; turns are many.
func (j note) key() sentKey { return sentKey{j.kind, j.row, j.turn, j.name} }

func scanNote(r db.Row) (j note, err error) {
	var events string
	err = r.Scan(&j.n, &j.at, &j.kind, &j.row, &j.turn, &j.name,
		&j.found.Seq, &j.found.Parent, &j.found.Input, &j.found.Step, &j.found.At, &events, &j.found.State)
	j.found.Events = json.RawMessage(events)
	return j, err
}

// reader puts one batch together.
type reader struct {
	t     *db.Tx
	batch Batch
	size  int
	most  int
	told  map[int64]*told  // executions, by their rows
	sent  map[sentKey]bool // what changes, and stands in the batch as it is now
}

// told is an execution that the batch speaks of.
type told struct {
	Execution
	turns int64
	pause Pause
	sent  bool
}

type sentKey struct {
	kind string
	row  int64
	turn int64
	name string
}

// Read returns what was noted after a cursor, of so many bytes at most, as it
// is now. It fails with ErrStale when the cursor is not one of this journal.
func Read(t *db.Tx, after Cursor, most int) (Batch, error) {
	s, err := stateOf(t)
	if err != nil {
		return Batch{}, err
	}
	from, err := place(t, s, after)
	if err != nil {
		return Batch{}, err
	}
	r := &reader{t: t, batch: Batch{First: from.N < s.first, From: from, To: from}, most: most, told: map[int64]*told{}, sent: map[sentKey]bool{}}
	notes, err := r.notes(from.N)
	if err != nil {
		return Batch{}, err
	}
	for _, j := range notes {
		fits, err := r.add(j)
		if err != nil {
			return Batch{}, err
		}
		if !fits {
			break
		}
		r.batch.To.N, r.batch.To.Mark = j.n, j.at
	}
	head, err := db.OneIn(t, db.ScanNumber, sqlHead)
	r.batch.More = r.batch.To.N < head
	return r.batch, err
}

// place is where reading begins.
func place(t *db.Tx, s state, after Cursor) (Cursor, error) {
	if after.Journal == s.journal && after.N >= s.first {
		mark, err := db.ListIn(t, db.ScanNumber, sqlMark, after.N)
		if err == nil && (len(mark) == 0 || mark[0] != after.Mark) {
			err = ErrStale
		}
		return after, err
	}
	first, err := db.OneIn(t, db.ScanNumber, sqlFirst, s.first)
	if err == nil && first > s.first {
		err = ErrStale
	}
	if after.Journal != s.journal {
		after = Cursor{Journal: s.journal}
	}
	after.N, after.Mark = s.first-1, 0
	return after, err
}

// errEnough ends the reading of rows.
var errEnough = errors.New("enough")

// notes reads rows until they are more than a batch holds.
func (r *reader) notes(after int64) (all []note, err error) {
	size := 0
	err = db.EachIn(r.t, func(row db.Row) error {
		j, err := scanNote(row)
		if err != nil {
			return err
		}
		all = append(all, j)
		if size += len(j.found.Events) + len(j.found.State); size > r.most {
			return errEnough
		}
		return nil
	}, sqlNoted, after, maxRows)
	if errors.Is(err, errEnough) {
		err = nil
	}
	return all, err
}

// alone reports whether something is so large that nothing travels beside it.
func alone(entries []Entry) bool {
	return slices.ContainsFunc(entries, func(e Entry) bool { return len(e.line) > MaxEntry })
}

// add takes a note into the batch, unless it is full.
func (r *reader) add(j note) (fits bool, err error) {
	entries, err := r.entries(j)
	if err != nil {
		return false, err
	}
	size := 0
	for i := range entries {
		if err := entries[i].write(); err != nil {
			return false, err
		}
		size += len(entries[i].line)
	}
	if r.size > 0 && (r.size+size > r.most || size > MaxEntry || r.size > MaxEntry && alone(r.batch.Entries)) {
		return false, nil
	}
	r.size += size
	r.batch.Entries = append(r.batch.Entries, entries...)
	if len(entries) > 0 {
		r.sent[j.key()] = true
	}
	for _, e := range entries {
		if e.Execution != nil {
			r.told[j.row].sent = true
		}
	}
	return true, nil
}
