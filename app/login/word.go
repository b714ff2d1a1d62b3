package login

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The lengths of a word that passwords must not hold, in letters and digits. One of
// two letters stands in most long passwords by chance.
const (
	ShortestWord = 3
	LongestWord  = 50
)

// Shorter words than these stand by chance inside of other words ("cas" in
// "cascade"), or where one word ends and the next begins ("lyon" in "telly on").
const (
	surelyMeantInside = 4
	surelyMeantAcross = 6
)

// IsWord reports whether a word may be one that passwords must not hold.
func IsWord(word string) bool {
	n := utf8.RuneCountInString(bare(plain(word)))
	return n >= ShortestWord && n <= LongestWord && utf8.ValidString(word) && !strings.ContainsFunc(word, unicode.IsControl)
}

// holds reports whether a password holds one of the words: whatever the case and
// the accents, with other signs and letters that look alike, and with signs between
// them.
func holds(password string, words []string) bool {
	text := bases(password)
	asTyped, asMeant := readAs(text, nil), readAs(text, signs)
	return slices.ContainsFunc(words, func(word string) bool {
		w := readAs(bases(word), nil).letters
		return len(w) > 0 && (asTyped.holds(w) || asMeant.holds(w))
	})
}

// bases are the signs of a text without accents, wide and curly forms.
func bases(s string) []rune {
	return slices.DeleteFunc([]rune(norm.NFKD.String(s)), func(r rune) bool { return unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) })
}

// reading is a text as eyes read it: one letter for all that look like it, without
// what is none, and where in the text each stood.
type reading struct {
	text    []rune
	letters []rune
	at      []int
}

// readAs reads a text. Signs are what stands for a letter beside letters and digits.
func readAs(text []rune, signs map[rune]rune) reading {
	r := reading{text: text}
	for i, typed := range text {
		seen := unicode.ToLower(typed)
		if l, found := lookAlikes[seen]; found {
			seen = l
		} else if l, found := signs[seen]; found {
			seen = l
		}
		if unicode.IsLetter(seen) || unicode.IsDigit(seen) {
			r.letters, r.at = append(r.letters, seen), append(r.at, i)
		}
	}
	return r
}

// holds reports whether a word stands in the text, and hardly by chance.
func (r reading) holds(word []rune) bool {
	for i := 0; i+len(word) <= len(r.letters); i++ {
		if slices.Equal(r.letters[i:i+len(word)], word) && r.isMeant(i, i+len(word)) {
			return true
		}
	}
	return false
}

// isMeant reports whether the letters from one to before another are a word that
// somebody wrote: a long one, one in the middle of a word, or one between borders.
func (r reading) isMeant(from, to int) bool {
	first, last := r.at[from], r.at[to-1]
	inOne := last-first == to-from-1
	switch n := to - from; {
	case n >= surelyMeantAcross, n >= surelyMeantInside && inOne:
		return true
	}
	return r.isBorder(first) && r.isBorder(last+1)
}

// isBorder reports whether a word may begin before a sign of the text, or have ended:
// there is no letter on one side, or a capital on one only.
func (r reading) isBorder(i int) bool {
	if i == 0 || i == len(r.text) {
		return true
	}
	before, after := r.text[i-1], r.text[i]
	return !unicode.IsLetter(before) || !unicode.IsLetter(after) || unicode.IsUpper(before) != unicode.IsUpper(after)
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

// signs are what people write for letters, beside digits.
var signs = map[rune]rune{'@': 'a', '$': 's', '!': 'i', '|': 'i', '€': 'e', '£': 'i', '¢': 'c'}

// lookAlikes are the digits that people write for letters, and the small letters of
// Latin, Greek and Cyrillic that look like another; l reads as i, for 1 and a capital
// i are written for both. The letters are a choice from the confusables of Unicode
// Technical Standard 39, section 4, which holds many that no keyboard has.
var lookAlikes = pairs(
	"0o", "1i", "2z", "3e", "4a", "5s", "6g", "7t", "8b", "9g", "li",
	"ıi", "łi", "øo", "đd", "ħh", "ŧt", "ƒf", "ɑa", "ɡg", "ſs", "ßb", "ʟi", "ɩi",
	"αa", "βb", "γy", "εe", "ηn", "ιi", "κk", "νv", "οo", "ρp", "τt", "υu", "χx", "ωw", "ςc", "ϳj", "σo",
	"аa", "вb", "гr", "еe", "зe", "иu", "кk", "мm", "нh", "оo", "пn", "рp", "сc", "тt", "уy", "хx", "ьb",
	"ѕs", "іi", "јj", "ԁd", "һh", "ӏi", "ԛq", "ԝw", "ґr", "єe", "ѵv", "үy",
)

func pairs(all ...string) map[rune]rune {
	of := make(map[rune]rune, len(all))
	for _, p := range all {
		two := []rune(p)
		of[two[0]] = two[1]
	}
	return of
}
