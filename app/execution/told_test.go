package execution

import (
	"strings"
	"testing"
)

// A personal value stays masked wherever it is carried: into variables that
// are not marked, through loops, scripts and calls, and into what is offered.
func TestPersonalValuesStayMaskedWhereverTheyGo(t *testing.T) {
	cases := map[string]struct {
		steps   string
		others  []string
		answers []any
	}{
		"copied": {`
- {id: a, set: {values: [{id: a, name: plain, value: param.who}, {id: b, name: other, value: 'upper(var.plain)'}]}, next: l}
- {id: l, log: {key: k, value: 'var.other + "!"'}, next: over}`, nil, nil},
		"computed by a script": {`
- {id: a, script: {inputs: [{name: w, value: param.who}], source: "plain = w + \"?\"\nreturn plain", outputs: [plain]}, next: l}
- {id: l, log: {key: k, value: step.a.result}, next: over}`, nil, nil},
		"chosen from a list": {`
- {id: a, title: {en: Pick}, question: {from: {list: "[param.who]"}, into: plain}, next: l}
- {id: l, log: {key: k, value: var.plain}, next: over}`, nil, []any{"Ravel"}},
		"in the words of an answer": {`
- {id: a, title: {en: You}, question: {answers: [{id: me, text: {en: "I am {{ param.who }}"}, to: over}]}}`, nil, []any{"me"}},
		"in the words of a button": {`
- {id: a, title: {en: You}, page: {buttons: [{id: me, text: {en: "I am {{ param.who }}"}, to: over}]}}`, nil, []any{"me"}},
		"in the words of a yes": {`
- {id: a, title: {en: You}, confirm: {yes_text: {en: "I am {{ param.who }}"}}, next: over}`, nil, []any{true}},
		"row of a table": {`
- {id: a, title: {en: Pick}, table: {from: {list: '[{n: param.who}]'}, columns: [{id: n, title: {en: N}, value: item.n}], into: row}, next: l}
- {id: l, log: {key: k, value: var.row.n}, next: over}`, nil, []any{"0"}},
		"item of a loop": {`
- {id: a, each: {list: "[param.who]", item: plain, body: b, collect: item, into: list}, next: l}
- {id: b, set: {values: [{id: a, name: other, value: item}]}, next: a}
- {id: l, log: {key: k, value: "step.a.result"}, next: l2}
- {id: l2, log: {key: k, value: "var.list"}, next: over}`, nil, nil},
		"switched on": {`
- {id: a, switch: {on: param.who, cases: [{id: x, is: Nobody, to: over}]}, next: l}
- {id: l, log: {key: k, value: step.a.result}, next: over}`, nil, nil},
		"filled in before": {`
- {id: a, title: {en: Form}, form: {fields: [{id: f, type: text, label: {en: F}, default: param.who}, {id: g, type: text, label: {en: G}}, {id: h, type: hidden, default: param.who}], prefill: [{name: g, value: param.who}]}, next: l}
- {id: l, log: {key: k, value: "var.f + var.g + var.h"}, next: over}`, nil, []any{map[string]any{"f": "Ravel", "g": "Ravel"}}},
		"given to a sub-procedure and back": {`
- id: a
  call: {procedure: subaaaaaaaaaaaaaaaaaaaaaaa, inputs: [{name: x, value: param.who}], outputs: [{name: plain, value: result.y}]}
  next: l
- {id: l, log: {key: k, value: var.plain}, next: l2}
- {id: l2, log: {key: k, value: step.a.result.y}, next: over}`, []string{`sub:
variables: [{name: v, type: text}]
steps:
- {id: start, start: {inputs: [{name: x, type: text}]}, next: s}
- {id: s, set: {values: [{id: a, name: v, value: param.x}]}, next: l}
- {id: l, log: {key: k, value: var.v}, next: p}
- {id: p, title: {en: "Dear {{ var.v }}"}, page: {}, next: end}
- {id: end, end: {outcome: solved, outputs: [{name: y, type: text, value: var.v}]}}`}, []any{"next"}},
		"shared with a sub-procedure": {`
- {id: a, set: {values: [{id: a, name: mine, value: param.who}]}, next: c}
- {id: c, call: {procedure: subaaaaaaaaaaaaaaaaaaaaaaa, share: true}, next: over}`, []string{`sub:
- {id: start, start: {}, next: l}
- {id: l, log: {key: k, value: var.mine}, next: s}
- {id: s, set: {values: [{id: a, name: mine, value: 'var.mine + "!"'}]}, next: end}
- {id: end, end: {outcome: solved}}`}, nil},
		"kept for the whole execution": {`
- {id: a, set: {values: [{id: a, name: session.s, value: param.who}]}, next: c}
- {id: c, call: {procedure: subaaaaaaaaaaaaaaaaaaaaaaa}, next: over}`, []string{`sub:
- {id: start, start: {}, next: l}
- {id: l, log: {key: k, value: session.s}, next: end}
- {id: end, end: {outcome: solved}}`}, nil},
		"kept for the whole execution by who declares it personal": {`
- {id: a, set: {values: [{id: a, name: session.own, value: '"Ravel"'}, {id: b, name: session.key, value: '"Ravel"'}]}, next: c}
- {id: c, call: {procedure: subaaaaaaaaaaaaaaaaaaaaaaa}, next: over}`, []string{`sub:
variables: [{name: v, type: text}]
steps:
- {id: start, start: {}, next: l}
- {id: l, log: {key: k, value: session.own}, next: s}
- {id: s, set: {values: [{id: a, name: v, value: session.key}]}, next: t}
- {id: t, log: {key: k, value: 'json(session)'}, next: end}
- {id: end, end: {outcome: solved, outputs: [{name: o, type: text, value: var.v}]}}`}, nil},
		"sent to a service": {`
- {id: s, set: {values: [{id: a, name: plain, value: param.who}]}, next: a}
- {id: a, ticket: {connector: t, fields: [{name: by, value: var.plain}]}, next: over}`, nil, []any{}},
		"read from a reply": {`
- {id: a, rest: {connector: r, url: /x, extract: [{name: mine, path: $.mine}]}, next: l}
- {id: l, log: {key: k, value: step.a.result.mine}, next: l2}
- {id: l2, log: {key: k, value: step.a.result.body.mine}, next: over}`, nil, []any{}},
		"found in the directory": {`
- {id: a, directory: {attributes: [name], by: mail, value: '"x"'}, next: l}
- {id: l, log: {key: k, value: step.a.result.attributes.name}, next: over}`, nil, []any{}},
		"given as an output": {`
- {id: a, set: {values: [{id: a, name: plain, value: param.who}]}, next: over2}
- {id: over2, end: {outcome: solved, outputs: [{name: o, type: text, value: var.plain}]}}`, nil, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { carried(t, c.steps, c.others, c.answers) })
	}
}

