package execution

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"selfhelp/app/procedure"
)

const reportSteps = `
variables:
  - {name: mail, type: text, personal: true}
  - {name: key, type: secret}
steps:
- {id: start, start: {inputs: [{name: ticket, type: text}, {name: phone, type: text, personal: true}]}, next: ask}
- id: ask
  title: {fr: "Vous ?", en: "You?"}
  form: {fields: [{id: mail, type: mail, personal: true, label: {en: E-mail}}, {id: key, type: secret}, {id: city, type: text, label: {en: City}}]}
  next: pick
- {id: pick, unlogged: true, question: {answers: [{id: a, text: {en: Alpha}, to: call}, {id: b, text: {en: Beta}, to: call}]}}
- id: call
  title: {en: Look it up}
  rest: {connector: c, url: "u/{{ var.mail }}", extract: [{name: mail, path: mail}]}
  next: log
  on_error: log
- {id: log, log: {key: city, value: var.city}, next: log2}
- {id: log2, log: {key: mail, value: var.mail}, next: tk}
- {id: tk, ticket: {connector: sm, fields: [{name: by, value: var.mail}]}, next: over}
- {id: over, end: {outcome: solved, feedback: true, outputs: [{name: city, type: text, value: var.city}]}}
`

// reported runs a whole journey and returns its log.
func reported(t *testing.T) (shelf, []Event) {
	t.Helper()
	lib := steps(t, reportSteps)
	var log []Event
	at := monday
	var turn Turn
	step := func(in Input) {
		t.Helper()
		at = at.Add(10 * time.Second)
		next, err := Advance(lib, turn.State, in, at)
		if err != nil || len(next.Problems) > 0 && in.Data != "wrong" {
			t.Fatalf("%+v: %v %v", in, err, next.Problems)
		}
		turn, log = next, append(log, next.Events...)
	}
	turn = start(t, lib, withUser, func(c *Context) { c.Params = map[string]any{"ticket": "I26", "phone": "0612345678"} })
	log = append(log, turn.Events...)
	step(Input{Kind: DoAnswer, Data: map[string]any{"mail": "ada@example.org", "key": "hunter2", "city": "Lyon"}})
	step(Input{Kind: DoPostit, Data: "Trop de questions"})
	step(Input{Kind: DoAnswer, Data: "wrong"})
	step(Input{Kind: DoAnswer, Data: "b"})
	step(Input{Kind: DoResult, Result: &EffectResult{Key: turn.Effect.Key, Status: EffectOK, Code: 200, Millis: 35, Body: map[string]any{"mail": "ada.l@example.org", "id": 4.0}}})
	step(Input{Kind: DoResult, Result: &EffectResult{Key: turn.Effect.Key, Status: EffectOK, Millis: 50, Body: map[string]any{"number": "T1", "url": "https://sm.example/T1"}}})
	wantShowing(t, turn, "end:over")
	step(Input{Kind: DoFeedback, Data: map[string]any{"score": 1.0, "comment": "Merci"}})
	return lib, log
}

