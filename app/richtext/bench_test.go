package richtext

import (
	"testing"

	"selfhelp/app/formula"
)

const page = `# Vérifier le câble

Bonjour {{ user.name }}, regardez **derrière** le routeur{{ var.blank }}.

![Le routeur](resource:router)

1. Débranchez le câble.
2. Attendez *dix* secondes.
3. Rebranchez-le.

> [!WARNING]
> Ne touchez pas au câble jaune.

[Plus d’aide](https://help.example.org/{{ var.n }})
`

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile(page, shelf); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkHTML(b *testing.B, source string) {
	d, err := Compile(source, shelf)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.HTML(reader, formula.NewBudget(), "fr"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStatic(b *testing.B)       { benchmarkHTML(b, "# Titre\n\n> [!TIP]\n> conseil") }
func BenchmarkPlaceholders(b *testing.B) { benchmarkHTML(b, page) }

func BenchmarkCompileShort(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile("Vérifiez que le **câble** est branché, puis regardez si la lampe du routeur s’allume.", shelf); err != nil {
			b.Fatal(err)
		}
	}
}
