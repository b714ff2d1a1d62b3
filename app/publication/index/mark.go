package index

import (
	"iter"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// Segment is a piece of text, marked when it is what was looked for.
type Segment struct {
	Text   string
	Marked bool
}

// span is a piece of text by its bytes.
type span struct{ start, end int }

// spans finds in a text the words that the query stands for, in order, and how
// many words of the query they are. A compound stands for its parts.
func (m Match) spans(text string, reading *terms) (found []span, different int) {
	reading.termsOf(text)
	var seen uint16
	for {
		t, ok := reading.next()
		if !ok {
			return found, bits.OnesCount16(seen)
		}
		words := m.stems[string(t.stem)]
		if words == 0 {
			continue
		}
		seen |= words
		for len(found) > 0 && found[len(found)-1].start >= t.start {
			found = found[:len(found)-1]
		}
		found = append(found, span{t.start, t.end})
	}
}

// Mark marks in a text the words that the query stands for.
func (m Match) Mark(text, lang string) []Segment {
	found, _ := m.spans(text, &terms{lang: languageOf(lang)})
	return segments(text, found)
}

func segments(text string, found []span) (all []Segment) {
	at := 0
	for _, s := range found {
		if s.start > at {
			all = append(all, Segment{Text: text[at:s.start]})
		}
		all = append(all, Segment{text[s.start:s.end], true})
		at = s.end
	}
	if at < len(text) {
		all = append(all, Segment{Text: text[at:]})
	}
	return all
}

// enough is how many different words make a passage good without looking
// further.
const enough = 3

// Snippet returns the first passage that holds most of the words, cut to at
// most width letters, with the words marked: nothing when none holds any.
// Passages are asked for until one is good enough.
func (m Match) Snippet(passages iter.Seq[string], lang string, width int) []Segment {
	reading := &terms{lang: languageOf(lang)}
	var best string
	var spans []span
	most := 0
	for passage := range passages {
		if found, n := m.spans(passage, reading); n > most {
			best, spans, most = passage, found, n
		}
		if most >= min(enough, len(m.words)) {
			break
		}
	}
	if most == 0 {
		return nil
	}
	return window(best, spans, width)
}

// window cuts a line around its first marked word, between words.
func window(line string, found []span, width int) []Segment {
	from := back(line, found[0].start, width/4)
	to := forward(line, from, width)
	var inside []span
	for _, s := range found {
		if s.end <= to {
			inside = append(inside, span{s.start - from, s.end - from})
		}
	}
	all := segments(line[from:to], inside)
	if from > 0 {
		all = append([]Segment{{Text: "… "}}, all...)
	}
	if to < len(line) {
		all = append(all, Segment{Text: " …"})
	}
	return all
}

// back steps back by so many letters, then on to the start of a word.
func back(line string, at, letters int) int {
	from := at
	for ; from > 0 && letters > 0; letters-- {
		_, size := utf8.DecodeLastRuneInString(line[:from])
		from -= size
	}
	if from == 0 {
		return 0
	}
	if space := strings.IndexByte(line[from:at], ' '); space >= 0 {
		return from + space + 1
	}
	return at
}

// forward steps on by so many letters, then back to the end of a word.
func forward(line string, at, letters int) int {
	to := at
	for ; to < len(line) && letters > 0; letters-- {
		_, size := utf8.DecodeRuneInString(line[to:])
		to += size
	}
	if to == len(line) {
		return to
	}
	if space := strings.LastIndexByte(line[at:to], ' '); space > 0 {
		return at + space
	}
	return to
}
