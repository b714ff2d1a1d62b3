package capacity

import (
	"math"
	"testing"
)

// TestReckon holds the arithmetic against sums made by hand.
func TestReckon(t *testing.T) {
	for name, c := range map[string]struct {
		need Need
		want Sum
	}{
		// 10,000 × 1 × 9 = 90,000; a fifth is 18,000; 5 a second; 250 × half = 125; 5 ÷ 125 = 0.04.
		"a small town": {Need{10_000, 20, 1, 9, 250, 50, false}, Sum{90_000, 18_000, 5, 125, 0.04, 1, 1}},
		"one to spare": {Need{10_000, 20, 1, 9, 250, 50, true}, Sum{90_000, 18_000, 5, 125, 0.04, 1, 2}},
		// 1,000,000 × 1.5 × 12 = 18,000,000; a quarter is 4,500,000; 1,250 a second; 400 × 0.5 = 200; 6.25.
		"a million": {Need{1_000_000, 25, 1.5, 12, 400, 50, true}, Sum{18_000_000, 4_500_000, 1250, 200, 6.25, 7, 8}},
		// 360,000 × 1 × 10 = 3,600,000; all in one hour: 1,000 a second; 500 × 0.5 = 250; 4 to the brim.
		"to the brim": {Need{360_000, 100, 1, 10, 500, 50, false}, Sum{3_600_000, 3_600_000, 1000, 250, 4, 4, 4}},
		// 1,080,000 × 0.1 = 108,000 in the hour, 30 a second; 100 × 0.1 = 10; 3, though 0.1 is no binary number.
		"in fractions":  {Need{360_000, 10, 0.3, 10, 100, 10, false}, Sum{1_080_000, 108_000, 30, 10, 3, 3, 3}},
		"over the brim": {Need{360_001, 100, 1, 10, 500, 50, false}, Sum{3_600_010, 3_600_010, 3_600_010.0 / 3600, 250, 3_600_010.0 / 3600 / 250, 5, 5}},
		"one person":    {Need{1, 5, 0.1, 1, 100_000, 90, false}, Sum{0.1, 0.005, 0.005 / 3600, 90_000, 0.005 / 3600 / 90_000, 1, 1}},
	} {
		got := Reckon(c.need)
		for _, pair := range [][2]float64{{got.Day, c.want.Day}, {got.Hour, c.want.Hour}, {got.Second, c.want.Second}, {got.Server, c.want.Server}, {got.Load, c.want.Load}} {
			if math.Abs(pair[0]-pair[1]) > 1e-9*math.Max(1, pair[1]) {
				t.Errorf("%s: %v, not %v", name, pair[0], pair[1])
			}
		}
		if got.Needed != c.want.Needed || got.Servers != c.want.Servers {
			t.Errorf("%s: %d and %d servers, not %d and %d", name, got.Needed, got.Servers, c.want.Needed, c.want.Servers)
		}
	}
}

// TestReckonWithinBounds: at the ends of what may be given the sum is still a number.
func TestReckonWithinBounds(t *testing.T) {
	most := Reckon(Need{People.Most, Share.Most, Journeys.Most, Pages.Most, Rate.Least, Full.Least, true})
	if most.Needed != 138_888_889 || most.Servers != most.Needed+1 {
		t.Errorf("%+v", most)
	}
	for _, b := range []Bound{People, Share, Journeys, Pages, Rate, Full} {
		if !b.Holds(b.Least) || !b.Holds(b.Most) || b.Holds(b.Least-0.01) || b.Holds(b.Most+0.01) || b.Holds(math.NaN()) {
			t.Errorf("%+v", b)
		}
	}
}
