package execution

import (
	"testing"

	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// TestFailedFormulasAreToldInBothLanguages looks at why a formula failed, as
// the report keeps it.
func TestFailedFormulasAreToldInBothLanguages(t *testing.T) {
	lib := steps(t, `
variables:
  - {name: word, type: text, default: '"x"'}
steps:
- {id: start, start: {}, next: it}
- {id: it, test: {rules: [{id: r, if: "var.word > 3", to: over}]}, next: over}
- {id: over, end: {outcome: solved}}
`)
	turn := start(t, lib)
	r := Report(lib, turn.Events)
	if !r.Failed || r.Stands() != procedure.Failed || r.Outcome != "" {
		t.Errorf("it stands at %q", r.Stands())
	}
	why := r.Steps[len(r.Steps)-1].Why
	if why == nil || why.Line != 1 || why.Column == 0 {
		t.Fatalf("why: %s", asJSON(r.Steps))
	}
	for lang, want := range map[string]string{
		"fr": "«\u202f>\u202f» ne s’applique pas à un texte et un nombre.", "en": "“>” does not apply to a text and a number.",
	} {
		if got := formula.Sentence(why.Key, why.Args, lang); got != want {
			t.Errorf("%s: %s, want %s", lang, got, want)
		}
	}
}
