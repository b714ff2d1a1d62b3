package richtext

import (
	"strings"
	"testing"

	"selfhelp/app/formula"
)

// FuzzHTML holds that whatever a writer writes and a person answers, nothing
// runs, nothing is fetched from elsewhere, and no address leads where it may
// not.
func FuzzHTML(f *testing.F) {
	for i, attack := range attacks {
		f.Add(attack, attacks[len(attacks)-1-i])
		f.Add("[{{ var.a }}]({{ var.a }}) ![{{ var.a }}](resource:icon) "+attack, attack)
	}
	for _, s := range []string{"> [!NOTE]\n> a\n\n| a |\n|---|\n| {{ var.a }} |", "[a](https://x.example{{ var.a }}/{{ var.a }}?q={{ var.a }}#{{ var.a }})", "![x](resource:steps) a ![x](resource:outer \"{{ var.a }}\")", "[a](mailto:{{ var.a }}) <https://{{ var.a }}> www.x.example/{{ var.a }}"} {
		f.Add(s, "/x y\t\"'<>&")
	}
	f.Fuzz(func(t *testing.T, source, answer string) {
		d, err := Compile(source, shelf)
		if err != nil {
			return
		}
		vars := formula.Vars{"var": map[string]any{"a": answer}, "user": map[string]any{"name": answer}}
		checkDoc(t, source, d, vars)
		if plain, err := d.Plain(vars, nil, "en"); err == nil && !strings.Contains(answer, markBegin) && strings.Contains(plain, markBegin) {
			t.Errorf("%q has a mark left in %q", source, plain)
		}
		d.Words("fr")
	})
}
