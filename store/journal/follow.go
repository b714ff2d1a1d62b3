package journal

import (
	"bytes"
	"fmt"
	"time"

	"selfhelp/store/audit"
	"selfhelp/store/db"
)

const (
	sqlCursor     = `SELECT journal, n, mark, audit, seal FROM gathered WHERE server = ? AND journal = ?`
	sqlCursorLast = `SELECT journal, n, mark, audit, seal, at FROM gathered WHERE server = ? ORDER BY at DESC LIMIT 1`
	sqlCursorMove = `INSERT INTO gathered (server, journal, n, mark, audit, seal, at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (server, journal) DO UPDATE SET n = excluded.n, mark = excluded.mark, audit = excluded.audit, seal = excluded.seal, at = excluded.at`

	sqlSearchBrought     = `INSERT INTO search (at, project, language, query, hits, clicked, origin) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (origin) WHERE origin <> '' DO UPDATE SET clicked = excluded.clicked`
	sqlMessageBrought    = `INSERT INTO gathered_message (server, key, kind, state, attempts, due, error, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (server, key) DO UPDATE SET state = excluded.state, attempts = excluded.attempts, due = excluded.due, error = excluded.error`
	sqlAuditBrought      = `INSERT INTO gathered_audit (server, seq, hash, previous, at, actor, action, object, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (server, seq, hash) DO NOTHING`
	sqlPurged            = `SELECT coalesce(max(before), 0) FROM purged WHERE kind = ?`
	sqlPurgedBefore      = `INSERT INTO purged (kind, before) VALUES (?, ?) ON CONFLICT (kind) DO UPDATE SET before = max(before, excluded.before)`
	sqlMessagesEnd       = `DELETE FROM gathered_message WHERE (server, key) IN (SELECT server, key FROM gathered_message WHERE state = 'done' AND created < ? LIMIT ?)`
	sqlMessagesElsewhere = `SELECT server, kind, key, state, attempts, due, error, created FROM gathered_message WHERE state = ? AND (?2 = '' OR server = ?2) ORDER BY created DESC LIMIT ?3`
	sqlAuditElsewhere    = `SELECT server, seq, at, actor, action, object, detail, previous, hash FROM gathered_audit WHERE (?1 = '' OR server = ?1) AND at < ?2 ORDER BY at DESC, seq DESC LIMIT ?3`
)

// What retention removed of before a time.
const (
	Searches = "search"
	Messages = "message"
)

// OutOfOrder is that a batch does not go on from where its server's journal was
// left: it came already, another comes before it, or one is missing.
type OutOfOrder struct{ Want Cursor }

func (e *OutOfOrder) Error() string {
	return fmt.Sprintf("the batch does not follow note %d and entry %d of the audit in journal %s", e.Want.N, e.Want.Audit, e.Want.Journal)
}

// CursorOf is how far the journal of a server was taken in that was taken in
// last, and when.
func CursorOf(t *db.Tx, server string) (c Cursor, at time.Time, err error) {
	_, err = db.ListIn(t, func(r db.Row) (struct{}, error) {
		return struct{}{}, r.Scan(&c.Journal, &c.N, &c.Mark, &c.Audit, &c.Seal, (*db.Instant)(&at))
	}, sqlCursorLast, server)
	return c, at, err
}

// Follow moves the cursor of a server to the end of a batch, if the batch begins
// where it is.
func Follow(t *db.Tx, server string, b Batch) error {
	at, err := db.ListIn(t, func(r db.Row) (c Cursor, err error) {
		return c, r.Scan(&c.Journal, &c.N, &c.Mark, &c.Audit, &c.Seal)
	}, sqlCursor, server, b.From.Journal)
	if err != nil {
		return err
	}
	if len(at) == 0 && !(b.First && b.From.Audit == 0) {
		return &OutOfOrder{Cursor{}}
	}
	if len(at) > 0 && !at[0].is(b.From) {
		return &OutOfOrder{at[0]}
	}
	_, err = t.Exec(sqlCursorMove, server, b.To.Journal, b.To.N, b.To.Mark, b.To.Audit, db.Blob(b.To.Seal), db.Instant(t.Now))
	return err
}

