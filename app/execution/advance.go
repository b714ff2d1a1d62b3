package execution

import (
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// Program is one compiled procedure, safe for concurrent use.
type Program struct {
	procedure *procedure.Procedure
	project   *procedure.Project
}

// Compile makes a procedure ready to run. The project gives its resources and
// languages; neither may be changed afterwards.
func Compile(p *procedure.Procedure, proj *procedure.Project) (*Program, error) {
	return &Program{p, proj}, nil
}

// run is one turn being made.
type run struct {
	s      State
	own    []ownership
	ownTop ownership
	roots  map[string]any
}

func (r *run) enterFrame() {}

// Start begins an execution.
func Start(lib Library, c Context, now time.Time) (Turn, error) {
	return Turn{}, fault.New(fault.Unavailable, "execution.unavailable")
}

// Advance gives an input to an execution.
func Advance(lib Library, s State, in Input, now time.Time) (Turn, error) {
	return Turn{}, fault.New(fault.Unavailable, "execution.unavailable")
}

// Show makes the page of a step of the trail again; an empty step is where the
// execution stands.
func Show(lib Library, s State, step string, now time.Time) (Turn, error) {
	return Turn{}, fault.New(fault.Unavailable, "execution.unavailable")
}
