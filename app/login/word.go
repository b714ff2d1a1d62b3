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

// surelyMeant is the length from which a word inside of another is no chance, as "cas"
// in "cascade" is. Where one word ends and the next begins even long ones are:
// "orange" stands in "Seville or angel".
const surelyMeant = 4

// IsWord reports whether a word may be one that passwords must not hold.
func IsWord(word string) bool {
	n := utf8.RuneCountInString(bare(plain(word)))
	return n >= ShortestWord && n <= LongestWord && utf8.ValidString(word) && !strings.ContainsFunc(word, unicode.IsControl)
}

// heldBy is the first of the words that a password holds, "" for none: whatever the
// case and the accents, with other signs and letters that look alike, and with signs
// between them.
func heldBy(password string, words []string) string {
	text := bases(password)
	asTyped, asMeant := readAs(text, nil), readAs(text, signs)
	for _, word := range words {
		w := readAs(bases(word), nil).letters
		if len(w) > 0 && (asTyped.holds(w) || asMeant.holds(w)) {
			return word
		}
	}
	return ""
}

// twoLetters are written as one, and are no accents to Unicode.
var twoLetters = strings.NewReplacer("œ", "oe", "Œ", "OE", "æ", "ae", "Æ", "AE", "ß", "ss", "ẞ", "SS")

// bases are the signs of a text without accents, wide and curly forms.
func bases(s string) []rune {
	return slices.DeleteFunc([]rune(twoLetters.Replace(norm.NFKD.String(s))), func(r rune) bool { return unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) })
}

// reading is a text as eyes read it: the letters that each of its signs may be,
// without those that are none, and where in the text each stood.
type reading struct {
	text    []rune
	letters []string
	at      []int
}

// readAs reads a text. Signs are what stands for a letter beside letters and digits.
func readAs(text []rune, signs map[rune]rune) reading {
	r := reading{text: text}
	for i, typed := range text {
		sign := unicode.ToLower(typed)
		seen, found := lookAlikes[sign]
		if !found && signs[sign] != 0 {
			seen, found = string(signs[sign]), true
		}
		if found || unicode.IsLetter(sign) || unicode.IsDigit(sign) {
			if !found {
				seen = string(sign)
			}
			r.letters, r.at = append(r.letters, seen), append(r.at, i)
		}
	}
	return r
}

// holds reports whether a word stands in the text, and hardly by chance.
func (r reading) holds(word []string) bool {
	for i := 0; i+len(word) <= len(r.letters); i++ {
		if slices.EqualFunc(r.letters[i:i+len(word)], word, strings.ContainsAny) && r.isMeant(i, i+len(word)) {
			return true
		}
	}
	return false
}

// isMeant reports whether the letters from one to before another are a word that
// somebody wrote: most of what there is, one in the middle of a word, or one between
// borders.
func (r reading) isMeant(from, to int) bool {
	first, last, n := r.at[from], r.at[to-1], to-from
	inOne := last-first == n-1
	switch {
	case 2*n > len(r.letters), n >= surelyMeant && inOne:
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
	"0o", "1i", "2z", "3e", "4a", "5s", "6gb", "7t", "8b", "9gq", "li",
	"ıi", "łi", "øo", "đd", "ħh", "ŧt", "ƒf", "ɑa", "ɡg", "ſs", "ʟi", "ɩi",
	"αa", "βb", "γy", "εe", "ηn", "ιi", "κk", "νv", "οo", "ρp", "τt", "υu", "χx", "ωw", "ςc", "ϳj", "σo",
	"аa", "вb", "гr", "еe", "зe", "иu", "кk", "мm", "нh", "оo", "пn", "рp", "сc", "тt", "уy", "хx", "ьb",
	"ѕs", "іi", "јj", "ԁd", "һh", "ӏi", "ԛq", "ԝw", "ґr", "єe", "ѵv", "үy",
)

func pairs(all ...string) map[rune]string {
	of := make(map[rune]string, len(all))
	for _, p := range all {
		sign, size := utf8.DecodeRuneInString(p)
		of[sign] = p[size:]
	}
	return of
}
