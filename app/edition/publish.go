package edition

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/store"
)

// Order is what a writer asks to be published.
type Order struct {
	Project string       // id
	Base    store.Number // zero: the next major, from what is being edited; else a fix of this active version
	Take    []string     // UIDs of the procedures a fix takes from what is being edited
	Trial   []string     // groups a new major is on trial with, by name; none: everybody
	Notes   string
	By      string // user id
}

// Publish freezes what was ordered under the next number, builds its bundle and
// puts it in force. What cannot be published is a *publication.Refusal, and
// nothing is kept of it.
func (e *Edition) Publish(ctx context.Context, o Order) (store.Version, error) {
	e.one.Lock()
	defer e.one.Unlock()
	v, err := e.publish(ctx, o)
	if err != nil {
		return v, fmt.Errorf("publish: %w", err)
	}
	return v, nil
}

func (e *Edition) publish(ctx context.Context, o Order) (v store.Version, err error) {
	p, err := e.Plan(ctx, o)
	if err != nil {
		return v, err
	}
	if p.Refusal != nil {
		return v, p.Refusal
	}
	changes, err := json.Marshal(p.Changes)
	if err != nil {
		return v, err
	}
	v, err = e.store.Content.FreezeVersion(ctx, store.Freeze{Project: o.Project, Data: p.Whole, From: o.Base, Audience: p.Trial, Notes: o.Notes, Changes: changes, By: o.By})
	if err != nil {
		return v, err
	}
	m, err := publication.Write(e.folder, e.input(v, p.Project.Domain, p.Whole, p.others), e.key())
	if err != nil {
		return v, err
	}
	return v, e.put(ctx, v, m.Hash, o.By)
}

// put makes a version with its bundle active and switches the shelf.
func (e *Edition) put(ctx context.Context, v store.Version, bundle, by string) error {
	sign, err := e.signer(ctx, asItIs)
	if err != nil {
		return err
	}
	sealed, err := e.store.Content.Publish(ctx, v.Project, v.Number, bundle, by, sign)
	if err != nil {
		return err
	}
	return e.switchTo(ctx, sealed)
}

// switchTo switches the shelf to a catalogue that is kept, and waits until the second
// site has it. When it cannot have it now, that is only told: it is in force.
func (e *Edition) switchTo(ctx context.Context, sealed []byte) error {
	if err := e.shelf.Swap(sealed); err != nil {
		return err
	}
	if err := e.store.Secure(ctx); err != nil {
		e.log.Error("the catalogue is in force, but the second site does not have it yet", "err", err)
	}
	if e.switched != nil {
		e.switched()
	}
	return nil
}

// signer makes the catalogue of what is active, with the versions that were
// withdrawn: those who are in the middle of one finish on it. All it needs is
// read beforehand, for it signs inside a transaction: change makes of what was
// read what the transaction makes of it.
func (e *Edition) signer(ctx context.Context, change func(*store.Version)) (store.Sign, error) {
	projects := map[string]store.Project{}
	var withdrawn []publication.Publication
	domains, err := e.store.Content.Domains(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range domains {
		list, err := e.store.Content.Projects(ctx, d.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			projects[p.ID] = p
			versions, err := e.store.Content.Versions(ctx, p.ID)
			if err != nil {
				return nil, err
			}
			for _, v := range versions {
				change(&v)
				if v.Bundle != "" {
					withdrawn = append(withdrawn, named(p, store.Publication{Number: v.Number, Bundle: v.Bundle, Audience: v.Audience}))
				}
			}
		}
	}
	return func(serial int64, active []store.Publication) ([]byte, error) {
		c := publication.Catalogue{Sequence: uint64(serial)}
		for _, p := range active {
			c.Publications = append(c.Publications, named(projects[p.Project], p))
		}
		for _, w := range withdrawn {
			if !slices.ContainsFunc(c.Publications, func(p publication.Publication) bool {
				return p.Domain == w.Domain && p.Project == w.Project && p.Number == w.Number
			}) {
				c.Publications = append(c.Publications, w)
			}
		}
		return c.Seal(e.key())
	}, nil
}

// asItIs changes nothing of the versions.
func asItIs(*store.Version) {}

func named(p store.Project, one store.Publication) publication.Publication {
	return publication.Publication{
		Domain: p.Domain, Project: p.Data.UID, Alias: p.Alias, Number: publication.Number(one.Number), Hash: one.Bundle, Active: one.Active, Audience: one.Audience,
	}
}

// ordered returns the whole project as it is to be frozen: what is being
// edited, or an active version with some procedures replaced.
func (e *Edition) ordered(ctx context.Context, o Order) (*procedure.Project, error) {
	edited, err := e.store.Content.WholeProject(ctx, o.Project)
	if err != nil || o.Base == (store.Number{}) {
		return edited, err
	}
	frozen, err := e.store.Content.FrozenProject(ctx, o.Project, o.Base)
	if err != nil {
		return nil, err
	}
	return patched(frozen, edited, o.Take), nil
}

// patched is a frozen project with some procedures as they are being edited,
// their scenarios, and every resource as it is now: what is shown was chosen
// with the procedures.
func patched(frozen, edited *procedure.Project, take []string) *procedure.Project {
	fixed := *frozen
	fixed.Procedures = replaced(frozen.Procedures, edited.Procedures, func(p *procedure.Procedure) bool { return slices.Contains(take, p.UID) })
	slices.SortFunc(fixed.Procedures, func(a, b *procedure.Procedure) int { return strings.Compare(a.UID, b.UID) })
	fixed.Scenarios = replaced(frozen.Scenarios, edited.Scenarios, func(s *procedure.Scenario) bool { return slices.Contains(take, s.Procedure) })
	fixed.Resources = slices.Clone(frozen.Resources)
	for _, r := range edited.Resources {
		i := slices.IndexFunc(fixed.Resources, func(old procedure.Resource) bool { return old.ID == r.ID })
		if i < 0 {
			fixed.Resources = append(fixed.Resources, r)
		} else {
			fixed.Resources[i] = r
		}
	}
	return &fixed
}

// replaced is the old list with what is taken left out, then what is taken of
// the new one.
func replaced[T any](old, fresh []T, taken func(T) bool) []T {
	list := slices.DeleteFunc(slices.Clone(old), taken)
	for _, one := range fresh {
		if taken(one) {
			list = append(list, one)
		}
	}
	return list
}
