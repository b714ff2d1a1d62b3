package demo

import (
	"testing"
	"time"

	"selfhelp/app/check"
	"selfhelp/app/procedure"
)

// TestCheck wants nothing wrong with the projects, not even what is only a
// warning.
func TestCheck(t *testing.T) {
	o := check.Options{Groups: []string{"it", "hr", "managers"}, Today: procedure.DateOf(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC))}
	for _, project := range all(t) {
		names := map[string]string{}
		for _, p := range project.Procedures {
			names[p.UID] = p.Alias
		}
		for _, c := range project.Connectors {
			o.Connectors = append(o.Connectors, c.ID)
		}
		for _, p := range check.Project(project, o) {
			t.Errorf("%s: %s %s %s%s %s: %s", p.Severity, project.Alias, names[p.Place.Procedure], p.Place.Scenario, p.Place.Step, p.Place.Path, p.Sentence("en"))
		}
	}
}
