package browsers

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/alexedwards/scs/v2"

	"selfhelp/store/db"
)

// Keeper keeps sessions for scs. It knows them by the hash of their
// token, so that whoever reads the database cannot take one over.
type Keeper struct {
	all  *Browsers
	idle Idle
}

// Idle says how long a session that nobody uses lasts.
type Idle func(context.Context) (time.Duration, error)

var _ scs.CtxStore = (*Keeper)(nil)

const (
	sqlSessionFind   = `SELECT data FROM session WHERE token = ? AND expiry > ? AND seen > ?`
	sqlSessionKeep   = `INSERT INTO session (token, data, expiry, seen) VALUES (?, ?, ?, ?) ON CONFLICT (token) DO UPDATE SET data = excluded.data, expiry = excluded.expiry, seen = excluded.seen`
	sqlSessionDelete = `DELETE FROM session WHERE token = ?`
	sqlSessionPurge  = `DELETE FROM session WHERE token IN (SELECT token FROM session WHERE expiry <= ? LIMIT ?)`
)

// Sessions returns the store of browser sessions. What idle says holds from the
// next look on, also for sessions that were kept before.
func (b *Browsers) Sessions(idle Idle) *Keeper { return &Keeper{b, idle} }

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// FindCtx returns the data of a session that has not expired.
func (s *Keeper) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	idle, err := s.idle(ctx)
	if err != nil {
		return nil, false, err
	}
	now := s.all.Now()
	found, err := db.List(ctx, s.all.DB, db.ScanBytes, sqlSessionFind, tokenHash(token), db.Instant(now), db.Instant(now.Add(-idle)))
	if err != nil || len(found) == 0 {
		return nil, false, err
	}
	return found[0], true, nil
}

// CommitCtx keeps a session until it expires, or until nobody has used it for as
// long as sessions may be idle.
func (s *Keeper) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	idle, err := s.idle(ctx)
	if err != nil {
		return err
	}
	now := s.all.Now()
	if end := now.Add(idle); end.Before(expiry) {
		expiry = end
	}
	return s.all.Write(ctx, "keep session", func(t *db.Tx) error {
		_, err := t.Exec(sqlSessionKeep, tokenHash(token), db.Blob(data), db.Instant(expiry), db.Instant(now))
		return err
	})
}

// DeleteCtx ends a session.
func (s *Keeper) DeleteCtx(ctx context.Context, token string) error {
	return s.all.Write(ctx, "end session", func(t *db.Tx) error {
		n, err := t.Exec(sqlSessionDelete, tokenHash(token))
		if err != nil || n == 0 {
			return err
		}
		return rememberEnded(t, tokenHash(token))
	})
}

// Find is FindCtx for callers without a context.
func (s *Keeper) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx for callers without a context.
func (s *Keeper) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx for callers without a context.
func (s *Keeper) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// PurgeSessions removes sessions that expired, so many at a time, and returns
// how many.
func (b *Browsers) PurgeSessions(ctx context.Context, limit int) (int64, error) {
	return db.Written(ctx, b.DB, "purge sessions", func(t *db.Tx) (int64, error) {
		return t.Exec(sqlSessionPurge, db.Instant(t.Now), db.AtMost(limit))
	})
}
