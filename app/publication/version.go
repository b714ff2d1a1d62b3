package publication

import (
	"slices"

	"selfhelp/app/fault"
)

// Version is a published version of a project, as far as its number goes.
type Version struct {
	Number Number
	Active bool // people can start its procedures
}

// NextMajor returns the number that publishing what is being edited makes: the
// major after the highest one, 1.0 the first time.
func NextMajor(published []Version) Number {
	highest := 0
	for _, v := range published {
		highest = max(highest, v.Number.Major)
	}
	return Number{Major: highest + 1}
}

// NextMinor returns the number of a fix of a published version, which must be
// active: 1.0 gives 1.1, or 1.2 when there is a 1.1 already.
func NextMinor(published []Version, of Number) (Number, error) {
	at := find(published, of)
	if at < 0 {
		return Number{}, unknown(of)
	}
	if !published[at].Active {
		return Number{}, fault.New(fault.Conflict, "fault.version.not_active", of.String())
	}
	highest := of.Minor
	for _, v := range published {
		if v.Number.Major == of.Major {
			highest = max(highest, v.Number.Minor)
		}
	}
	return Number{of.Major, highest + 1}, nil
}

// Activate returns the versions with one made active, the others as they were:
// several may be active together.
func Activate(published []Version, n Number) ([]Version, error) {
	return mark(published, n, true)
}

// Deactivate returns the versions with one made inactive, which hides only its
// own procedures.
func Deactivate(published []Version, n Number) ([]Version, error) {
	return mark(published, n, false)
}

// RollBack returns the versions with n active and every higher one inactive,
// so that new executions start on n.
func RollBack(published []Version, n Number) ([]Version, error) {
	after, err := mark(published, n, true)
	for i := range after {
		if after[i].Number.Compare(n) > 0 {
			after[i].Active = false
		}
	}
	return after, err
}

// Starting returns the version on which a new execution starts: the active one
// that is asked for, the highest active one when none is (asked is zero).
func Starting(published []Version, asked Number) (Number, error) {
	var best Number
	for _, v := range published {
		if v.Active && (asked == Number{} || v.Number == asked) && v.Number.Compare(best) > 0 {
			best = v.Number
		}
	}
	if best == (Number{}) {
		return best, unknown(asked)
	}
	return best, nil
}

// mark returns the versions with one made active or inactive.
func mark(published []Version, n Number, active bool) ([]Version, error) {
	at := find(published, n)
	if at < 0 {
		return nil, unknown(n)
	}
	after := slices.Clone(published)
	after[at].Active = active
	return after, nil
}

func find(published []Version, n Number) int {
	return slices.IndexFunc(published, func(v Version) bool { return v.Number == n })
}

func unknown(n Number) error {
	if n == (Number{}) {
		return fault.New(fault.NotFound, "fault.version.none")
	}
	return fault.New(fault.NotFound, "fault.version.unknown", n.String())
}
