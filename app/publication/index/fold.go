package index

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// foldedBelow is the end of the letters whose folding is kept ready: Latin with
// all its accents.
const foldedBelow = 0x250

// ready holds the folding of the first letters of Unicode, made once.
var ready = sync.OnceValue(func() *[foldedBelow]string {
	var table [foldedBelow]string
	for r := range rune(foldedBelow) {
		table[r] = foldRune(r)
	}
	return &table
})

// apart are the letters that Unicode does not take apart and people do.
var apart = map[rune]string{
	'œ': "oe", 'æ': "ae", 'ß': "ss", 'ø': "o", 'đ': "d", 'ð': "d", 'ł': "l", 'þ': "th", 'ı': "i",
}

// foldRune returns a letter in lower case without its accents, "" for an
// accent standing by itself.
func foldRune(r rune) string {
	r = unicode.ToLower(r)
	if s, ok := apart[r]; ok {
		return s
	}
	var b strings.Builder
	for _, d := range norm.NFKD.String(string(r)) {
		if !unicode.Is(unicode.Mn, d) {
			b.WriteRune(unicode.ToLower(d))
		}
	}
	return b.String()
}

// appendFolded appends the folding of a letter.
func appendFolded(b []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(b, byte(r))
	}
	if r < foldedBelow {
		return append(b, ready()[r]...)
	}
	return append(b, foldRune(r)...)
}

// Fold returns s in lower case without accents, for comparing and sorting.
func Fold(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		b = appendFolded(b, r)
	}
	return string(b)
}
