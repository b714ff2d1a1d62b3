package store

import (
	"context"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/store/db"
	"selfhelp/store/journal"
)

// erasure is how many executions one transaction of an erasure takes, so that
// nobody waits behind a long one.
const erasure = 200

// goneFor is how long it is known which executions of other servers were removed
// here: those follow the same rules, and forget them, too, within a day after
// they were acknowledged.
const goneFor = 30 * 24 * time.Hour

const (
	sqlAbandoned      = `SELECT n, id, project, procedure, alias, version, user, pseudonym, owner, channel, language, test, started, touched, ended, outcome, failed, step, turns, label, server FROM execution WHERE ended = 0 AND failed = 0 AND touched < ?1 AND started < ?1 ORDER BY started LIMIT ?2`
	sqlAbandon        = `UPDATE execution SET ended = touched, outcome = 'abandoned' WHERE n = ?`
	sqlExecutionsOld  = `SELECT n, id FROM execution WHERE started < ?1 AND (?2 = '' OR project = ?2) AND project NOT IN (SELECT value FROM json_each(?3)) AND n < coalesce((SELECT min(row) FROM journal WHERE n > (SELECT acknowledged FROM journal_state) AND kind NOT IN ('search', 'message')), 9223372036854775807) ORDER BY started LIMIT ?4`
	sqlExecutionEnd   = `DELETE FROM execution WHERE n = ?`
	sqlExecutionGone  = `INSERT OR IGNORE INTO gone (execution, at) SELECT id, ? FROM execution WHERE n = ? AND server <> ''`
	sqlGoneEnd        = `DELETE FROM gone WHERE execution IN (SELECT execution FROM gone WHERE at < ? LIMIT ?)`
	sqlErasedAdd      = `INSERT OR IGNORE INTO erased (name) VALUES (?)`
	sqlClaimsEnd      = `DELETE FROM claim WHERE execution = ?`
	sqlExecutionsOwn  = `SELECT n, id FROM execution WHERE user = ? AND user <> '' LIMIT ?`
	sqlTurnsEnd       = `DELETE FROM turn WHERE execution = ?`
	sqlPostitsEnd     = `DELETE FROM postit WHERE execution = ?`
	sqlFeedbackHush   = `UPDATE feedback SET comment = '' WHERE execution = ?`
	sqlExecutionErase = `UPDATE execution SET erased = 1, user = '', pseudonym = 0, owner = '', resume = '', label = '' WHERE n = ?`
	sqlNamed          = `SELECT n, user FROM execution WHERE started < ? AND user <> '' AND pseudonym = 0 ORDER BY started LIMIT ?`
	sqlPseudonymise   = `UPDATE execution SET user = ?, pseudonym = 1, owner = '', resume = '', label = '' WHERE n = ?`
	sqlStatesEnd      = `UPDATE turn SET state = x'' WHERE execution = ?`
	sqlSearchesEnd    = `DELETE FROM search WHERE id IN (SELECT id FROM search WHERE at < ? AND id < coalesce((SELECT min(row) FROM journal WHERE n > (SELECT acknowledged FROM journal_state) AND kind = 'search'), 9223372036854775807) LIMIT ?)`
	sqlOutboxEnd      = `DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE state = 'done' AND created < ? AND id < coalesce((SELECT min(row) FROM journal WHERE n > (SELECT acknowledged FROM journal_state) AND kind = 'message'), 9223372036854775807) LIMIT ?)`
)

// numbered is an execution by its row and a name.
type numbered struct {
	n    int64
	name string
}

func scanNumbered(r db.Row) (x numbered, err error) { return x, r.Scan(&x.n, &x.name) }

// AbandonExecutions gives the outcome "abandoned" to executions that nobody
// touched since a time, so many at a time, and returns how many. Those that a
// problem stopped were left by nobody: they stay failed.
func (a *Activity) AbandonExecutions(ctx context.Context, since time.Time, limit int) (int, error) {
	return db.Written(ctx, a.DB, "abandon executions", func(t *db.Tx) (int, error) {
		idle, err := db.ListIn(t, scanExecution, sqlAbandoned, db.Instant(since), db.AtMost(limit))
		if err != nil {
			return 0, err
		}
		for _, e := range idle {
			if _, err := t.Exec(sqlAbandon, e.n); err != nil {
				return 0, err
			}
			if err := journal.NoteAbandoned(t, e.n); err != nil {
				return 0, err
			}
			if !e.Test {
				beside(t).tally.turn(e, Turn{}, procedure.Abandoned)
			}
		}
		return len(idle), nil
	})
}

