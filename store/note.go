package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store/db"
)

// Note is something a visitor wrote for the writers: a post-it, or the words
// of an opinion. Tests leave none.
type Note struct {
	Key        string // of the note, in addresses and forms
	Kind       NoteKind
	Execution  string
	Entry      string // UID of the procedure the visitor ran
	Procedure  string // UID of the one the step is of
	Version    string
	Language   string
	Step       string // empty: at the end
	Text       string
	Scale      procedure.FeedbackScale // of an opinion
	Score      int
	At         time.Time
	Done       time.Time // zero while it is open
	Answer     string
	AnsweredBy string // id of a user
	Answered   time.Time
}

// NoteKind is what a note is.
type NoteKind string

// The kinds of note.
const (
	NotePostit  NoteKind = "postit"
	NoteOpinion NoteKind = "opinion"
)

// NoteState narrows a list of notes to those still open, or to those done.
type NoteState string

// The states of notes.
const (
	NotesAll  NoteState = ""
	NotesOpen NoteState = "open"
	NotesDone NoteState = "done"
)

// NoteFilter says which notes of a project a list shows, the latest first. What
// is empty filters nothing.
type NoteFilter struct {
	Project   string
	Procedure string // UID, of the entry or of the step's procedure
	Kind      NoteKind
	State     NoteState
	Text      string // in what was written or answered
	After     string // Cursor of the last note of the page before
	Limit     int
}

// Cursor is where the page after this note begins.
func (n Note) Cursor() string { return strconv.FormatInt(n.At.UnixMicro(), 10) + "." + n.Key }

const (
	sqlNotes = `WITH note AS (
  SELECT 'postit' AS kind, 'postit-' || p.id AS key, p.execution, p.procedure, p.step, p.text, '' AS scale, 0 AS score, p.at, p.done, p.answer, p.answered_by, p.answered FROM postit p
  UNION ALL
  SELECT 'opinion', 'opinion-' || x.id || '-' || f.step, f.execution, f.procedure, f.step, f.comment, f.scale, f.score, f.at, f.done, f.answer, f.answered_by, f.answered FROM feedback f JOIN execution x ON x.n = f.execution WHERE f.comment <> '')
SELECT n.kind, n.key, e.id, e.procedure, iif(n.procedure = '', e.procedure, n.procedure), e.version, e.language, n.step, n.text, n.scale, n.score, n.at, n.done, n.answer, n.answered_by, n.answered
FROM note n JOIN execution e ON e.n = n.execution
WHERE e.project = ?1 AND e.test = 0 AND (?2 = '' OR e.procedure = ?2 OR n.procedure = ?2) AND (?3 = '' OR n.kind = ?3)
  AND (?4 = '' OR (?4 = 'open') = (n.done = 0)) AND (?5 = '' OR n.text LIKE ?6 ESCAPE '\' OR n.answer LIKE ?6 ESCAPE '\') AND (?7 = 0 OR (n.at, n.key) < (?7, ?8))
ORDER BY n.at DESC, n.key DESC LIMIT ?9`
	sqlNotesOpen      = `SELECT (SELECT count(*) FROM postit p JOIN execution e ON e.n = p.execution WHERE p.done = 0 AND e.project = ?1 AND e.test = 0) + (SELECT count(*) FROM feedback f JOIN execution e ON e.n = f.execution WHERE f.done = 0 AND f.comment <> '' AND e.project = ?1 AND e.test = 0)`
	sqlPostitDone     = `UPDATE postit SET done = ?1, read = iif(read = 0, ?2, read) WHERE id = ?3 AND (done = 0) <> (?1 = 0) AND execution IN (SELECT n FROM execution WHERE project = ?4)`
	sqlOpinionDone    = `UPDATE feedback SET done = ?1 WHERE execution = (SELECT n FROM execution WHERE id = ?2 AND project = ?4) AND step = ?3 AND (done = 0) <> (?1 = 0)`
	sqlPostitReply    = `UPDATE postit SET answer = ?1, answered_by = ?2, answered = ?3, done = iif(done = 0, ?3, done), read = iif(read = 0, ?3, read) WHERE id = ?4 AND execution IN (SELECT n FROM execution WHERE project = ?5) AND answered = ?6`
	sqlOpinionReply   = `UPDATE feedback SET answer = ?1, answered_by = ?2, answered = ?3, done = iif(done = 0, ?3, done) WHERE execution = (SELECT n FROM execution WHERE id = ?4 AND project = ?6) AND step = ?5 AND answered = ?7`
	sqlOpinionAnswers = `SELECT step, answer FROM feedback WHERE execution = (SELECT n FROM execution WHERE id = ?) AND answer <> ''`
)

