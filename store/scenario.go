package store

import (
	"context"

	"selfhelp/app/procedure"
	"selfhelp/store/db"
)

// Scenario is a scenario of a project.
type Scenario struct {
	Project string
	Data    *procedure.Scenario
	Version int64
}

const (
	sqlScenarios      = `SELECT project, data, version FROM scenario WHERE project = ? ORDER BY procedure, id`
	sqlScenario       = `SELECT project, data, version FROM scenario WHERE project = ? AND id = ?`
	sqlScenariosWhole = `SELECT data FROM scenario WHERE project = ? ORDER BY id`
	sqlScenarioInsert = `INSERT INTO scenario (project, id, procedure, data, changed) VALUES (?, ?, ?, ?, ?)`
	sqlScenarioSave   = `UPDATE scenario SET procedure = ?, data = ?, changed = ?, version = version + 1 WHERE project = ? AND id = ? AND version = ?`
	sqlScenarioDelete = `DELETE FROM scenario WHERE project = ? AND id = ? AND version = ?`
)

func scanScenario(r db.Row) (s Scenario, err error) {
	s.Data = &procedure.Scenario{}
	return s, r.Scan(&s.Project, db.JSON(s.Data), &s.Version)
}

func scanScenarioData(r db.Row) (*procedure.Scenario, error) {
	s := &procedure.Scenario{}
	return s, r.Scan(db.JSON(s))
}

// Scenarios returns the scenarios of a project.
func (c *Content) Scenarios(ctx context.Context, project string) ([]Scenario, error) {
	return db.List(ctx, c.DB, scanScenario, sqlScenarios, project)
}

// Scenario returns one scenario.
func (c *Content) Scenario(ctx context.Context, project, id string) (Scenario, error) {
	return db.One(ctx, c.DB, scanScenario, sqlScenario, project, id)
}

// SaveScenario keeps a scenario that still has the version; version 0 makes a
// new one.
func (c *Content) SaveScenario(ctx context.Context, project string, version int64, s *procedure.Scenario) (Scenario, error) {
	return db.Written(ctx, c.DB, "save scenario "+s.ID, func(t *db.Tx) (Scenario, error) {
		var err error
		if version == 0 {
			err = insertScenario(t, project, s)
		} else {
			err = t.Change(sqlScenarioSave, s.Procedure, db.JSON(s), db.Instant(t.Now), project, s.ID, version)
		}
		if err != nil {
			return Scenario{}, err
		}
		return db.OneIn(t, scanScenario, sqlScenario, project, s.ID)
	})
}

func insertScenario(t *db.Tx, project string, s *procedure.Scenario) error {
	_, err := t.Exec(sqlScenarioInsert, project, s.ID, s.Procedure, db.JSON(s), db.Instant(t.Now))
	return db.Taken(err, "id", "fault.scenario.taken")
}

// DeleteScenario removes a scenario that still has the version.
func (c *Content) DeleteScenario(ctx context.Context, project, id string, version int64) error {
	return c.Write(ctx, "delete scenario "+id, func(t *db.Tx) error { return t.Change(sqlScenarioDelete, project, id, version) })
}
