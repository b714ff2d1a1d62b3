package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store/audit"
	"selfhelp/store/db"
)

// Project is a project as it is being written. Its procedures and scenarios
// are records of their own; Data has neither.
type Project struct {
	ID        string // given by the store: the same archive can stand in two domains
	Domain    string
	Alias     string // Data's
	Data      *procedure.Project
	Version   int64
	Created   time.Time
	Changed   time.Time
	ChangedBy string
	Owner     string    // id of the user who made it, or was given it; "": nobody, or a command
	Deleted   time.Time // when it went to the recycle bin of its domain
}

const (
	sqlProject        = `SELECT id, domain, alias, data, version, created, changed, changed_by, deleted, coalesce(owner, '') FROM project WHERE id = ?`
	sqlProjectByAlias = `SELECT id, domain, alias, data, version, created, changed, changed_by, deleted, coalesce(owner, '') FROM project WHERE domain = ? AND alias = ? AND deleted = 0`
	sqlProjectByUID   = `SELECT id, domain, alias, data, version, created, changed, changed_by, deleted, coalesce(owner, '') FROM project WHERE domain = ? AND uid = ? AND deleted = 0`
	sqlProjects       = `SELECT id, domain, alias, data, version, created, changed, changed_by, deleted, coalesce(owner, '') FROM project WHERE domain = ? AND deleted = 0 ORDER BY alias`
	sqlProjectsInBin  = `SELECT id, domain, alias, data, version, created, changed, changed_by, deleted, coalesce(owner, '') FROM project WHERE domain = ? AND deleted > 0 ORDER BY deleted DESC`
	sqlProjectsOfFile = `SELECT id, domain, alias, data, version, created, changed, changed_by, deleted, coalesce(owner, '') FROM project WHERE deleted = 0 AND instr(data, ?) > 0 ORDER BY id`
	sqlProjectInsert  = `INSERT INTO project (id, domain, uid, alias, data, created, changed, changed_by, owner) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, (SELECT id FROM user WHERE id = ?7))`
	sqlProjectSave    = `UPDATE project SET alias = ?, data = ?, changed = ?, changed_by = ?, version = version + 1 WHERE id = ? AND version = ? AND deleted = 0`
	sqlProjectBin     = `UPDATE project SET deleted = ?, changed = ?, changed_by = ?, version = version + 1 WHERE id = ? AND version = ?`
	sqlProjectParts   = `UPDATE procedure SET present = (?1 = 0 AND deleted = 0) WHERE project = ?2` // their aliases are free meanwhile
	sqlProjectRemove  = `DELETE FROM project WHERE id = ? AND version = ? AND deleted > 0`
)

func scanProject(r db.Row) (p Project, err error) {
	p.Data = &procedure.Project{}
	return p, r.Scan(&p.ID, &p.Domain, &p.Alias, db.JSON(p.Data), &p.Version,
		(*db.Instant)(&p.Created), (*db.Instant)(&p.Changed), &p.ChangedBy, (*db.Instant)(&p.Deleted), &p.Owner)
}

// Project returns one project, also from the recycle bin.
func (c *Content) Project(ctx context.Context, id string) (Project, error) {
	return db.One(ctx, c.DB, scanProject, sqlProject, id)
}

// ProjectByAlias returns the project of an alias in a domain.
func (c *Content) ProjectByAlias(ctx context.Context, domain, alias string) (Project, error) {
	return db.One(ctx, c.DB, scanProject, sqlProjectByAlias, domain, alias)
}

// ProjectByUID returns the project of a UID in a domain.
func (c *Content) ProjectByUID(ctx context.Context, domain, uid string) (Project, error) {
	return db.One(ctx, c.DB, scanProject, sqlProjectByUID, domain, uid)
}

// Projects returns the projects of a domain by alias.
func (c *Content) Projects(ctx context.Context, domain string) ([]Project, error) {
	return db.List(ctx, c.DB, scanProject, sqlProjects, domain)
}

// ProjectsInBin returns the deleted projects of a domain, the latest first.
func (c *Content) ProjectsInBin(ctx context.Context, domain string) ([]Project, error) {
	return db.List(ctx, c.DB, scanProject, sqlProjectsInBin, domain)
}

// ProjectsOfFile returns the projects that have a resource with this content.
func (c *Content) ProjectsOfFile(ctx context.Context, hash string) ([]Project, error) {
	found, err := db.List(ctx, c.DB, scanProject, sqlProjectsOfFile, hash)
	return slices.DeleteFunc(found, func(p Project) bool {
		_, has := p.Data.FileOf(hash)
		return !has
	}), err
}

// CreateProject makes a project in a domain, with the procedures and scenarios
// that data has, all or nothing. It is how an archive comes in, too.
func (c *Content) CreateProject(ctx context.Context, domain string, data *procedure.Project, by string) (Project, error) {
	return db.Written(ctx, c.DB, "create project "+data.Alias, func(t *db.Tx) (Project, error) { return createProject(t, domain, data, by) })
}

