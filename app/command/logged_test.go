package command

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"selfhelp/app/fault"
)

// TestLinesOfTheLogAreForPeople: where an error has the key of a sentence, its line has the
// sentence, and the cause beside it.
func TestLinesOfTheLogAreForPeople(t *testing.T) {
	damaged := fault.Because(fault.Invalid, errors.New("epoch e0001"), "fault.backup.damaged", "20261120T150000Z-full", 3)
	full := fmt.Errorf("keep: %w", fault.Because(fault.Unavailable, errors.New("no space left"), "fault.disk_full"))
	for want, err := range map[string]error{
		"plain": errors.New("plain"),
		"make: The backup 20261120T150000Z-full is damaged (3 of its files): nothing was changed: epoch e0001": fmt.Errorf("make: %w", damaged),
	} {
		if got := Logged(err); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	both := Logged(errors.Join(damaged, full))
	if strings.Contains(both, "fault.") || !strings.Contains(both, "is damaged") || !strings.Contains(both, "There is no room left") || !strings.Contains(both, "no space left") {
		t.Error(both)
	}
}
