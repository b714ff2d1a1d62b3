package execution

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"selfhelp/app/fault"
)

// zooSteps goes through every type of step, forwards and backwards.
const zooSteps = `
variables:
  - {name: n, type: number, default: "0"}
  - {name: s, type: number, session: true, default: "0"}
  - {name: pick, type: text, personal: true}
  - {name: rows, type: list, default: '[{"id": 1, "who": "Ada"}, {"id": 2, "who": "Zoé"}]'}
steps:
- {id: start, start: {inputs: [{name: who, type: text, required: true}, {name: pin, type: secret}]}, next: menu}
- id: menu
  title: {en: "Hello {{ param.who }}, {{ var.n }}"}
  question:
    from: {list: '["form", "rows"]'}
    into: pick
    answers: [{id: call, text: {en: Call}, to: call}, {id: each, text: {en: Each}, to: each}, {id: out, text: {en: Out}, to: rest}, {id: slow, text: {en: Slow}, to: wait}, {id: bad, text: {en: Bad}, to: bad}, {id: end, text: {en: End}, to: over}]
  next: sw
- {id: sw, switch: {on: var.pick, cases: [{id: f, is: form, to: form}, {id: r, is: rows, to: table}]}, next: menu}
- {id: form, form: {fields: [{id: kind, type: select, options: [{id: a, text: {en: A}}, {id: b, text: {en: B}}]}, {id: why, type: text, visible: 'form.kind == "b"', required: "true"}, {id: age, type: number, min: "0"}, {id: tags, type: multi, options: [{id: x, text: {en: X}}, {id: y, text: {en: Y}}]}, {id: list, type: rows, columns: [{id: a, type: text}, {id: b, type: check}]}, {id: pdf, type: file}, {id: pw, type: secret}, {id: human, type: captcha, visible: 'form.age == 9'}]}, next: count}
- {id: count, set: {values: [{id: x, name: n, value: "var.n + 1"}, {id: y, name: session.s, value: "session.s + var.n"}]}, next: script}
- {id: script, script: {inputs: [{name: a, value: var.n}], source: "return a % 2 == 0", codes: [{id: even, is: "true", to: confirm}]}, next: choices}
- {id: choices, choices: {max: 2, answers: [{id: a, text: {en: A}}, {id: b, text: {en: B}}, {id: c, text: {en: C}}]}, next: feedback}
- {id: feedback, feedback: {scale: ten, comment: true}, next: jump}
- {id: jump, jump: {to: menu, max: 3, counter: n}, next: over}
- {id: confirm, confirm: {yes: link, "no": upload}, next: link}
- {id: link, link: {url: "https://example.org/{{ var.n }}"}, next: handover}
- {id: handover, handover: {queue: q, refused: menu}, next: log}
- {id: log, log: {key: k, value: var.pick}, next: locale}
- {id: locale, locale: {language: 'var.n > 1 ? "fr" : "en"', hue: "var.n * 40"}, next: menu}
- {id: upload, upload: {max: 2}, next: menu}
- {id: table, table: {from: {list: var.rows}, columns: [{id: w, title: {en: W}, value: item.who}], multiple: true, optional: true, filter: true}, next: menu}
- {id: call, call: {procedure: subaaaaaaaaaaaaaaaaaaaaaaa, share: false, inputs: [{name: who, value: param.who}], outputs: [{name: pick, value: result.said}], outcomes: [{outcome: unsolved, to: over}]}, next: menu, on_error: menu}
- {id: each, each: {list: var.rows, item: row, index: i, body: ask, collect: step.ask.result, into: said}, next: menu}
- {id: ask, title: {en: "{{ var.row.who }} {{ index }}"}, page: {buttons: [{id: a, text: {en: A}}, {id: b, text: {en: B}, to: menu}]}, next: each}
- {id: rest, rest: {connector: c, url: "x/{{ var.pick }}", extract: [{name: n, path: n}], on_status: ticket, on_timeout: mail}, next: soap, on_error: directory}
- {id: soap, soap: {connector: c, operation: O, values: [{name: a, value: var.n}], on_fault: directory}, next: ticket, on_error: menu}
- {id: ticket, no_back: true, ticket: {connector: c, fields: [{name: t, value: var.pick}]}, next: mail, on_error: mail}
- {id: mail, title: {en: Hi}, mail: {to: '"a@example.org"'}, next: search, on_error: search}
- {id: search, search: {query: var.pick}, next: directory, on_error: menu}
- {id: directory, directory: {attributes: [mail], by: uid, value: var.pick, on_missing: over}, next: menu, on_error: menu}
- {id: wait, wait: {seconds: "var.n * 60 + 30"}, next: stop}
- {id: stop, breakpoint: {}, when: "var.n < 5", next: menu}
- {id: bad, test: {rules: [{id: r, if: "1 / var.n > 0", to: loop}]}, next: menu}
- {id: loop, set: {values: []}, next: loop2}
- {id: loop2, set: {values: []}, next: loop}
- {id: over, end: {outcome: solved, feedback: true, outputs: [{name: n, type: number, value: var.n}]}}
`

