package access

// Owed is something that somebody has to do before they go on: the key of a
// sentence.
type Owed string

// What may be owed.
const (
	OwesNothing  Owed = ""
	OwesPassword Owed = "password" // it must be changed
	OwesFactor   Owed = "factor"   // something to show beside it must be got
	OwesEntry    Owed = "entry"    // they came by a way that lets them run procedures, and nothing else
)

// Debts are what somebody who came in by some way still has to do. The zero value
// is none.
type Debts struct {
	Password, Factor, Entry bool
}

// First is what somebody has to do before they may pass a door that asks for a
// permission, and where some debts are settled; OwesNothing lets them on.
func (d Debts) First(do Permission, settled Debts) Owed {
	return append(d.unsettled(do, settled), OwesNothing)[0]
}

// unsettled are the debts that a door asks for, in the order in which they are
// settled.
func (d Debts) unsettled(do Permission, settled Debts) (all []Owed) {
	if do == Public {
		return nil
	}
	if d.Password && !settled.Password {
		all = append(all, OwesPassword)
	}
	if d.Factor && !settled.Factor {
		all = append(all, OwesFactor)
	}
	return all
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

// Owed is all that somebody who may do something has to do first when they come
// in by a way that leaves them these debts, in order; none lets them on.
func (d Debts) Owed(who Identity, do Permission, on Thing) []Owed {
	who.Role = d.Leave(who.Role)
	if !Can(who, do, on).Allowed {
		return []Owed{OwesEntry}
	}
	if do == SignedIn {
		return d.unsettled(do, settledAtEntry)
	}
	return d.unsettled(do, Debts{})
}
