package store

import (
	"context"
	"time"

	"selfhelp/store/db"
)

// Search is something a person looked for on a portal.
type Search struct {
	ID       int64 // given by the store
	At       time.Time
	Project  string // id; empty: across projects
	Language string
	Query    string
	Hits     int
	Clicked  string // UID of the procedure they went to, if any
}

// SearchCount says how often something was looked for.
type SearchCount struct {
	Query    string
	Language string
	Times    int64
	Clicks   int64
	Hits     int // the last time
}

const (
	sqlSearchAdd    = `INSERT INTO search (at, project, language, query, hits) VALUES (?, ?, ?, ?, ?)`
	sqlSearchClick  = `UPDATE search SET clicked = ? WHERE id = ?`
	sqlSearches     = `SELECT id, at, project, language, query, hits, clicked FROM search WHERE id < ? AND (?2 = '' OR project = ?2) ORDER BY id DESC LIMIT ?3`
	sqlSearchCounts = `SELECT query, language, count(*) AS times, sum(clicked <> ''), hits, max(id) FROM search WHERE at >= ?1 AND at < ?2 AND (?3 = '' OR project = ?3) AND (?4 = 0 OR hits = 0) GROUP BY query, language ORDER BY times DESC, query LIMIT ?5`
)

// AddSearch keeps a search and returns its id.
func (a *Activity) AddSearch(ctx context.Context, s Search) (int64, error) {
	return db.Written(ctx, a.DB, "keep search", func(t *db.Tx) (int64, error) {
		return t.Insert(sqlSearchAdd, db.Instant(s.At), s.Project, s.Language, s.Query, s.Hits)
	})
}

// ClickSearch keeps which procedure a search led to.
func (a *Activity) ClickSearch(ctx context.Context, id int64, uid string) error {
	return a.Set(ctx, "keep click of search", sqlSearchClick, uid, id)
}

// Searches returns searches in a project, or in all, before an id, the latest
// first; 0 begins at the end.
func (a *Activity) Searches(ctx context.Context, project string, before int64, limit int) ([]Search, error) {
	if before <= 0 {
		before = 1 << 62
	}
	return db.List(ctx, a.DB, func(r db.Row) (s Search, err error) {
		return s, r.Scan(&s.ID, (*db.Instant)(&s.At), &s.Project, &s.Language, &s.Query, &s.Hits, &s.Clicked)
	}, sqlSearches, before, project, db.AtMost(limit))
}

// CountSearches returns what was looked for most in a time, its end excluded;
// when fruitless, only what found nothing.
func (a *Activity) CountSearches(ctx context.Context, project string, from, to time.Time, fruitless bool, limit int) ([]SearchCount, error) {
	return db.List(ctx, a.DB, func(r db.Row) (s SearchCount, err error) {
		var last int64
		return s, r.Scan(&s.Query, &s.Language, &s.Times, &s.Clicks, &s.Hits, &last)
	}, sqlSearchCounts, db.Instant(from), db.Instant(to), project, fruitless, db.AtMost(limit))
}