// driver turns bytes into moves.
type driver struct {
	bytes []byte
}

func (d *driver) next() byte {
	if len(d.bytes) == 0 {
		return 0
	}
	b := d.bytes[0]
	d.bytes = d.bytes[1:]
	return b
}

// odd are words that stand on no page, or should not be taken.
var odd = []string{"", "next", "a", "b", "yes", "no", "accept", "0", "1", "9", "=form", "zz", "{{ 1 }}", "é\u202e\x00", "1e309", "-1", "true"}

// value is a word: mostly one of those offered.
func (d *driver) value(offered []string) string {
	if b := int(d.next()); b%4 != 0 && len(offered) > 0 {
		return offered[b/4%len(offered)]
	}
	return odd[int(d.next())%len(odd)]
}

// offered lists what the page offers.
func offered(p *Page) (keys []string) {
	for _, a := range p.Answers {
		keys = append(keys, a.Key)
	}
	for _, b := range p.Buttons {
		keys = append(keys, b.ID)
	}
	if p.Table != nil {
		for _, row := range p.Table.Rows {
			keys = append(keys, row.Key)
		}
	}
	return keys
}

// input is a move on a page.
func (d *driver) input(turn Turn) Input {
	p := turn.Page
	if e := turn.Effect; e != nil && d.next()%8 != 0 {
		statuses := []EffectStatus{EffectOK, EffectOK, EffectOK, EffectHTTP, EffectTimeout, EffectFault, EffectMissing, EffectError, "odd"}
		bodies := []any{map[string]any{"n": 2.0, "number": "T1"}, map[string]any{"found": true, "attributes": map[string]any{}}, nil, "x", []any{}, 1.0, []any{map[string]any{"n": "text"}}}
		return Input{Kind: DoResult, Result: &EffectResult{Key: e.Key, Status: statuses[int(d.next())%len(statuses)], Code: 200, Body: bodies[int(d.next())%len(bodies)]}}
	}
	kinds := []InputKind{DoBack, DoBack, DoRestart, DoBrowse, DoPause, DoResume, DoPostit, DoFeedback, DoSpeak, DoResult, "odd"}
	in := Input{Kind: DoAnswer}
	if b := int(d.next()); b%3 == 0 {
		in.Kind = kinds[b/3%len(kinds)]
	}
	if d.next()%8 == 0 {
		in.Data = []any{"a", true, 1.0, []any{"a", "b"}, map[string]any{"kind": "a", "list": []any{map[string]any{"a": "x"}}}, map[string]any{"score": 1.0}, nil, false}[d.next()%8]
		return in
	}
	if p == nil {
		return in
	}
	in.Values = map[string][]string{"answer": {d.value(offered(p))}, "score": {d.value(nil)}, "comment": {d.value(nil)}, "filter": {d.value(nil)}, "language": {[]string{"en", "fr", "xx"}[d.next()%3]}}
	if d.next()%8 == 0 {
		in.Values["answer"] = append(in.Values["answer"], d.value(offered(p)))
	}
	for _, f := range p.Fields {
		d.fill(&in, f)
	}
	return in
}

