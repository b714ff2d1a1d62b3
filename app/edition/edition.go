package edition

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/store"
)

// Edition is the writing side of a platform, with the shelf it fills.
type Edition struct {
	store  *store.Store
	shelf  *publication.Shelf
	folder string // of bundles
	log    *slog.Logger

	switched func() // told of each catalogue that is in force; nil: nobody is
	mending  mending
	// one publishes at a time: the order of catalogues is that of their serials.
	one sync.Mutex
}

// Open makes the editing side of a store whose bundles stand in a folder, and
// puts on the shelf what the catalogue in force names. A bundle that is gone or
// damaged is built again from its version.
func Open(ctx context.Context, st *store.Store, folder string, log *slog.Logger) (*Edition, error) {
	e := &Edition{store: st, folder: folder, log: log}
	var err error
	if e.shelf, err = publication.OpenShelf(folder, []ed25519.PublicKey{e.key().Public().(ed25519.PublicKey)}); err != nil {
		return nil, err
	}
	e.shelf.OnMissed(e.mend)
	if err := e.restock(ctx); err != nil {
		if key, _ := fault.TextOf(err); key == "fault.signature" {
			err = &fault.Error{Kind: fault.Conflict, Key: "fault.store.keys.foreign", Args: []any{filepath.Join(filepath.Dir(folder), "keys")}, Cause: err, Hint: "the folder keys of the data folder is of another server: bring the one that belongs to these databases, as a whole; keys that were made in an empty folder are of no use, take them away first"}
		}
		return nil, errors.Join(fmt.Errorf("put bundles on the shelf: %w", err), e.shelf.Close())
	}
	return e, nil
}

func (e *Edition) key() ed25519.PrivateKey { return e.store.Keys.Publication }

// Shelf returns what people are given from.
func (e *Edition) Shelf() *publication.Shelf { return e.shelf }

// OnSwitch says what to do once another catalogue is in force. It is called before
// anything is published.
func (e *Edition) OnSwitch(do func()) { e.switched = do }

// Renew signs what is in force again, and what groups of servers stay at, above a sequence
// that servers have seen.
func (e *Edition) Renew(ctx context.Context, above uint64) error {
	e.one.Lock()
	defer e.one.Unlock()
	sign, err := e.signer(ctx, asItIs)
	if err != nil {
		return fmt.Errorf("renew the catalogue: %w", err)
	}
	sealed, err := e.store.Content.RenewCatalogue(ctx, int64(above), e.signAgain, sign)
	if err != nil {
		return err
	}
	return e.switchTo(ctx, sealed)
}

// signAgain seals what a catalogue names with another serial.
func (e *Edition) signAgain(serial int64, sealed []byte) ([]byte, error) {
	c, err := publication.OpenCatalogue(sealed, []ed25519.PublicKey{e.key().Public().(ed25519.PublicKey)})
	if err != nil {
		return nil, err
	}
	c.Sequence = uint64(serial)
	return c.Seal(e.key())
}

// Folder is where its bundles stand.
func (e *Edition) Folder() string { return e.folder }

// Close closes the bundles.
func (e *Edition) Close() error {
	e.mending.end()
	return e.shelf.Close()
}

// restock puts the catalogue in force on the shelf, and builds again what
// cannot be opened.
func (e *Edition) restock(ctx context.Context) error {
	sealed, err := e.store.Content.Catalogue(ctx)
	if fault.Is(err, fault.NotFound) {
		return nil // nothing was published yet
	}
	if err != nil {
		return err
	}
	broken, err := e.shelf.Start(sealed)
	if err != nil || len(broken) == 0 {
		return err
	}
	for _, b := range broken {
		if fault.Is(b.Err, fault.NotFound) { // no replica and no backup has bundles: it is as it should be
			e.log.Info("bundle is not there, as after a restore, and is built again", "bundle", b.Hash, "project", b.Alias, "version", b.Number.String())
		} else {
			e.log.Warn("bundle cannot be opened and is built again", "bundle", b.Hash, "project", b.Alias, "version", b.Number.String(), "error", b.Err)
		}
		if sealed, err = e.replace(ctx, b, sealed); err != nil {
			return fmt.Errorf("build version %s of %s again: %w", b.Number, b.Alias, err)
		}
	}
	return e.shelf.Swap(sealed)
}

// replace builds a broken bundle again and returns the catalogue that names
// what was built: the same, or a new one when the bundle is not what it was.
func (e *Edition) replace(ctx context.Context, b publication.Broken, sealed []byte) ([]byte, error) {
	v, m, err := e.rebuild(ctx, b.Domain, b.Project, b.Number)
	if err != nil || m.Hash == b.Hash {
		return sealed, err
	}
	e.log.Warn("bundle is not what it was and takes its place", "bundle", m.Hash, "was", b.Hash, "project", b.Alias, "version", b.Number.String())
	sign, err := e.signer(ctx, asItIs)
	if err != nil {
		return nil, err
	}
	return e.store.Content.Publish(ctx, v.Project, v.Number, m.Hash, v.Author, sign)
}

// rebuild makes the bundle of a version again. Building is deterministic, so
// that it has the same hash, unless a newer product builds otherwise or a
// procedure that another project shares was published since.
func (e *Edition) rebuild(ctx context.Context, domain, uid string, n publication.Number) (v store.Version, m publication.Manifest, err error) {
	p, err := e.store.Content.ProjectByUID(ctx, domain, uid)
	if err != nil {
		return v, m, err
	}
	if v, err = e.store.Content.Version(ctx, p.ID, store.Number(n)); err != nil {
		return v, m, err
	}
	frozen, err := e.store.Content.FrozenProject(ctx, v.Project, v.Number)
	if err != nil {
		return v, m, err
	}
	others, err := e.others(ctx, domain, v.Project)
	if err != nil {
		return v, m, err
	}
	m, err = publication.Write(e.folder, e.input(v, domain, frozen, others), e.key())
	return v, m, err
}

// input is what the bundle of a version is made of.
func (e *Edition) input(v store.Version, domain string, frozen *procedure.Project, others []*procedure.Project) publication.Input {
	return publication.Input{
		Project: frozen, Number: publication.Number(v.Number), Domain: domain, Author: v.Author, At: v.At,
		Others: others, HasFile: e.store.Files.Has,
	}
}

// others returns the published projects of a domain besides one, the highest
// active version of each, that share procedures. Versions on trial are not among
// them: what calls them would carry them to people who are in no trial.
func (e *Edition) others(ctx context.Context, domain, project string) (others []*procedure.Project, err error) {
	active, err := e.store.Content.ActivePublications(ctx)
	if err != nil {
		return nil, err
	}
	active = slices.DeleteFunc(active, func(p store.Publication) bool { return len(p.Audience) > 0 })
	for i, p := range active { // by project, then in ascending order
		last := i+1 == len(active) || active[i+1].Project != p.Project
		if !last || p.Domain != domain || p.Project == project {
			continue
		}
		frozen, err := e.store.Content.FrozenProject(ctx, p.Project, p.Number)
		if err != nil {
			return nil, err
		}
		if shares(frozen) {
			others = append(others, frozen)
		}
	}
	return others, nil
}

// shares reports whether a project has procedures that others may call.
func shares(p *procedure.Project) bool {
	for _, pr := range p.Procedures {
		if pr.Shared {
			return true
		}
	}
	return false
}