func scanNote(r db.Row) (n Note, err error) {
	return n, r.Scan((*string)(&n.Kind), &n.Key, &n.Execution, &n.Entry, &n.Procedure, &n.Version, &n.Language, &n.Step, &n.Text, (*string)(&n.Scale), &n.Score,
		(*db.Instant)(&n.At), (*db.Instant)(&n.Done), &n.Answer, &n.AnsweredBy, (*db.Instant)(&n.Answered))
}

// Notes returns a page of what visitors wrote.
func (a *Activity) Notes(ctx context.Context, f NoteFilter) ([]Note, error) {
	var at int64
	var key string
	if f.After != "" {
		left, right, _ := strings.Cut(f.After, ".")
		n, err := strconv.ParseInt(left, 10, 64)
		if err != nil {
			return nil, fault.New(fault.Invalid, "fault.list.page")
		}
		at, key = n, right
	}
	return db.List(ctx, a.DB, scanNote, sqlNotes, f.Project, f.Procedure, string(f.Kind), string(f.State), f.Text, db.Containing(f.Text), at, key, db.AtMost(f.Limit))
}

// CountOpenNotes returns how many notes of a project nobody has closed.
func (a *Activity) CountOpenNotes(ctx context.Context, project string) (int64, error) {
	return db.One(ctx, a.DB, db.ScanNumber, sqlNotesOpen, project)
}

// SetNotesDone closes notes of a project, or opens them again, all or none, and
// returns how many were not so before.
func (a *Activity) SetNotesDone(ctx context.Context, project string, keys []string, done bool) (int64, error) {
	return db.Written(ctx, a.DB, "close notes", func(t *db.Tx) (int64, error) {
		var changed int64
		at := time.Time{}
		if done {
			at = t.Now
		}
		for _, key := range keys {
			n, err := setNoteDone(t, project, key, at)
			if err != nil {
				return 0, err
			}
			changed += n
		}
		return changed, nil
	})
}

func setNoteDone(t *db.Tx, project, key string, at time.Time) (int64, error) {
	kind, id, step := readNoteKey(key)
	if kind == NotePostit {
		return t.Exec(sqlPostitDone, db.Instant(at), db.Instant(t.Now), id, project)
	}
	return t.Exec(sqlOpinionDone, db.Instant(at), id, step, project)
}

// AnswerNote keeps what a writer answers to a note, and closes it. It takes the
// place of the answer of the moment seen, none for the zero time: one that
// another writer gave since stays.
func (a *Activity) AnswerNote(ctx context.Context, project, key string, seen time.Time, answer, by string) error {
	kind, id, step := readNoteKey(key)
	return a.Write(ctx, "answer note "+key, func(t *db.Tx) error {
		if kind == NotePostit {
			return t.Change(sqlPostitReply, answer, by, db.Instant(t.Now), id, project, db.Instant(seen))
		}
		return t.Change(sqlOpinionReply, answer, by, db.Instant(t.Now), id, step, project, db.Instant(seen))
	})
}

// readNoteKey takes a key apart: the post-it's number, or the execution and the
// step of an opinion.
func readNoteKey(key string) (kind NoteKind, id, step string) {
	name, rest, _ := strings.Cut(key, "-")
	if name == string(NotePostit) {
		return NotePostit, rest, ""
	}
	id, step, _ = strings.Cut(rest, "-")
	return NoteOpinion, id, step
}

// OpinionAnswers returns what writers answered to the opinions of an execution,
// by step.
func (a *Activity) OpinionAnswers(ctx context.Context, execution string) (map[string]string, error) {
	type answer struct{ step, text string }
	found, err := db.List(ctx, a.DB, func(r db.Row) (x answer, err error) { return x, r.Scan(&x.step, &x.text) }, sqlOpinionAnswers, execution)
	answers := make(map[string]string, len(found))
	for _, x := range found {
		answers[x.step] = x.text
	}
	return answers, err
}
