package store

import (
	"context"
	"crypto/sha256"
	"time"

	"selfhelp/store/db"
)

// Spent keeps what counts once, like the assertions of a provider, until it
// would be refused anyway. It survives a restart: a replay does not wait.
type Spent struct{ a *Activity }

const (
	sqlSpend      = `INSERT INTO spent (key, until) VALUES (?, ?) ON CONFLICT (key) DO NOTHING`
	sqlSpentPurge = `DELETE FROM spent WHERE key IN (SELECT key FROM spent WHERE until <= ? LIMIT ?)`
)

// Spent returns the keeper of what counts once.
func (a *Activity) Spent() Spent { return Spent{a} }

// Fresh spends a key and reports whether nobody had before. Keys of different
// kinds must differ: begin them with the kind.
func (s Spent) Fresh(ctx context.Context, key string, until time.Time) (bool, error) {
	hash := sha256.Sum256([]byte(key))
	n, err := db.Written(ctx, s.a.DB, "spend a proof", func(t *db.Tx) (int64, error) { return t.Exec(sqlSpend, hash[:], db.Instant(until)) })
	return n == 1, err
}

// PurgeSpent forgets keys that no longer matter, so many at a time, and returns
// how many.
func (a *Activity) PurgeSpent(ctx context.Context, limit int) (int64, error) {
	return db.Written(ctx, a.DB, "purge spent proofs", func(t *db.Tx) (int64, error) {
		return t.Exec(sqlSpentPurge, db.Instant(t.Now), db.AtMost(limit))
	})
}
