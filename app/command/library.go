package command

import (
	"fmt"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// library finds the procedures of a project that is not published, and
// compiles each the first time it is asked for.
type library struct {
	project  *procedure.Project
	compiled map[string]*execution.Program
}

func newLibrary(p *procedure.Project) *library {
	return &library{p, map[string]*execution.Program{}}
}

// Program returns a compiled procedure.
func (l *library) Program(uid string) (*execution.Program, error) {
	if prog, done := l.compiled[uid]; done {
		return prog, nil
	}
	for _, p := range l.project.Procedures {
		if p.UID != uid {
			continue
		}
		prog, err := execution.Compile(p, l.project)
		if err != nil {
			return nil, fmt.Errorf("compile %s: %w", p.Alias, err)
		}
		l.compiled[uid] = prog
		return prog, nil
	}
	return nil, fault.New(fault.NotFound, "fault.not_found")
}
