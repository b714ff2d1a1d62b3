package store

import (
	"context"

	"selfhelp/app/procedure"
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

func scanScenario(r row) (s Scenario, err error) {
	s.Data = &procedure.Scenario{}
	return s, r.Scan(&s.Project, asJSON{s.Data}, &s.Version)
}

func scanScenarioData(r row) (*procedure.Scenario, error) {
	s := &procedure.Scenario{}
	return s, r.Scan(asJSON{s})
}

// Scenarios returns the scenarios of a project.
func (c *Content) Scenarios(ctx context.Context, project string) ([]Scenario, error) {
	return list(ctx, c.database, scanScenario, sqlScenarios, project)
}

// Scenario returns one scenario.
func (c *Content) Scenario(ctx context.Context, project, id string) (Scenario, error) {
	return one(ctx, c.database, scanScenario, sqlScenario, project, id)
}

// SaveScenario keeps a scenario that still has the version; version 0 makes a
// new one.
func (c *Content) SaveScenario(ctx context.Context, project string, version int64, s *procedure.Scenario) (Scenario, error) {
	return written(ctx, c.database, "save scenario "+s.ID, func(t *tx) (Scenario, error) {
		var err error
		if version == 0 {
			err = insertScenario(t, project, s)
		} else {
			err = t.change(sqlScenarioSave, s.Procedure, asJSON{s}, instant(t.now), project, s.ID, version)
		}
		if err != nil {
			return Scenario{}, err
		}
		return oneIn(t, scanScenario, sqlScenario, project, s.ID)
	})
}

func insertScenario(t *tx, project string, s *procedure.Scenario) error {
	_, err := t.exec(sqlScenarioInsert, project, s.ID, s.Procedure, asJSON{s}, instant(t.now))
	return taken(err, "id", "fault.scenario.taken")
}

// DeleteScenario removes a scenario that still has the version.
func (c *Content) DeleteScenario(ctx context.Context, project, id string, version int64) error {
	return c.write(ctx, "delete scenario "+id, func(t *tx) error { return t.change(sqlScenarioDelete, project, id, version) })
}
