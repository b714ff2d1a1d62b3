package execution

import (
	"fmt"
	"strings"
	"testing"
)

const callSteps = `
variables:
  - {name: got, type: text}
  - {name: n, type: number, default: "1"}
  - {name: shared, type: number, session: true, default: "5"}
steps:
- {id: start, start: {}, next: it}
- id: it
  call:
    procedure: subaaaaaaaaaaaaaaaaaaaaaaa
    inputs: [{name: who, value: '"Ada"'}, {name: count, value: '"3"'}]
    outputs: [{name: got, value: result.said}]
    outcomes: [{outcome: solved, to: good}]
  next: bad
  on_error: failed
- {id: good, title: {en: "{{ var.got }} {{ step.it.result.said }} {{ var.n }} {{ session.shared }}"}, page: {}, next: over}
- {id: bad, title: {en: Bad}, page: {}, next: over}
- {id: failed, title: {en: "Failed {{ step.it.result.error }}"}, page: {}, next: over}
- {id: over, end: {outcome: informed}}
`

const subSteps = `sub:
variables:
  - {name: n, type: number, default: "100"}
steps:
- {id: start, start: {inputs: [{name: who, type: text, required: true}, {name: count, type: number}, {name: extra, type: text, default: '"x"'}]}, next: ask}
- {id: ask, title: {en: "{{ param.who }} {{ param.count + 1 }} {{ param.extra }} {{ var.n }}"}, question: {answers: [{id: ok, text: {en: OK}, to: count}, {id: no, text: {en: "No"}, to: lost}]}}
- {id: count, set: {values: [{id: a, name: n, value: "var.n + 1"}, {id: b, name: session.shared, value: "session.shared + 1"}]}, next: done}
- {id: done, title: {en: Never shown}, end: {outcome: solved, outputs: [{name: said, type: text, value: "param.who + \"!\""}]}}
- {id: lost, end: {outcome: unsolved}}
`

func TestCall(t *testing.T) {
	lib := steps(t, callSteps, subSteps)
	turn := start(t, lib)
	if turn.Page.Step != "ask" || turn.Page.Procedure != uid("sub") || turn.Page.Title != "Ada 4 x 100" || turn.Page.Heading != "Trial" {
		t.Fatalf("page %s", asJSON(turn.Page))
	}
	good := give(t, lib, turn, "ok")
	if good.Page.Title != "Ada! Ada! 1 6" || good.Page.Procedure != uid("main") {
		t.Errorf("back from the sub-procedure: %s\n%s", good.Page.Title, eventLine(good.Events))
	}
	if bad := give(t, lib, turn, "no"); bad.Page.Title != "Bad" {
		t.Errorf("another outcome leads to %s", bad.Page.Title)
	}
	back := advance(t, lib, good, Input{Kind: DoBack})
	if back.Page.Step != "ask" || back.Page.Procedure != uid("sub") || !back.Page.Answers[0].Chosen {
		t.Fatalf("Back into the sub-procedure: %s", asJSON(back.Page))
	}
	if again := give(t, lib, back, "ok"); again.Page.Title != "Ada! Ada! 1 6" {
		t.Errorf("the second time: %s\n%s", again.Page.Title, eventLine(again.Events))
	}
	for _, e := range good.Events {
		if e.Step == "ask" && (e.Depth != 1 || e.Procedure != uid("sub") || e.Version != "1.0") {
			t.Errorf("event %s", asJSON(e))
		}
	}
}

func TestCallThatFails(t *testing.T) {
	tests := map[string]string{
		`required input missing`: strings.Replace(callSteps, `{name: who, value: '"Ada"'}, `, "", 1),
		`input of a wrong type`:  strings.Replace(callSteps, `'"3"'`, `'"three"'`, 1),
		`no such procedure`:      strings.Replace(callSteps, "subaaa", "subbbb", 1),
		`formula of an input`:    strings.Replace(callSteps, `'"3"'`, `"1 / 0"`, 1),
	}
	want := map[string]string{
		`required input missing`: "step.missing_input", `input of a wrong type`: "step.type", `no such procedure`: "step.no_procedure", `formula of an input`: "step.formula",
	}
	for name, main := range tests {
		if got := start(t, steps(t, main, subSteps)).Page.Title; got != "Failed "+want[name] {
			t.Errorf("%s: %s", name, got)
		}
	}
	inside := strings.Replace(subSteps, `"var.n + 1"`, `"1 / 0"`, 1)
	lib := steps(t, callSteps, inside)
	if got := give(t, lib, start(t, lib), "ok"); got.Page.Title != "Failed step.formula" || got.Page.Procedure != uid("main") {
		t.Errorf("a failure inside is not caught by the step that called: %s", asJSON(got.Page))
	}
	lib = steps(t, strings.Replace(callSteps, "  on_error: failed\n", "", 1), inside)
	got := give(t, lib, start(t, lib), "ok")
	wantShowing(t, got, "problem:count")
	wantShowing(t, advance(t, lib, got, Input{Kind: DoBack}), "ask")
}

