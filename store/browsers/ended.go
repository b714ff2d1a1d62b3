package browsers

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"selfhelp/store/db"
)

// TicketLife is the longest that what a server gives a browser opens the session at
// another one.
const TicketLife = time.Hour

// endedLife is how long a session that was ended is remembered: as long as its last
// ticket may be good for, by a clock that goes wrong by as much again.
const endedLife = 2 * TicketLife

const (
	sqlEndedKeep  = `INSERT INTO ended_session (token, at, until) VALUES (?, ?, ?) ON CONFLICT (token) DO NOTHING`
	sqlEnded      = `SELECT 1 FROM ended_session WHERE token = ?`
	sqlEndedSince = `SELECT lower(hex(token)) AS id, at, '' AS person, 0 AS before FROM ended_session WHERE at >= ?1
UNION ALL SELECT lower(hex(spared)), at, person, before FROM ended_person WHERE at >= ?1 ORDER BY at, id LIMIT ?2`
	sqlEndedPurge = `DELETE FROM ended_session WHERE token IN (SELECT token FROM ended_session WHERE until <= ? LIMIT ?)`

	sqlOthersEnd   = `DELETE FROM session WHERE user = ?1 AND token <> ?2 RETURNING token`
	sqlOthersKeep  = `INSERT INTO ended_person (person, spared, before, at, until) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
	sqlOthersEnded = `SELECT 1 FROM ended_person WHERE person = ?1 AND spared <> ?2 AND before > ?3`
	sqlOthersPurge = `DELETE FROM ended_person WHERE until <= ?`
	sqlSessionRow  = `SELECT peer, peer_session FROM session WHERE token = ?`
)

// EndedSession is a session that was ended before its time: its person signed out, or
// somebody ended it. With a person it is all of theirs but that one.
type EndedSession struct {
	ID     string    `json:"id"` // as in lists
	At     time.Time `json:"at"` // when the server that says it learned of it, by its clock
	Person string    `json:"person,omitempty"`
	Before time.Time `json:"before,omitzero"` // with a person: so are those that began earlier and are not known yet
}

// endSessions runs a statement that removes sessions and returns their tokens, and
// remembers that they were ended. It returns how many there were.
func endSessions(t *db.Tx, query string, args ...any) (int64, error) {
	tokens, err := db.AllReturning(t, db.ScanBytes, query, args...)
	if err != nil {
		return 0, err
	}
	for _, token := range tokens {
		if err := rememberEnded(t, token); err != nil {
			return 0, err
		}
	}
	return int64(len(tokens)), nil
}

func rememberEnded(t *db.Tx, token []byte) error {
	_, err := t.Exec(sqlEndedKeep, db.Blob(token), db.Instant(t.Now), db.Instant(t.Now.Add(endedLife)))
	return err
}

// EndedSessions returns the sessions that were ended here since a time, that
// included, the oldest first: what the edition server carries to the others.
func (b *Browsers) EndedSessions(ctx context.Context, since time.Time, limit int) ([]EndedSession, error) {
	return db.List(ctx, b.DB, func(r db.Row) (e EndedSession, err error) {
		err = r.Scan(&e.ID, (*db.Instant)(&e.At), &e.Person, (*db.Instant)(&e.Before))
		if e.Person == "" {
			e.Before = time.Time{}
		}
		return e, err
	}, sqlEndedSince, db.Instant(since), db.AtMost(limit))
}

// EndSessionsOf ends sessions that were ended elsewhere, whether they are known here or
// not: their tickets open nothing any more. Ending one twice changes nothing.
func (b *Browsers) EndSessionsOf(ctx context.Context, ended ...EndedSession) error {
	return b.Write(ctx, "end sessions of another server", func(t *db.Tx) error {
		for _, e := range ended {
			token, err := hex.DecodeString(e.ID)
			if err != nil {
				continue // no session is called so
			}
			if e.Person != "" {
				// Heard again, it is about no session that began since.
				if fresh, err := keepOthers(t, e.Person, token, e.Before); err != nil {
					return err
				} else if fresh {
					if _, err := endSessions(t, sqlOthersEnd, e.Person, db.Blob(token)); err != nil {
						return err
					}
				}
				continue
			}
			if _, err := t.Exec(sqlSessionDelete, db.Blob(token)); err != nil {
				return err
			}
			if err := rememberEnded(t, token); err != nil {
				return err
			}
		}
		return nil
	})
}

// StopOtherSessions ends all sessions of a user but one, by its name in lists: those
// that are known here, and those that another server knows. It returns how many it knew.
func (b *Browsers) StopOtherSessions(ctx context.Context, user, spared string) (int64, error) {
	token, err := hex.DecodeString(spared)
	if err != nil {
		return 0, fmt.Errorf("stop other sessions: %w", err)
	}
	return db.Written(ctx, b.DB, "stop other sessions", func(t *db.Tx) (int64, error) {
		before := t.Now.Truncate(time.Millisecond) // as sessions know when they began
		if _, err := keepOthers(t, user, token, before); err != nil {
			return 0, err
		}
		return endSessions(t, sqlOthersEnd, user, db.Blob(token))
	})
}

// keepOthers remembers that the sessions of a user are over but for one, and reports
// whether that is new. Each server ends those that it knows when it hears of that: clocks
// decide only about those that no server knows any more.
func keepOthers(t *db.Tx, user string, spared []byte, before time.Time) (fresh bool, err error) {
	n, err := t.Exec(sqlOthersKeep, user, db.Blob(spared), db.Instant(before), db.Instant(t.Now), db.Instant(t.Now.Add(endedLife)))
	return n > 0, err
}

// PurgeEndedSessions forgets ended sessions whose tickets are no good anywhere, so
// many at a time, and returns how many.
func (b *Browsers) PurgeEndedSessions(ctx context.Context, limit int) (int64, error) {
	return db.Written(ctx, b.DB, "purge ended sessions", func(t *db.Tx) (int64, error) {
		if _, err := t.Exec(sqlOthersPurge, db.Instant(t.Now)); err != nil {
			return 0, err
		}
		return t.Exec(sqlEndedPurge, db.Instant(t.Now), db.AtMost(limit))
	})
}

// AdoptSession keeps a session that began at another server, under the same token,
// and reports whether it does: not one that was ended.
func (b *Browsers) AdoptSession(ctx context.Context, token string, data []byte, expiry time.Time, of Session, most int) (bool, error) {
	return db.Written(ctx, b.DB, "adopt session", func(t *db.Tx) (bool, error) {
		ended, err := db.ListIn(t, db.ScanNumber, sqlEnded, tokenHash(token))
		if err != nil || len(ended) > 0 {
			return false, err
		}
		ended, err = db.ListIn(t, db.ScanNumber, sqlOthersEnded, of.User, tokenHash(token), db.Instant(of.Began))
		if err != nil || len(ended) > 0 {
			return false, err
		}
		if _, err := t.Exec(sqlSessionKeep, tokenHash(token), db.Blob(data), db.Instant(expiry), db.Instant(t.Now)); err != nil {
			return false, err
		}
		return true, nameSession(t, token, of, most)
	})
}

// SessionPeer returns by what the provider of a session ends it: who its person is
// there, and which of their sessions it is.
func (b *Browsers) SessionPeer(ctx context.Context, token string) (peer, session string, err error) {
	s, err := db.One(ctx, b.DB, func(r db.Row) (s Session, err error) { return s, r.Scan(&s.Peer, &s.PeerOf) }, sqlSessionRow, tokenHash(token))
	return s.Peer, s.PeerOf, err
}
