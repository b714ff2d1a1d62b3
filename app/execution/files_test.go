package execution

import (
	"encoding/json"
	"strings"
	"testing"

	"selfhelp/app/execution/effect"
)

// sends is a journey in which a person sends a file, a photo they may leave
// out, and one that is theirs alone; the step "it" comes last.
func sends(it string) string {
	return `
variables:
  - {name: papers, type: list, personal: true}
steps:
- {id: start, start: {inputs: [{name: claim, type: object}]}, next: form}
- {id: form, form: {fields: [{id: quote, type: file}, {id: photo, type: photo}]}, next: up}
- {id: up, upload: {max: 2, min: 0, into: papers}, next: it}
` + it + `
- {id: yes, title: {en: Sent}, page: {}, next: over}
- {id: failed, title: {en: "Failed {{ step.it.result.error }}"}, page: {}, next: over}
- {id: over, end: {outcome: solved}}
`
}

func ticketWith(files string) string {
	return sends(`- {id: it, ticket: {connector: sm, fields: [{name: a, value: "1"}], files: '` + files + `'}, next: yes, on_error: failed}`)
}

// filesAsked goes to the effect and returns the names it carries, what the log
// says of them, and where the journey stands.
func filesAsked(t *testing.T, main string, quote, photo, papers any) (real, shown, at string) {
	t.Helper()
	lib := steps(t, main)
	turn := start(t, lib, func(c *Context) {
		c.Params = map[string]any{"claim": map[string]any{"name": "theirs.pdf", "hash": strings.Repeat("ee", 32), "size": 1.0}}
	})
	answer := map[string]any{}
	for id, v := range map[string]any{"quote": quote, "photo": photo} {
		if v != nil {
			answer[id] = v
		}
	}
	turn = give(t, lib, turn, answer)
	turn = give(t, lib, turn, papers)
	if turn.Effect == nil {
		return "", "", turn.Page.Title
	}
	for _, e := range turn.Events {
		if e.Kind == EventAsked {
			shown = strings.Join(effect.FilesOf(e.Value), ",")
		}
	}
	return strings.Join(effect.FilesOf(turn.Effect.Request), ","), shown, "asked"
}

func TestFilesOfPeopleGoSomewhere(t *testing.T) {
	for formula, want := range map[string]struct{ real, shown, at string }{
		"step.form.result.quote":             {"a.pdf", "a.pdf", "asked"},
		"var.quote":                          {"a.pdf", "a.pdf", "asked"},
		"var.quote[0]":                       {"a.pdf", "a.pdf", "asked"},
		"var.photo":                          {"", "", "asked"},
		"[var.quote, var.photo, nil]":        {"a.pdf", "a.pdf", "asked"},
		"var.papers":                         {"a.png", "•••", "asked"},
		"[step.form.result, 1]":              {"", "", "Failed effect.no_file"},
		"[var.quote, var.papers]":            {"a.pdf,a.png", "•••", "asked"},
		"param.claim":                        {"", "", "Failed effect.file_unknown"},
		`{"hash": var.quote[0].hash}`:        {"a.pdf", "a.pdf", "asked"},
		"map(1..21, var.quote)":              {"", "", "Failed effect.files_many"},
		`"a.pdf"`:                            {"", "", "Failed effect.no_file"},
		`{"name": "x", "hash": "../../etc"}`: {"", "", "Failed effect.file_unknown"},
	} {
		real, shown, at := filesAsked(t, ticketWith(formula), pdf, nil, []any{png})
		if real != want.real || shown != want.shown || at != want.at {
			t.Errorf("%s: carries %q, shows %q, %s", formula, real, shown, at)
		}
	}
	mail := sends(`- {id: it, title: {en: Hi}, mail: {to: '"a@example.org"', files: "[var.quote, var.papers]"}, next: yes, on_error: failed}`)
	if real, shown, _ := filesAsked(t, mail, pdf, nil, []any{png}); real != "a.pdf,a.png" || shown != "•••" {
		t.Errorf("a mail carries %q, shows %q", real, shown)
	}
}

// TestReportNamesFiles expects the names of what a call carried, in the order
// it carried them.
func TestReportNamesFiles(t *testing.T) {
	lib := steps(t, ticketWith("[var.quote, var.photo]"))
	turn := start(t, lib)
	log := turn.Events
	for _, answer := range []any{map[string]any{"quote": pdf, "photo": png}, []any{}} {
		turn = give(t, lib, turn, answer)
		log = append(log, turn.Events...)
	}
	stored, _ := json.Marshal(log)
	var read []Event
	if err := json.Unmarshal(stored, &read); err != nil {
		t.Fatal(err)
	}
	report := Report(lib, read)
	last := report.Steps[len(report.Steps)-1]
	if len(last.Calls) != 1 || strings.Join(last.Calls[0].Files, ",") != "a.pdf,a.png" {
		t.Errorf("the report says %s", asJSON(last))
	}
}