// PurgeExecutions removes executions of a project, or of all but some, started
// before a time, so many at a time, and returns how many. Counters stay. Where
// there is an edition server, what that has not acknowledged stays, whatever its
// age, and what was begun after it; so do searches and messages.
func (a *Activity) PurgeExecutions(ctx context.Context, project string, except []string, before time.Time, limit int) (int, error) {
	return db.Written(ctx, a.DB, "purge executions", func(t *db.Tx) (int, error) {
		old, err := db.ListIn(t, scanNumbered, sqlExecutionsOld, db.Instant(before), project, db.JSON(append([]string{}, except...)), db.AtMost(limit))
		if err != nil {
			return 0, err
		}
		for _, e := range old {
			if _, err := t.Exec(sqlClaimsEnd, e.name); err != nil {
				return 0, err
			}
			if _, err := t.Exec(sqlExecutionGone, db.Instant(t.Now), e.n); err != nil {
				return 0, err
			}
			if _, err := t.Exec(sqlExecutionEnd, e.n); err != nil {
				return 0, err
			}
		}
		_, err = t.Exec(sqlGoneEnd, db.Instant(t.Now.Add(-goneFor)), db.AtMost(limit))
		return len(old), err
	})
}

// Pseudonymise replaces the users of executions started before a time, so many
// at a time, and returns how many. Those executions cannot be taken up again.
func (a *Activity) Pseudonymise(ctx context.Context, before time.Time, limit int, pseudonym func(user string) string) (int, error) {
	return db.Written(ctx, a.DB, "pseudonymise executions", func(t *db.Tx) (int, error) {
		named, err := db.ListIn(t, scanNumbered, sqlNamed, db.Instant(before), db.AtMost(limit))
		if err != nil {
			return 0, err
		}
		for _, e := range named {
			if _, err := t.Exec(sqlPseudonymise, pseudonym(e.name), e.n); err != nil {
				return 0, err
			}
			if _, err := t.Exec(sqlStatesEnd, e.n); err != nil {
				return 0, err
			}
		}
		return len(named), nil
	})
}

// EraseUser takes a person out of everything they did: what they answered,
// wrote and used. That an execution took place, how long it took and how it
// ended stays, as nobody's. The names are the user's id and their pseudonyms.
func (a *Activity) EraseUser(ctx context.Context, names ...string) error {
	for _, name := range names {
		for done := false; !done; {
			err := a.Write(ctx, "erase user", func(t *db.Tx) (err error) {
				done, err = eraseSome(t, name)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// eraseSome erases some of a person's executions, and says when it was the last.
func eraseSome(t *db.Tx, name string) (done bool, err error) {
	if _, err := t.Exec(sqlErasedAdd, name); err != nil {
		return false, err
	}
	own, err := db.ListIn(t, scanNumbered, sqlExecutionsOwn, name, erasure)
	if err != nil {
		return false, err
	}
	for _, e := range own {
		if _, err := t.Exec(sqlClaimsEnd, e.name); err != nil {
			return false, err
		}
		for _, query := range []string{sqlTurnsEnd, sqlPostitsEnd, sqlFeedbackHush, sqlExecutionErase} {
			if _, err := t.Exec(query, e.n); err != nil {
				return false, err
			}
		}
	}
	for _, query := range []string{sqlRecentsEnd, sqlAttemptsEnd} {
		if _, err := t.Exec(query, name); err != nil {
			return false, err
		}
	}
	return len(own) < erasure, nil
}

// PurgeSearches removes searches made before a time, so many at a time, and
// returns how many.
func (a *Activity) PurgeSearches(ctx context.Context, before time.Time, limit int) (int64, error) {
	return a.purge(ctx, journal.Searches, sqlSearchesEnd, before, limit)
}

// PurgeMessages removes messages done that were made before a time, so many at
// a time, and returns how many. Their keys are forgotten.
func (a *Activity) PurgeMessages(ctx context.Context, before time.Time, limit int) (int64, error) {
	return a.purge(ctx, journal.Messages, sqlOutboxEnd, before, limit)
}

func (a *Activity) purge(ctx context.Context, kind, query string, before time.Time, limit int) (int64, error) {
	return db.Written(ctx, a.DB, "purge", func(t *db.Tx) (int64, error) {
		n, err := t.Exec(query, db.Instant(before), db.AtMost(limit))
		if err == nil {
			err = journal.Purged(t, kind, before, db.AtMost(limit))
		}
		return n, err
	})
}
