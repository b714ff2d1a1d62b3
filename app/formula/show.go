package formula

import (
	"maps"
	"slices"
	"strings"
)

// maxShown is how much of a value a person is shown, in bytes.
const maxShown = 64 << 10

// mostNames is how many names an object may have to be shown at all: more
// cannot be read, and putting them in order would take long.
const mostNames = 1000

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

// showText writes a text as it is, unless it is a whole ISO date and we know
// the names of the months.
func showText(s, lang string) string {
	t, layout, ok := readDate(s)
	if !ok || !speaks(lang) {
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
	out := Plain(f)
	if strings.ContainsAny(out, "eEIN") {
		return out
	}
	sign := ""
	if out[0] == '-' {
		sign, out = "-", out[1:]
	}
	point, group := separators(lang)
	integer, decimals, has := strings.Cut(out, ".")
	out = sign + grouped(integer, group)
	if has {
		out += point + decimals
	}
	return out
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
		s.showObject(v, depth)
	case nil, bool, float64, string:
		s.out.WriteString(Show(v, s.lang))
	}
}

func (s *shower) showObject(object map[string]any, depth int) {
	if len(object) > mostNames {
		s.out.WriteString("…")
		return
	}
	for i, name := range slices.Sorted(maps.Keys(object)) {
		if i > 0 {
			s.out.WriteString(", ")
		}
		if s.full(depth) {
			s.out.WriteString("…")
			return
		}
		s.out.WriteString(name + ": ")
		s.show(object[name], depth+1)
	}
}
