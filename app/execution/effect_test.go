package execution

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"selfhelp/app/fault"
)

// outside puts a step that calls out between a form that collects what it
// sends and the pages its edges lead to.
func outside(step string) string {
	return `
variables:
  - {name: who, type: text, personal: true, default: '"Ada & <b>"'}
  - {name: word, type: text, default: '"a/b c?d=e"'}
  - {name: token, type: secret, default: '"s3cret"'}
  - {name: list, type: list, default: '["x", 2]'}
  - {name: found, type: text}
steps:
- {id: start, start: {inputs: [{name: p, type: text}]}, next: ask}
- {id: ask, page: {}, next: it}
` + step + `
- {id: yes, title: {en: "Got {{ json(step.it.result) }}"}, page: {}, next: over}
- {id: status, title: {en: "Status {{ step.it.result.status }}"}, page: {}, next: over}
- {id: slow, title: {en: Slow}, page: {}, next: over}
- {id: wrong, title: {en: Wrong}, page: {}, next: over}
- {id: failed, title: {en: "Failed {{ step.it.result.error }}"}, page: {}, next: over}
- {id: over, end: {outcome: solved}}
`
}

const restStep = `- id: it
  seconds: 7
  rest:
    connector: api
    method: post
    url: "things/{{ var.word }}/{{ var.who }}?q={{ var.word }}"
    query: [{name: l, value: var.list}, {name: n, value: "1.5"}]
    headers: [{name: X-Token, value: var.token}, {name: X-N, value: "3"}]
    body: '{"who": var.who, "fixed": [1, true, nil]}'
    retries: 9
    extract: [{name: found, path: "$.items[0].name"}]
    on_status: status
    on_timeout: slow
  on_error: failed
  next: yes`

