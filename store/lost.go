package store

import (
	"context"
	"fmt"
	"time"

	"selfhelp/store/db"
	"selfhelp/store/shape"
)

// Lost is what one state of a store has and an earlier one of it has not.
type Lost struct {
	Publications []LostPublication `json:"publications"` // the first made first
	Executions   int64             `json:"executions"`   // begun since, but for tests
}

// LostPublication is a version that was published since.
type LostPublication struct {
	Domain  string    `json:"domain"`
	Project string    `json:"project"` // alias
	Version string    `json:"version"`
	At      time.Time `json:"at"`
	By      string    `json:"by"` // login; the id of an account that is gone
	Active  bool      `json:"active"`

	key string
}

const (
	sqlPublicationsAll = `SELECT o.domain, o.alias, p.project, p.major, p.minor, p.at, coalesce(u.login, p.by), p.active FROM publication p JOIN project o ON o.id = p.project LEFT JOIN user u ON u.id = p.by ORDER BY p.id`
	sqlExecutionLast   = `SELECT coalesce(max(n), 0) FROM execution`
	sqlExecutionsSince = `SELECT count(*) FROM execution WHERE n > ? AND test = 0`
)

func scanLostPublication(r db.Row) (p LostPublication, err error) {
	var n Number
	var project string
	err = r.Scan(&p.Domain, &p.Project, &project, &n.Major, &n.Minor, (*db.Instant)(&p.At), &p.By, &p.Active)
	p.Version, p.key = n.String(), fmt.Sprint(project, n, p.At.UnixMicro())
	return p, err
}

// LostBetween is what the store of a folder has and that of another folder, an earlier
// state of it, has not. The first may be open in another process.
func LostBetween(ctx context.Context, now, then string) (l Lost, err error) {
	if l.Publications, err = publicationsIn(ctx, now); err != nil {
		return l, err
	}
	before, err := publicationsIn(ctx, then)
	if err != nil {
		return l, err
	}
	had := map[string]bool{}
	for _, p := range before {
		had[p.key] = true
	}
	since := []LostPublication{}
	for _, p := range l.Publications {
		if !had[p.key] {
			since = append(since, p)
		}
	}
	l.Publications = since
	last, err := counted(ctx, then, sqlExecutionLast)
	if err == nil {
		l.Executions, err = counted(ctx, now, sqlExecutionsSince, last)
	}
	return l, err
}

// glancing looks into one of the databases of a folder.
func glancing[T any](ctx context.Context, dir string, s shape.Schema, look func(*db.DB) (T, error)) (found T, err error) {
	d, err := db.Glance(ctx, dir, s)
	if err == nil {
		defer d.Close()
		found, err = look(d)
	}
	if err != nil {
		return found, fmt.Errorf("look into %s: %w", dir, err)
	}
	return found, nil
}

func publicationsIn(ctx context.Context, dir string) ([]LostPublication, error) {
	return glancing(ctx, dir, contentSchema, func(d *db.DB) ([]LostPublication, error) {
		return db.List(ctx, d, scanLostPublication, sqlPublicationsAll)
	})
}

func counted(ctx context.Context, dir, query string, args ...any) (int64, error) {
	return glancing(ctx, dir, activitySchema, func(d *db.DB) (int64, error) {
		return db.One(ctx, d, db.ScanNumber, query, args...)
	})
}