func TestReportHoldsEveryField(t *testing.T) {
	lib, log := reported(t)
	r := Report(lib, log)
	if r.Execution != "x1" || r.Entry != uid("main") || r.Title != "Trial" || r.Version != "1.0" || r.User != "cperrachon" || r.Channel != "test" || r.Language != "en" {
		t.Errorf("head %s", asJSON(r))
	}
	if !r.Started.Equal(monday) || !r.Ended.Equal(monday.Add(60*time.Second)) || r.Duration() != 70*time.Second || r.Outcome != procedure.Solved {
		t.Errorf("from %s to %s, %s, %s", r.Started, r.Ended, r.Duration(), r.Outcome)
	}
	if got := asJSON(r.Params); got != `{"phone":"•••","ticket":"I26"}` {
		t.Errorf("params %s", got)
	}
	if got := asJSON(r.Tickets); got != `[{"number":"T1","url":"https://sm.example/T1"}]` {
		t.Errorf("tickets %s", got)
	}
	if got := asJSON(r.Feedback); got != `{"comment":"Merci","score":1}` {
		t.Errorf("feedback %s", got)
	}
	if len(r.Comments) != 1 || r.Comments[0].Words != "Trop de questions" || r.Comments[0].Step != "pick" {
		t.Errorf("comments %s", asJSON(r.Comments))
	}
	if got := asJSON([]any{r.Logs[0].Value, r.Logs[1].Value}); got != `["Lyon","•••"]` {
		t.Errorf("logs %s", got)
	}
	var ids []string
	byID := map[string]ReportedStep{}
	for i, s := range r.Steps {
		ids = append(ids, s.Step)
		byID[s.Step] = s
		if s.Order != i+1 || s.Entered.IsZero() || s.Left.IsZero() || s.OffPath {
			t.Errorf("step %s", asJSON(s))
		}
	}
	if want := []string{"start", "ask", "pick", "call", "log", "log2", "tk", "over"}; !slices.Equal(ids, want) {
		t.Fatalf("steps %v, want %v", ids, want)
	}
	for id, want := range map[string]string{
		"ask":  `{"order":2,"procedure":"mainaaaaaaaaaaaaaaaaaaaaaa","step":"ask","title":"You?","type":"form","entered":"2026-11-23T09:00:00+01:00","left":"2026-11-23T09:00:10+01:00","edge":"next","to":"pick","answer":{"city":"Lyon","key":"•••","mail":"•••"},"words":"E-mail: •••\nkey: •••\nCity: Lyon","changed":{"var.city":"Lyon","var.key":"•••","var.mail":"•••"}}`,
		"pick": `{"order":3,"procedure":"mainaaaaaaaaaaaaaaaaaaaaaa","step":"pick","title":"pick","type":"question","entered":"2026-11-23T09:00:10+01:00","left":"2026-11-23T09:00:40+01:00","edge":"answer.b","to":"call","answer":"•••","words":"•••","refusals":1}`,
		"call": `{"order":4,"procedure":"mainaaaaaaaaaaaaaaaaaaaaaa","step":"call","title":"Look it up","type":"rest","entered":"2026-11-23T09:00:40+01:00","left":"2026-11-23T09:00:50+01:00","edge":"next","to":"log","changed":{"var.mail":"•••"},"calls":[{"kind":"rest","status":"ok","ms":35,"request":{"body":null,"headers":[],"method":"GET","query":[],"url":"u/%E2%80%A2%E2%80%A2%E2%80%A2"},"reply":{"id":4,"mail":"•••"}}]}`,
	} {
		if got := asJSON(byID[id]); got != want {
			t.Errorf("%s\n got %s\nwant %s", id, got, want)
		}
	}
	whole := asJSON(r)
	for _, secret := range []string{"hunter2", "ada@", "ada.l", "camille", "0612345678", "private"} {
		if strings.Contains(whole, secret) {
			t.Errorf("the report tells %s", secret)
		}
	}
	if log := asJSON(log); strings.Contains(log, "hunter2") || !strings.Contains(log, "ada@example.org") {
		t.Error("the log tells a secret, or has not what a replay needs")
	}
	if nobody := Report(nil, log); len(nobody.Steps) != len(r.Steps) || nobody.Outcome != r.Outcome {
		t.Error("the report needs a library")
	}
	if empty := Report(lib, nil); len(empty.Steps) != 0 {
		t.Error("a report of nothing has steps")
	}
}