func createProject(t *db.Tx, domain string, data *procedure.Project, by string) (Project, error) {
	id := NewID()
	shell := withoutParts(data)
	_, err := t.Exec(sqlProjectInsert, id, domain, data.UID, data.Alias, db.JSON(shell), db.Instant(t.Now), by)
	if err != nil {
		return Project{}, db.Taken(err, "alias", "fault.project.taken")
	}
	for _, p := range data.Procedures {
		if err := insertProcedure(t, id, domain, p, by); err != nil {
			return Project{}, err
		}
	}
	for _, s := range data.Scenarios {
		if err := insertScenario(t, id, s); err != nil {
			return Project{}, err
		}
	}
	if err := audit.Add(t, by, "project.create", "project:"+id, map[string]any{"domain": domain, "alias": data.Alias, "procedures": len(data.Procedures)}); err != nil {
		return Project{}, err
	}
	return db.OneIn(t, scanProject, sqlProject, id)
}

// withoutParts copies a project without what has records of its own.
func withoutParts(p *procedure.Project) *procedure.Project {
	shell := *p
	shell.Procedures, shell.Scenarios = nil, nil
	return &shell
}

// SaveProject changes what a project says of itself, if it still has the
// version. Its UID never changes.
func (c *Content) SaveProject(ctx context.Context, id string, version int64, data *procedure.Project, by string) (Project, error) {
	return db.Written(ctx, c.DB, "save project "+id, func(t *db.Tx) (Project, error) {
		was, err := db.OneIn(t, scanProject, sqlProject, id)
		if err != nil {
			return was, err
		}
		return saveProject(t, was, version, data, by)
	})
}

// AmendProject changes a project as it is by then, for what depends on nothing
// that others may have changed of it. When amend reports no change, nothing is
// saved.
func (c *Content) AmendProject(ctx context.Context, id string, amend func(*procedure.Project) bool, by string) (Project, error) {
	return db.Written(ctx, c.DB, "amend project "+id, func(t *db.Tx) (Project, error) {
		was, err := db.OneIn(t, scanProject, sqlProject, id)
		if err != nil || !amend(was.Data) {
			return was, err
		}
		return saveProject(t, was, was.Version, was.Data, by)
	})
}

func saveProject(t *db.Tx, was Project, version int64, data *procedure.Project, by string) (Project, error) {
	shell := withoutParts(data)
	shell.UID = was.Data.UID
	if err := t.Change(sqlProjectSave, shell.Alias, db.JSON(shell), db.Instant(t.Now), by, was.ID, version); err != nil {
		return was, db.Taken(err, "alias", "fault.project.taken")
	}
	if err := audit.Add(t, by, "project.save", "project:"+was.ID, map[string]any{"version": version + 1}); err != nil {
		return was, err
	}
	return db.OneIn(t, scanProject, sqlProject, was.ID)
}

// DeleteProject moves a project to the recycle bin of its domain.
func (c *Content) DeleteProject(ctx context.Context, id string, version int64, by string) error {
	return c.binProject(ctx, id, version, by, true)
}

// RestoreProject takes a project out of the recycle bin, unless others have its
// alias, or one of its procedures', by now.
func (c *Content) RestoreProject(ctx context.Context, id string, version int64, by string) error {
	return c.binProject(ctx, id, version, by, false)
}

func (c *Content) binProject(ctx context.Context, id string, version int64, by string, in bool) error {
	action := "project.restore"
	if in {
		action = "project.delete"
	}
	return c.Write(ctx, action+" "+id, func(t *db.Tx) error {
		deleted := time.Time{}
		if in {
			deleted = t.Now
		}
		if err := t.Change(sqlProjectBin, db.Instant(deleted), db.Instant(t.Now), by, id, version); err != nil {
			return db.Taken(err, "alias", "fault.project.taken")
		}
		if _, err := t.Exec(sqlProjectParts, db.Instant(deleted), id); err != nil {
			return db.Taken(err, "alias", "fault.procedure.taken")
		}
		return audit.Add(t, by, action, "project:"+id, nil)
	})
}

// RemoveProject deletes a project in the recycle bin for good, with its
// procedures, their history, its versions and publications.
func (c *Content) RemoveProject(ctx context.Context, id string, version int64, by string) error {
	return c.Write(ctx, "remove project "+id, func(t *db.Tx) error {
		if err := t.Change(sqlProjectRemove, id, version); err != nil {
			return err
		}
		return audit.Add(t, by, "project.remove", "project:"+id, nil)
	})
}

// WholeProject returns a project with its procedures and scenarios, all of one
// instant: what is frozen, checked and exported.
func (c *Content) WholeProject(ctx context.Context, id string) (whole *procedure.Project, err error) {
	err = c.Read(ctx, func(t *db.Tx) error {
		p, err := db.OneIn(t, scanProject, sqlProject, id)
		if err != nil {
			return err
		}
		if !p.Deleted.IsZero() {
			return fault.New(fault.NotFound, "fault.not_found")
		}
		whole = p.Data
		if whole.Procedures, err = db.ListIn(t, scanProcedureData, sqlProceduresWhole, id); err != nil {
			return err
		}
		whole.Scenarios, err = db.ListIn(t, scanScenarioData, sqlScenariosWhole, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read whole project %s: %w", id, err)
	}
	return whole, nil
}
