package index

import (
	"strings"
)

// The bounds of a query: what is beyond is left out.
const (
	maxQuery = 200 // letters
	maxWords = 12
)

// Query is what someone looks for, as words. Nothing in it is syntax.
type Query struct {
	words []wanted
}

// wanted is one word of a query.
type wanted struct {
	stem   string
	parts  []string // when it is a compound (Wi-Fi): its parts
	begun  bool     // perhaps not typed to its end
	hollow bool     // says little: only looked for as it stands
}

// Parse reads a query in a language. Words that say little are left out,
// unless there are no others.
func Parse(text, lang string) Query {
	text = strings.ToValidUTF8(cut(text, maxQuery), " ")
	reading := terms{lang: languageOf(lang)}
	reading.termsOf(text)
	var hollow, telling []wanted
	var parts []string
	for len(hollow)+len(telling) < maxWords {
		t, ok := reading.next()
		if !ok {
			break
		}
		if t.place == part {
			parts = append(parts, string(t.stem))
			continue
		}
		w := wanted{stem: string(t.stem), parts: parts, begun: t.end == len(text), hollow: t.stop}
		parts = nil
		if t.stop {
			hollow = append(hollow, w)
		} else {
			telling = append(telling, w)
		}
	}
	if len(telling) == 0 {
		return Query{hollow}
	}
	return Query{telling}
}

// Empty reports whether there is nothing to look for.
func (q Query) Empty() bool { return len(q.words) == 0 }

// cut returns at most so many letters of s.
func cut(s string, letters int) string {
	for i := range s {
		if letters == 0 {
			return s[:i]
		}
		letters--
	}
	return s
}
