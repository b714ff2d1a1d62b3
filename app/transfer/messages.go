package transfer

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"selfhelp/app/procedure"
)

//go:embed messages.yaml
var messagesFile []byte

// Messages returns the sentences of this package's keys by key and language.
// Their verbs are %[1]s, %[2]s; all values are texts.
var Messages = sync.OnceValue(func() map[string]map[string]string {
	var all map[string]map[string]string
	if err := yaml.Unmarshal(messagesFile, &all); err != nil {
		panic(fmt.Sprintf("messages.yaml of package transfer: %v", err)) // embedded: a test reads it
	}
	return all
})

// Sentence says the problem in a language, English where there is no other.
func (p Problem) Sentence(lang string) string {
	args := make([]any, len(p.Args))
	for i, a := range p.Args {
		args[i] = fmt.Sprint(a)
	}
	in, ours := Messages()[p.Key]
	if !ours {
		return procedure.Sentence(p.Key, args, lang)
	}
	words, found := in[lang]
	if !found {
		words = in["en"]
	}
	if !strings.Contains(words, "%") {
		return words
	}
	return fmt.Sprintf(words, args...)
}
