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

// Way is a way by which somebody can come in, and what it leaves them to do.
type Way struct {
	Method Method
	Debts  access.Debts
	Shut   Shut
}

// Shut is why somebody cannot come in by a way now: the key of a sentence.
type Shut string

// The reasons for which a way is shut.
const (
	NotShut       Shut = ""      // they can come in by it
	TurnedOff     Shut = "off"   // it is turned off
	DirectoryAway Shut = "away"  // the directory does not answer
	NoPassword    Shut = "unset" // a password would open it, and they have none here
)

// Ways lists the ways that lead somebody in, in their order: those that know them,
// open or shut, and their own password. A way by which they never came is not
// known.
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
		var found []Way
		switch {
		case m.Kind == SCIM:
		case m.Kind == Internal:
			found, err = d.proofs(ctx, s, m, u)
		case slices.ContainsFunc(known, func(i people.Identity) bool { return i.Method == m.ID }):
			found, err = d.way(ctx, u, m, m.Kind == Trusted)
		}
		if err != nil {
			return nil, err
		}
		ways = append(ways, found...)
	}
	return ways, nil
}

// way is a method as a way of somebody; runs tells that it lets them run
// procedures only.
func (d *Desk) way(ctx context.Context, u store.User, m Method, runs bool) ([]Way, error) {
	w := Way{Method: m}
	switch {
	case m.Off:
		w.Shut = TurnedOff
	case m.Kind == LDAP && d.IsAway(m.ID):
		w.Shut = DirectoryAway
	}
	var err error
	w.Debts, err = d.Debts(ctx, u, m.ID, runs)
	return []Way{w}, err
}

// proofs are the ways of somebody by what is kept here, their password or a
// passkey: one for each of what they let them do.
func (d *Desk) proofs(ctx context.Context, s Settings, m Method, u store.User) (ways []Way, err error) {
	without, may, err := d.stranded(ctx, s, u)
	if err != nil {
		return nil, err
	}
	if may && (u.Password != "" || !m.Off) {
		ways, err = d.way(ctx, u, m, len(without) > 0 && s.Away.Run)
		if err != nil {
			return nil, err
		}
		if u.Password == "" {
			ways[0].Shut = NoPassword
		}
	}
	_, passkey, err := d.HasSecond(ctx, u.ID)
	if err != nil || !passkey || m.Off {
		return ways, err
	}
	e, may, err := d.Keyed(ctx, u)
	if err != nil || !may || slices.ContainsFunc(ways, func(w Way) bool { return w.Shut == NotShut && w.Debts.Entry == e.RunOnly }) {
		return ways, err
	}
	keyed, err := d.way(ctx, u, m, e.RunOnly)
	return append(ways, keyed...), err
}
