package drive

import (
	"testing"

	"selfhelp/app/execution"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/views/ui"
)

// TestStepsWithoutATitle are called by their type in the reader's language; by
// their id where even that is not known.
func TestStepsWithoutATitle(t *testing.T) {
	v := &frame.Visit{Words: ui.In("fr")}
	for want, step := range map[string]execution.ReportedStep{
		"Début":   {Step: "start", Type: procedure.StepStart},
		"Bonjour": {Step: "start", Type: procedure.StepStart, Title: "Bonjour"},
		"s9":      {Step: "s9", Type: "of_a_newer_product"},
	} {
		if got := ReportedStep(v, step).Title; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
