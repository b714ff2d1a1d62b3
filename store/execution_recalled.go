package store

import (
	"context"

	"selfhelp/app/fault"
	"selfhelp/store/db"
)

// Recalled is an execution with all its turns, as another server shows it and goes on
// with it.
type Recalled struct {
	Execution Execution
	Turns     []Turn
}

// Recalled returns the last executions of a user, the latest first, as long as there is
// room for so many bytes.
func (a *Activity) Recalled(ctx context.Context, user string, limit, room int) (all []Recalled, err error) {
	list, err := a.ExecutionsOf(ctx, user, nil, limit)
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		turns, err := a.Turns(ctx, e.ID)
		if err != nil {
			return nil, err
		}
		for _, u := range turns {
			room -= len(u.Events) + len(u.State) + 200
		}
		if room < 0 {
			break
		}
		all = append(all, Recalled{e, turns})
	}
	return all, nil
}

// TakeRecalled keeps executions of other servers here, or what they have more there than
// here. One that went another way here stays as it is.
func (a *Activity) TakeRecalled(ctx context.Context, all []Recalled) error {
	return a.Write(ctx, "take executions of other servers", func(t *db.Tx) error {
		for _, r := range all {
			if err := takeRecalled(t, r); err != nil {
				return err
			}
		}
		return nil
	})
}

func takeRecalled(t *db.Tx, r Recalled) error {
	e, err := standing(t, r.Execution.ID)
	if fault.Is(err, fault.NotFound) {
		e, err = insertExecution(t, r.Execution)
	}
	if err != nil || !follows(e, r.Turns) {
		return err
	}
	for _, u := range r.Turns {
		if u.Seq <= e.Turns {
			continue
		}
		if _, err := t.Exec(sqlTurnInsert, e.n, u.Seq, u.Parent, u.Input, u.Step, db.Instant(u.At), string(u.Events), db.Blob(u.State)); err != nil {
			return err
		}
		if _, err := t.Exec(sqlExecutionTurn, u.Seq, u.Step, "", db.Instant(u.At), db.Instant(r.Execution.Ended), string(r.Execution.Outcome), r.Execution.Failed, e.n); err != nil {
			return err
		}
	}
	return nil
}

// follows reports whether turns go on from where an execution stands.
func follows(e Standing, turns []Turn) bool {
	if e.Turns == 0 {
		return true
	}
	for _, u := range turns {
		if u.Seq == e.Turns {
			return u.At.Equal(e.Last.At) && u.Input == e.Last.Input
		}
	}
	return false
}