// fill posts something for a field, mostly.
func (d *driver) fill(in *Input, f Field) {
	var keys []string
	for _, o := range f.Options {
		keys = append(keys, o.Key)
	}
	if f.Type == "captcha" {
		keys = answersTo(strings.ReplaceAll(f.Question, "?", " "))
	}
	if d.next()%4 == 0 || f.Input == "" {
		return
	}
	in.Values[f.Input] = []string{d.value(keys)}
	switch f.Type {
	case "file":
		delete(in.Values, f.Input)
		in.Files = map[string][]File{f.Input: {{Name: "a", Type: "image/png", Size: 3, Hash: strings.Repeat("a", 64)}}}
	case "rows":
		in.Values[fmt.Sprintf("f.list.%d.a", d.next())] = []string{d.value(nil)}
	case "number":
		in.Values[f.Input] = []string{fmt.Sprint(d.next() % 12)}
	}
}

// FuzzAdvance makes random moves through every type of step. Whatever they
// are, the engine answers with a page, an effect or a refusal; the same move
// makes the same turn; and the journey replays from its log.
func FuzzAdvance(f *testing.F) {
	lib := steps(f, zooSteps, subSteps)
	f.Add([]byte("ordinary journeys are short"))
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 200, 100, 50, 25, 12, 6, 3, 1, 0, 0, 0, 0, 255, 254, 253})
	random := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		seed := make([]byte, 600)
		for i := range seed {
			seed[i] = byte(random.Uint32())
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, moves []byte) {
		d := &driver{moves}
		at := monday
		turn := start(t, lib, withUser, func(c *Context) {
			c.Test = d.next()%2 == 0
			if d.next()%4 != 0 {
				c.Params = map[string]any{"who": d.value(nil)}
			}
		})
		log := turn.Events
		for range 60 {
			if len(d.bytes) == 0 {
				break
			}
			in := d.input(turn)
			at = at.Add(time.Duration(d.next()) * time.Second)
			next, err := Advance(lib, turn.State, in, at)
			checkTurn(t, in, next, err)
			again, err2 := Advance(lib, turn.State, in, at)
			if (err == nil) != (err2 == nil) || next.Key != again.Key || asJSON(next.Page) != asJSON(again.Page) || asJSON(next.Events) != asJSON(again.Events) {
				t.Fatalf("%+v made two different turns", in)
			}
			if err != nil {
				continue
			}
			turn, log = next, append(log, next.Events...)
			checkShow(t, lib, turn, at)
		}
		if r, err := Replay(lib, log); err != nil || !r.Same {
			t.Fatalf("replay: %s %v\n%s", r.Where, err, eventLine(log))
		}
		_ = Report(lib, log)
	})
}

func checkTurn(t *testing.T, in Input, turn Turn, err error) {
	t.Helper()
	if err != nil {
		if k := fault.KindOf(err); k != fault.Conflict && k != fault.Invalid && k != fault.TooLarge {
			t.Fatalf("%+v: %v", in, err)
		}
		return
	}
	if (turn.Page == nil) == (turn.Effect == nil) || turn.Key == "" {
		t.Fatalf("%+v: page %v, effect %v, key %q", in, turn.Page != nil, turn.Effect != nil, turn.Key)
	}
	if len(turn.State.Packed) > 64<<10 {
		t.Fatalf("%+v: a state of %d bytes", in, len(turn.State.Packed))
	}
	for _, e := range turn.Events {
		if e.Version != "1.0" || e.At.IsZero() || e.Seq == 0 {
			t.Fatalf("event %s", asJSON(e))
		}
	}
	for input, m := range turn.Problems {
		if said := m.In("fr"); said == m.Key || strings.Contains(said, "%!") {
			t.Fatalf("problem %s says %q", input, said)
		}
	}
	if turn.Page != nil {
		_ = turn.Page.Plain()
	}
}

// checkShow shows where the execution stands and every page of its trail.
func checkShow(t *testing.T, lib Library, turn Turn, at time.Time) {
	t.Helper()
	for _, step := range append(turn.State.Pages(), "") {
		shown, err := Show(lib, turn.State, step, at)
		if err != nil && !fault.Is(err, fault.Conflict) {
			t.Fatalf("show %q: %v", step, err)
		}
		if err == nil && (len(shown.Events) > 0 || (shown.Page == nil) == (shown.Effect == nil)) {
			t.Fatalf("show %q: %s", step, eventLine(shown.Events))
		}
	}
}