// TestRequests compares what each type of step asks, and what the log may say
// of it.
func TestRequests(t *testing.T) {
	tests := []struct{ step, kind, real, shown string }{
		{restStep, "rest",
			`{"body":{"fixed":[1,true,null],"who":"Ada \u0026 \u003cb\u003e"},"headers":[{"name":"X-Token","value":"s3cret"},{"name":"X-N","value":"3"}],"method":"POST","query":[{"name":"l","value":["x","2"]},{"name":"n","value":"1.5"}],"url":"things/a%2Fb%20c%3Fd%3De/Ada%20%26%20%3Cb%3E?q=a%2Fb+c%3Fd%3De"}`,
			`{"body":"•••","headers":[{"name":"X-Token","value":"•••"},{"name":"X-N","value":"3"}],"method":"POST","query":[{"name":"l","value":["x","2"]},{"name":"n","value":"1.5"}],"url":"things/a%2Fb%20c%3Fd%3De/%E2%80%A2%E2%80%A2%E2%80%A2?q=a%2Fb+c%3Fd%3De"}`},
		{`- {id: it, soap: {connector: sm, operation: Create, namespace: "urn:x", values: [{name: Title, value: var.who}, {name: n, value: "2"}]}, next: yes}`, "soap",
			`{"namespace":"urn:x","operation":"Create","values":[{"name":"Title","value":"Ada \u0026 \u003cb\u003e"},{"name":"n","value":2}]}`,
			`{"namespace":"urn:x","operation":"Create","values":[{"name":"Title","value":"•••"},{"name":"n","value":2}]}`},
		{`- {id: it, ticket: {connector: sm, fields: [{name: title, value: '"Lamp"'}, {name: by, value: user.mail}], attach_report: true}, next: yes}`, "ticket",
			`{"attach_report":true,"fields":[{"name":"title","value":"Lamp"},{"name":"by","value":"camille@example.org"}]}`,
			`{"attach_report":true,"fields":[{"name":"title","value":"Lamp"},{"name":"by","value":"•••"}]}`},
		{`- {id: it, title: {en: "About {{ var.word }}"}, text: {en: "Dear {{ var.who }}"}, mail: {to: user.mail, cc: '["b@example.org", "c@example.org"]', bcc: '"d@example.org; e@example.org"', attach: [lamp]}, next: yes}`, "mail",
			`{"attach":[{"hash":"` + strings.Repeat("ab", 32) + `","name":"lamp.png","size":9,"type":"image/png"}],"attach_report":false,"bcc":["d@example.org","e@example.org"],"cc":["b@example.org","c@example.org"],"html":"\u003cp\u003eDear Ada \u0026amp; \u0026lt;b\u0026gt;\u003c/p\u003e\n","reply_to":[],"subject":"About a/b c?d=e","text":"Dear Ada \u0026 \u003cb\u003e","to":["camille@example.org"]}`, ""},
		{`- {id: it, directory: {attributes: [mail, cn], by: uid, value: user.login}, next: yes}`, "directory",
			`{"attributes":["mail","cn"],"by":"uid","value":"cperrachon"}`, `{"attributes":["mail","cn"],"by":"uid","value":"•••"}`},
		{`- {id: it, search: {query: var.word, category: net}, next: yes}`, "search",
			`{"category":"net","groups":["staff","lyon"],"language":"en","max":5,"query":"a/b c?d=e"}`, ""},
	}
	for _, tt := range tests {
		lib := steps(t, outside(tt.step))
		turn := give(t, lib, start(t, lib, withUser), "next")
		wantShowing(t, turn, "effect:it")
		e := turn.Effect
		if got := asJSON(e.Request); got != tt.real || string(e.Kind) != tt.kind {
			t.Errorf("%s asks\n     %s\nwant %s", e.Kind, got, tt.real)
		}
		asked := turn.Events[len(turn.Events)-1]
		if tt.shown == "" {
			tt.shown = asJSON(asked.Value)
		}
		if got := asJSON(asked.Value); got != tt.shown || asked.Kind != EventAsked || asked.Key != e.Key {
			t.Errorf("%s is logged as\n     %s\nwant %s", e.Kind, got, tt.shown)
		}
		if log := asJSON(turn.Events); strings.Contains(log, "s3cret") || strings.Contains(log, "camille@") {
			t.Errorf("%s: the log tells too much: %s", e.Kind, log)
		}
		if again := give(t, lib, start(t, lib, withUser), "next").Effect; again.Key != e.Key || len(e.Key) != 32 {
			t.Errorf("%s: another key for the same call", e.Kind)
		}
		if e.Mock != nil {
			t.Errorf("%s: a mock answer outside a test", e.Kind)
		}
	}
	lib := steps(t, outside(restStep))
	e := give(t, lib, start(t, lib), "next").Effect
	if e.Timeout != 7*time.Second || e.Retries != 5 || e.Connector != "api" {
		t.Errorf("effect %+v", e)
	}
}

