package store

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/alexedwards/scs/v2"
)

// Sessions keeps browser sessions for scs. It knows them by the hash of their
// token, so that whoever reads the database cannot take one over.
type Sessions struct {
	a *Activity
}

var _ scs.CtxStore = (*Sessions)(nil)

const (
	sqlSessionFind   = `SELECT data FROM session WHERE token = ? AND expiry > ?`
	sqlSessionKeep   = `INSERT INTO session (token, data, expiry, seen) VALUES (?, ?, ?, ?) ON CONFLICT (token) DO UPDATE SET data = excluded.data, expiry = excluded.expiry, seen = excluded.seen`
	sqlSessionDelete = `DELETE FROM session WHERE token = ?`
	sqlSessionPurge  = `DELETE FROM session WHERE token IN (SELECT token FROM session WHERE expiry <= ? LIMIT ?)`
)

// Sessions returns the store of browser sessions.
func (a *Activity) Sessions() *Sessions { return &Sessions{a} }

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// FindCtx returns the data of a session that has not expired.
func (s *Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	found, err := list(ctx, s.a.database, scanBytes, sqlSessionFind, tokenHash(token), instant(s.a.now()))
	if err != nil || len(found) == 0 {
		return nil, false, err
	}
	return found[0], true, nil
}

// CommitCtx keeps a session until it expires.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.set(ctx, sqlSessionKeep, tokenHash(token), blob(data), instant(expiry), instant(s.a.now()))
}

// DeleteCtx forgets a session.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.set(ctx, sqlSessionDelete, tokenHash(token))
}

func (s *Sessions) set(ctx context.Context, query string, args ...any) error {
	return s.a.write(ctx, "session", func(t *tx) error {
		_, err := t.exec(query, args...)
		return err
	})
}

// Find is FindCtx for callers without a context.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx for callers without a context.
func (s *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx for callers without a context.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// PurgeSessions removes sessions that expired, so many at a time, and returns
// how many.
func (a *Activity) PurgeSessions(ctx context.Context, limit int) (int64, error) {
	return written(ctx, a.database, "purge sessions", func(t *tx) (int64, error) {
		return t.exec(sqlSessionPurge, instant(t.now), atMost(limit))
	})
}
