package formula

import (
	"errors"
	"strings"
	"testing"
)

func TestScript(t *testing.T) {
	tests := []struct{ name, source, returned, values string }{
		{"assignments", "x = n + 1\ny = x * 2", "null", `{"x":4,"y":8}`},
		{"if", "if n > 5\n  x = 1\nelif n > 2\n  x = 2\nelse\n  x = 3\nend", "null", `{"x":2}`},
		{"else", "if n > 5\n x = 1\nelse\n x = 3\nend", "null", `{"x":3}`},
		{"no branch", "if n > 5\n x = 1\nend\nreturn 7", "7", `{}`},
		{"for", "x = 0\nfor i in list\n  x = x + i\nend", "null", `{"x":6}`},
		{"for nothing", "x = 1\nfor i in nil\nx = 2\nend", "null", `{"x":1}`},
		{"while", "x = 1\nwhile x < 100\n  x = x * 2\nend\nreturn \"done\"", `"done"`, `{"x":128}`},
		{"return inside", "for i in list\n if i == 2\n  return i\n end\nend\nreturn 9", "2", `{}`},
		{"comments and blanks", "# x = 1\n\n  # more (\n x = 2 // why\n", "null", `{"x":2}`},
		{"several lines", "x = [\n  1,\n  2\n]\ny = filter(\n  list, # > 1\n)", "null", `{"x":[1,2],"y":[2,3]}`},
		{"text with brackets", "x = \"(\" + '['\ny = 1", "null", `{"x":"([","y":1}`},
		{"only declared outputs", "secret = 1\nx = secret", "null", `{"x":1}`},
		{"input may be set", "n = n + 1\nx = n", "null", `{"x":4}`},
		{"unset is nil", "if false\n z = 1\nend\nx = z == nil", "null", `{"x":true}`},
		{"loops inside", "x = map(list, let k = # * n; k + 1)", "null", `{"x":[4,7,10]}`},
		{"roots are names", "user = 1\nx = user", "null", `{"x":1}`},
		{"name like a word", "format = 1\nx = format\ninput = 2\nfor y in [input]\nend", "null", `{"x":1,"y":2}`},
		{"no space", "x=1\ny=x==1", "null", `{"x":1,"y":true}`},
		{"carriage returns", "x = 1\r\nif x == 1\r\n y = 2\r\nend\r\n", "null", `{"x":1,"y":2}`},
		{"empty", "", "null", `{}`},
	}
	for _, tt := range tests {
		s, err := CompileScript(tt.source)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		returned, values, err := s.Run(map[string]any{"n": 3.0, "list": []any{1.0, 2.0, 3.0}, "unused": 1.0}, []string{"x", "y"}, NewBudget())
		if got := jsonOf(returned); err != nil || got != tt.returned || jsonOf(values) != tt.values {
			t.Errorf("%s: returned %s, values %s, %v", tt.name, got, jsonOf(values), err)
		}
	}
}

func TestScriptErrors(t *testing.T) {
	tests := []struct {
		source, key  string
		line, column int
	}{
		{"x = 1\ny = = 2", "formula.equals", 2, 5}, {"x = 1\n\n  nonsense", "formula.script.line", 3, 3}, {"if true\nx = 1", "formula.script.open", 1, 1}, {"x = 1\nend", "formula.script.stray", 2, 1}, {"else", "formula.script.stray", 1, 1},
		{"if true\nelse\nelse\nend", "formula.script.stray", 3, 1}, {"if true\nelse\nelif true\nend", "formula.script.stray", 3, 1}, {"for x in\nend", "formula.script.line", 1, 1}, {"for x of y\nend", "formula.script.line", 1, 1}, {"for in in y\nend", "formula.script.name", 1, 5}, {"end = 1", "formula.script.name", 1, 1},
		{"while\nend", "formula.empty", 1, 6}, {"return", "formula.empty", 1, 7}, {"x = ", "formula.empty", 1, 4}, {"x == 1", "formula.script.line", 1, 1}, {"1x = 1", "formula.script.name", 1, 1}, {"while true\nelse\nend", "formula.script.stray", 2, 1}, {"if true\nend end", "formula.script.stray", 2, 1}, {"else = 1", "formula.script.name", 1, 1},
		{"x = 1\ny = x / 0", "formula.zero", 2, 7}, {"x = missing", "formula.script.input", 1, 4}, {"x = 1\nif x\nend", "formula.not_truth", 2, 4}, {"for i in 5\nend", "formula.argument", 1, 9}, {"x = (1", "formula.open", 1, 5}, {"x = \"abc\ny = 1", "formula.unclosed_text", 1, 9},
		{"while true\nend", "formula.budget.time", 1, 7}, {strings.Repeat("if true\n", 20) + strings.Repeat("end\n", 20), "formula.script.deep", 18, 1}, {"x = 1\n" + strings.Repeat("#", MaxScript), "formula.script.long", 1, 1}, {"x = $env", "formula.script.input", 1, 4}, {"x = now()", "formula.function", 1, 5},
	}
	for _, tt := range tests {
		s, err := CompileScript(tt.source)
		if err == nil {
			_, _, err = s.Run(nil, []string{"x"}, nil)
		}
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Key != tt.key || e.Line != tt.line || e.Column != tt.column {
			t.Errorf("%.40q: %v, want %s at %d:%d", tt.source, err, tt.key, tt.line, tt.column)
		}
	}
}

func TestScriptNames(t *testing.T) {
	s, err := CompileScript("total = price * quantity\nfor line in lines\n total = total + line.amount\nend\nlet_me = map(lines, let a = #; a)")
	if err != nil {
		t.Fatal(err)
	}
	if got := jsonOfStrings(s.Inputs()) + jsonOfStrings(s.Outputs()); got != `["lines","price","quantity"]["let_me","line","total"]` {
		t.Errorf("names: %s", got)
	}
}

func TestScriptDoesNotKeepAnything(t *testing.T) {
	s, err := CompileScript("if first\n x = 1\nend\nreturn x")
	if err != nil {
		t.Fatal(err)
	}
	for _, first := range []bool{true, false} {
		got, _, err := s.Run(map[string]any{"first": first}, nil, nil)
		if err != nil || (got != nil) != first {
			t.Errorf("first %v: %v, %v", first, got, err)
		}
	}
}
