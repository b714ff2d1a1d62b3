package store

import (
	"context"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/db"
)

// Paused is an execution that was put aside, with all that another server needs to go
// on with it.
type Paused struct {
	Execution Execution
	Resume    string // hash of its code; "" once it was used
	Last      Turn   // its last turn, without what happened in it
}

// PausedCode says which code opens an execution.
type PausedCode struct{ ID, Resume string }

// mostPaused is how many codes are carried about: those put aside last.
const mostPaused = 5000

const (
	sqlPausedCodes  = `SELECT id, resume FROM execution WHERE resume <> '' AND touched >= ? ORDER BY touched DESC LIMIT ?`
	sqlCodeUsed     = `SELECT count(*) FROM used_code WHERE execution = ? AND code = ?`
	sqlPausedResume = `SELECT resume FROM execution WHERE id = ?`
)

// PausedCodes returns the codes that open executions put aside since a time.
func (a *Activity) PausedCodes(ctx context.Context, since time.Time) ([]PausedCode, error) {
	return db.List(ctx, a.DB, func(r db.Row) (c PausedCode, err error) { return c, r.Scan(&c.ID, &c.Resume) }, sqlPausedCodes, db.Instant(since), mostPaused)
}

// Paused returns an execution as another server needs it.
func (a *Activity) Paused(ctx context.Context, id, resume string) (p Paused, err error) {
	p.Resume = resume
	if p.Execution, err = a.Execution(ctx, id); err != nil {
		return p, err
	}
	p.Last, err = a.Turn(ctx, id, 0)
	p.Last.Events = nil
	return p, err
}

// TakePaused keeps an execution that was put aside at another server, so that its code
// opens it here; or, without one, that the code was used. What is here already, or went
// on here, stays.
func (a *Activity) TakePaused(ctx context.Context, p Paused) error {
	return a.Write(ctx, "take paused execution "+p.Execution.ID, func(t *db.Tx) error {
		if p.Resume != "" { // what is heard late puts nothing aside again
			used, err := db.OneIn(t, db.ScanNumber, sqlCodeUsed, p.Execution.ID, p.Resume)
			if err != nil || used > 0 {
				return err
			}
		}
		e, err := standing(t, p.Execution.ID)
		if fault.Is(err, fault.NotFound) {
			if p.Resume == "" {
				return nil
			}
			e, err = insertExecution(t, p.Execution)
		}
		if err != nil {
			return err
		}
		if u := p.Last; p.Resume != "" && u.Seq > e.Turns {
			beside(t).outdated = true
			if _, err := t.Exec(sqlTurnInsert, e.n, u.Seq, u.Parent, u.Input, u.Step, db.Instant(u.At), `[]`, db.Blob(u.State)); err != nil {
				return err
			}
			if _, err := t.Exec(sqlExecutionTurn, u.Seq, u.Step, "", db.Instant(u.At), db.Instant(p.Execution.Ended), string(p.Execution.Outcome), p.Execution.Failed, e.n); err != nil {
				return err
			}
		}
		was, err := db.OneIn(t, db.ScanText, sqlPausedResume, p.Execution.ID)
		if err != nil || was == p.Resume {
			return err
		}
		return db.Taken(t.Touch(sqlExecutionPause, p.Resume, p.Execution.Label, p.Execution.ID), "code", "fault.execution.taken")
	})
}
