package formula_test

import (
	"strings"
	"testing"

	"selfhelp/app/formula"
)

// TestWhatAFormulaGives: the kind of a formula is told from what it reads, and
// what can only fail is said with its place.
func TestWhatAFormulaGives(t *testing.T) {
	known := map[string]formula.Kind{
		"var.n": formula.KindNumber, "var.t": formula.KindText, "var.b": formula.KindTruth, "var.l": formula.KindList, "var.o": formula.KindObject,
	}
	for _, tt := range []struct {
		source string
		want   formula.Kind
		fails  string
	}{
		{`1`, formula.KindNumber, ""},
		{`"a"`, formula.KindText, ""},
		{`true`, formula.KindTruth, ""},
		{`[1]`, formula.KindList, ""},
		{`{a: 1}`, formula.KindObject, ""},
		{`nil`, "", ""},
		{`var.n`, formula.KindNumber, ""},
		{`var.other`, "", ""},
		{`var.other * 24`, formula.KindNumber, ""},
		{`-var.other`, formula.KindNumber, ""},
		{`var.n + var.other`, "", ""},
		{`var.n + 1`, formula.KindNumber, ""},
		{`var.n + " h"`, formula.KindText, ""},
		{`var.other + " h"`, formula.KindText, ""},
		{`var.l + var.l`, formula.KindList, ""},
		{`var.n > 48`, formula.KindTruth, ""},
		{`var.o.x > 48`, formula.KindTruth, ""},
		{`var.n == var.t`, formula.KindTruth, ""},
		{`not var.b and var.n > 1`, formula.KindTruth, ""},
		{`var.b ? 1 : 2`, formula.KindNumber, ""},
		{`var.b ? 1 : "a"`, "", ""},
		{`var.n ?? 0`, formula.KindNumber, ""},
		{`let x = var.t; x`, formula.KindText, ""},
		{`let x = 1; (let x = "a"; x) + x`, formula.KindText, ""},
		{`len(var.t)`, formula.KindNumber, ""},
		{`number(var.t) > 48`, formula.KindTruth, ""},
		{`upper(var.other)`, formula.KindText, ""},
		{`first(var.l)`, "", ""},
		{`filter(var.l, # > 1)`, formula.KindList, ""},
		{`count(var.l, # > 1)`, formula.KindNumber, ""},
		{`any(var.l, # > 1)`, formula.KindTruth, ""},
		{`1..3`, formula.KindList, ""},
		{`"a" in var.l`, formula.KindTruth, ""},
		{`var.t > 48`, "", "line 1, column 7: “>” does not apply to a text and a number."},
		{`1 < 2 and var.t * 2 == 4`, "", "line 1, column 17: “*” does not apply to a text and a number."},
		{`filter(var.l, var.t > 1)`, "", "line 1, column 21: “>” does not apply to a text and a number."},
		{`var.n and var.b`, "", "line 1, column 5: A condition must give yes or no; this one gives a number."},
		{`var.b + 1`, "", "line 1, column 7: “+” does not apply to yes or no and a number."},
		{`-var.t`, "", "line 1, column 1: “-” does not apply to a text."},
	} {
		f, err := formula.Compile(tt.source)
		if err != nil {
			t.Errorf("%s: %v", tt.source, err)
			continue
		}
		kind, err := f.Gives(func(read string) formula.Kind { return known[read] })
		said := ""
		if err != nil {
			said = err.Error()
		}
		if kind != tt.want || said != tt.fails {
			t.Errorf("%s gives %q %q, want %q %q", tt.source, kind, said, tt.want, tt.fails)
		}
	}
}

// TestWhatEveryExampleGives: what is told of a function is what it does.
func TestWhatEveryExampleGives(t *testing.T) {
	for _, one := range formula.Functions() {
		f, err := formula.Compile(one.Example)
		if err != nil {
			t.Fatal(err)
		}
		kind, err := f.Gives(func(string) formula.Kind { return "" })
		if err != nil {
			t.Errorf("%s: %v", one.Example, err)
			continue
		}
		v, err := f.Eval(formula.Vars{}, nil)
		if got := formula.KindOf(v); err == nil && kind != "" && kind != got {
			t.Errorf("%s is said to give %q, and gives %q", one.Example, kind, got)
		}
	}
}

func TestOperands(t *testing.T) {
	known := func(read string) formula.Kind { return map[string]formula.Kind{"var.t": formula.KindText}[read] }
	for source, want := range map[string]string{
		"var.n * 2": "var.n", "-var.n": "var.n", "1 + var.n": "var.n", "var.t + var.n": "", `"a" + var.n`: "", "var.a - var.b": "var.a var.b",
		"var.n > 2": "", "(var.n ?? 0) * 2": "", "isEmpty(var.n) ? 0 : var.n * 2": "", "var.n != nil && var.n * 2 > 3": "",
		"var.n * 2 > 3 && true": "var.n", "round(var.a / 2)": "var.a", "var.n": "",
	} {
		f, err := formula.Compile(source)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(f.Operands(known), " "); got != want {
			t.Errorf("%s computes with %q, want %q", source, got, want)
		}
	}
}
