package formula

import (
	"html"
	"testing"
)

func benchmarkFormula(b *testing.B, source string) {
	f, err := Compile(source)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Eval(world, NewBudget()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkComparison(b *testing.B) { benchmarkFormula(b, `var.n > 2`) }
func BenchmarkAnswer(b *testing.B)     { benchmarkFormula(b, `step.ask.result == "yes"`) }
func BenchmarkConditions(b *testing.B) {
	benchmarkFormula(b, `var.n > 2 and user.mail != nil and "it" in user.groups`)
}
func BenchmarkCalculation(b *testing.B) { benchmarkFormula(b, `(var.n * 1.2 + 3) / 7`) }
func BenchmarkFunction(b *testing.B)    { benchmarkFormula(b, `upper(user.first_name)`) }
func BenchmarkFilter(b *testing.B)      { benchmarkFormula(b, `filter(var.rows, .qty > 3)`) }

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile(`var.n > 2 and user.mail != nil and "it" in user.groups`); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTemplate(b *testing.B) {
	tpl, err := ParseTemplate(`Bonjour {{ user.first_name }}, votre ticket {{ param.ticket }} du {{ date.today }} est ouvert.`)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tpl.Render(world, NewBudget(), "fr", html.EscapeString); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScript(b *testing.B) {
	s, err := CompileScript("total = 0\nfor i in list\n if i > 1\n  total = total + i\n end\nend\nreturn total")
	if err != nil {
		b.Fatal(err)
	}
	inputs := map[string]any{"list": []any{1.0, 2.0, 3.0}}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := s.Run(inputs, nil, NewBudget()); err != nil {
			b.Fatal(err)
		}
	}
}
