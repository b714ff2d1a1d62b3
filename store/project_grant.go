package store

import (
	"context"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/store/audit"
	"selfhelp/store/db"
	"selfhelp/store/people"
)

const (
	sqlGrants       = `SELECT g."right", coalesce(g.user, ''), coalesce(u.name, '') FROM project_grant g LEFT JOIN user_group u ON u.id = g.group_id WHERE g.project = ? ORDER BY 3, 2, 1`
	sqlGrantsClear  = `DELETE FROM project_grant WHERE project = ?`
	sqlGrantsChange = `UPDATE project SET version = version + 1, changed = ?, changed_by = ? WHERE id = ? AND version = ?`
	sqlProjectOwner = `SELECT coalesce(owner, '') FROM project WHERE id = ?`
	sqlProjectGive  = `UPDATE project SET owner = ?, version = version + 1 WHERE id = ? AND version = ? AND deleted = 0`
	sqlGrantUser    = `INSERT OR IGNORE INTO project_grant (project, user, "right") VALUES (?, ?, ?)`
	sqlGrantGroup   = `INSERT OR IGNORE INTO project_grant (project, group_id, "right") SELECT p.id, g.id, ?3 FROM project p JOIN group_domain d ON d.domain = p.domain JOIN user_group g ON g.id = d.group_id WHERE p.id = ?1 AND ?2 IN (SELECT g.name UNION ALL SELECT value FROM json_each(g.former))`
	sqlHasGroup     = `SELECT count(*) FROM project p JOIN group_domain d ON d.domain = p.domain JOIN user_group g ON g.id = d.group_id WHERE p.id = ?1 AND ?2 IN (SELECT g.name UNION ALL SELECT value FROM json_each(g.former))`
)

func scanGrant(r db.Row) (g access.Grant, err error) {
	return g, r.Scan((*string)(&g.Right), &g.User, &g.Group)
}

// Grants returns the rights that a project gives; groups by the names they
// have in its domain.
func (c *Content) Grants(ctx context.Context, project string) ([]access.Grant, error) {
	return db.List(ctx, c.DB, scanGrant, sqlGrants, project)
}

// SetGrants replaces the rights that a project gives.
func (c *Content) SetGrants(ctx context.Context, project string, grants []access.Grant, by string) error {
	return c.Write(ctx, "set grants of "+project, func(t *db.Tx) error { return setGrants(t, project, grants, by) })
}

// ChangeGrants is SetGrants for a project that still has a version, and gives
// it another: of two who change its rights at once, the second is told.
func (c *Content) ChangeGrants(ctx context.Context, project string, version int64, grants []access.Grant, by string) error {
	return c.Write(ctx, "change grants of "+project, func(t *db.Tx) error {
		if err := t.Change(sqlGrantsChange, db.Instant(t.Now), by, project, version); err != nil {
			return err
		}
		return setGrants(t, project, grants, by)
	})
}

// GiveProject makes a project that still has a version somebody else's.
func (c *Content) GiveProject(ctx context.Context, project string, version int64, owner, by string) error {
	return c.Write(ctx, "give project "+project, func(t *db.Tx) error {
		was, err := db.OneIn(t, db.ScanText, sqlProjectOwner, project)
		if err != nil {
			return err
		}
		if err := t.Change(sqlProjectGive, owner, project, version); err != nil {
			return err
		}
		return people.ToldOwner(t, project, was, owner, by)
	})
}

func setGrants(t *db.Tx, project string, grants []access.Grant, by string) error {
	if _, err := t.Exec(sqlGrantsClear, project); err != nil {
		return err
	}
	for _, g := range grants {
		if err := grant(t, project, g); err != nil {
			return err
		}
	}
	return audit.Add(t, by, "project.grants", "project:"+project, grants)
}

func grant(t *db.Tx, project string, g access.Grant) error {
	if g.User != "" {
		_, err := t.Exec(sqlGrantUser, project, g.User, string(g.Right))
		return err
	}
	if n, err := db.OneIn(t, db.ScanNumber, sqlHasGroup, project, g.Group); err != nil || n == 0 {
		if err == nil {
			err = fault.New(fault.NotFound, "fault.group.unknown", g.Group)
		}
		return err
	}
	_, err := t.Exec(sqlGrantGroup, project, g.Group, string(g.Right))
	return err
}
