package publication

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"selfhelp/app/fault"
)

// versions reads "1.0 1.1- 2.0": a dash marks an inactive one.
func versions(t *testing.T, s string) (list []Version) {
	t.Helper()
	for _, w := range strings.Fields(s) {
		number, inactive := strings.CutSuffix(w, "-")
		list = append(list, Version{num(t, number), !inactive})
	}
	return list
}

func num(t *testing.T, s string) (n Number) {
	t.Helper()
	if err := n.UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestNumbersAreReadStrictly(t *testing.T) {
	for _, good := range []string{"1.0", "12.34", "2147483647.0"} {
		n, err := ParseNumber(good)
		if err != nil || n.String() != good {
			t.Errorf("%q: got %v, %v", good, n, err)
		}
	}
	for _, bad := range []string{"", "1", "1.", ".1", "0.1", "1.-1", "-1.0", "01.0", "1.00", "1.0.0", "+1.0", "1,0", "1.0 ", "99999999999999999999.0"} {
		if n, err := ParseNumber(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: got %v, %v", bad, n, err)
		}
	}
}

func TestNextNumbers(t *testing.T) {
	for _, c := range []struct{ published, of, want string }{
		{"", "", "1.0"},
		{"1.0", "", "2.0"},
		{"1.0 1.1", "", "2.0"},
		{"3.0- 1.0", "", "4.0"},
		{"1.0", "1.0", "1.1"},
		{"1.0 1.1", "1.0", "1.2"},
		{"1.0 1.1- 2.0", "1.0", "1.2"},
		{"1.0 2.0", "2.0", "2.1"},
		{"1.0-", "1.0", "conflict"},
		{"1.0", "2.0", "not-found"},
		{"", "1.0", "not-found"},
	} {
		got, err := NextMajor(versions(t, c.published)), error(nil)
		if c.of != "" {
			got, err = NextMinor(versions(t, c.published), num(t, c.of))
		}
		if s := outcome(got.String(), err); s != c.want {
			t.Errorf("after %q from %q: got %s, want %s", c.published, c.of, s, c.want)
		}
	}
}

func TestGoingBackToAVersion(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"the one in force", "1.0", "1.0", "1.0"},
		{"below others", "1.0- 1.1- 2.0 3.0-", "1.1", "1.0- 1.1 2.0- 3.0-"},
		{"lower ones stay", "1.0 2.0- 3.0", "2.0", "1.0 2.0 3.0-"},
		{"unknown", "1.0", "2.0", "not-found"},
	} {
		before := versions(t, c.from)
		kept := slices.Clone(before)
		after, err := RollBack(before, num(t, c.to))
		var words []string
		for _, v := range after {
			w := v.Number.String()
			if !v.Active {
				w += "-"
			}
			words = append(words, w)
		}
		if s := outcome(strings.Join(words, " "), err); s != c.want {
			t.Errorf("%s: got %q, want %q", c.name, s, c.want)
		}
		if !slices.Equal(before, kept) {
			t.Errorf("%s: changed its argument", c.name)
		}
	}
}

// outcome is what came out, or the kind of failure.
func outcome(got string, err error) string {
	if err == nil {
		return got
	}
	if _, ok := errors.AsType[*fault.Error](err); !ok {
		return err.Error()
	}
	return fault.KindOf(err).String()
}
