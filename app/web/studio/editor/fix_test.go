package editor

import (
	"testing"

	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/views/ui"
)

// TestAFixSaysWhatItDoes: the button names what will be made.
func TestAFixSaysWhatItDoes(t *testing.T) {
	v := &frame.Visit{Words: ui.In("fr")}
	b := bench{}
	b.proc.Data = &procedure.Procedure{}
	for want, op := range map[string]procedure.Operation{
		"Créer la variable heures (nombre)": {Do: "add_variable", ID: "heures", Value: map[string]any{"type": "number"}},
		"Ajouter l’étape «\u00a0Fin\u00a0»": {Do: "insert_on_edge", Kind: procedure.StepEnd},
	} {
		if got := (&Editor{}).fixWords(v, b, op); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
