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
	sign, err := e.signer(ctx)
	if err != nil {
		return fmt.Errorf("withdraw version %s: %w", n, err)
	}
	sealed, err := e.store.Content.Withdraw(ctx, project, n, by, sign)
	if err != nil {
		return err
	}
	return e.shelf.Swap(sealed)
}

// RollBack makes a version the one that new executions begin on: it is
// activated and every higher one is withdrawn.
func (e *Edition) RollBack(ctx context.Context, project string, n store.Number, by string) error {
	e.one.Lock()
	defer e.one.Unlock()
	target, err := e.store.Content.Version(ctx, project, n)
	if err != nil {
		return fmt.Errorf("go back to version %s: %w", n, err)
	}
	if target.State != store.VersionActive {
		if err := e.activate(ctx, target, by); err != nil {
			return fmt.Errorf("go back to version %s: %w", n, err)
		}
	}
	versions, err := e.store.Content.Versions(ctx, project)
	if err != nil {
		return fmt.Errorf("go back to version %s: %w", n, err)
	}
	higher := slices.IndexFunc(versions, func(v store.Version) bool { return v.Number == n }) // the highest come first
	for _, v := range versions[:higher] {
		if v.State != store.VersionActive {
			continue
		}
		if err := e.withdraw(ctx, project, v.Number, by); err != nil {
			return fmt.Errorf("go back to version %s: %w", n, err)
		}
	}
	return nil
}
