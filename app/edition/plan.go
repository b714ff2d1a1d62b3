package edition

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"selfhelp/app/check"
	"selfhelp/app/execution/rehearsal"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/store"
)

// Plan is what publishing would do.
type Plan struct {
	Project   store.Project
	Whole     *procedure.Project // as it would be frozen
	Next      store.Number
	Base      store.Number         // of a fix, zero for the next major
	Active    []store.Number       // versions that a fix can be made of
	Trial     []string             // groups it would be on trial with: those ordered, of a fix those of its base
	Before    *procedure.Project   // what people get now, nil when nothing is in force
	Changes   []Change             // for people, against what they get now
	Settings  []procedure.Change   // of the project itself and its resources, likewise
	Problems  []check.Problem      // errors and warnings
	Scenarios []rehearsal.Result   // as they stand in Whole
	Refusal   *publication.Refusal // why it cannot be published, nil when it can

	others []*procedure.Project // whose shared procedures it may call
}

// Change is a procedure that would differ for people.
type Change struct {
	Kind  string             `json:"kind"` // added, changed or removed
	UID   string             `json:"uid"`
	Title procedure.Text     `json:"title"`
	Parts []procedure.Change `json:"parts,omitempty"`
}

// Plan says what an order would do, without doing it.
func (e *Edition) Plan(ctx context.Context, o Order) (p Plan, err error) {
	p.Base = o.Base
	if p.Project, err = e.store.Content.Project(ctx, o.Project); err != nil {
		return p, err
	}
	versions, err := e.store.Content.Versions(ctx, o.Project)
	if err != nil {
		return p, err
	}
	if p.Next, err = next(versions, o.Base); err != nil {
		return p, err
	}
	p.Trial = o.Trial
	for _, v := range versions {
		if v.State == store.VersionActive {
			p.Active = append(p.Active, v.Number)
		}
		if v.Number == o.Base {
			p.Trial = v.Audience
		}
	}
	if p.Whole, err = e.ordered(ctx, o); err != nil {
		return p, err
	}
	if p.Before, err = e.inForce(ctx, o, p.Active); err != nil {
		return p, err
	}
	p.Changes = Changes(p.Before, p.Whole)
	if p.Before != nil {
		p.Settings = procedure.DiffProject(p.Before, p.Whole)
	}
	return p, e.judge(ctx, &p)
}

// judge looks for what forbids publishing.
func (e *Edition) judge(ctx context.Context, p *Plan) (err error) {
	if p.others, err = e.others(ctx, p.Project.Domain, p.Project.ID); err != nil {
		return err
	}
	found, err := publication.Examine(publication.Input{
		Project: p.Whole, Number: publication.Number(p.Next), Domain: p.Project.Domain, At: time.Now(), Others: p.others, HasFile: e.store.Files.Has,
	})
	p.Problems, p.Scenarios, p.Refusal = found.Problems, found.Scenarios, found.Refusal()
	return err
}

// Check finds what is wrong with a project, knowing what the others of its
// domain share.
func Check(project *procedure.Project, shared map[string]*procedure.Procedure, now time.Time) []check.Problem {
	return check.Project(project, check.Options{Shared: shared, Today: procedure.DateOf(now)})
}

// SharedWith returns what the other projects of its domain share with a
// project, by UID. A project that calls nobody outside costs nothing.
func (e *Edition) SharedWith(ctx context.Context, p store.Project, whole *procedure.Project) (map[string]*procedure.Procedure, error) {
	if !callsOutside(whole) {
		return nil, nil
	}
	others, err := e.Sharing(ctx, p)
	return sharedBy(others), err
}

// Sharing returns the other projects of a project's domain that share
// procedures with it, as they are published.
func (e *Edition) Sharing(ctx context.Context, p store.Project) ([]*procedure.Project, error) {
	others, err := e.others(ctx, p.Domain, p.ID)
	if err != nil {
		return nil, fmt.Errorf("find what is shared with project %s: %w", p.ID, err)
	}
	return others, nil
}

// sharedBy are the procedures that projects share, by UID.
func sharedBy(projects []*procedure.Project) map[string]*procedure.Procedure {
	shared := map[string]*procedure.Procedure{}
	for _, project := range projects {
		for _, p := range project.Procedures {
			if p.Shared {
				shared[p.UID] = p
			}
		}
	}
	return shared
}

// callsOutside reports whether a project calls a procedure that is not its own.
func callsOutside(p *procedure.Project) bool {
	own := map[string]bool{}
	for _, proc := range p.Procedures {
		own[proc.UID] = true
	}
	for _, proc := range p.Procedures {
		for i := range proc.Steps {
			if call := proc.Steps[i].Call; call != nil && call.Procedure != "" && !own[call.Procedure] {
				return true
			}
		}
	}
	return false
}

// next is the number an order would get.
func next(versions []store.Version, base store.Number) (store.Number, error) {
	if base == (store.Number{}) {
		return store.Number(publication.NextMajor(published(versions))), nil
	}
	n, err := publication.NextMinor(published(versions), publication.Number(base))
	return store.Number(n), err
}

// published is the versions as their arithmetic wants them.
func published(versions []store.Version) (all []publication.Version) {
	for _, v := range versions {
		all = append(all, publication.Version{Number: publication.Number(v.Number), Active: v.State == store.VersionActive})
	}
	return all
}

// inForce returns what people get now: the base of a fix, or the highest active
// version; nil when there is none.
func (e *Edition) inForce(ctx context.Context, o Order, active []store.Number) (*procedure.Project, error) {
	switch {
	case o.Base != (store.Number{}):
		return e.store.Content.FrozenProject(ctx, o.Project, o.Base)
	case len(active) > 0:
		return e.store.Content.FrozenProject(ctx, o.Project, active[0])
	}
	return nil, nil
}

// Changes tells the procedures that differ between two states of a project, in
// the order of the new one, then those that are gone; before may be nil.
func Changes(before, after *procedure.Project) (changes []Change) {
	if before == nil {
		before = &procedure.Project{}
	}
	old, here := byUID(before), byUID(after)
	for _, p := range after.Procedures {
		was := old[p.UID]
		switch {
		case was == nil:
			changes = append(changes, Change{Kind: "added", UID: p.UID, Title: p.Title})
		case !reflect.DeepEqual(was, p):
			changes = append(changes, Change{Kind: "changed", UID: p.UID, Title: p.Title, Parts: procedure.Diff(was, p)})
		}
	}
	for _, p := range before.Procedures {
		if here[p.UID] == nil {
			changes = append(changes, Change{Kind: "removed", UID: p.UID, Title: p.Title})
		}
	}
	return changes
}

func byUID(p *procedure.Project) map[string]*procedure.Procedure {
	all := map[string]*procedure.Procedure{}
	for _, pr := range p.Procedures {
		all[pr.UID] = pr
	}
	return all
}