func TestSharedVariables(t *testing.T) {
	main := strings.Replace(callSteps, "inputs: [", "share: true\n    inputs: [", 1)
	lib := steps(t, main, strings.Replace(subSteps, "variables:\n  - {name: n, type: number, default: \"100\"}\n", "", 1))
	turn := start(t, lib)
	if turn.Page.Title != "Ada 4 x 1" {
		t.Errorf("the sub-procedure does not read the caller's variables: %s", turn.Page.Title)
	}
	if turn = give(t, lib, turn, "ok"); turn.Page.Title != "Ada! Ada! 2 6" {
		t.Errorf("it does not write them: %s", turn.Page.Title)
	}
	back := advance(t, lib, turn, Input{Kind: DoBack})
	if back.State.Variables()["n"] != 1.0 {
		t.Errorf("Back leaves n at %v", back.State.Variables()["n"])
	}
}

// TestCallsAreBounded is a procedure that calls itself, and two that call each
// other.
func TestCallsAreBounded(t *testing.T) {
	self := `
- {id: start, start: {}, next: it}
- {id: it, call: {procedure: mainaaaaaaaaaaaaaaaaaaaaaa}, next: over}
- {id: over, end: {outcome: solved}}
`
	turn := start(t, steps(t, self))
	wantShowing(t, turn, "problem:it")
	if got := strings.Count(eventLine(turn.Events), "called:"); got != maxCalls {
		t.Errorf("called %d times", got)
	}
	other := strings.Replace(callSteps, "mainaaa", "subaaa", 1)
	lib := steps(t, strings.Replace(self, "mainaaa", "subaaaa", 1), "sub:\n"+self, "x:\n"+other)
	wantShowing(t, start(t, lib), "problem:it")
}

func TestInputs(t *testing.T) {
	lib := steps(t, `
- id: start
  start:
    inputs:
      - {name: ticket, type: text, required: true, label: {en: Ticket number}}
      - {name: count, type: number, default: "2"}
      - {name: on, type: date}
      - {name: tags, type: list}
      - {name: urgent, type: boolean, personal: true}
  next: it
- {id: it, title: {en: "{{ param.ticket }} {{ param.count }} {{ len(param.tags ?? []) }} {{ param.urgent }}"}, page: {}, next: over}
- {id: over, end: {outcome: solved}}
`)
	given := func(params map[string]any) Turn {
		return start(t, lib, func(c *Context) { c.Params = params })
	}
	full := given(map[string]any{"ticket": "I26", "count": "7", "tags": []any{"a", "b"}, "urgent": "true", "forged": "x"})
	if full.Page.Title != "I26 7 2 yes" {
		t.Errorf("title %q", full.Page.Title)
	}
	if log := asJSON(full.Events); strings.Contains(log, "forged") || !strings.Contains(log, `"params":{"count":"7","tags":["a","b"],"ticket":"I26","urgent":"•••"}`) {
		t.Errorf("log %s", log)
	}
	if got := given(map[string]any{"ticket": "I26"}).Page.Title; got != "I26 2 0 " {
		t.Errorf("title with defaults %q", got)
	}
	missing := given(nil)
	if missing.Page.Kind != PageForm || missing.Page.Step != "start" || len(missing.Page.Fields) != 1 || missing.Page.Fields[0].Label != "Ticket number" || missing.Page.Title == "" {
		t.Fatalf("page %s", asJSON(missing.Page))
	}
	if got := post(t, lib, missing, "f.ticket", " "); got.Problems["f.ticket"].Key != "field.required" {
		t.Errorf("problems %v", got.Problems)
	}
	asked := post(t, lib, missing, "f.ticket", "I99", "f.count", "5")
	if asked.Page.Title != "I99 2 0 " {
		t.Errorf("title %q", asked.Page.Title)
	}
	back := advance(t, lib, asked, Input{Kind: DoBack})
	if back.Page.Step != "start" || fmt.Sprint(back.Page.Fields[0].Values) != "[I99]" {
		t.Errorf("Back to the inputs: %s", asJSON(back.Page))
	}
	wrong := given(map[string]any{"ticket": "I26", "count": "many", "on": "23/11/2026"})
	if len(wrong.Page.Fields) != 2 || wrong.Page.Fields[0].Type != "number" {
		t.Fatalf("values of a wrong type: %s", asJSON(wrong.Page.Fields))
	}
	if got := post(t, lib, wrong, "f.count", "4", "f.on", "2026-11-23"); got.Page.Title != "I26 4 0 " {
		t.Errorf("title %q", got.Page.Title)
	}
}
