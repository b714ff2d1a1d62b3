package index

import (
	"unicode"
	"unicode/utf8"
)

// maxWord bounds the bytes of a word: what is longer is cut, no one types it.
const maxWord = 64

// place says how a word stands in a compound written with hyphens.
type place int

const (
	plain place = iota // in none
	part               // one of its parts
	whole              // the compound itself, after its parts
)

// word is one word of a text: its folded letters and where it stands.
type word struct {
	folded     []byte // only good until the next word
	start, end int
	place      place
}

// scanner takes a text apart into words.
type scanner struct {
	text   string
	at     int
	folded []byte // of the part being read
	whole  []byte // of the compound being read
	parts  int
	start  int // of the compound
	held   bool
	end    int
}

// next returns the next word. A compound written with hyphens (Wi-Fi) comes as
// its parts, then as a whole (wifi).
func (s *scanner) next() (word, bool) {
	if s.held {
		s.held = false
		return word{s.whole, s.start, s.end, whole}, true
	}
	for s.at < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[s.at:])
		if inWord(r) {
			return s.read(), true
		}
		s.at += size
	}
	return word{}, false
}

// read reads a word without hyphens, starting on a letter.
func (s *scanner) read() word {
	start := s.at
	s.folded = s.folded[:0]
	for s.at < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[s.at:])
		if !inWord(r) && !unicode.Is(unicode.Mn, r) {
			break
		}
		if alone(r) && s.at > start {
			break
		}
		if len(s.folded) < maxWord {
			s.folded = appendFolded(s.folded, r)
		}
		s.at += size
		if alone(r) {
			break
		}
	}
	w := word{folded: s.folded, start: start, end: s.at}
	w.place = s.compound(w)
	return w
}

// compound keeps the parts that hyphens join, holds the whole for when the
// last has been given, and says whether w is such a part.
func (s *scanner) compound(w word) place {
	if s.parts == 0 {
		s.whole, s.start = s.whole[:0], w.start
	}
	if len(s.whole) < maxWord {
		s.whole = append(s.whole, w.folded...)
	}
	s.parts++
	if s.joined() {
		return part
	}
	s.held, s.end, s.parts = s.parts > 1, w.end, 0
	if s.held {
		return part
	}
	return plain
}

// joined reports whether a hyphen and another letter follow, and steps over
// the hyphen.
func (s *scanner) joined() bool {
	hyphen, size := utf8.DecodeRuneInString(s.text[s.at:])
	if hyphen != '-' && hyphen != '\u2010' && hyphen != '\u2011' {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s.text[s.at+size:])
	if !inWord(r) {
		return false
	}
	s.at += size
	return true
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r))
}

// alone reports whether a letter is a word of its own, in the scripts that put
// no space between words.
func alone(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer)
}
