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

// Refusal is why a version cannot be published, all of it at once.
type Refusal struct {
	Problems  []check.Problem    // every one, warnings too, when one of them is an error
	Scenarios []rehearsal.Result // those that must hold and do not
	Missing   []procedure.File   // contents that are named and not at hand
}

// Error counts the reasons, for logs.
func (r *Refusal) Error() string {
	return fmt.Sprintf("publication refused: %d errors, %d scenarios that do not hold, %d missing files", r.errors(), len(r.Scenarios), len(r.Missing))
}

// errors counts the problems that are errors.
func (r *Refusal) errors() (n int) {
	for _, p := range r.Problems {
		if p.Severity == check.Error {
			n++
		}
	}
	return n
}

// Unwrap makes a refusal an Invalid failure, for who does not look closer.
func (r *Refusal) Unwrap() error {
	return fault.New(fault.Invalid, "fault.publication.refused", r.errors()+len(r.Scenarios)+len(r.Missing))
}

// Check says whether a version can be published as it is: nil, or a *Refusal.
// Build asks the same.
func Check(in Input) error {
	all, err := freeze(in)
	if err != nil {
		return fmt.Errorf("check publication of %s %s: %w", in.Project.Alias, in.Number, err)
	}
	r := Refusal{Problems: check.Project(in.Project, in.rules()), Missing: missing(in, all)}
	broken := r.errors() > 0
	if !broken {
		r.Problems = nil
	}
	if !broken && in.Project.Settings.GreenScenarios { // what is broken fails them all
		r.Scenarios = failing(in.Project, all)
	}
	if !broken && len(r.Scenarios)+len(r.Missing) == 0 {
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

// failing runs the scenarios of a project and returns those that do not hold,
// in their order.
func failing(project *procedure.Project, all *frozen) []rehearsal.Result {
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
	return slices.DeleteFunc(results, func(r rehearsal.Result) bool { return r.OK })
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
