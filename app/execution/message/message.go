// Package message knows what the engine says to people, in French and English,
// and why a step could not do its work. It refuses to know who says it where.
//
// Its main names are Message, Failure and Sentences.
package message

import (
	"fmt"
	"strings"
)

// Message is the key of a sentence of this package's catalogue and its values.
type Message struct {
	Key  string `json:"key"`
	Args []any  `json:"args,omitempty"`
}

// In returns the sentence in a language; English where there is no other.
func (m Message) In(lang string) string {
	words, known := sentences[m.Key]
	if !known {
		return m.Key
	}
	format := words.en
	if lang == "fr" || strings.HasPrefix(lang, "fr-") {
		format = words.fr
	}
	if len(m.Args) == 0 {
		return format
	}
	return fmt.Sprintf(format, m.Args...)
}

// Say returns the message of a key.
func Say(key string, args ...any) Message { return Message{Key: key, Args: args} }

// Wrong is Say for what may also be nothing.
func Wrong(key string, args ...any) *Message {
	return &Message{Key: key, Args: args}
}

// sentence is one entry of the catalogue.
type sentence struct{ fr, en string }

// Sentences returns the whole catalogue in a language, by key, for those who
// show the keys of faults and events.
func Sentences(lang string) map[string]string {
	out := make(map[string]string, len(sentences))
	for key := range sentences {
		out[key] = Say(key).In(lang)
	}
	return out
}
