package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"selfhelp/app/procedure"
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
	return written(ctx, c.database, "replace project "+id, func(t *tx) (Project, error) {
		was, err := oneIn(t, scanProject, sqlProject, id)
		if err != nil {
			return was, err
		}
		shell := withoutParts(data)
		shell.UID = was.Data.UID
		if err := t.change(sqlProjectSave, shell.Alias, asJSON{shell}, instant(t.now), by, id, version); err != nil {
			return was, taken(err, "alias", "fault.project.taken")
		}
		if err := replaceProcedures(t, was, data.Procedures, by); err != nil {
			return was, err
		}
		if _, err := t.exec(sqlScenariosRemove, id); err != nil {
			return was, err
		}
		for _, s := range data.Scenarios {
			if err := insertScenario(t, id, s); err != nil {
				return was, err
			}
		}
		if err := audit(t, by, "project.replace", "project:"+id, map[string]any{"version": version + 1, "procedures": len(data.Procedures)}); err != nil {
			return was, err
		}
		return oneIn(t, scanProject, sqlProject, id)
	})
}

// replaceProcedures makes room first, as two procedures may exchange aliases.
func replaceProcedures(t *tx, project Project, data []*procedure.Procedure, by string) error {
	before, err := listIn(t, scanProcedure, sqlProceduresAll, project.ID)
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
func makeRoom(t *tx, was Procedure, now *procedure.Procedure, by string) error {
	var err error
	switch {
	case now == nil && was.Deleted.IsZero():
		err = t.change(sqlProcedureBin, instant(t.now), by, was.Project, was.UID, was.Version)
	case now != nil && !was.Deleted.IsZero():
		err = t.change(sqlProcedureUnbin, was.Project, was.UID)
	case now != nil && now.Alias != was.Alias:
		err = t.change(sqlProcedureAside, was.Project, was.UID)
	}
	return err
}

// reviseProcedure saves the next revision of a procedure, unless it is what it
// was, alias included.
func reviseProcedure(t *tx, project string, data *procedure.Procedure, by string) error {
	was, err := oneIn(t, scanProcedure, sqlProcedure, project, data.UID)
	if err != nil {
		return err
	}
	old, err := oneIn(t, scanText, sqlProcedureText, project, data.UID)
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
	last, err := oneIn(t, scanNumber, sqlRevisionLast, project, data.UID)
	if err != nil {
		return err
	}
	if err := saveProcedure(t, was, data, b, last+1, by); err != nil {
		return err
	}
	r := Revision{Project: project, Procedure: data.UID, Number: last + 1, Parent: was.Revision, Author: by}
	return insertRevision(t, r, []byte(old), b)
}
