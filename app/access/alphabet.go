package access

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// shared are the alphabets whose letters share shapes.
var shared = []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian}

// inUse are the alphabets in wide use (Unicode Standard Annex 31, table 5), with what
// belongs to several. The others have many letters drawn like Latin ones: Lisu,
// Cherokee, Coptic.
var inUse = append([]*unicode.RangeTable{
	unicode.Common, unicode.Inherited, unicode.Arabic, unicode.Bengali, unicode.Bopomofo, unicode.Devanagari, unicode.Ethiopic, unicode.Georgian,
	unicode.Gujarati, unicode.Gurmukhi, unicode.Han, unicode.Hangul, unicode.Hebrew, unicode.Hiragana, unicode.Kannada, unicode.Katakana, unicode.Khmer,
	unicode.Lao, unicode.Malayalam, unicode.Myanmar, unicode.Oriya, unicode.Sinhala, unicode.Tamil, unicode.Telugu, unicode.Thaana, unicode.Thai, unicode.Tibetan,
}, shared...)

// misleads reports whether a word that is newly given to something looks like another:
// it mixes alphabets that share shapes, or has letters of one that is hardly in use.
func misleads(word string) bool {
	found := 0
	for _, alphabet := range shared {
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(alphabet, r) }) {
			found++
		}
	}
	return found > 1 || strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) && !unicode.In(r, inUse...) })
}

// hasMisleading reports whether one of the words of a text misleads.
func hasMisleading(text string) bool {
	for word := range strings.FieldsFuncSeq(norm.NFKC.String(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		if misleads(word) {
			return true
		}
	}
	return false
}