func TestReplies(t *testing.T) {
	body := map[string]any{"items": []any{map[string]any{"name": "Lamp"}}}
	soap := `- {id: it, soap: {connector: sm, operation: Create, extract: [{name: found, path: /reply/ticket/@id}], on_status: status, on_fault: wrong, on_timeout: slow}, next: yes, on_error: failed}`
	plain := `- {id: it, rest: {url: x}, next: yes, on_error: failed}`
	directory := `- {id: it, directory: {attributes: [mail], by: uid, value: '"a"', on_missing: wrong, on_timeout: slow}, next: yes, on_error: failed}`
	ticket := `- {id: it, ticket: {connector: sm, fields: [], on_timeout: slow}, next: yes, on_error: failed}`
	mail := `- {id: it, mail: {to: '"a@example.org"'}, next: yes, on_error: failed}`
	search := `- {id: it, search: {query: '"a"'}, next: yes, on_error: failed}`
	tests := []struct {
		step string
		res  EffectResult
		want string
	}{
		{restStep, EffectResult{Status: EffectOK, Code: 200, Body: body, Headers: map[string]string{"ETag": "1"}}, `Got {"body":{"items":[{"name":"Lamp"}]},"found":"Lamp","headers":{"etag":"1"},"status":200}`},
		{restStep, EffectResult{Status: EffectHTTP, Code: 503, Body: "down"}, "Status 503"},
		{restStep, EffectResult{Status: EffectTimeout}, "Slow"},
		{restStep, EffectResult{Status: EffectError, Error: "dial"}, "Failed effect.error"},
		{restStep, EffectResult{Status: "nonsense"}, "Failed effect.error"},
		{plain, EffectResult{Status: EffectHTTP, Code: 404}, "Failed effect.status"},
		{plain, EffectResult{Status: EffectTimeout}, "Failed effect.timeout"},
		{plain, EffectResult{Status: EffectOK, Code: 200, Body: strings.Repeat("x", 40_000)}, "Failed effect.too_large"},
		{strings.Replace(restStep, "$.items[0].name", "$.items[?@.a]", 1), EffectResult{Status: EffectOK, Body: body}, "Failed effect.path"},
		{soap, EffectResult{Status: EffectOK, Code: 200, Body: map[string]any{"reply": map[string]any{"ticket": map[string]any{"@id": "I1", "#text": "x"}}}}, `Got {"body":{"reply":{"ticket":{"#text":"x","@id":"I1"}}},"found":"I1","headers":{},"status":200}`},
		{soap, EffectResult{Status: EffectFault}, "Wrong"},
		{soap, EffectResult{Status: EffectHTTP, Code: 503}, "Status 503"},
		{soap, EffectResult{Status: EffectTimeout}, "Slow"},
		{directory, EffectResult{Status: EffectOK, Body: map[string]any{"found": true, "attributes": map[string]any{"mail": "a@b.fr"}}}, `Got {"attributes":{"mail":"a@b.fr"},"found":true}`},
		{directory, EffectResult{Status: EffectMissing}, "Wrong"},
		{strings.Replace(directory, "on_missing: wrong, ", "", 1), EffectResult{Status: EffectMissing}, `Got {"attributes":{},"found":false}`},
		{directory, EffectResult{Status: EffectTimeout}, "Slow"},
		{ticket, EffectResult{Status: EffectOK, Body: map[string]any{"number": "I26", "url": "https://sm.example/I26"}}, `Got {"number":"I26","url":"https://sm.example/I26"}`},
		{ticket, EffectResult{Status: EffectOK, Body: map[string]any{"ok": true}}, "Failed effect.reply"},
		{ticket, EffectResult{Status: EffectTimeout}, "Slow"},
		{mail, EffectResult{Status: EffectOK, Body: map[string]any{"id": "m1"}}, `Got {"id":"m1"}`},
		{mail, EffectResult{Status: EffectError}, "Failed effect.error"},
		{search, EffectResult{Status: EffectOK, Body: []any{map[string]any{"title": "T"}}}, `Got [{"title":"T"}]`},
		{search, EffectResult{Status: EffectOK}, `Got []`},
	}
	for _, tt := range tests {
		lib := steps(t, outside(tt.step))
		turn := give(t, lib, start(t, lib), "next")
		wantShowing(t, turn, "effect:it")
		tt.res.Key = turn.Effect.Key
		tt.res.Millis = 12
		next := advance(t, lib, turn, Input{Kind: DoResult, Result: &tt.res})
		if next.Page.Title != tt.want {
			t.Errorf("%s %d: %s, want %s", tt.res.Status, tt.res.Code, short(next.Page.Title), tt.want)
		}
		if e := next.Events[0]; e.Kind != EventReplied || e.Status != string(tt.res.Status) || e.Millis != 12 || e.Key != turn.Effect.Key {
			t.Errorf("event %s", asJSON(e))
		}
	}
}

func TestExtractFromALargeReply(t *testing.T) {
	lib := steps(t, outside(restStep))
	turn := give(t, lib, start(t, lib), "next")
	body := map[string]any{"items": []any{map[string]any{"name": "Lamp", "junk": strings.Repeat("x", 40_000)}}}
	next := advance(t, lib, turn, Input{Kind: DoResult, Result: &EffectResult{Key: turn.Effect.Key, Status: EffectOK, Code: 200, Body: body}})
	if next.Page.Title != `Got {"found":"Lamp","status":200}` {
		t.Errorf("%s", short(next.Page.Title))
	}
}

