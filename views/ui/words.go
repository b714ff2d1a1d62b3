package ui

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/assets"
)

// Words are the sentences of the interface in one language.
type Words struct {
	lang      string
	sentences map[string]sentence
	fallback  *Words // nil for the first language
}

// sentence is one entry of a catalogue. Its other forms are for numbers.
type sentence struct{ other, one, zero string }

// Language is a language the interface speaks.
type Language struct {
	Tag  string // "fr"
	Name string // in itself: "Français"
}

// fallbackLanguage is the one every sentence exists in.
const fallbackLanguage = "en"

var (
	catalogues = mustLoad(assets.Messages())
	languages  = languagesOf(catalogues)
)

func mustLoad(messages fs.FS) map[string]*Words {
	loaded, err := load(messages)
	if err != nil {
		panic("messages: " + err.Error()) // they are embedded, and a test reads them
	}
	return loaded
}

// load reads every catalogue: a folder per language, every file in it.
func load(messages fs.FS) (map[string]*Words, error) {
	loaded := map[string]*Words{}
	found, err := fs.Glob(messages, "*/*.txt")
	if err != nil {
		return nil, err
	}
	for _, name := range found {
		lang := path.Dir(name)
		if loaded[lang] == nil {
			loaded[lang] = &Words{lang: lang, sentences: map[string]sentence{}}
		}
		if err := loaded[lang].read(messages, name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	for lang, words := range loaded {
		if lang != fallbackLanguage {
			words.fallback = loaded[fallbackLanguage]
		}
	}
	return loaded, nil
}

// read reads one file: lines of "key: sentence"; "key[one]" and "key[zero]" are
// its other forms, and # begins a comment.
func (w *Words) read(messages fs.FS, name string) error {
	content, err := fs.ReadFile(messages, name)
	if err != nil {
		return err
	}
	for n, line := range strings.Split(string(content), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		if err := w.add(line); err != nil {
			return fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	return nil
}

func (w *Words) add(line string) error {
	key, text, found := strings.Cut(line, ": ")
	if !found || text == "" {
		return fmt.Errorf("%q is not a key and a sentence", line)
	}
	key, form, _ := strings.Cut(strings.TrimSuffix(key, "]"), "[")
	s := w.sentences[key]
	slot := map[string]*string{"": &s.other, "one": &s.one, "zero": &s.zero}[form]
	if slot == nil || *slot != "" {
		return fmt.Errorf("%q is said twice, or in a form there is not", line)
	}
	*slot = w.typeset(text)
	w.sentences[key] = s
	return nil
}

const narrowSpace = "\u202f"

// french puts the narrow no-break spaces that French wants and no keyboard has.
var french = strings.NewReplacer(
	" ;", narrowSpace+";", " :", narrowSpace+":", " !", narrowSpace+"!", " ?", narrowSpace+"?",
	"« ", "«"+narrowSpace, " »", narrowSpace+"»", " %%", narrowSpace+"%%", "'", "’",
)

// english has curly apostrophes.
var english = strings.NewReplacer("'", "’")

func (w *Words) typeset(words string) string {
	if w.lang == "fr" {
		return french.Replace(words)
	}
	return english.Replace(words)
}

func languagesOf(all map[string]*Words) (list []Language) {
	for tag, words := range all {
		list = append(list, Language{Tag: tag, Name: words.T("language.name")})
	}
	slices.SortFunc(list, func(a, b Language) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// Languages returns the languages of the interface, by name.
func Languages() []Language { return languages }

// Speaks reports whether the interface exists in a language.
func Speaks(lang string) bool { return catalogues[lang] != nil }

// In returns the words of the first of the languages that the interface
// speaks; a tag like "fr-CA" is also looked up as "fr". English is the last
// resort.
func In(langs ...string) *Words {
	for _, lang := range langs {
		base, _, _ := strings.Cut(lang, "-")
		if words := catalogues[strings.ToLower(base)]; words != nil {
			return words
		}
	}
	return catalogues[fallbackLanguage]
}

// Lang returns the tag of the words' language.
func (w *Words) Lang() string { return w.lang }

// Has reports whether the catalogue, or the one it falls back to, has a key.
func (w *Words) Has(key string) bool {
	_, found := w.find(key)
	return found
}

// T returns the sentence of a key; each %s is filled with the next value, shown
// as people of that language write it.
func (w *Words) T(key string, values ...any) string {
	s, found := w.find(key)
	if !found {
		return "[" + key + "]"
	}
	return w.fill(s.other, values)
}

// N is T for a sentence that depends on a number, which is its first value.
func (w *Words) N(key string, n int, values ...any) string {
	s, found := w.find(key)
	if !found {
		return "[" + key + "]"
	}
	text := s.other
	switch {
	case n == 0 && s.zero != "":
		text = s.zero
	case w.singular(n) && s.one != "":
		text = s.one
	}
	return w.fill(text, append([]any{n}, values...))
}

// singular says for which numbers the language uses the singular.
func (w *Words) singular(n int) bool {
	return n == 1 || n == 0 && w.lang == "fr"
}

func (w *Words) find(key string) (sentence, bool) {
	for ; w != nil; w = w.fallback {
		if s, found := w.sentences[key]; found {
			return s, true
		}
	}
	return sentence{}, false
}

// fill replaces each %s; a sentence may leave values out, and a value that is
// missing is shown as nothing, for a page must not break for it.
func (w *Words) fill(text string, values []any) string {
	if !strings.Contains(text, "%") {
		return text
	}
	var filled strings.Builder
	for {
		before, after, found := strings.Cut(text, "%")
		filled.WriteString(before)
		if !found {
			return filled.String()
		}
		switch {
		case strings.HasPrefix(after, "s"):
			if len(values) > 0 {
				shown := w.Show(values[0])
				filled.WriteString(shown)
				values, after = values[1:], closed(shown, after)
			}
			text = after[1:]
		case strings.HasPrefix(after, "%"):
			filled.WriteByte('%')
			text = after[1:]
		default:
			filled.WriteByte('%')
			text = after
		}
	}
}

// closed leaves out the colon that would come after a value which ends a
// sentence by itself: "How many?: …". The rest begins with the verb's letter.
func closed(shown, rest string) string {
	if !strings.HasSuffix(shown, "?") && !strings.HasSuffix(shown, "!") {
		return rest
	}
	if after, colon := strings.CutPrefix(strings.TrimLeft(rest[1:], " \u00a0\u202f"), ":"); colon {
		return rest[:1] + after
	}
	return rest
}

// Show returns a value as people of the language write it.
func (w *Words) Show(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case int:
		return w.Number(int64(v))
	case int64:
		return w.Number(v)
	case time.Time:
		return w.DateTime(v)
	case fault.Bytes:
		return w.Size(int64(v))
	case []string:
		return strings.Join(v, ", ")
	}
	return fmt.Sprint(value)
}
