package access

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// longestGroupName is how many characters the name of a group may have.
const longestGroupName = 80

// GroupKey returns the one form of the name of a group: lower case, one width,
// composed accents, single spaces, and Latin letters for those of Cyrillic, Greek and
// Armenian that are drawn the same. No two groups of a domain get the same key, nor do
// two logins: people would take one for the other. It only refuses; who comes in, and
// what opens, goes by what is written.
func GroupKey(name string) string {
	if onlyASCII(name) { // most are, and directories tell of many
		return strings.Join(strings.Fields(strings.ToLower(name)), " ")
	}
	folded := norm.NFKC.String(cases.Fold().String(norm.NFKC.String(name)))
	return strings.Join(strings.Fields(drawn.Replace(folded)), " ")
}

// drawn writes Latin letters for small ones whose capital is drawn the same, a choice
// from the confusables of Unicode Technical Standard 39, section 4, i for those of
// Turkish, and one apostrophe and one hyphen for all.
var drawn = strings.NewReplacer(
	"ı", "i", "i\u0307", "i",
	"’", "'", "‘", "'", "ʼ", "'", "´", "'", "‐", "-", "‑", "-", "–", "-", "—", "-", "−", "-",
	"а", "a", "в", "b", "е", "e", "к", "k", "м", "m", "н", "h", "о", "o", "р", "p", "с", "c", "т", "t", "у", "y", "х", "x", "ѕ", "s", "і", "i", "ј", "j", "ԁ", "d", "һ", "h", "ԛ", "q", "ԝ", "w", "ӏ", "l",
	"α", "a", "β", "b", "ε", "e", "ζ", "z", "η", "h", "ι", "i", "κ", "k", "μ", "m", "ν", "n", "ο", "o", "ρ", "p", "τ", "t", "υ", "y", "χ", "x",
	"օ", "o", "ս", "u", "հ", "h", "ո", "n", "տ", "s", "ց", "g", "զ", "q", "ɑ", "a", "ɡ", "g",
)

// forAll are the words, as GroupKey has them, by which pages say that a thing is open to
// all: a group called so would seem to open it to everybody, and opens it to its members.
var forAll = []string{"everyone", "everybody", "tout le monde"}

// WrongGroupName says why a text cannot be the name of a group: "" or the key of a
// sentence.
func WrongGroupName(name string) string {
	switch {
	case strings.TrimSpace(name) == "", utf8.RuneCountInString(name) > longestGroupName, !utf8.ValidString(name):
		return "fault.group.name"
	}
	return WrongGroupTitle(name)
}

// WrongGroupTitle says why a text cannot be what people read a group by: "" or the key
// of a sentence.
func WrongGroupTitle(title string) string {
	switch {
	case HasUnseen(title):
		return "fault.group.unseen"
	case hasMisleading(title):
		return "fault.group.alphabets"
	case slices.Contains(forAll, GroupKey(title)):
		return "fault.group.everyone"
	}
	return ""
}

// NumberedGroupName is the name of a group with a number behind, cut where it would be
// too long.
func NumberedGroupName(name string, n int) string {
	number := fmt.Sprintf(" (%d)", n)
	runes := []rune(strings.TrimSpace(name))
	return strings.TrimSpace(string(runes[:min(len(runes), longestGroupName-len(number))])) + number
}

func onlyASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII })
}
