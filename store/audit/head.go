package audit

import (
	"bytes"
	"context"
	"log/slog"
	"time"

	"selfhelp/store/db"
)

// A chain says that nothing in it was changed; it cannot say that its end was
// cut off. How far it went is therefore noted in the other database, too. A note
// that the chain agrees with gives way to the next one; one that it does not
// agree with stays, whatever is added to the chain after it.

// head is a note: how far an audit went.
type head struct {
	first []byte // hash of its first entry
	seq   int64
	hash  []byte
	noted time.Time
}

const (
	sqlHeads      = `SELECT first, seq, hash, noted FROM audit_head ORDER BY seq`
	sqlHeadNote   = `INSERT OR IGNORE INTO audit_head (first, seq, hash, noted) VALUES (?, ?, ?, ?)`
	sqlHeadForget = `DELETE FROM audit_head WHERE first = ? AND seq = ? AND hash = ?`
	sqlAuditHash  = `SELECT hash FROM audit WHERE seq = ?`
	sqlAuditSince = `SELECT coalesce(min(seq), 0) FROM audit WHERE at > ? AND seq <= ?`
)

func scanHead(r db.Row) (h head, err error) {
	return h, r.Scan(&h.first, &h.seq, &h.hash, (*db.Instant)(&h.noted))
}

// stands reports whether the entry of a note is in the chain as it was.
func (h head) stands(t *db.Tx) (bool, error) {
	found, err := db.ListIn(t, db.ScanBytes, sqlAuditHash, h.seq)
	return len(found) > 0 && bytes.Equal(found[0], h.hash), err
}

// NoteIn says which database notes how far the audit goes.
func (c *Log) NoteIn(beside *db.DB) { c.beside = beside }

// noteHead notes how far the audit goes now.
func (c *Log) noteHead(ctx context.Context) error {
	c.noting.Lock()
	defer c.noting.Unlock()
	noted, err := db.List(ctx, c.beside, scanHead, sqlHeads)
	if err != nil {
		return err
	}
	var now head
	var past []head
	err = c.d.Read(ctx, func(t *db.Tx) error {
		last, err := db.ListIn(t, scanAudit, sqlAuditLast)
		if err != nil || len(last) == 0 {
			return err
		}
		first, err := db.OneIn(t, db.ScanBytes, sqlAuditHash, 1)
		if err != nil {
			return err
		}
		now = head{first: first, seq: last[0].Seq, hash: last[0].hash}
		for _, h := range noted {
			stands, err := h.stands(t)
			if err != nil {
				return err
			}
			if stands && h.seq < now.seq {
				past = append(past, h)
			}
		}
		return nil
	})
	if err != nil || now.seq == 0 {
		return err
	}
	return c.beside.Write(ctx, "note how far the audit goes", func(t *db.Tx) error {
		if _, err := t.Exec(sqlHeadNote, now.first, now.seq, now.hash, db.Instant(t.Now)); err != nil {
			return err
		}
		for _, h := range past {
			if _, err := t.Exec(sqlHeadForget, h.first, h.seq, h.hash); err != nil {
				return err
			}
		}
		return nil
	})
}

// Noter notes how far the audit goes after each transaction that added to it.
type Noter struct {
	due, stopped chan struct{}
	quit         chan struct{}
}

// NewNoter returns a noter for a database that is opened with its hooks.
func NewNoter() *Noter {
	return &Noter{due: make(chan struct{}, 1), quit: make(chan struct{}), stopped: make(chan struct{})}
}

// Hooks are those of the database of the audit.
func (n *Noter) Hooks() db.Hooks {
	return db.Hooks{
		Begin: func() any { return new(bool) },
		Ran: func(t *db.Tx, query string) {
			if query == sqlAuditAppend {
				*t.Beside.(*bool) = true
			}
		},
		Committed: func(t *db.Tx) {
			if !*t.Beside.(*bool) {
				return
			}
			select {
			case n.due <- struct{}{}:
			default: // one is due already, and it will see this too
			}
		},
	}
}

// Start notes behind whoever writes: nobody waits for it.
func (n *Noter) Start(c *Log, log *slog.Logger) {
	note := func() {
		if err := c.noteHead(context.Background()); err != nil {
			log.Error("how far the audit goes could not be noted", "error", err)
		}
	}
	go func() {
		defer close(n.stopped)
		for {
			select {
			case <-n.due:
				note()
			case <-n.quit:
				select {
				case <-n.due:
					note()
				default:
				}
				return
			}
		}
	}()
}

// Stop ends what Start began, once what is due is noted.
func (n *Noter) Stop() {
	close(n.quit)
	<-n.stopped
}
