package store

import (
	"context"
	"encoding/json"
	"time"

	"selfhelp/store/db"
)

// Attempt is one sign-in by something outside, with what was sent and answered.
// The last few of each method are kept.
type Attempt struct {
	ID      int64
	At      time.Time
	Method  string // id
	Login   string // as it was typed or told
	User    string // id of the account, when there was one
	Outcome string // key of a sentence; "" when they came in
	Trace   json.RawMessage
}

const (
	sqlAttemptAdd   = `INSERT INTO attempt (at, method, login, user, outcome, trace) VALUES (?, ?, ?, ?, ?, ?)`
	sqlAttempts     = `SELECT id, at, method, login, user, outcome, trace FROM attempt WHERE method = ? ORDER BY id DESC LIMIT ?`
	sqlAttemptPrune = `DELETE FROM attempt WHERE method = ?1 AND id <= (SELECT id FROM attempt WHERE method = ?1 ORDER BY id DESC LIMIT 1 OFFSET 100)`
	sqlSyncKeep     = `INSERT INTO sync (method, at, plan) VALUES (?, ?, ?) ON CONFLICT (method) DO UPDATE SET at = excluded.at, plan = excluded.plan`
	sqlSync         = `SELECT plan FROM sync WHERE method = ?`
	sqlAttemptsEnd  = `DELETE FROM attempt WHERE user = ?`
)

// AddAttempt keeps an attempt, and forgets all but the last hundred of its
// method.
func (a *Activity) AddAttempt(ctx context.Context, x Attempt) error {
	return a.Write(ctx, "keep attempt", func(t *db.Tx) error {
		if _, err := t.Exec(sqlAttemptAdd, db.Instant(t.Now), x.Method, x.Login, x.User, x.Outcome, db.Raw(x.Trace)); err != nil {
			return err
		}
		_, err := t.Exec(sqlAttemptPrune, x.Method)
		return err
	})
}

// Attempts returns the last attempts by a method, the latest first.
func (a *Activity) Attempts(ctx context.Context, method string, limit int) ([]Attempt, error) {
	return db.List(ctx, a.DB, func(r db.Row) (x Attempt, err error) {
		var trace string
		err = r.Scan(&x.ID, (*db.Instant)(&x.At), &x.Method, &x.Login, &x.User, &x.Outcome, &trace)
		x.Trace = json.RawMessage(trace)
		return x, err
	}, sqlAttempts, method, db.AtMost(limit))
}

// KeepSync keeps what the last synchronisation of a method did.
func (a *Activity) KeepSync(ctx context.Context, method string, plan any) error {
	return a.Write(ctx, "keep synchronisation", func(t *db.Tx) error {
		_, err := t.Exec(sqlSyncKeep, method, db.Instant(t.Now), db.JSON(plan))
		return err
	})
}

// LastSync reads what the last synchronisation of a method did into the variable
// that plan points to; NotFound when there was none.
func (a *Activity) LastSync(ctx context.Context, method string, plan any) error {
	_, err := db.One(ctx, a.DB, func(r db.Row) (struct{}, error) { return struct{}{}, r.Scan(db.JSON(plan)) }, sqlSync, method)
	return err
}
