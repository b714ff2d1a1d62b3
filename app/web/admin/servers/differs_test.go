package servers

import (
	"slices"
	"testing"
)

// TestVersionsInOrder puts versions of the program in order, which is not that of their signs.
func TestVersionsInOrder(t *testing.T) {
	for _, c := range []struct {
		older, newer string
	}{{"0.1.0", "0.2.0"}, {"0.9.1", "0.10.0"}, {"0.9", "0.9.1"}, {"1.2.3-rc1", "1.3.0"}} {
		if slices.Compare(numbers(c.older), numbers(c.newer)) >= 0 {
			t.Errorf("%s is not older than %s", c.older, c.newer)
		}
	}
	if slices.Compare(numbers("1.0.0-rc1"), numbers("1.0.0")) != 0 {
		t.Error("what stands after the numbers counts")
	}
}
