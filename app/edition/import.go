package edition

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/transfer"
	"selfhelp/store"
)

// Import is what is wanted of an archive.
type Import struct {
	Domain string
	AsCopy bool   // a second project beside the one it came from
	DryRun bool   // only say what would be done
	By     string // user id
	// Planned is the State of the plan that was agreed to: another is refused.
	// "" agrees to any.
	Planned string
	Past    *store.Past // of what moment it is, where it is brought back; it then comes beside what is there
}

// Imported is what an import did, or would do.
type Imported struct {
	Project store.Project // as it is kept; only its alias in a dry run
	Plan    transfer.Plan
	Was     *procedure.Project // what would be replaced, whole; nil when it is new
	State   string             // of what the plan was made against
}

// TakeIn imports an archive, whole or not at all. Contents come first: a
// project never names a file that is not there.
func TakeIn(ctx context.Context, st *store.Store, a *transfer.Archive, o Import) (Imported, error) {
	present, was, err := present(ctx, st, o, a.Project.UID)
	if err != nil {
		return Imported{}, fmt.Errorf("import %s: %w", a.Project.Alias, err)
	}
	plan, err := transfer.PlanImport(a, present, transfer.Options{AsCopy: o.AsCopy, NewUID: newUID})
	if err != nil {
		return Imported{}, err
	}
	would := Imported{Plan: plan, Was: present.Project, Project: store.Project{Alias: plan.Project.Alias, Data: plan.Project}}
	if would.State, err = stateOf(present.Project, plan); err != nil || o.DryRun {
		return would, err
	}
	if o.Planned != "" && o.Planned != would.State {
		return would, fault.New(fault.Conflict, "transfer.import.overtaken")
	}
	for _, hash := range a.Hashes() {
		if err := keep(ctx, st.Files, a, hash); err != nil {
			return Imported{}, fmt.Errorf("import %s: %w", a.Project.Alias, err)
		}
	}
	if o.Past != nil && was == nil {
		p, err := st.Content.BringProject(ctx, o.Domain, plan.Project, *o.Past, o.By)
		return Imported{Project: p, Plan: plan}, err
	}
	if was == nil {
		p, err := st.Content.CreateProject(ctx, o.Domain, plan.Project, o.By)
		return Imported{Project: p, Plan: plan}, err
	}
	p, err := st.Content.ReplaceProject(ctx, was.ID, was.Version, plan.Project, o.By)
	return Imported{Project: p, Plan: plan}, err
}

// stateOf tells two states of a domain apart as far as a plan depends on them:
// what would be replaced, and what would be done. New UIDs are drawn each time.
func stateOf(replaced *procedure.Project, plan transfer.Plan) (string, error) {
	type deed struct{ Deed, What, ID string }
	var deeds []deed
	for _, c := range plan.Changes {
		deeds = append(deeds, deed{string(c.Deed), c.What, c.ID})
	}
	b, err := json.Marshal([]any{replaced, deeds})
	if err != nil {
		return "", fmt.Errorf("tell the state of an import: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// newUID makes a UID nobody has.
func newUID() string {
	var random [16]byte
	rand.Read(random[:])
	return procedure.NewUID(random)
}

// maxContent bounds one file of an archive, which transfer has bounded before.
const maxContent = 1 << 30

func keep(ctx context.Context, files *store.Files, a *transfer.Archive, hash string) error {
	if files.Has(hash) {
		return nil
	}
	r, err := a.Open(hash)
	if err != nil {
		return err
	}
	kept, err := files.Put(ctx, r, maxContent)
	if err := errors.Join(err, r.Close()); err != nil {
		return err
	}
	if kept.Hash != hash {
		return fault.New(fault.Conflict, "transfer.import.changed")
	}
	return nil
}

// present gathers what a domain holds, as an import must know it, and the
// project that the archive replaces, if there is one.
func present(ctx context.Context, st *store.Store, o Import, uid string) (transfer.Present, *store.Project, error) {
	p := transfer.Present{Owners: map[string]string{}, Projects: map[string]bool{}, Procedures: map[string]bool{}}
	if _, err := st.Content.Domain(ctx, o.Domain); err != nil {
		return p, nil, fmt.Errorf("find domain %s: %w", o.Domain, err)
	}
	projects, err := st.Content.Projects(ctx, o.Domain)
	if err != nil {
		return p, nil, err
	}
	binned, err := st.Content.ProjectsInBin(ctx, o.Domain)
	if err != nil {
		return p, nil, err
	}
	var was *store.Project
	for _, project := range append(projects, binned...) {
		if project.Data.UID == uid && !o.AsCopy {
			if !project.Deleted.IsZero() {
				return p, nil, fault.New(fault.Conflict, "transfer.import.binned", project.Alias)
			}
			was = &project
			if p.Project, err = st.Content.WholeProject(ctx, project.ID); err != nil {
				return p, nil, err
			}
			continue
		}
		p.Projects[project.Alias] = true
		procedures, err := st.Content.Procedures(ctx, project.ID)
		if err != nil {
			return p, nil, err
		}
		for _, pr := range procedures {
			p.Owners[pr.UID], p.Procedures[pr.Alias] = project.Alias, true
		}
	}
	return p, was, nil
}

// GiveOut writes a project as an archive: the same bytes for the same content.
func GiveOut(ctx context.Context, st *store.Store, project string, w io.Writer) error {
	whole, err := st.Content.WholeProject(ctx, project)
	if err != nil {
		return fmt.Errorf("export project: %w", err)
	}
	return transfer.Export(w, whole, Contents{st.Files})
}

// Contents are the files of a store as transfer reads them.
type Contents struct{ *store.Files }

// Open reads a content by its hash.
func (c Contents) Open(hash string) (io.ReadCloser, error) {
	r, _, err := c.Files.Open(hash)
	return r, err
}
