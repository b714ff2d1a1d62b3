package formula

import "strings"

// Template is a text with placeholders, safe for concurrent use.
type Template struct{ parts []Part }

// Part is a piece of a template: words as they are, or a formula.
type Part struct {
	Text    string
	Formula *Formula
}

// ParseTemplate reads a text with placeholders: "Bonjour {{ user.name }}".
// \{{ stands for two braces. The error is an *Error.
func ParseTemplate(source string) (*Template, error) {
	t := &Template{}
	for source != "" {
		before, rest, found := strings.Cut(source, "{{")
		if found && strings.HasSuffix(before, `\`) {
			t.parts = append(t.parts, Part{Text: strings.TrimSuffix(before, `\`) + "{{"})
			source = rest
			continue
		}
		if before != "" {
			t.parts = append(t.parts, Part{Text: before})
		}
		if !found {
			break
		}
		inside, after, closed := strings.Cut(rest, "}}")
		if !closed {
			return nil, &Error{Line: 1, Column: 1, Key: "formula.unclosed"}
		}
		f, err := Compile(inside)
		if err != nil {
			return nil, err
		}
		t.parts = append(t.parts, Part{Formula: f})
		source = after
	}
	return t, nil
}

// Parts returns the pieces in order. The slice is the template's own.
func (t *Template) Parts() []Part { return t.parts }

// Render fills the placeholders. Each value is shown in the language, encoded
// for where it goes, and never read again.
func (t *Template) Render(v Vars, b *Budget, lang string, encode func(string) string) (string, error) {
	var out strings.Builder
	for _, p := range t.parts {
		if p.Formula == nil {
			out.WriteString(p.Text)
			continue
		}
		value, err := p.Formula.Eval(v, b)
		if err != nil {
			return "", err
		}
		out.WriteString(encode(Show(value, lang)))
	}
	return out.String(), nil
}