// TestRepliesToTheWrongCall come late, twice, or from elsewhere.
func TestRepliesToTheWrongCall(t *testing.T) {
	lib := steps(t, outside(restStep))
	turn := give(t, lib, start(t, lib), "next")
	ok := &EffectResult{Key: turn.Effect.Key, Status: EffectOK, Body: 1.0}
	a := advance(t, lib, turn, Input{Kind: DoResult, Result: ok})
	b := advance(t, lib, turn, Input{Kind: DoResult, Result: &EffectResult{Key: turn.Effect.Key, Status: EffectOK, Body: 2.0}})
	if a.Key != b.Key {
		t.Error("the reply of a call made twice makes two turns")
	}
	for _, in := range []Input{
		{Kind: DoResult, Result: &EffectResult{Key: "other", Status: EffectOK}},
		{Kind: DoAnswer, Data: "next"},
	} {
		if _, err := Advance(lib, turn.State, in, monday); !fault.Is(err, fault.Conflict) {
			t.Errorf("%+v: %v", in, err)
		}
	}
	if _, err := Advance(lib, a.State, Input{Kind: DoResult, Result: ok}, monday); !fault.Is(err, fault.Conflict) {
		t.Errorf("the same reply again: %v", err)
	}
	again, err := Show(lib, turn.State, "", monday.Add(time.Hour))
	if err != nil || asJSON(again.Effect) != asJSON(turn.Effect) {
		t.Errorf("after a crash the effect is another: %v\n%s\n%s", err, asJSON(again.Effect), asJSON(turn.Effect))
	}
}

// TestEffectKeys: Back and the same answers ask under the same key; a second
// round, a restart or another request under another.
func TestEffectKeys(t *testing.T) {
	lib := steps(t, `
- {id: start, start: {}, next: ask}
- {id: ask, question: {answers: [{id: a, text: {en: A}}, {id: b, text: {en: B}}]}, next: it}
- {id: it, ticket: {connector: sm, fields: [{name: x, value: step.ask.result}]}, next: again}
- {id: again, confirm: {yes: it, "no": over}}
- {id: over, end: {outcome: solved}}
`)
	done := func(turn Turn) Turn {
		return advance(t, lib, turn, Input{Kind: DoResult, Result: &EffectResult{Key: turn.Effect.Key, Status: EffectOK, Body: map[string]any{"number": "1"}}})
	}
	first := give(t, lib, start(t, lib), "a")
	key := first.Effect.Key
	after := done(first)
	back := advance(t, lib, after, Input{Kind: DoBack})
	if got := give(t, lib, back, "a").Effect.Key; got != key {
		t.Error("Back and the same answer ask under another key")
	}
	if got := give(t, lib, back, "b").Effect.Key; got == key {
		t.Error("Back and another answer ask under the same key")
	}
	if got := give(t, lib, after, true).Effect.Key; got == key {
		t.Error("a second round asks under the same key")
	}
	if got := give(t, lib, advance(t, lib, after, Input{Kind: DoRestart}), "a").Effect.Key; got == key {
		t.Error("a restart asks under the same key")
	}
}

