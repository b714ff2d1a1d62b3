package browsers

import (
	"context"
	"encoding/hex"
	"time"

	"selfhelp/store/db"
)

// Session is a browser that is signed in, as its person recognises it.
type Session struct {
	ID      string // of the session in lists; it opens nothing
	User    string // id
	Agent   string // as the browser calls itself
	Address string // it came from when it signed in
	Method  string // by which its person proved who they are
	Peer    string // who they are at the provider that may end it; empty: none may
	PeerOf  string // which of their sessions there
	Era     string // of the account, in which it began
	Began   time.Time
	Seen    time.Time
}

const (
	sqlSessionName = `UPDATE session SET user = ?, agent = ?, address = ?, method = ?, peer = ?, peer_session = ?, era = ?, began = ? WHERE token = ?`
	sqlSessions    = `SELECT lower(hex(token)), user, agent, address, method, era, began, seen FROM session WHERE user <> '' AND expiry > ?1 AND (?2 = '' OR user = ?2) ORDER BY seen DESC, token LIMIT ?3`
	sqlSessionSum  = `SELECT count(*) FROM session WHERE user <> '' AND expiry > ?`
	sqlSessionOne  = `SELECT lower(hex(token)), user, agent, address, method, era, began, seen FROM session WHERE token = ?`
	sqlSessionPeer = `DELETE FROM session WHERE method = ?1 AND peer = ?2 AND peer <> '' AND (?3 = '[]' OR peer_session IN (SELECT value FROM json_each(?3))) RETURNING token`
	sqlSessionsBy  = `DELETE FROM session WHERE method = ?1 AND user <> ?2 RETURNING token`
	sqlSessionGone = `DELETE FROM session WHERE method = ?1 AND user IN (SELECT value FROM json_each(?2)) RETURNING token`
	sqlSessionMove = `UPDATE session SET token = ? WHERE token = ?`
	sqlSessionCurb = `UPDATE session SET expiry = min(expiry, seen + ?, began + ?) WHERE user <> ''`
	sqlSessionMost = `DELETE FROM session WHERE user = ?1 AND token NOT IN (SELECT token FROM session WHERE user = ?1 ORDER BY seen DESC, began DESC, token LIMIT ?2) RETURNING token`
	sqlSessionEach = `DELETE FROM session WHERE user <> '' RETURNING token`
	sqlSessionStop = `DELETE FROM session WHERE token = ?1 AND (?2 = '' OR user = ?2) RETURNING token`
)

// CountSessions returns how many browsers are signed in.
func (b *Browsers) CountSessions(ctx context.Context) (int64, error) {
	return db.One(ctx, b.DB, db.ScanNumber, sqlSessionSum, db.Instant(b.Now()))
}

// SessionID is the name of the session of a token in lists.
func SessionID(token string) string { return hex.EncodeToString(tokenHash(token)) }

// NameSession keeps whose session a token opens, and from where it began. Where
// its account has more than so many sessions, those that were not used for the
// longest time end.
func (b *Browsers) NameSession(ctx context.Context, token string, of Session, most int) error {
	return b.Write(ctx, "name session", func(t *db.Tx) error {
		return nameSession(t, token, of, most)
	})
}

func nameSession(t *db.Tx, token string, of Session, most int) error {
	if err := t.Touch(sqlSessionName, of.User, of.Agent, of.Address, of.Method, of.Peer, of.PeerOf, of.Era, db.Instant(of.Began), tokenHash(token)); err != nil {
		return err
	}
	_, err := endSessions(t, sqlSessionMost, of.User, most)
	return err
}

// MoveSession has another token open a session, and the one before nothing.
func (b *Browsers) MoveSession(ctx context.Context, before, after string) error {
	return b.Write(ctx, "give a session another token", func(t *db.Tx) error {
		if err := t.Touch(sqlSessionMove, tokenHash(after), tokenHash(before)); err != nil {
			return err
		}
		return rememberEnded(t, tokenHash(before))
	})
}

// CurbSessions brings the ends of all sessions forward to shorter limits: so long
// unused, so long in all.
func (b *Browsers) CurbSessions(ctx context.Context, idle, longest time.Duration) error {
	return b.Write(ctx, "curb sessions", func(t *db.Tx) error {
		_, err := t.Exec(sqlSessionCurb, idle.Microseconds(), longest.Microseconds())
		return err
	})
}

// Session returns the session that a token opens.
func (b *Browsers) Session(ctx context.Context, token string) (Session, error) {
	return db.One(ctx, b.DB, scanSession, sqlSessionOne, tokenHash(token))
}

func scanSession(r db.Row) (s Session, err error) {
	return s, r.Scan(&s.ID, &s.User, &s.Agent, &s.Address, &s.Method, &s.Era, (*db.Instant)(&s.Began), (*db.Instant)(&s.Seen))
}

// SessionsOf returns the sessions of a user, or of everyone, those used last
// first.
func (b *Browsers) SessionsOf(ctx context.Context, user string, limit int) ([]Session, error) {
	return db.List(ctx, b.DB, scanSession, sqlSessions, db.Instant(b.Now()), user, db.AtMost(limit))
}

// StopSessions ends sessions by their names in lists, those of one user only
// when it is given, and returns how many there were.
func (b *Browsers) StopSessions(ctx context.Context, user string, ids []string) (int64, error) {
	return db.Written(ctx, b.DB, "stop sessions", func(t *db.Tx) (int64, error) {
		var stopped int64
		for _, id := range ids {
			token, err := hex.DecodeString(id)
			if err != nil {
				continue // no session is called so
			}
			n, err := endSessions(t, sqlSessionStop, db.Blob(token), user)
			if err != nil {
				return 0, err
			}
			stopped += n
		}
		return stopped, nil
	})
}

// StopSessionsOfPeer ends the sessions that a provider began for somebody: those
// it names, or all, and returns how many there were.
func (b *Browsers) StopSessionsOfPeer(ctx context.Context, method, peer string, named []string) (int64, error) {
	return db.Written(ctx, b.DB, "stop sessions of a provider", func(t *db.Tx) (int64, error) {
		return endSessions(t, sqlSessionPeer, method, peer, db.JSON(append([]string{}, named...)))
	})
}

// StopSessionsBy ends the sessions that began by a method but for those of one
// account, and returns how many there were.
func (b *Browsers) StopSessionsBy(ctx context.Context, method, but string) (int64, error) {
	return db.Written(ctx, b.DB, "stop sessions of a method", func(t *db.Tx) (int64, error) {
		return endSessions(t, sqlSessionsBy, method, but)
	})
}

// StopSessionsGone ends the sessions that accounts (by id) began by a method that
// no longer has their people, and returns how many there were.
func (b *Browsers) StopSessionsGone(ctx context.Context, method string, users []string) (int64, error) {
	return db.Written(ctx, b.DB, "stop sessions of people a method no longer has", func(t *db.Tx) (int64, error) {
		return endSessions(t, sqlSessionGone, method, db.JSON(append([]string{}, users...)))
	})
}

// StopEverySession signs everybody out, and returns how many sessions there were.
func (b *Browsers) StopEverySession(ctx context.Context) (int64, error) {
	return db.Written(ctx, b.DB, "stop every session", func(t *db.Tx) (int64, error) {
		return endSessions(t, sqlSessionEach)
	})
}
