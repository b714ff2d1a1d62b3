package assets

import (
	"fmt"
	"strconv"
	"strings"
)

// A project's theme is a style sheet of two tokens, made from its address: the
// strict content policy allows neither inline styles nor style attributes.

// themes is the folder of theme sheets; it stands where the hash of the others
// does, since a theme's address says all there is in it.
const themes = "theme"

// looks marks the address of a sheet that shows a theme in a part of the page
// only: what has the class look.
const looks = "look"

var radii = map[string]string{"square": "--radius: 0px; --radius-2: 0px;", "round": "--radius: 14px; --radius-2: 22px;"}

// ThemeURL returns the address of the style sheet of a theme, "" for the
// product's own look. Hue is in degrees, radius "", "square" or "round".
func ThemeURL(hue int, radius string) string {
	hue = ((hue % 360) + 360) % 360
	if _, known := radii[radius]; !known {
		radius = "plain"
	}
	if hue == 0 && radius == "plain" {
		return ""
	}
	return fmt.Sprintf("%s%s/%d-%s.css", Prefix, themes, hue, radius)
}

// LookURL returns the address of a style sheet that gives a hue to what has the
// class look.
func LookURL(hue int) string {
	return fmt.Sprintf("%s%s/%d-%s.css", Prefix, themes, ((hue%360)+360)%360, looks)
}

// themeSheet makes the style sheet that an address names.
func themeSheet(folder, name string) (*asset, bool) {
	stem, isSheet := strings.CutSuffix(name, ".css")
	degrees, radius, _ := strings.Cut(stem, "-")
	hue, err := strconv.ParseUint(degrees, 10, 9)
	tokens, known := radii[radius]
	scope := ":root"
	if radius == looks {
		scope, known = ".look", true
	}
	if folder != themes || !isSheet || err != nil || hue >= 360 || !known && radius != "plain" {
		return nil, false
	}
	if hue > 0 {
		tokens += fmt.Sprintf(" --hue: %d;", hue)
	}
	return newAsset("theme.css", []byte("@layer tokens { "+scope+" { "+tokens+" } }\n")), true
}
