package execution

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

// say returns the message of a key.
func say(key string, args ...any) Message { return Message{Key: key, Args: args} }

// sentence is one entry of the catalogue.
type sentence struct{ fr, en string }
