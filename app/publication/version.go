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

// RollBack returns the versions with n active and every higher one inactive,
// so that new executions start on n.
func RollBack(published []Version, n Number) ([]Version, error) {
	at := find(published, n)
	if at < 0 {
		return nil, unknown(n)
	}
	after := slices.Clone(published)
	after[at].Active = true
	for i := range after {
		if after[i].Number.Compare(n) > 0 {
			after[i].Active = false
		}
	}
	return after, nil
}

func find(published []Version, n Number) int {
	return slices.IndexFunc(published, func(v Version) bool { return v.Number == n })
}

func unknown(n Number) error {
	return fault.New(fault.NotFound, "fault.version.unknown", n.String())
}
