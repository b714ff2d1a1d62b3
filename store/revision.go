package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store/db"
)

// Revision is one saved state of a procedure. It never changes.
type Revision struct {
	Project   string
	Procedure string // UID
	Number    int64
	Parent    int64           // the one it was made from, 0 for the first
	Operation json.RawMessage // what was done, null when it was no single operation
	Author    string
	At        time.Time
}

// Edit is a procedure as someone wants to save it.
type Edit struct {
	Project   string
	UID       string
	Version   int64 // of the procedure it was made from
	Data      *procedure.Procedure
	Operation json.RawMessage // what was done, for the history
	By        string
}

const (
	sqlRevisionInsert = `INSERT INTO revision (project, procedure, number, parent, depth, same_start, same_end, data, operation, author, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlRevisionLast   = `SELECT max(number) FROM revision WHERE project = ? AND procedure = ?`
	sqlRevisionParent = `SELECT parent FROM revision WHERE project = ? AND procedure = ? AND number = ?`
	sqlRevisionChild  = `SELECT coalesce(max(number), 0) FROM revision WHERE project = ? AND procedure = ? AND parent = ?`
	sqlRevisions      = `SELECT project, procedure, number, parent, operation, author, at FROM revision WHERE project = ? AND procedure = ? AND number < ? ORDER BY number DESC LIMIT ?`
	sqlRevisionPiece  = `SELECT parent, depth, same_start, same_end, data FROM revision WHERE project = ? AND procedure = ? AND number = ?`
)

func scanRevision(r db.Row) (v Revision, err error) {
	var operation string
	err = r.Scan(&v.Project, &v.Procedure, &v.Number, &v.Parent, &operation, &v.Author, (*db.Instant)(&v.At))
	v.Operation = json.RawMessage(operation)
	return v, err
}

// SaveRevision saves an edit as the next revision, if nobody saved since.
func (c *Content) SaveRevision(ctx context.Context, e Edit) (Procedure, error) {
	return db.Written(ctx, c.DB, "save procedure "+e.UID, func(t *db.Tx) (Procedure, error) {
		was, err := editable(t, e.Project, e.UID, e.Version)
		if err != nil {
			return was, err
		}
		last, err := db.OneIn(t, db.ScanNumber, sqlRevisionLast, e.Project, e.UID)
		if err != nil {
			return was, err
		}
		old, err := db.OneIn(t, db.ScanText, sqlProcedureText, e.Project, e.UID)
		if err != nil {
			return was, err
		}
		data := *e.Data
		data.UID = was.UID // never changes
		b, err := json.Marshal(&data)
		if err != nil {
			return was, fmt.Errorf("write procedure: %w", err)
		}
		r := Revision{Project: e.Project, Procedure: e.UID, Number: last + 1, Parent: was.Revision, Operation: e.Operation, Author: e.By}
		if err := saveProcedure(t, was, e.Data, b, r.Number, e.By); err != nil {
			return was, err
		}
		if err := insertRevision(t, r, []byte(old), b); err != nil {
			return was, err
		}
		is, err := db.OneIn(t, scanProcedureLine, sqlProcedureLine, e.Project, e.UID)
		is.Data = &data // as it was written; reading it back would hold everyone up
		return is, err
	})
}

// editable returns a procedure, without its Data, that still has the version it
// was read at.
func editable(t *db.Tx, project, uid string, version int64) (Procedure, error) {
	p, err := db.OneIn(t, scanProcedureLine, sqlProcedureLine, project, uid)
	switch {
	case err != nil:
		return p, err
	case !p.Deleted.IsZero():
		return p, fault.New(fault.NotFound, "fault.not_found")
	case p.Version != version:
		return p, db.Stale()
	}
	return p, nil
}

func saveProcedure(t *db.Tx, was Procedure, data *procedure.Procedure, b []byte, revision int64, by string) error {
	err := t.Change(sqlProcedureSave, data.Alias, data.Folder, db.JSON(data.Title), data.Entry, len(data.Steps), string(b),
		revision, db.Instant(t.Now), by, was.Project, was.UID, was.Version)
	return db.Taken(err, "alias", "fault.procedure.taken")
}

// Undo goes back to the revision that the present one was made from.
func (c *Content) Undo(ctx context.Context, project, uid string, version int64, by string) (Procedure, error) {
	return c.goTo(ctx, project, uid, version, by, sqlRevisionParent, "fault.nothing_to_undo")
}

// Redo goes forward again to the latest revision made from the present one.
func (c *Content) Redo(ctx context.Context, project, uid string, version int64, by string) (Procedure, error) {
	return c.goTo(ctx, project, uid, version, by, sqlRevisionChild, "fault.nothing_to_redo")
}

func (c *Content) goTo(ctx context.Context, project, uid string, version int64, by, where, nowhere string) (Procedure, error) {
	return db.Written(ctx, c.DB, "go through the history of procedure "+uid, func(t *db.Tx) (Procedure, error) {
		was, err := editable(t, project, uid, version)
		if err != nil {
			return was, err
		}
		number, err := db.OneIn(t, db.ScanNumber, where, project, uid, was.Revision)
		if err != nil {
			return was, err
		}
		if number == 0 {
			return was, fault.New(fault.Invalid, nowhere)
		}
		b, err := revisionBytes(t, project, uid, number)
		if err != nil {
			return was, err
		}
		data := &procedure.Procedure{}
		if err := json.Unmarshal(b, data); err != nil {
			return was, fmt.Errorf("read revision %d: %w", number, err)
		}
		if err := saveProcedure(t, was, data, b, number, by); err != nil {
			return was, err
		}
		return db.OneIn(t, scanProcedure, sqlProcedure, project, uid)
	})
}

// History returns the revisions of a procedure before a number, the latest
// first; 0 begins at the end.
func (c *Content) History(ctx context.Context, project, uid string, before int64, limit int) ([]Revision, error) {
	if before <= 0 {
		before = 1 << 62
	}
	return db.List(ctx, c.DB, scanRevision, sqlRevisions, project, uid, before, db.AtMost(limit))
}

// Revision returns the procedure as it was at a revision.
func (c *Content) Revision(ctx context.Context, project, uid string, number int64) (*procedure.Procedure, error) {
	p := &procedure.Procedure{}
	err := c.Read(ctx, func(t *db.Tx) error {
		b, err := revisionBytes(t, project, uid, number)
		if err != nil {
			return err
		}
		return json.Unmarshal(b, p)
	})
	if err != nil {
		return nil, fmt.Errorf("read revision %d of procedure %s: %w", number, uid, err)
	}
	return p, nil
}

// maxDepth is how many revisions are read at most to put one together.
const maxDepth = 32

// piece is a revision as it is kept: what differs from its parent.
type piece struct {
	parent             int64
	depth              int
	sameStart, sameEnd int
	data               []byte
}

func scanPiece(r db.Row) (p piece, err error) {
	return p, r.Scan(&p.parent, &p.depth, &p.sameStart, &p.sameEnd, &p.data)
}

// insertRevision keeps b as what differs from its parent, or whole when there
// is no parent or the chain to a whole one is long.
func insertRevision(t *db.Tx, r Revision, parent, b []byte) error {
	p := piece{}
	if r.Parent > 0 {
		above, err := db.OneIn(t, scanPiece, sqlRevisionPiece, r.Project, r.Procedure, r.Parent)
		if err != nil {
			return err
		}
		if above.depth < maxDepth {
			p.depth = above.depth + 1
			p.sameStart, p.sameEnd = common(parent, b)
		}
	}
	data, err := db.Pack(b[p.sameStart : len(b)-p.sameEnd])
	if err != nil {
		return err
	}
	_, err = t.Exec(sqlRevisionInsert, r.Project, r.Procedure, r.Number, r.Parent, p.depth, p.sameStart, p.sameEnd, data, db.Raw(r.Operation), r.Author, db.Instant(t.Now))
	return err
}

// common counts the bytes that a and b share at the start and, apart from
// those, at the end.
func common(a, b []byte) (start, end int) {
	most := min(len(a), len(b))
	for start < most && a[start] == b[start] {
		start++
	}
	for end < most-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	return start, end
}

// revisionBytes puts a revision together from the whole one it rests on.
func revisionBytes(t *db.Tx, project, uid string, number int64) ([]byte, error) {
	var chain []piece
	for {
		p, err := db.OneIn(t, scanPiece, sqlRevisionPiece, project, uid, number)
		if err != nil {
			return nil, err
		}
		if p.data, err = db.Unpack(p.data); err != nil {
			return nil, fmt.Errorf("revision %d: %w", number, err)
		}
		chain = append(chain, p)
		if p.depth == 0 {
			break
		}
		number = p.parent
	}
	var b []byte
	for i := len(chain) - 1; i >= 0; i-- {
		p := chain[i]
		if p.sameStart+p.sameEnd > len(b) {
			return nil, fmt.Errorf("revision of procedure %s does not rest on its parent", uid)
		}
		b = bytes.Join([][]byte{b[:p.sameStart], p.data, b[len(b)-p.sameEnd:]}, nil)
	}
	return b, nil
}
