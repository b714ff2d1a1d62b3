package procedure

import (
	_ "embed"
	"fmt"
	"sync"

	"go.yaml.in/yaml/v3"
)

// Catalogue holds sentences by message key and language. Their verbs are
// %[1]s, %[2]s; all values are texts.
type Catalogue map[string]map[string]string

// ReadCatalogue reads an embedded file of sentences, which a test reads too.
func ReadCatalogue(file []byte) Catalogue {
	var all Catalogue
	if err := yaml.Unmarshal(file, &all); err != nil {
		panic(fmt.Sprintf("read a catalogue of messages: %v", err))
	}
	return all
}

// Sentence says what a key means in a language, in English when there is no
// sentence in it; an unknown key stands for itself.
func (c Catalogue) Sentence(key string, args []any, lang string) string {
	words, ok := c[key][lang]
	if !ok {
		words, ok = c[key]["en"]
	}
	switch {
	case !ok:
		return key
	case len(args) == 0:
		return words
	}
	return fmt.Sprintf(words, args...)
}

//go:embed messages.yaml
var messagesFile []byte

// Messages returns the sentences of this package's keys: flaws of files and
// refused operations.
var Messages = sync.OnceValue(func() Catalogue { return ReadCatalogue(messagesFile) })

// Sentence says what a key of this package means in a language.
func Sentence(key string, args []any, lang string) string {
	return Messages().Sentence(key, args, lang)
}
