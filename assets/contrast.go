package assets

import (
	"math"
	"regexp"
	"strconv"
	"sync"
)

// A project chooses its hue; how light its colours are stays the product's, so
// that whatever is chosen can be read. What is left of contrast is computed
// here, from the tokens that browsers are sent.

// Contrasts is how far the colours of a hue stand out, at the least: text in
// them on the page and text on them, in each mode.
type Contrasts struct{ Light, Dark float64 }

// TextContrast is what WCAG 2.2 asks of text at level AA (1.4.3).
const TextContrast = 4.5

// ContrastsOf returns the least contrasts of a hue in degrees.
func ContrastsOf(hue int) Contrasts {
	least := [2]float64{math.Inf(1), math.Inf(1)}
	for mode := range least {
		for _, pair := range contrastPairs {
			front, back := brandTokens()[pair[0]][mode].at(hue), brandTokens()[pair[1]][mode].at(hue)
			least[mode] = min(least[mode], contrast(front.luminance(), back.luminance()))
		}
	}
	return Contrasts{least[0], least[1]}
}

// LeastContrasts are those of the hue that is worst in each mode: what holds
// whatever is chosen, rounded down to a tenth.
var LeastContrasts = sync.OnceValue(func() Contrasts {
	least := Contrasts{math.Inf(1), math.Inf(1)}
	for hue := range 360 {
		c := ContrastsOf(hue)
		least = Contrasts{min(least.Light, c.Light), min(least.Dark, c.Dark)}
	}
	return Contrasts{math.Floor(least.Light*10) / 10, math.Floor(least.Dark*10) / 10}
})

// contrastPairs are the tokens that stand on each other: links, titles and
// rims on what pages are made of, and words on buttons.
var contrastPairs = [][2]string{
	{"brand", "paper"}, {"brand", "surface"}, {"brand", "sunk"}, {"brand", "brand-soft"},
	{"on-brand", "brand"}, {"on-brand", "brand-2"}, {"ink", "brand-soft"},
}

// contrast is the contrast ratio of two relative luminances, 1 to 21
// (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
func contrast(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }

// oklch is a colour as the tokens write it; one of the brand takes its hue from
// the theme.
type oklch struct {
	lightness, chroma, hue float64
	themed                 bool
}

// at is the colour in the theme of a hue.
func (c oklch) at(hue int) oklch {
	if c.themed {
		c.hue = float64(hue)
	}
	return c
}

// luminance is the relative luminance of a colour, 0 for black to 1 for white
// (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance). The definition begins
// by undoing the curve of sRGB; an OKLCH colour comes without one
// (https://www.w3.org/TR/css-color-4/#color-conversion-code). What a screen
// cannot show is cut off, as browsers do.
func (c oklch) luminance() float64 {
	sin, cos := math.Sincos(c.hue * math.Pi / 180)
	a, b := c.chroma*cos, c.chroma*sin
	l := math.Pow(c.lightness+0.3963377774*a+0.2158037573*b, 3)
	m := math.Pow(c.lightness-0.1055613458*a-0.0638541728*b, 3)
	s := math.Pow(c.lightness-0.0894841775*a-1.2914855480*b, 3)
	shown := func(x float64) float64 { return min(1, max(0, x)) }
	red := shown(4.0767416621*l - 3.3077115913*m + 0.2309699292*s)
	green := shown(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s)
	blue := shown(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s)
	return 0.2126*red + 0.7152*green + 0.0722*blue
}

// tokenLine is a colour of the tokens, for the light mode and the dark one.
var tokenLine = regexp.MustCompile(`--([a-z0-9-]+): light-dark\(oklch\(([\d.]+)% ([\d.]+) ([^ ()]+|var\(--hue\))\), oklch\(([\d.]+)% ([\d.]+) ([^ ()]+|var\(--hue\))\)\);`)

// brandTokens are the colours of the tokens by name, light and dark.
var brandTokens = sync.OnceValue(func() map[string][2]oklch {
	sheet, err := files.ReadFile("css/tokens.css")
	if err != nil {
		panic("assets: " + err.Error()) // it is embedded
	}
	tokens := map[string][2]oklch{}
	for _, found := range tokenLine.FindAllSubmatch(sheet, -1) {
		word := func(i int) float64 {
			n, _ := strconv.ParseFloat(string(found[i]), 64) // a hue of the theme is none
			return n
		}
		tokens[string(found[1])] = [2]oklch{
			{word(2) / 100, word(3), word(4), string(found[4]) == "var(--hue)"},
			{word(5) / 100, word(6), word(7), string(found[7]) == "var(--hue)"},
		}
	}
	return tokens
})
