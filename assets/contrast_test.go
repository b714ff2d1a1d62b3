package assets

import (
	"math"
	"testing"
)

// TestEveryHueCanBeRead: whatever hue a project chooses, text in its colour and
// text on it reach what WCAG asks.
func TestEveryHueCanBeRead(t *testing.T) {
	for _, pair := range contrastPairs {
		for _, name := range pair {
			if _, known := brandTokens()[name]; !known {
				t.Fatalf("tokens.css has no --%s that can be read", name)
			}
		}
	}
	least := LeastContrasts()
	for hue := range 360 {
		c := ContrastsOf(hue)
		if c.Light < TextContrast || c.Dark < TextContrast || c.Light < least.Light || c.Dark < least.Dark {
			t.Errorf("hue %d: %.2f light, %.2f dark (least %.2f, %.2f)", hue, c.Light, c.Dark, least.Light, least.Dark)
		}
	}
	t.Logf("least contrasts: %.2f light, %.2f dark", least.Light, least.Dark)
	if ContrastsOf(25) == ContrastsOf(205) {
		t.Error("the hue plays no part")
	}
}

// TestContrast computes what is known: black on white, and colours of sRGB as
// CSS Color 4 converts them.
func TestContrast(t *testing.T) {
	for _, c := range []struct {
		name  string
		of    oklch
		light float64
	}{
		{"black", oklch{0, 0, 0, false}, 0},
		{"white", oklch{1, 0, 0, false}, 1},
		{"#808080", oklch{0.59987, 0, 0, false}, 0.21586},
		{"red", oklch{0.62796, 0.25768, 29.234, false}, 0.2126},
		{"lime", oklch{0.86644, 0.29483, 142.495, false}, 0.7152},
		{"blue", oklch{0.45201, 0.31321, 264.052, false}, 0.0722},
	} {
		if got := c.of.luminance(); math.Abs(got-c.light) > 0.0005 {
			t.Errorf("%s has luminance %.5f, want %.5f", c.name, got, c.light)
		}
	}
	if got := contrast(0, 1); got != 21 || contrast(1, 0) != 21 || contrast(0.5, 0.5) != 1 {
		t.Errorf("black on white is %v", got)
	}
}