// TestForbiddenRequests are refused before anything is asked.
func TestForbiddenRequests(t *testing.T) {
	crlf := func(step string) string {
		return strings.ReplaceAll(outside(step), `'"a/b c?d=e"'`, `"\"a\\r\\nBcc: x@example.org\""`)
	}
	many := make([]string, 51)
	for i := range many {
		many[i] = fmt.Sprintf("u%d@example.org", i)
	}
	tests := map[string]string{
		crlf(`- {id: it, rest: {url: x, headers: [{name: X-A, value: var.word}]}, next: yes, on_error: failed}`):                                                                 "effect.header",
		outside(`- {id: it, rest: {url: x, headers: [{name: "X-A: b", value: '"1"'}]}, next: yes, on_error: failed}`):                                                            "effect.header",
		outside(`- {id: it, rest: {url: x, method: TRACE}, next: yes, on_error: failed}`):                                                                                        "effect.method",
		outside(`- {id: it, rest: {url: "a/{{ '..' }}/b"}, next: yes, on_error: failed}`):                                                                                        "effect.address",
		outside(`- {id: it, soap: {connector: c, operation: O, values: [{name: "a><b", value: '"1"'}]}, next: yes, on_error: failed}`):                                           "effect.element",
		crlf(`- {id: it, title: {en: "Hi {{ var.word }}"}, mail: {to: '"a@example.org"'}, next: yes, on_error: failed}`):                                                         "effect.subject",
		crlf(`- {id: it, title: {en: Hi}, mail: {to: '"a@example.org" + var.word'}, next: yes, on_error: failed}`):                                                               "effect.recipient",
		outside(`- {id: it, title: {en: Hi}, mail: {to: var.who}, next: yes, on_error: failed}`):                                                                                 "effect.recipient",
		outside(`- {id: it, title: {en: Hi}, mail: {to: var.found}, next: yes, on_error: failed}`):                                                                               "effect.no_recipient",
		outside(`- {id: it, title: {en: Hi}, mail: {to: '"` + strings.Join(many, ",") + `"'}, next: yes, on_error: failed}`):                                                     "effect.recipients",
		outside(`- {id: it, title: {en: Hi}, mail: {to: '"` + strings.Join(many[:30], ",") + `"', bcc: '"` + strings.Join(many[25:], ",") + `"'}, next: yes, on_error: failed}`): "effect.recipients",
		outside(`- {id: it, title: {en: Hi}, mail: {to: '"a@example.org"', attach: [nothing]}, next: yes, on_error: failed}`):                                                    "effect.attachment",
		outside(`- {id: it, title: {en: Hi}, mail: {to: "12"}, next: yes, on_error: failed}`):                                                                                    "effect.recipient",
	}
	for main, want := range tests {
		lib := steps(t, main)
		turn := give(t, lib, start(t, lib), "next")
		if turn.Page == nil || turn.Page.Title != "Failed "+want {
			t.Errorf("%s: %s\n%s", want, showing(turn), eventLine(turn.Events))
		}
		if log := asJSON(turn.Events); strings.Contains(log, "x@example.org") || strings.Contains(log, "u7@") {
			t.Errorf("%s: the log tells the value: %s", want, log)
		}
	}
}

// TestListsFetchedForAPage ask before the page shows, again after Back.
func TestListsFetchedForAPage(t *testing.T) {
	lib := steps(t, `
- {id: start, start: {}, next: it}
- id: it
  form:
    fields:
      - {id: site, type: select, from: {value: item.id, text: item.name, rest: {connector: c, url: sites, extract: [{name: x, path: data.sites}]}}}
      - {id: desk, type: lookup, from: {rest: {connector: c, url: desks}}}
  next: after
- {id: after, page: {}, next: over}
- {id: over, end: {outcome: solved}}
`)
	sites := map[string]any{"data": map[string]any{"sites": []any{map[string]any{"id": 1.0, "name": "Lyon"}, map[string]any{"id": 2.0, "name": "Sète"}}}}
	reply := func(turn Turn, body any) Turn {
		t.Helper()
		return advance(t, lib, turn, Input{Kind: DoResult, Result: &EffectResult{Key: turn.Effect.Key, Status: EffectOK, Code: 200, Body: body}})
	}
	first := start(t, lib)
	if first.Effect == nil || first.Effect.Request["url"] != "sites" {
		t.Fatalf("%s", showing(first))
	}
	second := reply(first, sites)
	if second.Effect == nil || second.Effect.Request["url"] != "desks" || second.Effect.Key == first.Effect.Key {
		t.Fatalf("%s", showing(second))
	}
	page := reply(second, []any{"A1", "B2"})
	wantShowing(t, page, "it")
	if got := asJSON(page.Page.Fields[0].Options); got != `[{"key":"=1","text":"Lyon"},{"key":"=2","text":"Sète"}]` {
		t.Errorf("options %s", got)
	}
	if refused := post(t, lib, page, "f.site", "=3"); refused.Problems["f.site"].Key != "answer.not_offered" || len(refused.Page.Fields[0].Options) != 2 {
		t.Errorf("%v", refused.Problems)
	}
	after := post(t, lib, page, "f.site", "=2", "f.desk", "b2")
	if got := asJSON(after.State.Variables()); got != `{"desk":"B2","site":2}` {
		t.Errorf("variables %s", got)
	}
	back := advance(t, lib, after, Input{Kind: DoBack})
	if back.Effect == nil || back.Effect.Key != first.Effect.Key {
		t.Fatalf("Back shows %s", showing(back))
	}
	again := reply(reply(back, sites), []any{"A1", "B2"})
	if !again.Page.Fields[0].Options[1].Chosen || len(again.Page.Trail) != 1 {
		t.Errorf("after Back %s", asJSON(again.Page))
	}
	broken := advance(t, lib, first, Input{Kind: DoResult, Result: &EffectResult{Key: first.Effect.Key, Status: EffectTimeout}})
	wantShowing(t, broken, "problem:it")
}

