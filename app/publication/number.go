package publication

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"selfhelp/app/fault"
)

// Number is the number of a version, written 2.1. The zero value is no version.
type Number struct {
	Major int
	Minor int
}

// ParseNumber reads a number written 2.1.
func ParseNumber(s string) (Number, error) {
	major, minor, ok := strings.Cut(s, ".")
	n := Number{numeral(major), numeral(minor)}
	if !ok || n.Major < 1 || n.Minor < 0 {
		return Number{}, fault.New(fault.Invalid, "fault.version.number", s)
	}
	return n, nil
}

// numeral reads a decimal as people write it, without sign or leading zero; -1
// when it is not one.
func numeral(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || strconv.Itoa(n) != s {
		return -1
	}
	return n
}

// String writes the number as 2.1, and nothing for no version.
func (n Number) String() string {
	if n == (Number{}) {
		return ""
	}
	return fmt.Sprintf("%d.%d", n.Major, n.Minor)
}

// MarshalText writes the number as 2.1.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads a number written 2.1; nothing is no version.
func (n *Number) UnmarshalText(b []byte) (err error) {
	*n = Number{}
	if len(b) > 0 {
		*n, err = ParseNumber(string(b))
	}
	return err
}

// Compare orders numbers, the lower first.
func (n Number) Compare(m Number) int {
	return cmp.Or(cmp.Compare(n.Major, m.Major), cmp.Compare(n.Minor, m.Minor))
}
