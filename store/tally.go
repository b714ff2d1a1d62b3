package store

import (
	"context"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/store/db"
)

// tally gathers the counters of everything that shares a commit, so that each
// row is touched once.
//
// On one of several presentation servers the numbers are those of that server: what
// began there, the ways taken there, and how what took its last turn there ended. An
// execution that went on at two servers is begun once, where it began; its outcome is
// counted where it was reached, on the day it began, so that a server may count more
// ends than beginnings. The same answer taken by two servers, neither of which heard
// of the other, counts its way twice. The numbers of the platform are those of the
// edition server, which counts when it merges the turns.
type tally struct {
	passages map[passageKey]int64
	populars map[popularKey]*popularCount
	happened Happened
}

type passageKey struct {
	project, procedure, version, day, step, edge string
}

type popularKey struct {
	project, procedure, day string
}

type popularCount struct {
	started  int64
	outcomes map[procedure.Outcome]int64
}

const (
	sqlPassageAdd = `INSERT INTO passage (project, procedure, version, day, step, edge, times) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET times = times + excluded.times`
	sqlPopularAdd = `INSERT INTO popular (project, procedure, day, started, solved, unsolved, escalated, informed, abandoned, failed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET started = started + excluded.started, solved = solved + excluded.solved, unsolved = unsolved + excluded.unsolved, escalated = escalated + excluded.escalated, informed = informed + excluded.informed, abandoned = abandoned + excluded.abandoned, failed = failed + excluded.failed`
	sqlPassages   = `SELECT procedure, version, step, edge, sum(times) FROM passage WHERE project = ? AND procedure = ? AND (?3 = '' OR version = ?3) AND day BETWEEN ? AND ? GROUP BY procedure, version, step, edge ORDER BY version, step, edge`
	sqlStarted    = `SELECT coalesce(sum(started), 0) FROM popular WHERE project IN (SELECT value FROM json_each(?)) AND day BETWEEN ? AND ?`
	sqlPopulars   = `SELECT procedure, sum(started), sum(solved), sum(unsolved), sum(escalated), sum(informed), sum(abandoned), sum(failed) FROM popular WHERE project = ? AND day BETWEEN ? AND ? GROUP BY procedure ORDER BY 2 DESC, 1 LIMIT ?`
)

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// start counts an execution.
func (y *tally) start(e Execution) {
	y.popular(e, e.Started).started++
	y.happened.Begun++
}

// turn counts the ways taken, and moves the execution from the outcome it had
// to the one it has: people go back after the end and end otherwise.
func (y *tally) turn(e Execution, u Turn, outcome procedure.Outcome) {
	if u.Seq > 1 { // the first is the beginning; none is that of retention
		y.happened.Answers++
	}
	y.ways(e, u.Edges, u.At)
	if was := e.Stands(); outcome != was {
		c := y.popular(e, e.Started)
		c.outcomes[was]--
		c.outcomes[outcome]++
		if outcome != "" {
			y.happened.end(outcome, 1)
		}
	}
}

// ways counts the ways that an execution took.
func (y *tally) ways(e Execution, ways []Passage, at time.Time) {
	if y.passages == nil {
		y.passages = map[passageKey]int64{}
	}
	for _, p := range ways {
		y.passages[passageKey{e.Project, p.Procedure, e.Version, day(at), p.Step, p.Edge}]++
	}
}

// corrected counts an execution as what it turned out to be. It is none of what
// happened on this server.
func (y *tally) corrected(was, now Execution) {
	if day(was.Started) == day(now.Started) && was.Stands() == now.Stands() {
		return
	}
	from, to := y.popular(was, was.Started), y.popular(now, now.Started)
	from.started--
	to.started++
	from.outcomes[was.Stands()]--
	to.outcomes[now.Stands()]++
}

// popular returns the counter of an execution's entry point on the day it began.
func (y *tally) popular(e Execution, at time.Time) *popularCount {
	if y.populars == nil {
		y.populars = map[popularKey]*popularCount{}
	}
	k := popularKey{e.Project, e.Procedure, day(at)}
	if y.populars[k] == nil {
		y.populars[k] = &popularCount{outcomes: map[procedure.Outcome]int64{}}
	}
	return y.populars[k]
}

// add writes the counters that the transaction gathered.
func (y *tally) add(t *db.Tx) error {
	for k, n := range y.passages {
		if _, err := t.Exec(sqlPassageAdd, k.project, k.procedure, k.version, k.day, k.step, k.edge, n); err != nil {
			return err
		}
	}
	for k, c := range y.populars {
		_, err := t.Exec(sqlPopularAdd, k.project, k.procedure, k.day, c.started, c.outcomes[procedure.Solved], c.outcomes[procedure.Unsolved],
			c.outcomes[procedure.Escalated], c.outcomes[procedure.Informed], c.outcomes[procedure.Abandoned], c.outcomes[procedure.Failed])
		if err != nil {
			return err
		}
	}
	return nil
}

// PassageCount says how often a way was taken.
type PassageCount struct {
	Passage
	Version string
	Times   int64
}

// Passages counts the ways taken in a procedure between two days, those
// included; in every version when none is given. Tests are not counted.
func (a *Activity) Passages(ctx context.Context, project, uid, version string, from, to time.Time) ([]PassageCount, error) {
	return db.List(ctx, a.DB, func(r db.Row) (c PassageCount, err error) {
		return c, r.Scan(&c.Procedure, &c.Version, &c.Step, &c.Edge, &c.Times)
	}, sqlPassages, project, uid, version, day(from), day(to))
}

// Popular says how often an entry point was started and how that ended.
type Popular struct {
	Procedure string // UID
	Started   int64
	Outcomes  map[procedure.Outcome]int64
}

// Populars counts the executions of a project begun between two days, those
// included, the most started first. Tests are not counted.
func (a *Activity) Populars(ctx context.Context, project string, from, to time.Time, limit int) ([]Popular, error) {
	return db.List(ctx, a.DB, scanPopular, sqlPopulars, project, day(from), day(to), db.AtMost(limit))
}

// CountStarted returns how many executions of the projects were begun between
// two days, those included. Tests are not counted.
func (a *Activity) CountStarted(ctx context.Context, projects []string, from, to time.Time) (int64, error) {
	return db.One(ctx, a.DB, db.ScanNumber, sqlStarted, db.JSON(projects), day(from), day(to))
}
