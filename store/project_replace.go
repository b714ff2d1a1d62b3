package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"selfhelp/app/procedure"
	"selfhelp/store/audit"
	"selfhelp/store/db"
)

const (
	sqlProceduresAll   = `SELECT project, uid, domain, alias, folder, title, entry, steps, revision, version, created, changed, changed_by, deleted, deleted_by, data FROM procedure WHERE project = ?`
	sqlProcedureAside  = `UPDATE procedure SET alias = '~' || uid WHERE project = ? AND uid = ?` // free for another, until it gets its own
	sqlProcedureUnbin  = `UPDATE procedure SET alias = '~' || uid, deleted = 0, deleted_by = '', present = 1 WHERE project = ? AND uid = ?`
	sqlScenariosRemove = `DELETE FROM scenario WHERE project = ?`
)

// ReplaceProject makes a project what data says of it, all or nothing: an
// archive that comes in again. Procedures that differ get a revision, so that
// nothing written meanwhile is lost; those that data has not go to the recycle
// bin. Scenarios are replaced.
func (c *Content) ReplaceProject(ctx context.Context, id string, version int64, data *procedure.Project, by string) (Project, error) {
	return db.Written(ctx, c.DB, "replace project "+id, func(t *db.Tx) (Project, error) {
		was, err := db.OneIn(t, scanProject, sqlProject, id)
		if err != nil {
			return was, err
		}
		shell := withoutParts(data)
		shell.UID = was.Data.UID
		if err := t.Change(sqlProjectSave, shell.Alias, db.JSON(shell), db.Instant(t.Now), by, id, version); err != nil {
			return was, db.Taken(err, "alias", "fault.project.taken")
		}
		if err := replaceProcedures(t, was, data.Procedures, by); err != nil {
			return was, err
		}
		if _, err := t.Exec(sqlScenariosRemove, id); err != nil {
			return was, err
		}
		for _, s := range data.Scenarios {
			if err := insertScenario(t, id, s); err != nil {
				return was, err
			}
		}
		if err := audit.Add(t, by, "project.replace", "project:"+id, map[string]any{"version": version + 1, "procedures": len(data.Procedures)}); err != nil {
			return was, err
		}
		return db.OneIn(t, scanProject, sqlProject, id)
	})
}

// replaceProcedures makes room first, as two procedures may exchange aliases.
func replaceProcedures(t *db.Tx, project Project, data []*procedure.Procedure, by string) error {
	before, err := db.ListIn(t, scanProcedure, sqlProceduresAll, project.ID)
	if err != nil {
		return err
	}
	after := map[string]*procedure.Procedure{}
	for _, p := range data {
		after[p.UID] = p
	}
	there := map[string]bool{}
	for _, was := range before {
		there[was.UID] = true
		if err := makeRoom(t, was, after[was.UID], by); err != nil {
			return err
		}
	}
	for _, p := range data {
		if there[p.UID] {
			err = reviseProcedure(t, project.ID, p, by)
		} else {
			err = insertProcedure(t, project.ID, project.Domain, p, by)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// makeRoom bins a procedure that is not to stay, takes one out of the bin that
// is, and frees the alias of one that gets another.
func makeRoom(t *db.Tx, was Procedure, now *procedure.Procedure, by string) error {
	var err error
	switch {
	case now == nil && was.Deleted.IsZero():
		err = t.Change(sqlProcedureBin, db.Instant(t.Now), by, was.Project, was.UID, was.Version)
	case now != nil && !was.Deleted.IsZero():
		err = t.Change(sqlProcedureUnbin, was.Project, was.UID)
	case now != nil && now.Alias != was.Alias:
		err = t.Change(sqlProcedureAside, was.Project, was.UID)
	}
	return err
}

// reviseProcedure saves the next revision of a procedure, unless it is what it
// was, alias included.
func reviseProcedure(t *db.Tx, project string, data *procedure.Procedure, by string) error {
	was, err := db.OneIn(t, scanProcedure, sqlProcedure, project, data.UID)
	if err != nil {
		return err
	}
	old, err := db.OneIn(t, db.ScanText, sqlProcedureText, project, data.UID)
	if err != nil {
		return err
	}
	b, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("write procedure %s: %w", data.UID, err)
	}
	if was.Alias == data.Alias && bytes.Equal(b, []byte(old)) {
		return nil
	}
	last, err := db.OneIn(t, db.ScanNumber, sqlRevisionLast, project, data.UID)
	if err != nil {
		return err
	}
	if err := saveProcedure(t, was, data, b, last+1, by); err != nil {
		return err
	}
	r := Revision{Project: project, Procedure: data.UID, Number: last + 1, Parent: was.Revision, Author: by}
	return insertRevision(t, r, []byte(old), b)
}