// TestMocks: in a test each effect carries an answer, the writer's or a
// plausible one.
func TestMocks(t *testing.T) {
	tests := map[string]string{
		`- {id: it, rest: {url: x}, next: yes}`:                                                                            `Got {"body":{},"headers":{},"status":200}`,
		`- {id: it, rest: {url: x, mock: '{"a": 1}'}, next: yes}`:                                                          `Got {"body":{"a":1},"headers":{},"status":200}`,
		`- {id: it, rest: {url: x, mock: '{"status": 503, "body": nil}', on_status: status}, next: yes}`:                   "Status 503",
		`- {id: it, ticket: {connector: c, fields: [], mock: '{"number": "M1"}'}, next: yes}`:                              `Got {"number":"M1"}`,
		`- {id: it, directory: {attributes: [mail, zone], by: uid, value: '"a"'}, next: yes}`:                              `Got {"attributes":{"mail":"camille.martin@example.org","zone":"zone"},"found":true}`,
		`- {id: it, directory: {attributes: [mail], by: uid, value: '"a"', mock: '{"mail": "m@example.org"}'}, next: yes}`: `Got {"attributes":{"mail":"m@example.org"},"found":true}`,
		`- {id: it, directory: {attributes: [mail], by: uid, value: '"a"', mock: 'nil', on_missing: wrong}, next: yes}`:    "Wrong",
		`- {id: it, search: {query: '"a"'}, next: yes}`:                                                                    `Got [{"alias":"main","score":1,"title":"Trial","url":"/r/main"}]`,
		`- {id: it, question: {from: {value: item.id, text: item.name, rest: {connector: c, url: x}}}, next: yes}`:         "",
	}
	for step, want := range tests {
		lib := steps(t, outside(step))
		turn := give(t, lib, start(t, lib, func(c *Context) { c.Test = true }), "next")
		if turn.Effect == nil || !turn.Effect.Test || turn.Effect.Mock == nil && want != "Wrong" {
			t.Errorf("%s: effect %s", step, asJSON(turn.Effect))
			continue
		}
		res := MockResult(turn.Effect)
		next := advance(t, lib, turn, Input{Kind: DoResult, Result: &res})
		if next.Page.Title != want {
			t.Errorf("%s: %s, want %s", step, next.Page.Title, want)
		}
	}
}

func TestTicketOnTheOutcomePage(t *testing.T) {
	lib := steps(t, `
- {id: start, start: {}, next: it}
- {id: it, ticket: {connector: sm, fields: []}, next: over}
- {id: over, title: {en: Done}, end: {outcome: escalated, redirect: "/p/{{ step.it.result.number }}", feedback: true}}
`)
	turn := start(t, lib)
	end := advance(t, lib, turn, Input{Kind: DoResult, Result: &EffectResult{Key: turn.Effect.Key, Status: EffectOK, Body: map[string]any{"number": "I/26", "url": "javascript:alert(1)"}}})
	if got := asJSON(end.Page.Ending); got != `{"outcome":"escalated","redirect":"/p/I%2F26","ticket":{"number":"I/26"}}` {
		t.Errorf("ending %s", got)
	}
}
