package procedure

import (
	"encoding/base32"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// NewID makes a readable id from a title: lower-case letters and digits, at
// most some forty of them, cut at a word. A title without any gives the
// fallback. An id that is taken gets a number.
func NewID(title, fallback string, taken func(string) bool) string {
	base := spell(title, '_', 40)
	if base != "" && !unicode.IsLetter(rune(base[0])) {
		base = "n" + base
	}
	if base == "" {
		base = fallback
	}
	return free(base, "_", taken)
}

// NewAlias makes an alias from a title in the same way, with hyphens.
func NewAlias(title, fallback string, taken func(string) bool) string {
	base := spell(title, '-', 60)
	if base == "" {
		base = fallback
	}
	return free(base, "-", taken)
}

// NewUID writes 128 random bits as a UID.
func NewUID(random [16]byte) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random[:]))
}

func free(base, hyphen string, taken func(string) bool) string {
	id := base
	for n := 2; taken(id); n++ {
		id = base + hyphen + strconv.Itoa(n)
	}
	return id
}

// ligatures are what Unicode does not take apart.
var ligatures = strings.NewReplacer("œ", "oe", "Œ", "oe", "æ", "ae", "Æ", "ae", "ß", "ss", "ø", "o", "Ø", "o", "ł", "l", "Ł", "l", "đ", "d", "Đ", "d")

// spell writes a title with plain letters and digits, one hyphen between words.
func spell(title string, hyphen byte, longest int) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(ligatures.Replace(title)) {
		r = unicode.ToLower(r)
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte(hyphen)
			}
			gap = false
			b.WriteRune(r)
		case !unicode.Is(unicode.Mn, r):
			gap = true
		}
	}
	if s := b.String(); len(s) <= longest {
		return s
	}
	cut := b.String()[:longest+1]
	if i := strings.LastIndexByte(cut, hyphen); i > longest/2 {
		return cut[:i]
	}
	return cut[:longest]
}
