package store

import (
	"context"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/store/db"
)

const (
	sqlDays   = `SELECT day, sum(started), sum(solved), sum(unsolved), sum(escalated), sum(informed), sum(abandoned), sum(failed) FROM popular WHERE project = ?1 AND (?2 = '' OR procedure = ?2) AND day BETWEEN ?3 AND ?4 GROUP BY day ORDER BY day`
	sqlTook   = `SELECT ended - started FROM execution WHERE test = ?`
	sqlLeft   = `SELECT iif(within = '', procedure, within), step, count(*) FROM (SELECT procedure, within, step FROM execution WHERE project = ?1 AND outcome = 'abandoned' AND test = 0 AND started >= ?2 AND started < ?3 AND (?4 = '' OR procedure = ?4) ORDER BY started DESC LIMIT ?5) GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ?6`
	sqlRan    = `WITH RECURSIVE ran(uid) AS (SELECT min(procedure) FROM popular WHERE project = ?1 UNION ALL SELECT (SELECT min(procedure) FROM popular WHERE project = ?1 AND procedure > ran.uid) FROM ran WHERE uid IS NOT NULL) SELECT uid FROM ran WHERE uid IS NOT NULL`
	sqlPeople = `WITH RECURSIVE person(user) AS (SELECT min(user) FROM execution WHERE project = ?1 UNION ALL SELECT (SELECT min(user) FROM execution WHERE project = ?1 AND user > person.user) FROM person WHERE user IS NOT NULL) SELECT user FROM person WHERE user <> '' LIMIT ?2`
)

// Day is how many executions were begun on a day, and how those ended.
type Day struct {
	On time.Time
	Popular
}

// Days counts the executions of a project, or of one of its entry points, by
// the day they began on; days without any are left out. Tests are not counted.
func (a *Activity) Days(ctx context.Context, project, uid string, from, to time.Time) ([]Day, error) {
	return db.List(ctx, a.DB, func(r db.Row) (d Day, err error) {
		p, err := scanPopular(r)
		if err == nil {
			d.On, err = time.Parse(time.DateOnly, p.Procedure)
		}
		p.Procedure = uid
		d.Popular = p
		return d, err
	}, sqlDays, project, uid, day(from), day(to))
}

// tookRead is how many durations are read at most.
const tookRead = 10_000

// Took returns how long the executions of a filter took that came to an end,
// the latest first. Nobody knows how long those took that were abandoned.
func (a *Activity) Took(ctx context.Context, f ExecutionFilter) ([]time.Duration, error) {
	f.Sort, f.reached, f.Limit = "started", true, min(f.Limit, tookRead)
	query, args, err := f.query(sqlTook)
	if err != nil {
		return nil, err
	}
	return db.List(ctx, a.DB, func(r db.Row) (time.Duration, error) {
		micros, err := db.ScanNumber(r)
		return time.Duration(micros) * time.Microsecond, err
	}, query, args...)
}

// LeftAt says how many executions were abandoned at a step.
type LeftAt struct {
	Procedure string // UID of the one the step is of
	Step      string
	Times     int64
}

// LeftRead is how many abandoned executions are looked at, the latest.
const LeftRead = 100_000

// Left returns the steps at which most executions were abandoned that began
// between two times, To excluded. Tests are not counted.
func (a *Activity) Left(ctx context.Context, project, uid string, from, to time.Time, limit int) ([]LeftAt, error) {
	return db.List(ctx, a.DB, func(r db.Row) (l LeftAt, err error) {
		return l, r.Scan(&l.Procedure, &l.Step, &l.Times)
	}, sqlLeft, project, db.Instant(from), db.Instant(to), uid, LeftRead, db.AtMost(limit))
}

// Ran returns the UIDs of the entry points of a project that anyone ever ran.
func (a *Activity) Ran(ctx context.Context, project string) ([]string, error) {
	return db.List(ctx, a.DB, db.ScanText, sqlRan, project)
}

// People returns the users who ran something of a project, by id.
func (a *Activity) People(ctx context.Context, project string, limit int) ([]string, error) {
	return db.List(ctx, a.DB, db.ScanText, sqlPeople, project, limit)
}

// scanPopular reads a name, how often it was started and how that ended.
func scanPopular(r db.Row) (p Popular, err error) {
	var solved, unsolved, escalated, informed, abandoned, failed int64
	err = r.Scan(&p.Procedure, &p.Started, &solved, &unsolved, &escalated, &informed, &abandoned, &failed)
	p.Outcomes = map[procedure.Outcome]int64{
		procedure.Solved: solved, procedure.Unsolved: unsolved, procedure.Escalated: escalated,
		procedure.Informed: informed, procedure.Abandoned: abandoned, procedure.Failed: failed,
	}
	return p, err
}
