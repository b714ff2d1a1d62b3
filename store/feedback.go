package store

import (
	"context"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/store/db"
)

// Feedback is how a person says it went: at a step that asks, or at the end.
type Feedback struct {
	Execution string
	Project   string // of the execution
	Procedure string // UID, of the execution
	Within    string // UID of the procedure the step is of, when it is another one
	Step      string // empty: at the end
	Scale     procedure.FeedbackScale
	Score     int
	Comment   string
	At        time.Time
}

// Score says how often a score was given.
type Score struct {
	Procedure string // UID
	Scale     procedure.FeedbackScale
	Score     int
	Times     int64
}

const (
	sqlFeedbackSet = `INSERT INTO feedback (execution, procedure, step, scale, score, comment, at) SELECT n, ?, ?, ?, ?, ?, ? FROM execution WHERE id = ? ON CONFLICT (execution, step) DO UPDATE SET done = iif(comment = excluded.comment, done, 0), scale = excluded.scale, score = excluded.score, comment = excluded.comment, at = excluded.at`
	sqlFeedbacks   = `SELECT e.id, e.project, e.procedure, f.procedure, f.step, f.scale, f.score, f.comment, f.at FROM feedback f JOIN execution e ON e.n = f.execution WHERE (?1 = '' OR e.id = ?1) AND (?2 = '' OR e.project = ?2) AND f.at < ?3 AND e.test = 0 ORDER BY f.at DESC LIMIT ?4`
	sqlScores      = `SELECT e.procedure, f.scale, f.score, count(*) FROM execution e JOIN feedback f ON f.execution = e.n WHERE e.project = ? AND e.started >= ? AND e.started < ? AND e.test = 0 GROUP BY e.procedure, f.scale, f.score ORDER BY e.procedure, f.scale, f.score`
)

// SetFeedback keeps what a person says of an execution at a step; said again,
// it replaces what they said before.
func (a *Activity) SetFeedback(ctx context.Context, f Feedback) error {
	return a.Set(ctx, "keep feedback", sqlFeedbackSet, f.Within, f.Step, string(f.Scale), f.Score, f.Comment, db.Instant(f.At), f.Execution)
}

// FeedbacksOf returns what was said of one execution.
func (a *Activity) FeedbacksOf(ctx context.Context, execution string) ([]Feedback, error) {
	return a.feedbacks(ctx, execution, "", time.Time{}, 0)
}

// Feedbacks returns what was said of a project's executions before a time, the
// latest first; the zero time begins at the end.
func (a *Activity) Feedbacks(ctx context.Context, project string, before time.Time, limit int) ([]Feedback, error) {
	return a.feedbacks(ctx, "", project, before, limit)
}

func (a *Activity) feedbacks(ctx context.Context, execution, project string, before time.Time, limit int) ([]Feedback, error) {
	if before.IsZero() {
		before = time.UnixMicro(1 << 62)
	}
	return db.List(ctx, a.DB, func(r db.Row) (f Feedback, err error) {
		return f, r.Scan(&f.Execution, &f.Project, &f.Procedure, &f.Within, &f.Step, (*string)(&f.Scale), &f.Score, &f.Comment, (*db.Instant)(&f.At))
	}, sqlFeedbacks, execution, project, db.Instant(before), db.AtMost(limit))
}

// Scores counts the scores given to a project's executions started in a time,
// its end excluded.
func (a *Activity) Scores(ctx context.Context, project string, from, to time.Time) ([]Score, error) {
	return db.List(ctx, a.DB, func(r db.Row) (s Score, err error) {
		return s, r.Scan(&s.Procedure, (*string)(&s.Scale), &s.Score, &s.Times)
	}, sqlScores, project, db.Instant(from), db.Instant(to))
}
