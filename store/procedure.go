package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store/audit"
	"selfhelp/store/db"
)

// Procedure is a procedure as it is being written: a line of a list, and its
// Data when it was asked for alone.
type Procedure struct {
	Project   string
	UID       string
	Domain    string
	Alias     string
	Folder    string
	Title     procedure.Text
	Entry     bool
	Steps     int
	Revision  int64 // number of the one that Data is
	Version   int64
	Created   time.Time
	Changed   time.Time
	ChangedBy string
	Deleted   time.Time // when it went to the recycle bin of its project
	DeletedBy string
	Data      *procedure.Procedure // nil in lists
}

const (
	sqlProcedure        = `SELECT project, uid, domain, alias, folder, title, entry, steps, revision, version, created, changed, changed_by, deleted, deleted_by, data FROM procedure WHERE project = ? AND uid = ?`
	sqlProcedureLine    = `SELECT project, uid, domain, alias, folder, title, entry, steps, revision, version, created, changed, changed_by, deleted, deleted_by FROM procedure WHERE project = ? AND uid = ?`
	sqlProcedureByAlias = `SELECT project, uid, domain, alias, folder, title, entry, steps, revision, version, created, changed, changed_by, deleted, deleted_by, data FROM procedure WHERE domain = ? AND alias = ? AND present = 1`
	sqlProcedureByUID   = `SELECT project, uid, domain, alias, folder, title, entry, steps, revision, version, created, changed, changed_by, deleted, deleted_by, data FROM procedure WHERE domain = ? AND uid = ? AND present = 1`
	sqlProcedures       = `SELECT project, uid, domain, alias, folder, title, entry, steps, revision, version, created, changed, changed_by, deleted, deleted_by FROM procedure WHERE project = ? AND deleted = 0 ORDER BY folder, alias`
	sqlProceduresInBin  = `SELECT project, uid, domain, alias, folder, title, entry, steps, revision, version, created, changed, changed_by, deleted, deleted_by FROM procedure WHERE project = ? AND deleted > 0 ORDER BY deleted DESC`
	sqlProceduresLatest = `SELECT project, uid, domain, alias, folder, title, entry, steps, revision, version, created, changed, changed_by, deleted, deleted_by FROM procedure WHERE domain = ? AND present = 1 ORDER BY changed DESC LIMIT ?`
	sqlProceduresWhole  = `SELECT data FROM procedure WHERE project = ? AND deleted = 0 ORDER BY uid`
	sqlProcedureText    = `SELECT data FROM procedure WHERE project = ? AND uid = ?` // byte for byte its revision
	sqlProcedureInsert  = `INSERT INTO procedure (project, uid, domain, alias, folder, title, entry, steps, data, revision, created, changed, changed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)`
	sqlProcedureSave    = `UPDATE procedure SET alias = ?, folder = ?, title = ?, entry = ?, steps = ?, data = ?, revision = ?, changed = ?, changed_by = ?, version = version + 1 WHERE project = ? AND uid = ? AND version = ? AND deleted = 0`
	sqlProcedureBin     = `UPDATE procedure SET deleted = ?1, deleted_by = ?2, present = (?1 = 0 AND (SELECT deleted = 0 FROM project WHERE id = procedure.project)), version = version + 1 WHERE project = ?3 AND uid = ?4 AND version = ?5`
	sqlProcedureRemove  = `DELETE FROM procedure WHERE project = ? AND uid = ? AND version = ? AND deleted > 0`
)

func (p *Procedure) columns() []any {
	return []any{&p.Project, &p.UID, &p.Domain, &p.Alias, &p.Folder, db.JSON(&p.Title), &p.Entry, &p.Steps, &p.Revision, &p.Version,
		(*db.Instant)(&p.Created), (*db.Instant)(&p.Changed), &p.ChangedBy, (*db.Instant)(&p.Deleted), &p.DeletedBy}
}

func scanProcedureLine(r db.Row) (p Procedure, err error) { return p, r.Scan(p.columns()...) }

func scanProcedure(r db.Row) (p Procedure, err error) {
	p.Data = &procedure.Procedure{}
	return p, r.Scan(append(p.columns(), db.JSON(p.Data))...)
}

func scanProcedureData(r db.Row) (*procedure.Procedure, error) {
	p := &procedure.Procedure{}
	return p, r.Scan(db.JSON(p))
}

// Procedure returns one procedure with its data, also from the recycle bin.
func (c *Content) Procedure(ctx context.Context, project, uid string) (Procedure, error) {
	return db.One(ctx, c.DB, scanProcedure, sqlProcedure, project, uid)
}

