package edition

import (
	"context"
	"fmt"
	"slices"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/transfer"
	"selfhelp/store"
)

// Only is a project with one of its procedures, the scenarios of that one and the
// resources that it uses; nil when it has no such procedure.
func Only(p *procedure.Project, uid string) *procedure.Project {
	i := slices.IndexFunc(p.Procedures, func(one *procedure.Procedure) bool { return one.UID == uid })
	if i < 0 {
		return nil
	}
	part := *p
	part.Procedures, part.News = p.Procedures[i:i+1], nil
	part.Scenarios = slices.DeleteFunc(slices.Clone(p.Scenarios), func(s *procedure.Scenario) bool { return s.Procedure != uid })
	used := map[string]bool{}
	for ids := append(procedure.ResourcesOf(p.Procedures[i]), procedure.ResourcesOfProject(&part)...); len(ids) > 0; ids = ids[1:] {
		if used[ids[0]] {
			continue
		}
		used[ids[0]] = true
		for r := range p.Resources {
			if p.Resources[r].ID == ids[0] {
				ids = append(ids, procedure.ResourcesOfResource(&p.Resources[r])...)
			}
		}
	}
	part.Resources = slices.DeleteFunc(slices.Clone(p.Resources), func(r procedure.Resource) bool { return !used[r.ID] })
	return &part
}

// Return is what is wanted of an archive with one procedure of the past.
type Return struct {
	Project string // id of the one that it comes into
	Draft   bool   // as the next revision of the one that is there; else beside it
	From    store.Past
	By      string // user id
	// Called names one that stands beside what it was.
	Called func(procedure.Text) procedure.Text
}

// TakeProcedure brings the procedure of an archive into a project that is there.
// Contents come first: a project never names a file that is not there.
func TakeProcedure(ctx context.Context, st *store.Store, a *transfer.Archive, o Return) (store.Procedure, error) {
	one := *a.Project.Procedures[0]
	project, err := st.Content.Project(ctx, o.Project)
	if err != nil {
		return store.Procedure{}, err
	}
	b := store.Bringing{Project: o.Project, Data: &one, Resources: a.Project.Resources, From: o.From, By: o.By}
	if o.Draft {
		b.Version, one.Alias, err = draftOf(ctx, st, o.Project, one.UID)
	} else {
		err = besides(ctx, st, project, &one, o.Called)
	}
	if err != nil {
		return store.Procedure{}, err
	}
	for _, hash := range a.Hashes() {
		if err := keep(ctx, st.Files, a, hash); err != nil {
			return store.Procedure{}, fmt.Errorf("bring back %s: %w", one.Alias, err)
		}
	}
	return st.Content.BringProcedure(ctx, b)
}

// draftOf is the procedure that gets another revision: its version, and the alias
// that it keeps.
func draftOf(ctx context.Context, st *store.Store, project, uid string) (int64, string, error) {
	is, err := st.Content.Procedure(ctx, project, uid)
	if err == nil && !is.Deleted.IsZero() || fault.Is(err, fault.NotFound) {
		err = fault.Because(fault.Conflict, err, "fault.past.undrafted")
	}
	return is.Version, is.Alias, err
}

// besides gives a procedure a UID and an alias that nothing else has.
func besides(ctx context.Context, st *store.Store, project store.Project, one *procedure.Procedure, called func(procedure.Text) procedure.Text) error {
	_, err := st.Content.Procedure(ctx, project.ID, one.UID)
	if fault.Is(err, fault.NotFound) {
		_, err = st.Content.ProcedureByUID(ctx, project.Domain, one.UID)
	}
	switch {
	case err == nil:
		one.UID, one.Title = newUID(), called(one.Title)
	case !fault.Is(err, fault.NotFound):
		return err
	}
	for n, first := 2, one.Alias; ; n++ {
		_, err := st.Content.ProcedureByAlias(ctx, project.Domain, one.Alias)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		one.Alias = fmt.Sprintf("%s-%d", first, n)
	}
}
