package store

import (
	"context"
	"encoding/json"
	"time"

	"selfhelp/store/db"
)

// Message is something to be done after a commit, at least once: a mail, a
// publication at a date.
type Message struct {
	ID       int64 // given by the store
	Kind     string
	Key      string // the same key is the same message, ever
	Payload  json.RawMessage
	State    MessageState
	Attempts int
	Due      time.Time // not before; the zero time is at once
	Error    string    // of the last attempt
	Created  time.Time
}

// MessageState says how far a message is.
type MessageState string

// The states of a message.
const (
	MessageWaiting MessageState = "waiting"
	MessageDone    MessageState = "done"
	MessageFailed  MessageState = "failed" // given up
)

const (
	sqlOutboxAdd   = `INSERT INTO outbox (kind, key, payload, due, created) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`
	sqlOutboxDue   = `SELECT id, kind, key, payload, state, attempts, due, error, created FROM outbox INDEXED BY outbox_due WHERE state = 'waiting' AND due <= ? ORDER BY due, id LIMIT ?`
	sqlOutboxList  = `SELECT id, kind, key, payload, state, attempts, due, error, created FROM outbox WHERE state = ?1 AND id < ?2 AND (?3 = '' OR kind = ?3) ORDER BY id DESC LIMIT ?4`
	sqlOutboxTake  = `UPDATE outbox SET due = ?, attempts = attempts + 1 WHERE id = ? AND state = 'waiting'`
	sqlOutboxDone  = `UPDATE outbox SET state = 'done', error = '', payload = 'null' WHERE id = ?`
	sqlOutboxLater = `UPDATE outbox SET due = ?, error = ? WHERE id = ? AND state = 'waiting'`
	sqlOutboxFail  = `UPDATE outbox SET state = 'failed', error = ? WHERE id = ?`
	sqlOutboxAgain = `UPDATE outbox SET state = 'waiting', attempts = 0, due = ? WHERE id = ? AND state = 'failed'`
	sqlOutboxDrop  = `UPDATE outbox SET state = 'done', payload = 'null' WHERE id = ? AND state = 'failed'`
	sqlOutboxTally = `SELECT count(*), COALESCE(max(attempts), 0), COALESCE(min(created), 0) FROM outbox WHERE state = ?1 AND (?2 = '' OR kind = ?2)`
)

func scanMessage(r db.Row) (m Message, err error) {
	var payload string
	err = r.Scan(&m.ID, &m.Kind, &m.Key, &payload, (*string)(&m.State), &m.Attempts, (*db.Instant)(&m.Due), &m.Error, (*db.Instant)(&m.Created))
	m.Payload = json.RawMessage(payload)
	return m, err
}

// Enqueue keeps a message to be done. One whose key was seen before is that one.
func (a *Activity) Enqueue(ctx context.Context, m Message) error {
	return a.Write(ctx, "enqueue "+m.Kind, func(t *db.Tx) error { return enqueue(t, m) })
}

func enqueue(t *db.Tx, m Message) error {
	_, err := t.Exec(sqlOutboxAdd, m.Kind, m.Key, db.Raw(m.Payload), db.Instant(m.Due), db.Instant(t.Now))
	return err
}

// TakeDue returns messages whose time has come and hides them for the length
// of a lease: if the taker dies, they come back.
func (a *Activity) TakeDue(ctx context.Context, lease time.Duration, limit int) ([]Message, error) {
	return db.Written(ctx, a.DB, "take due messages", func(t *db.Tx) ([]Message, error) {
		due, err := db.ListIn(t, scanMessage, sqlOutboxDue, db.Instant(t.Now), db.AtMost(limit))
		if err != nil {
			return nil, err
		}
		for i := range due {
			if _, err := t.Exec(sqlOutboxTake, db.Instant(t.Now.Add(lease)), due[i].ID); err != nil {
				return nil, err
			}
			due[i].Attempts++
		}
		return due, nil
	})
}

// MessageDone says that a message was done. What it said is not kept.
func (a *Activity) MessageDone(ctx context.Context, id int64) error {
	return a.Set(ctx, "settle message", sqlOutboxDone, id)
}

// MessageLater puts a message off until a time because of an error.
func (a *Activity) MessageLater(ctx context.Context, id int64, due time.Time, because string) error {
	return a.Set(ctx, "put message off", sqlOutboxLater, db.Instant(due), because, id)
}

// MessageFailed gives a message up.
func (a *Activity) MessageFailed(ctx context.Context, id int64, because string) error {
	return a.Set(ctx, "give message up", sqlOutboxFail, because, id)
}

// MessageAgain tries a message that was given up again.
func (a *Activity) MessageAgain(ctx context.Context, id int64) error {
	return a.Set(ctx, "try message again", sqlOutboxAgain, db.Instant(a.Now()), id)
}

// DropMessage ends that a message which was given up is spoken of.
func (a *Activity) DropMessage(ctx context.Context, id int64) error {
	return a.Set(ctx, "drop message", sqlOutboxDrop, id)
}

// Backlog is how many messages of a kind are in a state.
type Backlog struct {
	Count    int
	Attempts int       // of the one that was tried most
	Since    time.Time // the oldest is there; zero: there is none
}

// Backlog counts the messages of a kind, "" for any, in a state.
func (a *Activity) Backlog(ctx context.Context, state MessageState, kind string) (Backlog, error) {
	return db.One(ctx, a.DB, func(r db.Row) (b Backlog, err error) {
		return b, r.Scan(&b.Count, &b.Attempts, (*db.Instant)(&b.Since))
	}, sqlOutboxTally, string(state), kind)
}

// Messages returns those of a state and a kind, "" for any, before an id, the
// latest first; 0 begins at the end.
func (a *Activity) Messages(ctx context.Context, state MessageState, kind string, before int64, limit int) ([]Message, error) {
	if before <= 0 {
		before = 1 << 62
	}
	return db.List(ctx, a.DB, scanMessage, sqlOutboxList, string(state), before, kind, db.AtMost(limit))
}
