package procedure

import (
	"regexp"
	"slices"
	"time"
)

// Schema is the number of the language's present shape. Archives carry it; a
// newer one is refused.
const Schema = 1

// Text is something a person reads, by language. Short texts are plain, bodies
// are CommonMark; both may hold placeholders. A text has no id of its own: its
// stable address is the id of its owner and the name of the property, like
// "ask_lamp.title" or "ask_lamp.answers.yes.text", which Texts gives.
type Text struct {
	In map[string]string `json:"in,omitempty"` // language tag ("fr", "en", "pt-BR") → words
	// Dated replaces the words during a window of dates; the first window that
	// holds wins. A text with no words of its own is shown only in its windows.
	Dated []DatedText `json:"dated,omitempty"`
}

// DatedText is what a text says from one date until another.
type DatedText struct {
	ID    string            `json:"id" is:"id"`
	From  Date              `json:"from,omitempty,omitzero"`  // first day, zero: always was
	Until Date              `json:"until,omitempty,omitzero"` // last day included, zero: for ever
	In    map[string]string `json:"in"`
}

// T is a text in French and English, the way tests and seeds write it.
func T(fr, en string) Text { return Text{In: map[string]string{"fr": fr, "en": en}} }

// IsZero reports whether the text says nothing in any language at any date.
func (t Text) IsZero() bool { return len(t.In) == 0 && len(t.Dated) == 0 }

// On returns the words by language that hold on a day. The map is the text's
// own: do not change it.
func (t Text) On(now time.Time) map[string]string {
	day := DateOf(now)
	for _, d := range t.Dated {
		if (d.From.IsZero() || !day.Before(d.From)) && (d.Until.IsZero() || !d.Until.Before(day)) {
			return d.In
		}
	}
	return t.In
}

// Pick returns the words in the first of the languages that has some, then in
// any language (in the order of their tags), and the language it found.
func (t Text) Pick(now time.Time, langs ...string) (words, lang string) {
	return pick(t.On(now), langs)
}

func pick(in map[string]string, langs []string) (words, lang string) {
	for _, l := range langs {
		if w := in[l]; w != "" {
			return w, l
		}
	}
	for l, w := range in {
		if w != "" && (lang == "" || l < lang) {
			words, lang = w, l
		}
	}
	return words, lang
}

// Everything returns all the text may say by language: its own words, then
// those of its windows.
func (t *Text) Everything() []map[string]string {
	all := []map[string]string{t.In}
	for _, d := range t.Dated {
		all = append(all, d.In)
	}
	return all
}

var shownResource = regexp.MustCompile(`\]\(\s*<?resource:([^)\s>]+)`)

// Shows returns the resources that a text shows in any language at any date,
// each once, sorted.
func (t *Text) Shows() (ids []string) {
	for _, in := range t.Everything() {
		for _, words := range in {
			for _, m := range shownResource.FindAllStringSubmatch(words, -1) {
				ids = append(ids, m[1])
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
