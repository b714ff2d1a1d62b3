package store

import (
	"context"
	"encoding/json"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store/db"
)

// Execution is one journey as lists show it. What happened on it is in its
// turns.
type Execution struct {
	ID        string // random, of 128 bits at least: see NewID
	Project   string // id of the project
	Procedure string // UID of the entry point
	Alias     string // its alias then
	Version   string // "2.0"; empty while testing what is being written
	User      string // id of the user, or their pseudonym later; empty for a visitor
	Pseudonym bool   // User is one
	Owner     string // hash of the key by which a visitor is known again
	Channel   string // portal, embed, agent, api or studio
	Language  string
	Test      bool
	Started   time.Time
	Touched   time.Time // last turn
	Ended     time.Time // zero while it goes on
	Outcome   procedure.Outcome
	Failed    bool   // its last turn led to a problem: it did not end, and does not go on by itself
	Step      string // showing, or the last shown
	Turns     int64
	Label     string // what the person called it when pausing
	Server    string // id of the one on which it was begun; empty: this one

	n int64
}

// Duration returns how long it took, until its last turn when it goes on.
func (e Execution) Duration() time.Duration {
	if e.Ended.IsZero() {
		return e.Touched.Sub(e.Started)
	}
	return e.Ended.Sub(e.Started)
}

// Stands is what it counts as: its outcome, procedure.Failed at a problem, or
// nothing while it goes on.
func (e Execution) Stands() procedure.Outcome {
	if e.Failed {
		return procedure.Failed
	}
	return e.Outcome
}

const (
	sqlExecution         = `SELECT n, id, project, procedure, alias, version, user, pseudonym, owner, channel, language, test, started, touched, ended, outcome, failed, step, turns, label, server FROM execution WHERE id = ?`
	sqlExecutionByResume = `SELECT n, id, project, procedure, alias, version, user, pseudonym, owner, channel, language, test, started, touched, ended, outcome, failed, step, turns, label, server FROM execution WHERE resume = ? AND resume <> ''`
	sqlExecutionInsert   = `INSERT INTO execution (id, project, procedure, alias, version, user, owner, channel, language, test, started, touched) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING n`
	sqlExecutionTurn     = `UPDATE execution SET turns = ?, step = ?, within = ?, touched = ?, ended = ?, outcome = ?, failed = ? WHERE n = ?`
	sqlExecutionPause    = `UPDATE execution SET resume = ?, label = ? WHERE id = ?`
)

func (e *Execution) columns() []any {
	return []any{&e.n, &e.ID, &e.Project, &e.Procedure, &e.Alias, &e.Version, &e.User, &e.Pseudonym, &e.Owner, &e.Channel, &e.Language, &e.Test,
		(*db.Instant)(&e.Started), (*db.Instant)(&e.Touched), (*db.Instant)(&e.Ended), (*string)(&e.Outcome), &e.Failed, &e.Step, &e.Turns, &e.Label, &e.Server}
}

func scanExecution(r db.Row) (e Execution, err error) { return e, r.Scan(e.columns()...) }

// StartExecution keeps a new execution with its first turn.
func (a *Activity) StartExecution(ctx context.Context, e Execution, first Turn) error {
	first.Execution = e.ID
	return a.Write(ctx, "start execution "+e.ID, func(t *db.Tx) error {
		begun, err := insertExecution(t, e)
		if err != nil {
			return err
		}
		if !e.Test {
			beside(t).tally.start(begun.Execution)
		}
		if err := noteRecent(t, begun.Execution); err != nil {
			return err
		}
		_, err = appendTurn(t, begun, first)
		return err
	})
}

// Execution returns one execution.
func (a *Activity) Execution(ctx context.Context, id string) (Execution, error) {
	return db.One(ctx, a.DB, scanExecution, sqlExecution, id)
}

// PauseExecution lets the holder of a code, whose hash is given, go on with an
// execution on another device. Without a hash the code is forgotten.
func (a *Activity) PauseExecution(ctx context.Context, id, hash, label string) error {
	return a.Write(ctx, "pause execution "+id, func(t *db.Tx) error {
		return db.Taken(t.Touch(sqlExecutionPause, hash, label, id), "code", "fault.execution.taken")
	})
}

// PausedExecution returns the execution that a code opens, whose hashes are given:
// one by each key.
func (a *Activity) PausedExecution(ctx context.Context, hashes []string) (Execution, error) {
	for _, hash := range hashes {
		e, err := db.One(ctx, a.DB, scanExecution, sqlExecutionByResume, hash)
		if !fault.Is(err, fault.NotFound) {
			return e, err
		}
	}
	return Execution{}, fault.New(fault.NotFound, "fault.not_found")
}

// Turn is what one answer caused.
type Turn struct {
	Execution string
	Seq       int64  // given by the store: 1 for the first
	Parent    int64  // Seq of the page that was answered, 0 for the first
	Input     string // hash of what was answered: the same answer to the same page is one turn
	Step      string // shown now
	At        time.Time
	Events    json.RawMessage // what happened, for the report
	State     []byte          // sealed

	// What follows is used while appending only.
	Within  string    // UID of the procedure that Step is of, when it is not the entry point
	Edges   []Passage // ways taken, for the count of journeys
	Ended   bool      // with Outcome
	Outcome procedure.Outcome
	Failed  bool       // it led to a problem
	Outbox  []Message  // what has to be done because of it
	Brought *Execution // the execution as its page knows it, which may come from another server; nil: it must be here
}

// Passage is a way taken from a step, in a procedure that may be a sub-procedure.
type Passage struct {
	Procedure string // UID
	Step      string
	Edge      string
}

