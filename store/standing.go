package store

import (
	"context"
	"slices"
	"sync"
	"time"

	"selfhelp/store/browsers"
	"selfhelp/store/db"
	"selfhelp/store/journal"
)

// Standing is an execution and its last turn, as far as it says where that
// stands: its Seq, Step and State, empty once retention took the turns.
type Standing struct {
	Execution
	Last Turn
}

const sqlExecutionStanding = `SELECT e.n, e.id, e.project, e.procedure, e.alias, e.version, e.user, e.pseudonym, e.owner, e.channel, e.language, e.test, e.started, e.touched, e.ended, e.outcome, e.failed, e.step, e.turns, e.label, e.server, coalesce(t.seq, 0), coalesce(t.step, ''), coalesce(t.state, x'') FROM execution e LEFT JOIN turn t ON t.execution = e.n AND t.seq = e.turns WHERE e.id = ?`

func scanStanding(r db.Row) (s Standing, err error) {
	return s, r.Scan(append(s.columns(), &s.Last.Seq, &s.Last.Step, &s.Last.State)...)
}

// Standing returns one execution and where it stands.
func (a *Activity) Standing(ctx context.Context, id string) (Standing, error) {
	if s, known := a.standings.get(id); known {
		return s, nil
	}
	return db.One(ctx, a.DB, scanStanding, sqlExecutionStanding, id)
}

// turned is where an execution stands after one more turn, as it will be read
// back.
func (s Standing) turned(u Turn) Standing {
	s.Turns, s.Step, s.Touched = u.Seq, u.Step, db.Kept(u.At)
	s.Ended, s.Outcome, s.Failed = time.Time{}, "", u.Failed
	if u.Ended {
		s.Ended, s.Outcome = s.Touched, u.Outcome
	}
	s.Last = Turn{Seq: u.Seq, Step: u.Step, State: db.Blob(u.State)}
	return s
}

// standings are executions that go on, by their ids, where the last commit left
// them: an answer and the page after it need not read what was just written.
// The writer alone fills them. It knows of all that changes an execution, since
// no other process has the database.
type standings struct {
	mu  sync.RWMutex
	all map[string]Standing

	happening happening
}

// maxStandings bounds them; a few kilobytes each, and none when forgotten.
const maxStandings = 2048

func (k *standings) get(id string) (Standing, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	s, known := k.all[id]
	return s, known
}

// committed takes what a transaction left: where executions stand, unless it
// changed some in another way.
func (k *standings) committed(d *dealings) {
	if len(d.standings) == 0 && !d.outdated {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if d.outdated || len(k.all)+len(d.standings) > maxStandings {
		clear(k.all)
	}
	if d.outdated {
		return
	}
	for id, s := range d.standings {
		k.all[id] = s
	}
}

// outdating are the statements that change where executions stand, or whose
// they are, without saying how.
var outdating = map[string]bool{
	sqlExecutionPause: true, sqlAbandon: true, sqlExecutionEnd: true, sqlTurnsEnd: true,
	sqlExecutionErase: true, sqlPseudonymise: true, sqlStatesEnd: true,
}

func init() {
	for _, query := range slices.Concat(journal.Changing, browsers.Changing) {
		outdating[query] = true
	}
}

// standing returns where an execution stands within the transaction.
func standing(t *db.Tx, id string) (Standing, error) {
	d := beside(t)
	if s, known := d.standings[id]; known && !d.outdated {
		return s, nil
	}
	if s, known := d.before.get(id); known && !d.outdated {
		return s, nil
	}
	return db.OneIn(t, scanStanding, sqlExecutionStanding, id)
}
