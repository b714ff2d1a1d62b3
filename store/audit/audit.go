// Package audit keeps who did what to what. It only grows, and each entry seals
// the one before it. It refuses to know what the actions mean.
//
// Its main names are Log, Entry, Add and Verified.
package audit

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/db"
)

// Log is the audit of a server.
type Log struct {
	d      *db.DB
	beside *db.DB // notes how far the audit goes; nil: it is only read

	noting sync.Mutex // one note at a time, so that each sees the one it replaces
}

// Of returns the audit of a database of content.
func Of(d *db.DB) *Log { return &Log{d: d} }

// Entry says who did what to what. The audit only grows, and each entry
// seals the one before it.
type Entry struct {
	Seq    int64
	At     time.Time
	Actor  string // id of a user, or the name of a command
	Action string // like "user.create"
	Object string // like "user:01hx…"
	Detail json.RawMessage

	previous, hash []byte
}

const (
	sqlAuditAppend = `INSERT INTO audit (seq, at, actor, action, object, detail, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	sqlAuditLast   = `SELECT seq, at, actor, action, object, detail, previous, hash FROM audit ORDER BY seq DESC LIMIT 1`
	sqlAuditBefore = `SELECT seq, at, actor, action, object, detail, previous, hash FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?`
	sqlAuditLike   = `SELECT seq, at, actor, action, object, detail, previous, hash FROM audit WHERE seq < ?1 AND (?2 = '[]' OR EXISTS (SELECT 1 FROM json_each(?2) WHERE value = actor OR 'user:' || value = object)) AND (?3 = '' OR actor LIKE ?4 ESCAPE '\' OR action LIKE ?4 ESCAPE '\' OR object LIKE ?4 ESCAPE '\' OR detail LIKE ?4 ESCAPE '\') AND (?5 = '' OR action = ?5) AND at >= ?6 AND (?7 = 0 OR at < ?7) ORDER BY seq DESC LIMIT ?8`
	sqlAuditUp     = `SELECT seq, at, actor, action, object, detail, previous, hash FROM audit WHERE seq > ?1 AND (?2 = '[]' OR EXISTS (SELECT 1 FROM json_each(?2) WHERE value = actor OR 'user:' || value = object)) AND (?3 = '' OR actor LIKE ?4 ESCAPE '\' OR action LIKE ?4 ESCAPE '\' OR object LIKE ?4 ESCAPE '\' OR detail LIKE ?4 ESCAPE '\') AND (?5 = '' OR action = ?5) AND at >= ?6 AND (?7 = 0 OR at < ?7) ORDER BY seq LIMIT ?8`
	sqlAuditActs   = `SELECT DISTINCT action FROM audit ORDER BY action`
	sqlAuditFrom   = `SELECT seq, at, actor, action, object, detail, previous, hash FROM audit WHERE seq > ? ORDER BY seq LIMIT 1000`
)

func scanAudit(r db.Row) (a Entry, err error) {
	var detail string
	err = r.Scan(&a.Seq, (*db.Instant)(&a.At), &a.Actor, &a.Action, &a.Object, &detail, &a.previous, &a.hash)
	a.Detail = json.RawMessage(detail)
	return a, err
}

// Audit appends an entry about something that the store does not do itself,
// like a login. What the store does, it audits in the same transaction.
func (c *Log) Audit(ctx context.Context, actor, action, object string, detail any) error {
	return c.d.Write(ctx, "audit", func(t *db.Tx) error { return Add(t, actor, action, object, detail) })
}

// Add appends an entry to the chain.
func Add(t *db.Tx, actor, action, object string, detail any) error {
	d, err := told(t.Context, detail)
	if err != nil {
		return fmt.Errorf("audit %s: %w", action, err)
	}
	last, err := db.OneIn(t, scanAudit, sqlAuditLast)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return fmt.Errorf("audit %s: %w", action, err)
	}
	a := Entry{
		Seq: last.Seq + 1, At: t.Now.UTC().Truncate(time.Microsecond), Actor: actor, Action: action,
		Object: object, Detail: d, previous: last.hash,
	}
	if a.hash, err = a.seal(); err != nil {
		return fmt.Errorf("audit %s: %w", action, err)
	}
	_, err = t.Exec(sqlAuditAppend, a.Seq, db.Instant(a.At), a.Actor, a.Action, a.Object, string(a.Detail), db.Blob(a.previous), a.hash)
	return err
}

// seal hashes an entry with the hash before it.
func (a Entry) seal() ([]byte, error) {
	return Seal(a.Seq, a.At.UnixMicro(), a.Actor, a.Action, a.Object, string(a.Detail), a.previous)
}

// Seal hashes an entry, its time in microseconds since 1970, with the hash before
// it. JSON keeps the parts apart whatever they hold.
func Seal(seq, at int64, actor, action, object, detail string, previous []byte) ([]byte, error) {
	b, err := json.Marshal([]any{seq, at, actor, action, object, detail, db.Blob(previous)})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	return sum[:], nil
}

// AuditEntries returns entries before a number, the latest first; 0 begins at
// the end.
func (c *Log) AuditEntries(ctx context.Context, before int64, limit int) ([]Entry, error) {
	if before <= 0 {
		before = 1 << 62
	}
	return db.List(ctx, c.d, scanAudit, sqlAuditBefore, before, db.AtMost(limit))
}

// Filter says which entries a list shows. What is empty filters nothing.
type Filter struct {
	Who    []string // ids of users: what they did, and what was done to them
	Text   string   // in the action, the object, the actor or the detail
	Action string
	From   time.Time
	To     time.Time // excluded
	Oldest bool      // comes first, instead of the latest
	After  int64     // Seq of the last entry of the page before
	Limit  int
}

// AuditLike returns the entries that a filter lets through, the latest first
// unless it says otherwise.
func (c *Log) AuditLike(ctx context.Context, f Filter) ([]Entry, error) {
	query := sqlAuditLike
	if f.Oldest {
		query = sqlAuditUp
	} else if f.After <= 0 {
		f.After = 1 << 62
	}
	return db.List(ctx, c.d, scanAudit, query, f.After, db.JSON(append([]string{}, f.Who...)), f.Text, db.Containing(f.Text), f.Action, db.Instant(f.From), db.Instant(f.To), db.AtMost(f.Limit))
}

// AuditActions returns what the audit knows to have been done, once each.
func (c *Log) AuditActions(ctx context.Context) ([]string, error) {
	return db.List(ctx, c.d, db.ScanText, sqlAuditActs)
}
