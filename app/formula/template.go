package formula

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxTemplate is how long a text with placeholders may be, in bytes.
const maxTemplate = 256 << 10

// Template is a text with placeholders, safe for concurrent use.
type Template struct{ parts []Part }

// Part is a piece of a template: words as they are, or a formula.
type Part struct {
	Text    string
	Formula *Formula
}

// ParseTemplate reads a text with placeholders: "Bonjour {{ user.name }}".
// \{{ stands for two braces. Braces and quotes inside a formula are its own.
// The error is an *Error with its place in the text.
func ParseTemplate(source string) (*Template, error) {
	t, wrong := parseTemplate(source)
	if len(wrong) > 0 {
		return nil, wrong[0]
	}
	return t, nil
}

// TemplateErrors returns what is wrong with each placeholder of a text, in their
// order.
func TemplateErrors(source string) (all []*Error) {
	_, wrong := parseTemplate(source)
	for _, err := range wrong {
		if e, ok := errors.AsType[*Error](err); ok {
			all = append(all, e)
		}
	}
	return all
}

// parseTemplate reads a text as far as it can be read: past a placeholder that is
// wrong, up to one that is not closed.
func parseTemplate(source string) (t *Template, wrong []error) {
	if len(source) > maxTemplate {
		err := failAt(0, "formula.too_long", strconv.Itoa(len(source)), strconv.Itoa(maxTemplate))
		return nil, []error{origin{1, 1}.locate(err, source)}
	}
	t = &Template{}
	at, rest := origin{1, 1}, source
	for rest != "" {
		words, from := nextPlaceholder(rest)
		t.addWords(words)
		at, rest = at.after(rest[:from]), rest[from:]
		if rest == "" {
			break
		}
		inside, ok := untilClosed(rest[len("{{"):])
		if !ok {
			return nil, append(wrong, at.locate(failAt(0, "formula.placeholder"), rest))
		}
		f, err := compileAt(inside, at.after("{{"))
		if err != nil {
			wrong = append(wrong, err)
		} else {
			t.parts = append(t.parts, Part{Formula: f})
		}
		length := len(inside) + len("{{}}")
		at, rest = at.after(rest[:length]), rest[length:]
	}
	return t, wrong
}

// nextPlaceholder returns the words before the first placeholder, with escapes
// resolved, and where it begins; len(s) when there is none.
func nextPlaceholder(s string) (words string, from int) {
	var out strings.Builder
	for {
		i := strings.Index(s[from:], "{{")
		if i < 0 {
			out.WriteString(s[from:])
			return out.String(), len(s)
		}
		before := s[from : from+i]
		if !strings.HasSuffix(before, `\`) {
			out.WriteString(before)
			return out.String(), from + i
		}
		out.WriteString(strings.TrimSuffix(before, `\`) + "{{")
		from += i + len("{{")
	}
}

func (t *Template) addWords(words string) {
	if words != "" {
		t.parts = append(t.parts, Part{Text: words})
	}
}

// untilClosed returns the formula before the }} that closes a placeholder:
// one that stands in no text and closes no brace of the formula.
func untilClosed(s string) (inside string, ok bool) {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"', '\'', '`':
			i += quoted(s[i:]) - 1
		case '{':
			depth++
		case '}':
			if depth == 0 {
				return s[:i], strings.HasPrefix(s[i:], "}}")
			}
			depth--
		}
	}
	return "", false
}

// quoted is the length of the quoted text that s begins with, quotes included;
// all of s when it is not closed.
func quoted(s string) int {
	quote := s[0]
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quote != '`':
			i++
		case s[i] == quote:
			return i + 1
		}
	}
	return len(s)
}

// after is the place that follows a text.
func (o origin) after(text string) origin {
	i := strings.LastIndexByte(text, '\n')
	if i < 0 {
		return origin{o.line, o.column + utf8.RuneCountInString(text)}
	}
	return origin{o.line + strings.Count(text, "\n"), 1 + utf8.RuneCountInString(text[i+1:])}
}

// Parts returns the pieces in order. The slice is the template's own.
func (t *Template) Parts() []Part { return t.parts }

// Render fills the placeholders. Each value is shown in the language, encoded
// for where it goes, and never read again. A nil budget is a fresh one.
func (t *Template) Render(v Vars, b *Budget, lang string, encode func(string) string) (string, error) {
	if len(t.parts) == 1 && t.parts[0].Formula == nil {
		return t.parts[0].Text, nil
	}
	if b == nil {
		b = NewBudget()
	}
	var out strings.Builder
	for _, p := range t.parts {
		if p.Formula == nil {
			out.WriteString(p.Text)
			continue
		}
		shown, err := p.Formula.Show(v, b, lang)
		if err != nil {
			return "", err
		}
		out.WriteString(encode(shown))
	}
	return out.String(), nil
}

// Show computes the formula and writes what it gave as a person reads it.
func (f *Formula) Show(v Vars, b *Budget, lang string) (string, error) {
	value, err := f.Eval(v, b)
	if err != nil {
		return "", err
	}
	shown := Show(value, lang)
	if b != nil {
		err = b.take(4+len(shown)/3, 4*len(shown))
	}
	return shown, f.origin.locate(err, f.source)
}
