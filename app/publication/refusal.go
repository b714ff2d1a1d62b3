package publication

import (
	"cmp"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"

	"selfhelp/app/check"
	"selfhelp/app/execution"
	"selfhelp/app/execution/rehearsal"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// Findings is what was found of a version that is to be published.
type Findings struct {
	Problems  []check.Problem    // errors and warnings
	Scenarios []rehearsal.Result // in the project's order
	Missing   []procedure.File   // contents that are named and not at hand

	empty bool // there is no procedure
	green bool // every scenario must hold
}

// Refusal is why a version cannot be published, all of it at once.
type Refusal struct {
	Empty     bool               // there is no procedure at all
	Errors    int                // among the problems
	Problems  []check.Problem    // every one, warnings too
	Scenarios []rehearsal.Result // those that must hold and do not
	Missing   []procedure.File
}

// Error counts the reasons, for logs.
func (r *Refusal) Error() string {
	if r.Empty {
		return "publication refused: the project has no procedure"
	}
	return fmt.Sprintf("publication refused: %d errors, %d scenarios that do not hold, %d missing files", r.Errors, len(r.Scenarios), len(r.Missing))
}

// Unwrap makes a refusal an Invalid failure, for who does not look closer.
func (r *Refusal) Unwrap() error {
	if r.Empty {
		return fault.New(fault.Invalid, "fault.publication.empty")
	}
	return fault.New(fault.Invalid, "fault.publication.refused", r.Errors+len(r.Scenarios)+len(r.Missing))
}

// Examine finds all there is to say of a version before it is published.
func Examine(in Input) (Findings, error) {
	all, err := freeze(in)
	if err != nil {
		return Findings{}, fmt.Errorf("examine %s %s: %w", in.Project.Alias, in.Number, err)
	}
	return Findings{
		Problems: check.Project(in.Project, in.rules()), Scenarios: played(in.Project, all), Missing: missing(in, all),
		empty: len(in.Project.Procedures) == 0, green: in.Project.Settings.GreenScenarios,
	}, nil
}

// Refusal returns why the version cannot be published, nil when it can.
func (f Findings) Refusal() *Refusal {
	r := Refusal{Empty: f.empty, Problems: f.Problems, Missing: f.Missing}
	for _, p := range f.Problems {
		if p.Severity == check.Error {
			r.Errors++
		}
	}
	for _, s := range f.Scenarios {
		if f.green && !s.OK {
			r.Scenarios = append(r.Scenarios, s)
		}
	}
	if !r.Empty && r.Errors+len(r.Scenarios)+len(r.Missing) == 0 {
		return nil
	}
	return &r
}

// rules is what the project is checked against.
func (in Input) rules() check.Options {
	shared := map[string]*procedure.Procedure{}
	for _, other := range in.Others {
		for _, p := range other.Procedures {
			if p.Shared {
				shared[p.UID] = p
			}
		}
	}
	return check.Options{Connectors: in.Connectors, Groups: in.Groups, Shared: shared, Today: procedure.DateOf(in.At)}
}

// missing returns the files that the bundle would name and that nobody has.
func missing(in Input, all *frozen) (files []procedure.File) {
	seen := map[string]bool{}
	for _, home := range all.homes {
		for _, r := range home.Resources {
			for _, lang := range slices.Sorted(maps.Keys(r.Files)) {
				f := r.Files[lang]
				if !seen[f.Hash] && !in.HasFile(f.Hash) {
					files = append(files, f)
				}
				seen[f.Hash] = true
			}
		}
	}
	return files
}

// played runs the scenarios of a project, as many at once as there are
// processors.
func played(project *procedure.Project, all *frozen) []rehearsal.Result {
	results := make([]rehearsal.Result, len(project.Scenarios))
	programs := &trial{all: all}
	var wait sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for i := range next {
				results[i] = rehearsal.Run(programs, project, project.Scenarios[i])
			}
		})
	}
	for i := range results {
		next <- i
	}
	close(next)
	wait.Wait()
	return results
}

// trial is a library of what is about to be published.
type trial struct {
	all      *frozen
	mu       sync.Mutex
	programs map[string]*execution.Program
}

// Program compiles a procedure at its first use.
func (t *trial) Program(uid string) (*execution.Program, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if p, ok := t.programs[uid]; ok {
		return p, nil
	}
	at, ok := slices.BinarySearchFunc(t.all.procedures, uid, func(m member, uid string) int { return cmp.Compare(m.UID, uid) })
	if !ok {
		return nil, fault.New(fault.NotFound, "fault.procedure.unknown")
	}
	m := t.all.procedures[at]
	p, err := execution.Compile(m.Procedure, t.all.homes[m.home])
	if err != nil {
		return nil, fmt.Errorf("compile procedure %s: %w", uid, err)
	}
	if t.programs == nil {
		t.programs = map[string]*execution.Program{}
	}
	t.programs[uid] = p
	return p, nil
}
