package store

import (
	"context"
	"slices"

	"selfhelp/app/fault"
	"selfhelp/store/db"
)

// Recalled is an execution with all its turns, as another server shows it and goes on
// with it.
type Recalled struct {
	Execution Execution
	Turns     []Turn
}

// Had says how far another server has executions: the number of the last turn, by id.
type Had map[string]int64

// turnWeight is what a turn counts for in the room for what is recalled, beside what
// happened in it and where it stands.
const turnWeight = 200

const sqlRecalledTurns = `SELECT id, seq, parent, input, step, at, events, state FROM (
  SELECT e.id, e.started, e.n, t.seq, t.parent, t.input, t.step, t.at, t.events, t.state,
    sum(length(t.events) + length(t.state) + ?4) OVER (ORDER BY e.started DESC, e.n DESC, t.seq) AS room
  FROM (SELECT n, id, turns, started FROM execution WHERE user = ?1 AND user <> '' ORDER BY started DESC, n DESC LIMIT ?2) e
  LEFT JOIN json_each(?3) had ON had.key = e.id
  JOIN turn t ON t.execution = e.n AND t.seq >= coalesce(had.value, 0)
  WHERE e.turns > coalesce(had.value, 0)
) WHERE room <= ?5 ORDER BY started DESC, n DESC, seq`

// Had returns how far the last executions of a user are here.
func (a *Activity) Had(ctx context.Context, user string, limit int) (Had, error) {
	list, err := a.ExecutionsOf(ctx, user, nil, limit)
	had := Had{}
	for _, e := range list {
		had[e.ID] = e.Turns
	}
	return had, err
}

// Recalled returns the last executions of a user, the latest first, as far as another
// server lacks them and there is room for so many bytes: of each the turn at which it
// stands there, by which it is seen that the others go on from it, and those.
func (a *Activity) Recalled(ctx context.Context, user string, had Had, limit, room int) (all []Recalled, err error) {
	list, err := a.ExecutionsOf(ctx, user, nil, limit)
	if err != nil {
		return nil, err
	}
	turns, err := db.List(ctx, a.DB, scanTurn, sqlRecalledTurns, user, db.AtMost(limit), db.JSON(had), turnWeight, room)
	if err != nil {
		return nil, err
	}
	of := map[string][]Turn{}
	for _, u := range turns {
		of[u.Execution] = append(of[u.Execution], u)
	}
	for _, e := range list {
		own := of[e.ID]
		if len(own) == 0 {
			continue
		}
		if own[len(own)-1].Seq < e.Turns {
			break // there was no room for all of it
		}
		all = append(all, Recalled{e, own})
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
	if err != nil {
		return err
	}
	if goes, err := follows(t, e, r.Turns); err != nil || !goes {
		return err
	}
	beside(t).outdated = beside(t).outdated || e.Turns > 0 // an answer here has left it elsewhere
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
func follows(t *db.Tx, e Standing, turns []Turn) (bool, error) {
	if e.Turns == 0 {
		return true, nil
	}
	last, err := db.OneIn(t, scanTurn, sqlTurnBySeq, e.ID, e.Turns)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(turns, func(u Turn) bool {
		return u.Seq == last.Seq && u.At.Equal(last.At) && u.Input == last.Input
	}), nil
}
