package entry

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Clean makes typed words safe to keep and to compare: valid UTF-8 in composed
// form, line ends as one sign, without control characters, marks that reverse
// the direction of what follows, and signs nobody sees. Joiners stay: some
// scripts and most emoji need them.
func Clean(s string) string {
	if isPlain(s) {
		return s
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(c rune) rune {
		switch {
		case c == '\r':
			return '\n'
		case c == '\n' || c == '\t':
			return c
		case c < ' ' || c >= 0x7f && c < 0xa0:
			return -1
		case c >= '\u202a' && c <= '\u202e' || c >= '\u2066' && c <= '\u2069':
			return -1
		case c == '\u200b' || c == '\u2060' || c == '\ufeff' || c == '\u061c':
			return -1
		case c >= 0xe0000 && c < 0xe0020: // the tags, but not those of flags
			return -1
		}
		return c
	}, s)
	return norm.NFC.String(s)
}

// isPlain tells the many answers that Clean would not change.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// Fold makes words comparable for a search box: lower case, no accents.
func Fold(s string) string {
	s = strings.ToLower(s)
	if isPlain(s) {
		return s
	}
	return strings.Map(func(c rune) rune {
		if c >= 0x300 && c <= 0x36f {
			return -1
		}
		return c
	}, norm.NFD.String(s))
}

// CleanLine makes one line of what a person typed.
func CleanLine(s string) string { return strings.Join(strings.Fields(Clean(s)), " ") }

// Short cuts words at a number of signs.
func Short(s string, most int) string {
	if len(s) <= most {
		return s
	}
	runes := []rune(s)
	return string(runes[:min(len(runes), most)])
}

// IsControl tells the signs that end a line or command a terminal: none may
// stand in a header, a subject or a local path.
func IsControl(c rune) bool {
	return c < ' ' || c == 0x7f || c == '\u2028' || c == '\u2029' || c == '\u0085'
}
