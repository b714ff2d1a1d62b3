package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store"
)

// Import takes an archive into a domain: a new project, or the next state of
// the one it came from. With o.DryRun nothing is kept and the plan says what
// would be. Contents are kept before the project that names them, and the
// project in one transaction, so that a server that dies halfway has all of
// the old state or all of the new one.
func Import(ctx context.Context, st *store.Store, domain string, a *Archive, o Options) (Plan, error) {
	if o.NewUID == nil {
		o.NewUID = store.NewID
	}
	present, there, err := presentIn(ctx, st.Content, domain, a.Project.UID, o.AsCopy)
	if err != nil {
		return Plan{}, err
	}
	plan, err := PlanImport(a, present, o)
	if err != nil || o.DryRun {
		return plan, err
	}
	if err := keepContents(ctx, st.Files, a); err != nil {
		return Plan{}, err
	}
	if there.ID == "" {
		_, err = st.Content.CreateProject(ctx, domain, plan.Project, o.By)
	} else {
		_, err = st.Content.ReplaceProject(ctx, there.ID, there.Version, plan.Project, o.By)
	}
	if err != nil {
		return Plan{}, fmt.Errorf("import project %s: %w", plan.Project.Alias, err)
	}
	return plan, nil
}

// presentIn gathers what the domain holds, and the record of the project that
// the archive came from, nothing when it is not there or a copy is wanted.
func presentIn(ctx context.Context, c *store.Content, domain, uid string, asCopy bool) (Present, store.Project, error) {
	present := Present{Owners: map[string]string{}, Projects: map[string]bool{}, Procedures: map[string]bool{}}
	var there store.Project
	if _, err := c.Domain(ctx, domain); err != nil {
		return present, there, fmt.Errorf("find domain %s: %w", domain, err)
	}
	projects, err := c.Projects(ctx, domain)
	if err != nil {
		return present, there, fmt.Errorf("list projects of %s: %w", domain, err)
	}
	binned, err := c.ProjectsInBin(ctx, domain)
	if err != nil {
		return present, there, fmt.Errorf("list deleted projects of %s: %w", domain, err)
	}
	for _, p := range append(projects, binned...) {
		if p.Data.UID == uid && !asCopy {
			if !p.Deleted.IsZero() {
				return present, there, fault.New(fault.Conflict, "transfer.import.binned", p.Alias)
			}
			there = p
			continue
		}
		present.Projects[p.Alias] = true
		if err := present.addOwner(ctx, c, p); err != nil {
			return present, there, err
		}
	}
	if there.ID != "" {
		present.Project, err = c.WholeProject(ctx, there.ID)
	}
	return present, there, err
}

func (p *Present) addOwner(ctx context.Context, c *store.Content, owner store.Project) error {
	lines, err := c.Procedures(ctx, owner.ID)
	if err != nil {
		return fmt.Errorf("list procedures of %s: %w", owner.Alias, err)
	}
	for _, line := range lines {
		p.Owners[line.UID] = owner.Alias
		p.Procedures[line.Alias] = true
	}
	return nil
}

// keepContents keeps what the project's files hold. Contents nobody names in
// the end do no harm: they are known by their hash only.
func keepContents(ctx context.Context, files *store.Files, a *Archive) error {
	for _, hash := range a.Hashes() {
		if files.Has(hash) {
			continue
		}
		r, err := a.Open(hash)
		if err != nil {
			return fmt.Errorf("keep contents %s: %w", hash, err)
		}
		stored, err := files.Put(ctx, r, a.tree.limits.Resource)
		if err := errors.Join(err, r.Close()); err != nil {
			return fmt.Errorf("keep contents %s: %w", hash, err)
		}
		if stored.Hash != hash {
			return fault.New(fault.Conflict, "transfer.import.changed")
		}
	}
	return nil
}

// Stored reads contents from the store's files, for an export.
type Stored struct{ Files *store.Files }

// Open opens the contents of a hash.
func (s Stored) Open(hash string) (io.ReadCloser, error) {
	r, _, err := s.Files.Open(hash)
	return r, err
}

// FindProject returns a project of a server by its alias, whole.
func FindProject(ctx context.Context, st *store.Store, domain, alias string) (*procedure.Project, error) {
	p, err := st.Content.ProjectByAlias(ctx, domain, alias)
	if err != nil {
		return nil, fmt.Errorf("find project %s in %s: %w", alias, domain, err)
	}
	return st.Content.WholeProject(ctx, p.ID)
}
