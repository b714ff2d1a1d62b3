package views

import "strings"

// Texts of a drawing do not break by themselves, and how wide they are is only
// known where they are shown: letters are counted here, narrow ones for less.

// span is about how wide a letter is, for a size of one.
func span(r rune) float64 {
	switch {
	case strings.ContainsRune("iIjl.,:;'’|!()[]· \u00a0\u202f", r):
		return 0.31
	case strings.ContainsRune("frtJ-/\"«»1", r):
		return 0.45
	case strings.ContainsRune("mwMW@%—…", r):
		return 0.92
	case r >= 0x1100: // scripts that fill a square
		return 1.05
	case r >= 'A' && r <= 'Z':
		return 0.68
	}
	return 0.57
}

// taken is how many letters have room in a width, at a size.
func taken(letters []rune, width, size int) int {
	used := 0.0
	for i, r := range letters {
		if used += span(r) * float64(size); used > float64(width) {
			return i
		}
	}
	return len(letters)
}

// clipped is a text that fits a width, at a size.
func clipped(text string, width, size int) string {
	r := []rune(text)
	if taken(r, width, size) == len(r) {
		return text
	}
	return strings.TrimRight(string(r[:taken(r, width-size, size)]), " ") + "…"
}

// lined breaks a text over as many lines as there are, between words where it
// can.
func lined(text string, width, size, lines int) (broken []string) {
	r := []rune(text)
	for len(broken)+1 < lines {
		cut := taken(r, width, size)
		if cut == len(r) {
			break
		}
		rest := cut
		for i := cut; i > cut/2; i-- {
			if r[i] == ' ' {
				cut, rest = i, i+1
				break
			}
		}
		broken, r = append(broken, string(r[:cut])), r[rest:]
	}
	return append(broken, clipped(string(r), width, size))
}
