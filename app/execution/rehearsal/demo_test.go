package rehearsal_test

import (
	"testing"

	"selfhelp/app/demo"
	"selfhelp/app/execution"
	"selfhelp/app/execution/rehearsal"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// workshop is a library over a project as it is being written.
type workshop struct {
	project  *procedure.Project
	compiled map[string]*execution.Program
}

func (w workshop) Program(uid string) (*execution.Program, error) {
	if p := w.compiled[uid]; p != nil {
		return p, nil
	}
	for _, p := range w.project.Procedures {
		if p.UID == uid {
			prog, err := execution.Compile(p, w.project)
			w.compiled[uid] = prog
			return prog, err
		}
	}
	return nil, fault.New(fault.NotFound, "fault.not_found")
}

// TestDemoScenarios runs every scenario of the demonstration, and replays each
// journey from its log and from its report.
func TestDemoScenarios(t *testing.T) {
	for _, alias := range []string{demo.FirstSteps, demo.Onboarding, demo.HelpDesk} {
		archive, err := demo.Open(alias)
		if err != nil {
			t.Fatal(err)
		}
		lib := workshop{archive.Project, map[string]*execution.Program{}}
		if len(archive.Project.Scenarios) == 0 {
			t.Errorf("%s has no scenario", alias)
		}
		for _, s := range archive.Project.Scenarios {
			result := rehearsal.Run(lib, archive.Project, s)
			for _, d := range result.Differences {
				t.Errorf("%s/%s: %s", alias, s.ID, d)
			}
			replayed, err := execution.Replay(lib, result.Events)
			if err != nil || !replayed.Same {
				t.Errorf("%s/%s: the replay differs: %s (%v)", alias, s.ID, replayed.Where, err)
			}
			if report := execution.Report(lib, result.Events); report.Outcome != s.Expect.Outcome && s.Expect.Outcome != "" {
				t.Errorf("%s/%s: reported as %q", alias, s.ID, report.Outcome)
			}
		}
	}
}
