package store

import (
	"context"
	"fmt"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/db"
)

// Postit is a message that a person left on a page for the writer.
type Postit struct {
	ID         int64 // given by the store
	Execution  string
	Project    string // of the execution
	Procedure  string // UID, of the execution
	Within     string // UID of the procedure the step is of, when it is another one
	Step       string
	Text       string
	At         time.Time
	Read       time.Time // zero while nobody has
	Answer     string
	AnsweredBy string
	Answered   time.Time
}

// PostitFilter says which post-its a list shows. What is empty filters nothing.
type PostitFilter struct {
	Project   string
	Procedure string // UID
	Execution string
	Unread    bool
	Before    int64 // id of the last of the page before
	Limit     int
}

const (
	sqlPostits      = `SELECT p.id, e.id, e.project, e.procedure, p.procedure, p.step, p.text, p.at, p.read, p.answer, p.answered_by, p.answered FROM postit p JOIN execution e ON e.n = p.execution WHERE p.id < ? AND (?2 = '' OR e.project = ?2) AND (?3 = '' OR e.procedure = ?3) AND (?4 = '' OR e.id = ?4) AND (?5 = 0 OR p.read = 0) ORDER BY p.id DESC LIMIT ?6`
	sqlPostitCount  = `SELECT count(*) FROM postit p JOIN execution e ON e.n = p.execution WHERE p.read = 0 AND e.project = ?`
	sqlPostitAdd    = `INSERT INTO postit (execution, procedure, step, text, at) SELECT n, ?, ?, ?, ? FROM execution WHERE id = ?`
	sqlPostitRead   = `UPDATE postit SET read = ? WHERE id = ? AND read = 0`
	sqlPostitAnswer = `UPDATE postit SET answer = ?, answered_by = ?, answered = ?, read = iif(read = 0, ?3, read) WHERE id = ?`
)

func scanPostit(r db.Row) (p Postit, err error) {
	return p, r.Scan(&p.ID, &p.Execution, &p.Project, &p.Procedure, &p.Within, &p.Step, &p.Text, (*db.Instant)(&p.At), (*db.Instant)(&p.Read),
		&p.Answer, &p.AnsweredBy, (*db.Instant)(&p.Answered))
}

// AddPostit keeps a post-it of an execution, with what has to be done because
// of it, and returns its id.
func (a *Activity) AddPostit(ctx context.Context, p Postit, outbox ...Message) (int64, error) {
	return db.Written(ctx, a.DB, "add post-it", func(t *db.Tx) (int64, error) {
		id, err := t.Insert(sqlPostitAdd, p.Within, p.Step, p.Text, db.Instant(p.At), p.Execution)
		if err == nil && id == 0 {
			err = fault.New(fault.NotFound, "fault.not_found")
		}
		for _, m := range outbox {
			if err == nil {
				err = enqueue(t, m)
			}
		}
		return id, err
	})
}

// Postits returns a page of post-its, the latest first.
func (a *Activity) Postits(ctx context.Context, f PostitFilter) ([]Postit, error) {
	if f.Before <= 0 {
		f.Before = 1 << 62
	}
	return db.List(ctx, a.DB, scanPostit, sqlPostits, f.Before, f.Project, f.Procedure, f.Execution, f.Unread, db.AtMost(f.Limit))
}

// CountUnreadPostits returns how many post-its of a project nobody has read.
func (a *Activity) CountUnreadPostits(ctx context.Context, project string) (int64, error) {
	return db.One(ctx, a.DB, db.ScanNumber, sqlPostitCount, project)
}

// ReadPostit says that a writer has read a post-it.
func (a *Activity) ReadPostit(ctx context.Context, id int64) error {
	return a.Write(ctx, fmt.Sprintf("read post-it %d", id), func(t *db.Tx) error {
		_, err := t.Exec(sqlPostitRead, db.Instant(t.Now), id)
		return err
	})
}

// AnswerPostit keeps a writer's answer to a post-it.
func (a *Activity) AnswerPostit(ctx context.Context, id int64, answer, by string) error {
	return a.Write(ctx, fmt.Sprintf("answer post-it %d", id), func(t *db.Tx) error {
		return t.Touch(sqlPostitAnswer, answer, by, db.Instant(t.Now), id)
	})
}