// carried runs a procedure whose input is personal and looks for its value in
// the report.
func carried(t *testing.T, body string, others []string, answers []any) {
	t.Helper()
	first := strings.TrimSpace(body)[len("- {id: "):][:1]
	if strings.HasPrefix(strings.TrimSpace(body), "- id: ") {
		first = "a"
	}
	lib := steps(t, `
variables:
  - {name: plain, type: text}
  - {name: other, type: text}
  - {name: row, type: object}
  - {name: list, type: list}
  - {name: mine, type: text, personal: true}
  - {name: s, type: text, session: true}
  - {name: own, type: text, session: true, personal: true}
  - {name: key, type: secret, session: true}
steps:
- {id: start, start: {inputs: [{name: who, type: text, personal: true}]}, next: `+first+`}`+body+`
- {id: over, end: {outcome: solved}}
`, others...)
	turn := start(t, lib, func(c *Context) { c.Params = map[string]any{"who": "Ravel"} })
	log := turn.Events
	for turn.Ended == nil {
		in := Input{Kind: DoAnswer}
		switch {
		case turn.Effect != nil:
			in = Input{Kind: DoResult, Result: &EffectResult{Key: turn.Effect.Key, Status: EffectOK, Body: map[string]any{"number": 7.0, "mine": "Ravel", "found": true, "attributes": map[string]any{"name": "Ravel"}}}}
		case len(answers) == 0:
			t.Fatalf("no answer for %s: %s", showing(turn), eventLine(log))
		default:
			in.Data, answers = answers[0], answers[1:]
		}
		if turn = advance(t, lib, turn, in); len(turn.Problems) > 0 {
			t.Fatalf("refused: %v", turn.Problems)
		}
		log = append(log, turn.Events...)
	}
	for _, e := range log {
		if e.Private = nil; strings.Contains(strings.ToLower(asJSON(e)), "ravel") {
			t.Errorf("told by %s of %s: %s", e.Kind, e.Step, asJSON(e))
		}
	}
	if told := strings.ToLower(asJSON(Report(lib, log))); strings.Contains(told, "ravel") {
		t.Error("told by the report")
	}
}

// TestWhatIsHiddenSaysSo: an event whose value is masked says that it is, so
// that a replay knows that the mask is not the value; a personal value is kept
// beside, a secret one nowhere.
func TestWhatIsHiddenSaysSo(t *testing.T) {
	lib := steps(t, `
variables:
  - {name: own, type: text, personal: true, default: '"Ravel"'}
  - {name: key, type: secret, default: '"k3y"'}
  - {name: open, type: text, default: '"•••"'}
steps:
- {id: start, start: {}, next: a}
- {id: a, log: {key: own, value: var.own}, next: b}
- {id: b, log: {key: key, value: var.key}, next: c}
- {id: c, log: {key: open, value: var.open}, next: over}
- {id: over, end: {outcome: solved}}
`)
	want := map[string]Event{"own": {Value: Mask, Masked: true, Private: "Ravel"}, "key": {Value: Mask, Masked: true}, "open": {Value: Mask}}
	for _, e := range start(t, lib).Events {
		if w, logged := want[e.Text]; logged && e.Kind == EventLogged {
			delete(want, e.Text)
			if e.Value != w.Value || e.Masked != w.Masked || e.Private != w.Private {
				t.Errorf("%s: %s", e.Text, asJSON(e))
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("not logged: %v", want)
	}
}
