package formula

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// maxShown is how much of a value a person is shown, in bytes.
const maxShown = 64 << 10

// Show writes a value as a person reads it in a language: numbers with its
// separators, ISO dates in words, yes and no, lists with commas, objects as
// "name: value". Very large values end in "…".
func Show(v any, lang string) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return showText(v, lang)
	case float64:
		return showNumber(v, lang)
	case bool:
		if v {
			return wordsOf(lang).yes
		}
		return wordsOf(lang).no
	}
	s := shower{lang: lang}
	s.show(v, 0)
	return s.out.String()
}

// showText writes a text as it is, unless it is a whole ISO date.
func showText(s, lang string) string {
	t, layout, ok := readDate(s)
	if !ok {
		return s
	}
	w := wordsOf(lang)
	shown, _ := formatDate(t, w.dayForm, lang)
	if isFrench(lang) && t.Day() == 1 {
		shown = strings.Replace(shown, "1", "1er", 1)
	}
	if layout == day {
		return shown
	}
	hour, _ := formatDate(t, w.timeForm, lang)
	return shown + w.between + hour
}

// showNumber writes a number with the separators of a language.
func showNumber(f float64, lang string) string {
	plain := plainNumber(f)
	if strings.ContainsAny(plain, "eEIN") {
		return plain
	}
	if wordsOf(lang) == languages["en"] && !isEnglish(lang) {
		return showElsewhere(f, lang)
	}
	w := wordsOf(lang)
	sign := ""
	if plain[0] == '-' {
		sign, plain = "-", plain[1:]
	}
	integer, decimals, has := strings.Cut(plain, ".")
	out := sign + grouped(integer, w.group)
	if has {
		out += w.point + decimals
	}
	return out
}

func isEnglish(lang string) bool { return lang == "en" || strings.HasPrefix(lang, "en-") }

// showElsewhere writes a number in a language we have no words of.
func showElsewhere(f float64, lang string) string {
	tag, err := language.Parse(lang)
	if err != nil {
		return plainNumber(f)
	}
	return message.NewPrinter(tag).Sprint(number.Decimal(f, number.MaxFractionDigits(15)))
}

// grouped puts a separator between groups of three digits, from four digits on.
func grouped(digits, separator string) string {
	if len(digits) <= 3 {
		return digits
	}
	first := (len(digits)-1)%3 + 1
	var out strings.Builder
	out.WriteString(digits[:first])
	for i := first; i < len(digits); i += 3 {
		out.WriteString(separator + digits[i:i+3])
	}
	return out.String()
}

// shower writes lists and objects until it is enough.
type shower struct {
	lang string
	out  strings.Builder
}

func (s *shower) full(depth int) bool { return s.out.Len() > maxShown || depth > maxNesting }

func (s *shower) show(v any, depth int) {
	switch v := v.(type) {
	case []any:
		for i, item := range v {
			if i > 0 {
				s.out.WriteString(", ")
			}
			if s.full(depth) {
				s.out.WriteString("…")
				return
			}
			s.show(item, depth+1)
		}
	case map[string]any:
		for i, name := range slices.Sorted(maps.Keys(v)) {
			if i > 0 {
				s.out.WriteString(", ")
			}
			if s.full(depth) {
				s.out.WriteString("…")
				return
			}
			s.out.WriteString(name + ": ")
			s.show(v[name], depth+1)
		}
	case nil, bool, float64, string:
		s.out.WriteString(Show(v, s.lang))
	}
}
