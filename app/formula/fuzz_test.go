package formula

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzFormula holds that whatever is written is refused with a sentence of
// ours or gives a value, that it costs the same every time, and never panics.
func FuzzFormula(f *testing.F) {
	for _, name := range slices.Sorted(maps.Keys(hostile)) {
		if len(hostile[name]) < 500 {
			f.Add(hostile[name])
		}
	}
	for _, fn := range Functions() {
		f.Add(fn.Example)
	}
	f.Fuzz(func(t *testing.T, source string) {
		compiled, err := Compile(source)
		checkError(t, err, source)
		if err != nil {
			return
		}
		first, second := NewBudget(), NewBudget()
		v, err := compiled.Eval(world, first)
		checkError(t, err, source)
		if err := isValue(v); err != nil {
			t.Errorf("%q gives %v: %v", source, v, err)
		}
		again, _ := compiled.Eval(world, second)
		if *first != *second || jsonOf(v) != jsonOf(again) {
			t.Errorf("%q does not give or cost the same twice", source)
		}
		Show(v, "fr")
	})
}

// FuzzTemplate holds that words between placeholders come out as they went in
// and that values are never read again.
func FuzzTemplate(f *testing.F) {
	for _, s := range []string{`a {{ var.n }} b`, `\{{ x }}`, `{{ "}}" }}`, "{{ `}}` + '{{' }}", `{{ {a: {b: 1}}.a }}`, `{{`, `}}{{`, `{{ var.answer }}{{ var.answer }}`} {
		f.Add(s, "{{ 7 * 7 }}")
	}
	f.Fuzz(func(t *testing.T, source, answer string) {
		tpl, err := ParseTemplate(source)
		checkError(t, err, source)
		if err != nil {
			return
		}
		vars := Vars{"var": map[string]any{"answer": answer, "n": 1.0}}
		var values, want []string
		out, err := tpl.Render(vars, NewBudget(), "fr", func(s string) string {
			values = append(values, s)
			return "<" + s + ">"
		})
		checkError(t, err, source)
		if err != nil {
			return
		}
		next := 0
		for _, p := range tpl.Parts() {
			if p.Formula == nil {
				want = append(want, p.Text)
				continue
			}
			want = append(want, "<"+values[next]+">")
			next++
		}
		if out != strings.Join(want, "") {
			t.Errorf("%q with %q gives %q", source, answer, out)
		}
	})
}

// FuzzScript holds that whatever is written is refused or ends, and gives
// nothing but its declared outputs.
func FuzzScript(f *testing.F) {
	for _, name := range slices.Sorted(maps.Keys(hostileScripts)) {
		if len(hostileScripts[name]) < 500 {
			f.Add(hostileScripts[name])
		}
	}
	f.Add("x = 1\nif n > 2\n x = [\n1]\nelif true\nelse\nend\nfor i in list\n while false\n end\nend\nreturn x")
	f.Fuzz(func(t *testing.T, source string) {
		s, err := CompileScript(source)
		checkError(t, err, source)
		if err != nil {
			return
		}
		returned, values, err := s.Run(map[string]any{"n": 3.0, "list": []any{1.0, "a"}}, []string{"x"}, NewBudget())
		checkError(t, err, source)
		if err != nil {
			return
		}
		if isValue(returned) != nil || isValue(values["x"]) != nil {
			t.Errorf("%q gives %v and %v", source, returned, values)
		}
		if delete(values, "x"); len(values) > 0 {
			t.Errorf("%q gives %v unasked", source, values)
		}
	})
}

// checkError holds that an error is an *Error with a sentence and a place. What
// was written is quoted in sentences: signs of a sentence that misses a value
// may be its own.
func checkError(t *testing.T, err error, written string) {
	t.Helper()
	if err == nil {
		return
	}
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Line < 1 || e.Column < 1 || messages[e.Key].english == "" {
		t.Errorf("an error without a sentence or a place: %v", err)
		return
	}
	for _, lang := range []string{"fr", "en"} {
		if s := e.In(lang); strings.Contains(s, "%!") && !strings.Contains(written, "%!") || len(s) > 1000 || !utf8.ValidString(s) {
			t.Errorf("the sentence of %s is %q", e.Key, s)
		}
	}
}
