package login

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The lengths of a word that passwords must not hold, in letters and digits. One of
// two letters stands in most long passwords by chance.
const (
	ShortestWord = 3
	LongestWord  = 50
)

// IsWord reports whether a word may be one that passwords must not hold.
func IsWord(word string) bool {
	n := utf8.RuneCountInString(bare(plain(word)))
	return n >= ShortestWord && n <= LongestWord && utf8.ValidString(word) && !strings.ContainsFunc(word, unicode.IsControl)
}

// holds reports whether a password holds one of the words: whatever the case and
// the accents, with other signs for letters, and with signs between them.
func holds(password string, words []string) bool {
	text := plain(password)
	asTyped, asMeant := bare(text), bare(leet.Replace(text))
	for _, w := range words {
		if w = bare(plain(w)); w != "" && (strings.Contains(asTyped, w) || strings.Contains(asMeant, w)) {
			return true
		}
	}
	return false
}

// bare is a text without anything but letters and digits.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}
