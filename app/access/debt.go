package access

import "slices"

// Owed is something that somebody has to do before they go on: the key of a
// sentence.
type Owed string

// What may be owed.
const (
	OwesNothing  Owed = ""
	OwesPassword Owed = "password" // it must be changed
	OwesFactor   Owed = "factor"   // something to show beside it must be got
	OwesEntry    Owed = "entry"    // they came by a way that lets them run procedures, and nothing else
	OwesWay      Owed = "way"      // there is no way by which they can come in
)

// Debts are what somebody who came in by some way still has to do. The zero value
// is none.
type Debts struct {
	Password, Factor, Entry bool
}

// First is what somebody has to do before they may pass a door that asks for a
// permission, and where some debts are settled; OwesNothing lets them on.
func (d Debts) First(do Permission, settled Debts) Owed {
	switch {
	case do == Public:
		return OwesNothing
	case d.Password && !settled.Password:
		return OwesPassword
	case d.Factor && !settled.Factor:
		return OwesFactor
	}
	return OwesNothing
}

// Leave is what the way by which somebody came leaves of their role.
func (d Debts) Leave(role Role) Role {
	if d.Entry {
		return User
	}
	return role
}

// settledAtEntry are the debts that signing in leads to: who has them is let in to
// do what they owe.
var settledAtEntry = Debts{Password: true, Factor: true}

// Owes says what somebody who may do something has to do first, each of the ways
// by which they can come in having its debts. One that leaves them nothing to do
// is enough; of several that do, the first one counts.
func Owes(who Identity, do Permission, on Thing, ways []Debts) Owed {
	if len(ways) == 0 && Can(Identity{Anonymous: true}, do, on).Allowed {
		return OwesNothing // as anybody does
	}
	owed := make([]Owed, 0, len(ways)+1)
	for _, d := range ways {
		owed = append(owed, d.of(who, do, on))
	}
	if slices.Contains(owed, OwesNothing) {
		return OwesNothing
	}
	return append(owed, OwesWay)[0]
}

func (d Debts) of(who Identity, do Permission, on Thing) Owed {
	who.Role = d.Leave(who.Role)
	if !Can(who, do, on).Allowed {
		return OwesEntry
	}
	if do == SignedIn {
		return d.First(do, settledAtEntry)
	}
	return d.First(do, Debts{})
}
