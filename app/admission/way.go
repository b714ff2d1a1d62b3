package admission

import (
	"context"
	"slices"

	"selfhelp/app/access"
	"selfhelp/store"
	"selfhelp/store/people"
)

// Debts says what somebody who came in by a method has to do before they go on;
// runs tells that they were let in to run procedures only.
func (d *Desk) Debts(ctx context.Context, u store.User, method string, runs bool) (access.Debts, error) {
	// Whoever came by another way may not even know the password kept here.
	debts := access.Debts{Entry: runs, Password: u.MustChange && method == InternalID}
	if runs {
		return debts, nil
	}
	var err error
	debts.Factor, err = d.MustAdd(ctx, u, method)
	return debts, err
}

// Way is a way by which somebody can come in now, and what it leaves them to do.
type Way struct {
	Method Method
	Debts  access.Debts
}

// Ways lists the ways by which somebody can come in now: those that are on, know
// them and answer, in their order. A way by which they never came is not known.
func (d *Desk) Ways(ctx context.Context, u store.User) ([]Way, error) {
	if !u.Active {
		return nil, nil
	}
	s, _, err := d.Settings(ctx)
	if err != nil {
		return nil, err
	}
	known, err := d.content.IdentitiesOf(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	var ways []Way
	for _, m := range s.Methods {
		var runs []bool // of each proof that it takes
		switch {
		case m.Off:
		case m.Kind == Internal:
			if runs, err = d.proofs(ctx, s, u); err != nil {
				return nil, err
			}
		case m.Kind == SCIM || m.Kind == LDAP && d.IsAway(m.ID):
		case slices.ContainsFunc(known, func(i people.Identity) bool { return i.Method == m.ID }):
			runs = []bool{m.Kind == Trusted}
		}
		for _, only := range runs {
			debts, err := d.Debts(ctx, u, m.ID, only)
			if err != nil {
				return nil, err
			}
			ways = append(ways, Way{m, debts})
		}
	}
	return ways, nil
}

// proofs says of each proof of somebody that is kept here and lets them in now,
// their password or a passkey, whether it lets them run procedures only.
func (d *Desk) proofs(ctx context.Context, s Settings, u store.User) (runs []bool, err error) {
	if u.Password != "" {
		without, may, err := d.stranded(ctx, s, u)
		if err != nil {
			return nil, err
		}
		if may {
			runs = append(runs, len(without) > 0 && s.Away.Run)
		}
	}
	_, passkey, err := d.HasSecond(ctx, u.ID)
	if err != nil || !passkey {
		return runs, err
	}
	e, may, err := d.Keyed(ctx, u)
	if may && !slices.Contains(runs, e.RunOnly) {
		runs = append(runs, e.RunOnly)
	}
	return runs, err
}