const (
	sqlTurnInsert = `INSERT INTO turn (execution, seq, parent, input, step, at, events, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	sqlTurnSame   = `SELECT ?1, seq, parent, input, step, at, events, state FROM turn WHERE execution = ?2 AND parent = ?3 AND input = ?4`
	sqlTurns      = `SELECT e.id, t.seq, t.parent, t.input, t.step, t.at, t.events, t.state FROM turn t JOIN execution e ON e.n = t.execution WHERE e.id = ? ORDER BY t.seq`
	sqlTurnLast   = `SELECT e.id, t.seq, t.parent, t.input, t.step, t.at, t.events, t.state FROM turn t JOIN execution e ON e.n = t.execution WHERE e.id = ? AND t.seq = e.turns`
	sqlTurnBySeq  = `SELECT e.id, t.seq, t.parent, t.input, t.step, t.at, t.events, t.state FROM turn t JOIN execution e ON e.n = t.execution WHERE e.id = ? AND t.seq = ?`
)

func scanTurn(r db.Row) (u Turn, err error) {
	var events string
	err = r.Scan(&u.Execution, &u.Seq, &u.Parent, &u.Input, &u.Step, (*db.Instant)(&u.At), &events, &u.State)
	u.Events = json.RawMessage(events)
	return u, err
}

// AppendTurn keeps a turn and returns it with its number once it is on the
// disk. The same answer to the same page, sent again, returns the turn that
// was kept first, and true.
func (a *Activity) AppendTurn(ctx context.Context, u Turn) (kept Turn, again bool, err error) {
	err = a.Write(ctx, "append turn to execution "+u.Execution, func(t *db.Tx) error {
		e, err := broughtStanding(t, u)
		if err != nil {
			return err
		}
		kept, err = appendTurn(t, e, u)
		if err == nil {
			again = kept.Seq <= e.Turns
		}
		return err
	})
	return kept, again, err
}

// broughtStanding is where an execution stands for a turn. One that comes from
// another server of the platform is adopted: its row is made of what its page knows,
// and its turns begin behind the one that the page shows. One that went on elsewhere
// goes on behind that too, so that its numbers have holes here. Both are no
// beginnings: the server where it began has counted that.
func broughtStanding(t *db.Tx, u Turn) (Standing, error) {
	e, err := standing(t, u.Execution)
	if u.Brought == nil {
		return e, err
	}
	if fault.Is(err, fault.NotFound) {
		if e, err = insertExecution(t, *u.Brought); err == nil {
			err = noteRecent(t, e.Execution)
		}
	}
	e.Turns = max(e.Turns, u.Parent)
	return e, err
}

// insertExecution makes the row of an execution, which has no turn yet.
func insertExecution(t *db.Tx, e Execution) (Standing, error) {
	n, err := db.Returning(t, db.ScanNumber, sqlExecutionInsert, e.ID, e.Project, e.Procedure, e.Alias, e.Version, e.User, e.Owner,
		e.Channel, e.Language, e.Test, db.Instant(e.Started), db.Instant(e.Started))
	return Standing{Execution: Execution{
		ID: e.ID, Project: e.Project, Procedure: e.Procedure, Alias: e.Alias, Version: e.Version, User: e.User, Owner: e.Owner,
		Channel: e.Channel, Language: e.Language, Test: e.Test, Started: db.Kept(e.Started), n: n,
	}}, db.Taken(err, "id", "fault.execution.taken")
}

// noteRecent keeps that a person used a procedure.
func noteRecent(t *db.Tx, e Execution) error {
	if e.User == "" || e.Test {
		return nil
	}
	_, err := t.Exec(sqlRecentKeep, e.User, e.Project, e.Procedure, db.Instant(e.Started))
	return err
}

// appendTurn keeps a turn of an execution and counts what it did.
func appendTurn(t *db.Tx, e Standing, u Turn) (Turn, error) {
	if u.Parent > e.Turns {
		return u, fault.New(fault.NotFound, "fault.not_found")
	}
	if u.Parent < e.Turns { // a page that was answered before, perhaps with the same
		same, err := db.ListIn(t, scanTurn, sqlTurnSame, u.Execution, e.n, u.Parent, u.Input)
		if err != nil {
			return u, err
		}
		if len(same) > 0 {
			return same[0], nil
		}
	}
	u.Seq = e.Turns + 1
	if _, err := t.Exec(sqlTurnInsert, e.n, u.Seq, u.Parent, u.Input, u.Step, db.Instant(u.At), db.Raw(u.Events), db.Blob(u.State)); err != nil {
		return u, err
	}
	now := e.turned(u)
	if _, err := t.Exec(sqlExecutionTurn, now.Turns, now.Step, u.Within, db.Instant(now.Touched), db.Instant(now.Ended), string(now.Outcome), now.Failed, e.n); err != nil {
		return u, err
	}
	if !e.Test {
		beside(t).tally.turn(e.Execution, u, now.Stands())
	}
	for _, m := range u.Outbox {
		if err := enqueue(t, m); err != nil {
			return u, err
		}
	}
	beside(t).standings[u.Execution] = now
	return u, nil
}

// Turns returns every turn of an execution in order.
func (a *Activity) Turns(ctx context.Context, execution string) ([]Turn, error) {
	return db.List(ctx, a.DB, scanTurn, sqlTurns, execution)
}

// Turn returns one turn of an execution; 0 is the last.
func (a *Activity) Turn(ctx context.Context, execution string, seq int64) (Turn, error) {
	if seq == 0 {
		return db.One(ctx, a.DB, scanTurn, sqlTurnLast, execution)
	}
	return db.One(ctx, a.DB, scanTurn, sqlTurnBySeq, execution, seq)
}