// ProcedureByAlias returns the procedure of an alias in a domain.
func (c *Content) ProcedureByAlias(ctx context.Context, domain, alias string) (Procedure, error) {
	return db.One(ctx, c.DB, scanProcedure, sqlProcedureByAlias, domain, alias)
}

// ProcedureByUID returns the procedure of a UID in a domain.
func (c *Content) ProcedureByUID(ctx context.Context, domain, uid string) (Procedure, error) {
	return db.One(ctx, c.DB, scanProcedure, sqlProcedureByUID, domain, uid)
}

// Procedures returns the procedures of a project by folder, without their data.
func (c *Content) Procedures(ctx context.Context, project string) ([]Procedure, error) {
	return db.List(ctx, c.DB, scanProcedureLine, sqlProcedures, project)
}

// ProceduresInBin returns the deleted procedures of a project, the latest first.
func (c *Content) ProceduresInBin(ctx context.Context, project string) ([]Procedure, error) {
	return db.List(ctx, c.DB, scanProcedureLine, sqlProceduresInBin, project)
}

// LatestProcedures returns those of a domain that were changed last.
func (c *Content) LatestProcedures(ctx context.Context, domain string, limit int) ([]Procedure, error) {
	return db.List(ctx, c.DB, scanProcedureLine, sqlProceduresLatest, domain, db.AtMost(limit))
}

// CreateProcedure adds a procedure to a project; it is its first revision.
func (c *Content) CreateProcedure(ctx context.Context, project string, data *procedure.Procedure, by string) (Procedure, error) {
	return db.Written(ctx, c.DB, "create procedure "+data.Alias, func(t *db.Tx) (Procedure, error) {
		p, err := db.OneIn(t, scanProject, sqlProject, project)
		if err != nil {
			return Procedure{}, err
		}
		if !p.Deleted.IsZero() {
			return Procedure{}, fault.New(fault.NotFound, "fault.not_found")
		}
		if err := insertProcedure(t, project, p.Domain, data, by); err != nil {
			return Procedure{}, err
		}
		return db.OneIn(t, scanProcedure, sqlProcedure, project, data.UID)
	})
}

func insertProcedure(t *db.Tx, project, domain string, data *procedure.Procedure, by string) error {
	b, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("write procedure %s: %w", data.UID, err)
	}
	_, err = t.Exec(sqlProcedureInsert, project, data.UID, domain, data.Alias, data.Folder, db.JSON(data.Title),
		data.Entry, len(data.Steps), string(b), db.Instant(t.Now), db.Instant(t.Now), by)
	if err != nil {
		return db.Taken(err, "alias", "fault.procedure.taken")
	}
	return insertRevision(t, Revision{Project: project, Procedure: data.UID, Number: 1, Author: by}, nil, b)
}

// DeleteProcedure moves a procedure to the recycle bin of its project.
func (c *Content) DeleteProcedure(ctx context.Context, project, uid string, version int64, by string) error {
	return c.binProcedure(ctx, project, uid, version, by, "procedure.delete")
}

// RestoreProcedure takes a procedure out of the recycle bin, unless another
// has its alias by now.
func (c *Content) RestoreProcedure(ctx context.Context, project, uid string, version int64, by string) error {
	return c.binProcedure(ctx, project, uid, version, by, "procedure.restore")
}

func (c *Content) binProcedure(ctx context.Context, project, uid string, version int64, by, action string) error {
	return c.Write(ctx, action+" "+uid, func(t *db.Tx) error {
		deleted, who := t.Now, by
		if action == "procedure.restore" {
			deleted, who = time.Time{}, ""
		}
		if err := t.Change(sqlProcedureBin, db.Instant(deleted), who, project, uid, version); err != nil {
			return db.Taken(err, "alias", "fault.procedure.taken")
		}
		return audit.Add(t, by, action, "procedure:"+uid, map[string]string{"project": project})
	})
}

// RemoveProcedure deletes a procedure in the recycle bin for good, with its
// history.
func (c *Content) RemoveProcedure(ctx context.Context, project, uid string, version int64, by string) error {
	return c.Write(ctx, "remove procedure "+uid, func(t *db.Tx) error {
		if err := t.Change(sqlProcedureRemove, project, uid, version); err != nil {
			return err
		}
		return audit.Add(t, by, "procedure.remove", "procedure:"+uid, map[string]string{"project": project})
	})
}
