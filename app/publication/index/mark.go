package index

import (
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

// spans finds the words of a text that the query stands for, in order, the
// parts of a compound before it, and counts the different ones.
func (m Match) spans(text, lang string) (found []span, different int) {
	reading := terms{lang: languageOf(lang)}
	reading.termsOf(text)
	seen := map[string]bool{}
	for {
		t, ok := reading.next()
		if !ok {
			return found, different
		}
		if !m.stems[string(t.stem)] {
			continue
		}
		if !seen[string(t.stem)] {
			seen[string(t.stem)] = true
			different++
		}
		for len(found) > 0 && found[len(found)-1].start >= t.start {
			found = found[:len(found)-1]
		}
		found = append(found, span{t.start, t.end})
	}
}

// Mark marks in a text the words that the query stands for.
func (m Match) Mark(text, lang string) []Segment {
	found, _ := m.spans(text, lang)
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

// Snippet returns the passage that holds most of the words, of at most width
// letters, with the words marked: nothing when none holds any. The passages of
// a text are its lines.
func (m Match) Snippet(text, lang string, width int) []Segment {
	var best string
	var spans []span
	most := 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if found, n := m.spans(line, lang); n > most {
			best, spans, most = line, found, n
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