func (c Cursor) is(other Cursor) bool {
	return c.N == other.N && c.Mark == other.Mark && c.Audit == other.Audit && bytes.Equal(c.Seal, other.Seal)
}

// Purged keeps that retention removed things of a kind of before a time: they
// stay away. What other servers have done by then goes, too.
func Purged(t *db.Tx, kind string, before time.Time, limit int) error {
	if _, err := t.Exec(sqlPurgedBefore, kind, db.Instant(before)); err != nil || kind != Messages {
		return err
	}
	_, err := t.Exec(sqlMessagesEnd, db.Instant(before), limit)
	return err
}

// TakeSearch takes in what somebody looked for on a server.
func TakeSearch(t *db.Tx, server string, s *Search) error {
	if gone, err := purged(t, Searches, s.At); err != nil || gone {
		return err
	}
	_, err := t.Exec(sqlSearchBrought, s.At, s.Project, s.Language, s.Query, s.Hits, s.Clicked, Origin(server, s.ID, s.At))
	return err
}

// TakeMessage takes in what a server has to do, to be looked at.
func TakeMessage(t *db.Tx, server string, m *Message) error {
	if gone, err := purged(t, Messages, m.Created); err != nil || gone && m.State == "done" {
		return err
	}
	_, err := t.Exec(sqlMessageBrought, server, m.Key, m.Kind, m.State, m.Attempts, m.Due, m.Error, m.Created)
	return err
}

// TakeAudit takes in an entry of the audit of a server, which seals itself.
func TakeAudit(t *db.Tx, server string, a *Audit) error {
	seal, err := audit.Seal(a.Seq, a.At, a.Actor, a.Action, a.Object, a.Detail, a.Previous)
	if err != nil {
		return err
	}
	if !bytes.Equal(seal, a.Hash) {
		return fmt.Errorf("entry %d of the audit is not what its seal says", a.Seq)
	}
	_, err = t.Exec(sqlAuditBrought, server, a.Seq, a.Hash, db.Blob(a.Previous), a.At, a.Actor, a.Action, a.Object, a.Detail)
	return err
}

func purged(t *db.Tx, kind string, at int64) (bool, error) {
	before, err := db.OneIn(t, db.ScanNumber, sqlPurged, kind)
	return at < before, err
}

// Origin tells rows of other servers apart. The time is in it, since a server
// that was brought back to an earlier moment gives its numbers again.
func Origin(server string, id, at int64) string { return fmt.Sprintf("%s:%d:%d", server, id, at) }

// Elsewhere is a message of another server.
type Elsewhere struct {
	Server string
	Message
}

// MessagesElsewhere lists what other servers have to do, in a state, the latest
// first; of one of them unless "".
func MessagesElsewhere(t *db.Tx, state, server string, limit int) ([]Elsewhere, error) {
	return db.ListIn(t, func(r db.Row) (m Elsewhere, err error) {
		return m, r.Scan(&m.Server, &m.Kind, &m.Key, &m.State, &m.Attempts, &m.Due, &m.Error, &m.Created)
	}, sqlMessagesElsewhere, state, server, db.AtMost(limit))
}

// Audited is an entry of the audit of another server.
type Audited struct {
	Server string
	Audit
}

// AuditElsewhere lists who did what on other servers before a time, the latest
// first; on one of them unless "".
func AuditElsewhere(t *db.Tx, server string, before int64, limit int) ([]Audited, error) {
	return db.ListIn(t, func(r db.Row) (a Audited, err error) {
		return a, r.Scan(&a.Server, &a.Seq, &a.At, &a.Actor, &a.Action, &a.Object, &a.Detail, &a.Previous, &a.Hash)
	}, sqlAuditElsewhere, server, before, db.AtMost(limit))
}