// TestReplay gives the same path from the log, from the log read back from
// JSON, and another one from another procedure.
func TestReplay(t *testing.T) {
	lib, log := reported(t)
	var stored []Event
	if err := json.Unmarshal([]byte(asJSON(log)), &stored); err != nil {
		t.Fatal(err)
	}
	for name, events := range map[string][]Event{"log": log, "stored log": stored} {
		if r, err := Replay(lib, events); err != nil || !r.Same {
			t.Errorf("%s: %s %v", name, r.Where, err)
		}
	}
	masked := Report(lib, log).Events
	if r, err := Replay(lib, masked); err != nil || !r.Same {
		t.Errorf("the report's events: %s %v", r.Where, err)
	}
	cut := slices.DeleteFunc(slices.Clone(masked), func(e Event) bool { return e.Kind == EventEdge && e.Step == "pick" })
	if r, err := Replay(lib, cut); err != nil || r.Same || !strings.Contains(r.Where, "answered at pick: the answer is refused: answer: That answer is not offered") {
		t.Errorf("a choice nothing tells of: %s %v", r.Where, err)
	}
	other := steps(t, strings.Replace(reportSteps, "next: log2", "next: tk", 1))
	if r, err := Replay(other, log); err != nil || r.Same || !strings.Contains(r.Where, "log") {
		t.Errorf("another procedure: %+v %v", r.Where, err)
	}
	if _, err := Replay(lib, log[1:]); err == nil {
		t.Error("a log without a beginning is replayed")
	}
}

// TestReplayOfTwoTabs has an answer to a page that was no longer the last.
func TestReplayOfTwoTabs(t *testing.T) {
	lib := steps(t, countSteps)
	first := start(t, lib)
	a := give(t, lib, first, "a")
	b := give(t, lib, first, "b")
	c := give(t, lib, b, "next")
	log := slices.Concat(first.Events, a.Events, b.Events, c.Events)
	if r, err := Replay(lib, log); err != nil || !r.Same {
		t.Errorf("%s %v", r.Where, err)
	}
	report := Report(lib, log)
	var off []string
	for _, s := range report.Steps {
		if s.OffPath {
			off = append(off, s.Step)
		}
	}
	if !slices.Equal(off, []string{"first", "add", "second"}) {
		t.Errorf("off the path: %v of %s", off, asJSON(report.Steps))
	}
}

// TestReportOfAFailure: a journey is failed only while its last turn is one that
// a problem stopped, whatever else the person does on that page.
func TestReportOfAFailure(t *testing.T) {
	lib := steps(t, `
steps:
- {id: start, start: {}, next: ask}
- {id: ask, question: {answers: [{id: a, text: {en: A}, to: sum}, {id: b, text: {en: B}, to: caught}]}}
- {id: sum, test: {rules: [{id: r, if: "1 / 0 > 1", to: over}]}, next: over}
- {id: caught, test: {rules: [{id: r, if: "1 / 0 > 1", to: over}]}, next: over, on_error: over}
- {id: over, end: {outcome: solved}}
`)
	turn := start(t, lib)
	log := turn.Events
	for _, x := range []struct {
		in   Input
		want procedure.Outcome
	}{
		{Input{Kind: DoAnswer, Data: "a"}, procedure.Failed},
		{Input{Kind: DoPause}, procedure.Failed},
		{Input{Kind: DoResume}, procedure.Failed},
		{Input{Kind: DoPostit, Data: "Help"}, procedure.Failed},
		{Input{Kind: DoBack}, ""},
		{Input{Kind: DoAnswer, Data: "a"}, procedure.Failed},
		{Input{Kind: DoRestart}, ""},
		{Input{Kind: DoAnswer, Data: "b"}, procedure.Solved},
	} {
		next, err := Advance(lib, turn.State, x.in, monday)
		if err != nil {
			t.Fatalf("%+v: %v", x.in, err)
		}
		turn, log = next, append(log, next.Events...)
		if r := Report(lib, log); r.Stands() != x.want || (turn.Page.Kind == PageProblem) != (x.want == procedure.Failed) {
			t.Errorf("after %+v it stands at %q, on a page %s", x.in, r.Stands(), turn.Page.Kind)
		}
	}
}
