// Package since knows what one state of a store has and another one of it has not:
// publications, procedures, executions. The other state may be an earlier one, or one that
// went its own way from some moment on. It refuses to know where states stand and who
// wants to compare them.
//
// Its main names are Lost and Between.
package since

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"time"

	"selfhelp/store/db"
)

// Lost is what one state of a store has and another one of it has not.
type Lost struct {
	Publications []Publication `json:"publications"` // the first made first
	Procedures   []Procedure   `json:"procedures"`   // written since, or removed there; the first changed first
	Executions   int64         `json:"executions"`   // begun since, but for tests
	Changed      time.Time     `json:"changed"`      // the last change since that is in the audit; the zero time for none
}

// Publication is a version that was published since.
type Publication struct {
	Domain  string    `json:"domain"`
	Project string    `json:"project"` // alias
	Version string    `json:"version"`
	At      time.Time `json:"at"`
	By      string    `json:"by"` // login; the id of an account that is gone
	Active  bool      `json:"active"`

	key string
}

// Procedure is one that was changed since, as it was changed last.
type Procedure struct {
	Domain  string    `json:"domain"`
	Project string    `json:"project"` // alias
	Alias   string    `json:"alias"`
	At      time.Time `json:"at"`
	By      string    `json:"by"` // login; the id of an account that is gone

	key string
}

// State is one state of a store, as it is read.
type State struct{ Content, Activity *db.DB }

const (
	sqlPublicationsAll  = `SELECT o.domain, o.alias, p.project, p.major || '.' || p.minor, p.at, coalesce(u.login, p.by), p.active FROM publication p JOIN project o ON o.id = p.project LEFT JOIN user u ON u.id = p.by ORDER BY p.id`
	sqlProceduresSince  = `SELECT p.domain, o.alias, p.project || ' ' || p.uid || ' ' || p.revision || ' ' || p.changed, p.alias, p.changed, coalesce(u.login, p.changed_by) FROM procedure p JOIN project o ON o.id = p.project LEFT JOIN user u ON u.id = p.changed_by WHERE p.changed >= ? ORDER BY p.changed, p.alias`
	sqlAuditNewest      = `SELECT coalesce(max(seq), 0) FROM audit`
	sqlAuditEntry       = `SELECT at, hash FROM audit WHERE seq = ?`
	sqlExecutionsBegun  = `SELECT n, id FROM execution WHERE n > ? AND started >= ? AND test = 0 ORDER BY n LIMIT ?`
	sqlExecutionsAbsent = `SELECT count(*) FROM json_each(?) begun WHERE NOT EXISTS (SELECT 1 FROM execution WHERE id = begun.value)`
)

// executionsAtOnce bounds those that are compared at a time.
const executionsAtOnce = 1000

func scanPublication(r db.Row) (p Publication, err error) {
	var project string
	err = r.Scan(&p.Domain, &p.Project, &project, &p.Version, (*db.Instant)(&p.At), &p.By, &p.Active)
	p.key = fmt.Sprint(project, " ", p.Version, " ", p.At.UnixMicro())
	return p, err
}

func scanProcedure(r db.Row) (p Procedure, err error) {
	return p, r.Scan(&p.Domain, &p.Project, &p.key, &p.Alias, (*db.Instant)(&p.At), &p.By)
}

// Between is what a state has and another one has not.
func Between(ctx context.Context, now, then State) (l Lost, err error) {
	both, last, err := parted(ctx, now.Content, then.Content)
	if err != nil {
		return l, err
	}
	if last.After(both) {
		l.Changed = last
	}
	l.Publications, err = lacking(ctx, now.Content, then.Content, scanPublication, func(p Publication) string { return p.key }, sqlPublicationsAll)
	if err != nil {
		return l, err
	}
	l.Procedures, err = lacking(ctx, now.Content, then.Content, scanProcedure, func(p Procedure) string { return p.key }, sqlProceduresSince, db.Instant(both))
	if err != nil {
		return l, err
	}
	l.Executions, err = executions(ctx, now.Activity, then.Activity, both)
	return l, err
}

// lacking are the records of a query that another database has not.
func lacking[T any](ctx context.Context, now, then *db.DB, scan func(db.Row) (T, error), key func(T) string, query string, args ...any) ([]T, error) {
	there, err := db.List(ctx, then, scan, query, args...)
	if err != nil {
		return nil, err
	}
	had := map[string]bool{}
	for _, one := range there {
		had[key(one)] = true
	}
	here, err := db.List(ctx, now, scan, query, args...)
	since := []T{}
	for _, one := range here {
		if !had[key(one)] {
			since = append(since, one)
		}
	}
	return since, err
}

// entry is one of the audit, each of which holds those before it.
type entry struct {
	at   time.Time
	hash []byte
}

func entryOf(ctx context.Context, d *db.DB, seq int64) (e entry, err error) {
	all, err := db.List(ctx, d, func(r db.Row) (e entry, err error) {
		return e, r.Scan((*db.Instant)(&e.at), &e.hash)
	}, sqlAuditEntry, seq)
	if len(all) > 0 {
		e = all[0]
	}
	return e, err
}

// parted says when the last change was that both states have, and the last one of the
// first: the zero times for none. The entries of the audit are a chain, so that two states
// which have one have all before it.
func parted(ctx context.Context, now, then *db.DB) (both, last time.Time, err error) {
	newest, err := db.One(ctx, now, db.ScanNumber, sqlAuditNewest)
	if err != nil {
		return both, last, err
	}
	end, err := entryOf(ctx, now, newest)
	if err != nil {
		return both, last, err
	}
	for low, high := int64(0), newest; low < high; { // low is in both, and nothing after high
		seq := (low + high + 1) / 2
		here, err1 := entryOf(ctx, now, seq)
		there, err2 := entryOf(ctx, then, seq)
		if err1 != nil || err2 != nil {
			return both, last, fmt.Errorf("compare the audits: %w", cmp.Or(err1, err2))
		}
		if here.hash != nil && bytes.Equal(here.hash, there.hash) {
			low, both = seq, here.at
		} else {
			high = seq - 1
		}
	}
	return both, end.at, nil
}

// executions counts those begun from a time on that another state has not.
func executions(ctx context.Context, now, then *db.DB, from time.Time) (lost int64, err error) {
	type begun struct {
		n  int64
		id string
	}
	for after := int64(0); ; {
		some, err := db.List(ctx, now, func(r db.Row) (b begun, err error) { return b, r.Scan(&b.n, &b.id) }, sqlExecutionsBegun, after, db.Instant(from), executionsAtOnce)
		if err != nil || len(some) == 0 {
			return lost, err
		}
		ids := make([]string, 0, len(some))
		for _, b := range some {
			ids, after = append(ids, b.id), b.n
		}
		n, err := db.One(ctx, then, db.ScanNumber, sqlExecutionsAbsent, db.JSON(ids))
		if err != nil {
			return lost, err
		}
		lost += n
	}
}
