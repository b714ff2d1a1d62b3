package store

import (
	"context"
	"time"

	"selfhelp/store/db"
)

// Recent is a procedure that a person started lately.
type Recent struct {
	Project   string
	Procedure string // UID
	At        time.Time
}

const (
	sqlRecentKeep = `INSERT INTO recent (user, project, procedure, at) VALUES (?, ?, ?, ?) ON CONFLICT (user, project, procedure) DO UPDATE SET at = max(at, excluded.at)`
	sqlRecents    = `SELECT project, procedure, at FROM recent WHERE user = ? AND (?2 = '' OR project = ?2) ORDER BY at DESC LIMIT ?3`
	sqlRecentsEnd = `DELETE FROM recent WHERE user = ?`
)

// Recents returns the procedures that a user started last, in one project or
// in all.
func (a *Activity) Recents(ctx context.Context, user, project string, limit int) ([]Recent, error) {
	return db.List(ctx, a.DB, func(r db.Row) (c Recent, err error) {
		return c, r.Scan(&c.Project, &c.Procedure, (*db.Instant)(&c.At))
	}, sqlRecents, user, project, db.AtMost(limit))
}
