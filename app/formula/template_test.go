package formula

import (
	"errors"
	"html"
	"strings"
	"testing"
)

func plain(s string) string { return s }

func TestTemplate(t *testing.T) {
	tests := []struct{ source, want string }{
		{`Bonjour {{ user.first_name }} !`, `Bonjour Élodie !`}, {`{{var.n}}{{var.n}}`, `33`}, {``, ``}, {`no placeholder`, `no placeholder`}, {`{ one } {brace}`, `{ one } {brace}`},
		{`\{{ literal }} {{ var.n }}`, `{{ literal }} 3`}, {`a\{{b\{{c`, `a{{b{{c`}, {`C:\dir {{ var.n }}`, `C:\dir 3`},
		{`{{ "}}" }}`, `}}`}, {`{{ '}}' + "\"}}" }}`, `}}"}}`}, {"{{ `}}` }}", `}}`}, {`{{ {a: {b: 1}}.a.b }}`, `1`}, {`{{ {a: 1}["a"] }}}`, `1}`}, {`{{ if var.n > 1 { "more" } else { "one" } }}`, `more`},
		{`{{ var.unknown }}`, ``}, {`{{ var.truth }}`, `oui`}, {`{{ date.today }}`, `23 novembre 2026`}, {"{{\n  var.n\n}}", `3`}, {`}} {{ 1 }}`, `}} 1`},
	}
	for _, tt := range tests {
		tpl, err := ParseTemplate(tt.source)
		if err != nil {
			t.Errorf("%s: %v", tt.source, err)
			continue
		}
		if got, err := tpl.Render(world, NewBudget(), "fr", plain); err != nil || got != tt.want {
			t.Errorf("%s = %q, %v, want %q", tt.source, got, err, tt.want)
		}
	}
}

func TestTemplateErrors(t *testing.T) {
	tests := []struct {
		source, key  string
		line, column int
	}{
		{`ab {{ var.n`, "formula.placeholder", 1, 4}, {"ab\nc {{ \"}}\" ", "formula.placeholder", 2, 3}, {`{{ }}`, "formula.empty", 1, 3}, {"é\né {{ 1 + }}", "formula.end", 2, 9},
		{"a\n{{ 1 }} {{\n vra.x }}", "formula.root", 3, 2}, {`{{ 1 } }`, "formula.placeholder", 1, 1}, {`{{ {{ 1 }} }}`, "formula.unexpected", 1, 5}, {`é {{ var.n = 1 }}`, "formula.equals", 1, 12},
	}
	for _, tt := range tests {
		_, err := ParseTemplate(tt.source)
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Key != tt.key || e.Line != tt.line || e.Column != tt.column {
			t.Errorf("%q: %v, want %s at %d:%d", tt.source, err, tt.key, tt.line, tt.column)
		}
	}
	tpl, err := ParseTemplate("a\n  {{ 1 / var.zero }}")
	if err != nil {
		t.Fatal(err)
	}
	_, err = tpl.Render(world, nil, "en", plain)
	if e, ok := errors.AsType[*Error](err); !ok || e.Line != 2 || e.Column != 8 {
		t.Errorf("an error while rendering is at %v", err)
	}
}

// TestAnswersAreNeverReadAgain: what a person typed comes
// out as they typed it, encoded, whatever it looks like.
func TestAnswersAreNeverReadAgain(t *testing.T) {
	tpl, err := ParseTemplate(`<{{ var.answer }}|{{ var.answer + "" }}|{{ [var.answer] }}>`)
	if err != nil {
		t.Fatal(err)
	}
	for _, answer := range []string{"{{7*7}}", "${env}", "#name#", "{{ user.mail }}", `\{{ x }}`, "<%= 1 %>", "{% raw %}", "%s%d%!", `"><script>`, "{{", "}}", "$1", "\\1"} {
		got, err := tpl.Render(Vars{"var": map[string]any{"answer": answer}, "user": world["user"]}, nil, "fr", html.EscapeString)
		e := html.EscapeString(answer)
		if want := "<" + e + "|" + e + "|" + e + ">"; err != nil || got != want {
			t.Errorf("%q comes out as %q, %v", answer, got, err)
		}
		f, err := Compile(`upper("x") + var.answer`)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := f.Eval(Vars{"var": map[string]any{"answer": answer}}, nil); err != nil || v != "X"+answer {
			t.Errorf("a formula gives %v, %v for %q", v, err, answer)
		}
	}
}

func TestTemplateIsBounded(t *testing.T) {
	if _, err := ParseTemplate(strings.Repeat("x", maxTemplate+1)); err == nil {
		t.Error("a template of any length is read")
	}
	tpl, err := ParseTemplate(strings.Repeat(`{{ var.long }}`, 1000))
	if err != nil {
		t.Fatal(err)
	}
	_, err = tpl.Render(Vars{"var": map[string]any{"long": strings.Repeat("x", 1<<20)}}, NewBudget(), "fr", plain)
	if !errors.Is(err, ErrBudget) {
		t.Errorf("a template that grows to a gigabyte ends with %v", err)
	}
}
