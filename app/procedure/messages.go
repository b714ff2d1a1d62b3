package procedure

import (
	_ "embed"
	"fmt"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed messages.yaml
var messagesFile []byte

// Messages returns the sentences of this package's keys (problems, flaws of
// files, refused operations) by key and language. Their verbs are %[1]s, %[2]s;
// all values are texts.
var Messages = sync.OnceValue(func() map[string]map[string]string {
	var all map[string]map[string]string
	if err := yaml.Unmarshal(messagesFile, &all); err != nil {
		panic(fmt.Sprintf("messages.yaml of package procedure: %v", err)) // embedded: a test reads it
	}
	return all
})

// Sentence says what a key means in a language, in English when there is no
// sentence in it; an unknown key stands for itself.
func Sentence(key string, args []any, lang string) string {
	in := Messages()[key]
	words, ok := in[lang]
	if !ok {
		words, ok = in["en"]
	}
	if !ok {
		return key
	}
	if len(args) == 0 {
		return words
	}
	return fmt.Sprintf(words, args...)
}
