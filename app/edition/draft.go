package edition

import (
	"sync"

	"selfhelp/app/execution"
	"selfhelp/app/execution/rehearsal"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// Draft is what is being edited as the engine reads it: programs compiled when
// they are first asked for.
type Draft struct {
	project *procedure.Project
	others  []*procedure.Project // their shared procedures can be called

	mu       sync.Mutex
	programs map[string]*execution.Program
}

// NewDraft returns the library of a project that is not frozen. Nobody may
// change the projects while it is used.
func NewDraft(project *procedure.Project, others ...*procedure.Project) *Draft {
	return &Draft{project: project, others: others, programs: map[string]*execution.Program{}}
}

// Program compiles a procedure of the project, or a shared one of the others.
func (d *Draft) Program(uid string) (*execution.Program, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p := d.programs[uid]; p != nil {
		return p, nil
	}
	p, home := d.find(uid)
	if p == nil {
		return nil, fault.New(fault.NotFound, "fault.not_found")
	}
	compiled, err := execution.Compile(p, home)
	if err == nil {
		d.programs[uid] = compiled
	}
	return compiled, err
}

func (d *Draft) find(uid string) (*procedure.Procedure, *procedure.Project) {
	for _, p := range d.project.Procedures {
		if p.UID == uid {
			return p, d.project
		}
	}
	for _, home := range d.others {
		for _, p := range home.Procedures {
			if p.UID == uid && p.Shared {
				return p, home
			}
		}
	}
	return nil, nil
}

// Run plays a scenario of the project.
func (d *Draft) Run(s *procedure.Scenario) rehearsal.Result {
	return rehearsal.Run(d, d.project, s)
}
