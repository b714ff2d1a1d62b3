package edition

import (
	"context"
	"fmt"
	"slices"

	"selfhelp/app/publication"
	"selfhelp/store"
)

// Activate makes a withdrawn version available again.
func (e *Edition) Activate(ctx context.Context, project string, n store.Number, by string) error {
	e.one.Lock()
	defer e.one.Unlock()
	v, err := e.store.Content.Version(ctx, project, n)
	if err == nil {
		err = e.activate(ctx, v, by)
	}
	if err != nil {
		return fmt.Errorf("activate version %s: %w", n, err)
	}
	return nil
}

// activate puts a version on the shelf, with its bundle built again when it
// was cleared away.
func (e *Edition) activate(ctx context.Context, v store.Version, by string) error {
	owner, err := e.store.Content.Project(ctx, v.Project)
	if err != nil {
		return err
	}
	hold := e.shelf.Hold()
	defer hold.Release()
	bundle := v.Bundle
	if _, err := hold.Version(owner.Domain, owner.Data.UID, publication.Number(v.Number)); err != nil {
		_, m, err := e.rebuild(ctx, owner.Domain, owner.Data.UID, publication.Number(v.Number))
		if err != nil {
			return err
		}
		bundle = m.Hash
	}
	return e.put(ctx, v, bundle, by)
}

// Deactivate withdraws a version: nobody can start its procedures, those who
// are in the middle of one finish it.
func (e *Edition) Deactivate(ctx context.Context, project string, n store.Number, by string) error {
	e.one.Lock()
	defer e.one.Unlock()
	return e.withdraw(ctx, project, n, by)
}

func (e *Edition) withdraw(ctx context.Context, project string, n store.Number, by string) error {
	sign, err := e.signer(ctx, asItIs)
	if err != nil {
		return fmt.Errorf("withdraw version %s: %w", n, err)
	}
	sealed, err := e.store.Content.Withdraw(ctx, project, n, by, sign)
	if err != nil {
		return err
	}
	return e.switchTo(ctx, sealed)
}

// RollBack makes a version the one that new executions begin on: it is
// activated and every higher one is withdrawn.
func (e *Edition) RollBack(ctx context.Context, project string, n store.Number, by string) error {
	e.one.Lock()
	defer e.one.Unlock()
	versions, err := e.store.Content.Versions(ctx, project)
	if err == nil {
		err = e.rollBack(ctx, versions, n, by)
	}
	if err != nil {
		return fmt.Errorf("go back to version %s: %w", n, err)
	}
	return nil
}

// rollBack makes every version what it is to be, the lowest first: one is
// active at any moment.
func (e *Edition) rollBack(ctx context.Context, versions []store.Version, n store.Number, by string) error {
	after, err := publication.RollBack(published(versions), publication.Number(n))
	if err != nil {
		return err
	}
	for i, v := range slices.Backward(versions) { // the highest come first
		was := v.State == store.VersionActive
		switch {
		case after[i].Active && !was:
			err = e.activate(ctx, v, by)
		case !after[i].Active && was:
			err = e.withdraw(ctx, v.Project, v.Number, by)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Offer says which groups a version is on trial with, by name; none ends the
// trial and gives the version to everybody its project is for. Nothing is built
// again, and those who are in the middle of a procedure finish it as it is.
func (e *Edition) Offer(ctx context.Context, project string, n store.Number, groups []string, by string) error {
	e.one.Lock()
	defer e.one.Unlock()
	sign, err := e.signer(ctx, func(v *store.Version) {
		if v.Project == project && v.Number == n {
			v.Audience = groups
		}
	})
	if err != nil {
		return fmt.Errorf("offer version %s: %w", n, err)
	}
	sealed, err := e.store.Content.OfferVersion(ctx, project, n, groups, by, sign)
	if err != nil {
		return err
	}
	return e.switchTo(ctx, sealed)
}
