package execution

import (
	"strings"
	"testing"
)

// TestVariablesStayPersonalInForms fills variables that are declared personal
// or secret from fields that are not.
func TestVariablesStayPersonalInForms(t *testing.T) {
	lib := steps(t, `
variables:
  - {name: phone, type: text, personal: true}
  - {name: pin, type: secret}
  - {name: badge, type: text, personal: true, session: true}
  - {name: room, type: text}
steps:
- {id: start, start: {}, next: it}
- id: it
  form:
    fields:
    - {id: a, name: phone, type: text}
    - {id: b, name: pin, type: text}
    - {id: c, name: badge, type: text}
    - {id: d, name: room, type: text, label: {en: "Which room?"}}
  next: sure
- {id: sure, unlogged: true, confirm: {yes: say, no: over}}
- {id: say, log: {key: all, value: 'step.it'}, next: see}
- {id: see, test: {rules: [{id: rule, if: 'var.room != ""', to: over}]}, next: over}
- {id: over, title: {en: "Thank you, {{ var.phone }}"}, end: {outcome: solved}}
`)
	first := start(t, lib)
	turn := post(t, lib, first, "f.a", "0612345678", "f.b", "4711-pin", "f.c", "badge-99", "f.d", "12-bis")
	log := append(first.Events, turn.Events...)
	log = append(log, give(t, lib, turn, true).Events...)
	told := asJSON(Report(lib, log))
	for _, kept := range []string{"0612345678", "4711-pin", "badge-99"} {
		if strings.Contains(told, kept) {
			t.Errorf("the report tells %s", kept)
		}
	}
	for _, said := range []string{"Which room? 12-bis", "phone: •••", "Thank you, •••", `"by":"var.room != \"\""`} {
		if !strings.Contains(told, said) {
			t.Errorf("the report does not tell %s", said)
		}
	}
	if !strings.Contains(told, "12-bis") {
		t.Error("the report hides what is open")
	}
	if r, err := Replay(lib, Report(lib, log).Events); err != nil || !r.Same {
		t.Errorf("its report is not replayed: %s %v", r.Where, err)
	}
}
