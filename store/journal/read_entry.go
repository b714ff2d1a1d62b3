package journal

import (
	"bytes"

	"selfhelp/app/procedure"
	"selfhelp/store/db"
)

// entries are what a note says, after the execution it is of where that is new to
// the batch; nothing when it is gone, or stands in the batch already.
func (r *reader) entries(j note) ([]Entry, error) {
	if r.sent[j.key()] {
		return nil, nil
	}
	switch j.kind {
	case "search":
		return some(r, j, sqlBringSearch, func(row db.Row) (Entry, error) {
			s := &Search{}
			return Entry{Search: s}, row.Scan(&s.ID, &s.At, &s.Project, &s.Language, &s.Query, &s.Hits, &s.Clicked)
		}, j.row)
	case "message":
		return some(r, j, sqlBringMessage, func(row db.Row) (Entry, error) {
			m := &Message{}
			return Entry{Message: m}, row.Scan(&m.Kind, &m.Key, &m.State, &m.Attempts, &m.Due, &m.Error, &m.Created)
		}, j.row)
	}
	said, err := r.said(j)
	if err != nil {
		return nil, err
	}
	x, err := r.execution(j.row)
	if err != nil || x == nil {
		return nil, err
	}
	if j.kind == "turn" && j.turn == x.turns && len(said) > 0 {
		said[0].Turn.Left = x.left()
	}
	if j.kind == "pause" {
		said = []Entry{{N: j.n, Pause: &x.pause}}
	}
	for _, e := range said {
		e.setOf(x.ID)
	}
	if !x.sent {
		said = append([]Entry{{Execution: &x.Execution}}, said...)
	}
	return said, nil
}

// said is what a note says of an execution.
func (r *reader) said(j note) (all []Entry, err error) {
	switch j.kind {
	case "turn":
		if j.found.Seq == 0 {
			return nil, nil
		}
		u := j.found
		return []Entry{{N: j.n, Turn: &u}}, nil
	case "abandoned":
		if j.turn == 0 {
			return nil, nil
		}
		return []Entry{{N: j.n, Abandoned: &Abandoned{Seq: j.turn}}}, nil
	case "postit":
		return some(r, j, sqlBringPostit, func(row db.Row) (Entry, error) {
			p := &Postit{}
			return Entry{Postit: p}, row.Scan(&p.ID, &p.Within, &p.Step, &p.Text, &p.At)
		}, j.turn)
	case "feedback":
		return some(r, j, sqlBringFeedback, func(row db.Row) (Entry, error) {
			f := &Feedback{}
			return Entry{Feedback: f}, row.Scan(&f.Within, &f.Step, &f.Scale, &f.Score, &f.Comment, &f.At)
		}, j.row, j.name)
	}
	return nil, nil
}

// some reads what a note speaks of; nothing when it is gone.
func some(r *reader, j note, query string, scan func(db.Row) (Entry, error), args ...any) ([]Entry, error) {
	found, err := db.ListIn(r.t, scan, query, args...)
	for i := range found {
		found[i].N = j.n
	}
	return found, err
}

// execution reads an execution once for a batch; nil when it is gone.
func (r *reader) execution(n int64) (*told, error) {
	if x, known := r.told[n]; known {
		return x, nil
	}
	found, err := db.ListIn(r.t, func(row db.Row) (*told, error) {
		x := &told{}
		err := row.Scan(&x.ID, &x.Project, &x.Procedure, &x.Alias, &x.Version, &x.User, &x.Pseudonym, &x.Owner, &x.Channel, &x.Language, &x.Test,
			&x.Started, &x.Touched, &x.Ended, &x.Outcome, &x.Failed, &x.Step, &x.Within, &x.turns, &x.pause.Resume, &x.pause.Label)
		return x, err
	}, sqlBringExecution, n)
	if err != nil {
		return nil, err
	}
	var x *told
	if len(found) > 0 {
		x = found[0]
	}
	r.told[n] = x
	return x, nil
}

// left is how its last turn left an execution. Of those before it nobody needs to
// know: where they are the last that was answered, another one follows.
func (x *told) left() Left {
	l := Left{Within: x.Within, Failed: x.Failed}
	if x.Ended > 0 && x.Outcome != string(procedure.Abandoned) {
		l.Ended, l.Outcome = true, x.Outcome
	}
	return l
}

// setOf names the execution that an entry speaks of.
func (e Entry) setOf(id string) {
	switch {
	case e.Turn != nil:
		e.Turn.Execution = id
	case e.Pause != nil:
		e.Pause.Execution = id
	case e.Abandoned != nil:
		e.Abandoned.Execution = id
	case e.Postit != nil:
		e.Postit.Execution = id
	case e.Feedback != nil:
		e.Feedback.Execution = id
	}
}

// auditRows is how many entries of the audit one batch brings.
const auditRows = 500

// Audited adds to a batch what was written to the audit after its cursor, as far
// as it has room. The audit stands in the other database, in t. It fails with
// ErrStale when the audit is not the one that was read before.
func (b *Batch) Audited(t *db.Tx, most int) error {
	if b.From.Audit > 0 {
		seal, err := db.ListIn(t, db.ScanBytes, sqlBringSeal, b.From.Audit)
		if err != nil {
			return err
		}
		if len(seal) == 0 || !bytes.Equal(seal[0], b.From.Seal) {
			return ErrStale
		}
	}
	entries, err := db.ListIn(t, scanAudit, sqlBringAudit, b.From.Audit, auditRows)
	if err != nil {
		return err
	}
	for i := range b.Entries {
		most -= len(b.Entries[i].line)
	}
	for i, e := range entries {
		if err := e.write(); err != nil {
			return err
		}
		most -= len(e.line)
		if len(b.Entries) > 0 && (most < 0 || len(e.line) > MaxEntry || alone(b.Entries)) {
			b.More = true
			return nil
		}
		b.Entries = append(b.Entries, e)
		b.To.Audit, b.To.Seal = e.Audit.Seq, e.Audit.Hash
		b.More = b.More || i == auditRows-1
	}
	return nil
}

func scanAudit(r db.Row) (Entry, error) {
	a := &Audit{}
	return Entry{Audit: a}, r.Scan(&a.Seq, &a.At, &a.Actor, &a.Action, &a.Object, &a.Detail, &a.Previous, &a.Hash)
}
