package platform

import (
	"testing"
	"time"
)

// TestWishesOfOnePersonWait asks for several passwords of one person within a minute, and
// for those of others.
func TestWishesOfOnePersonWait(t *testing.T) {
	now := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	p := &Platform{Settings: Settings{Now: func() time.Time { return now }}, wished: map[string]time.Time{}}
	for i, c := range []struct {
		later time.Duration
		user  string
		may   bool
	}{
		{0, "ada", true}, {0, "ada", false}, {0, "ben", true}, {30 * time.Second, "ada", false}, {29 * time.Second, "ada", false},
		{time.Second, "ada", true}, {time.Second, "ada", false}, {-2 * time.Hour, "ada", true}, // a clock that was set right
	} {
		now = now.Add(c.later)
		if got := p.mayWish("lyon", c.user); got != c.may {
			t.Errorf("%d: %s: %v", i, c.user, got)
		}
	}
	if len(p.wished) != 1 {
		t.Errorf("%v is remembered", p.wished)
	}
}
