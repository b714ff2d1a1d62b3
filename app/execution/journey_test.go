package execution

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

const lampSteps = `
- id: start
  start: {}
  next: ask
- id: ask
  title: {fr: "La lampe est-elle allumée ?", en: "Is the lamp on?"}
  text: {fr: "Regardez **la lampe**.", en: "Look at **the lamp**."}
  question:
    answers:
      - {id: "on", text: {fr: Allumée, en: "On"}, to: solved}
      - {id: "off", text: {fr: Éteinte, en: "Off"}, to: plug}
- id: plug
  title: {fr: Branchez-la, en: Plug it in}
  page: {}
  next: ask2
- id: ask2
  title: {fr: "Et maintenant ?", en: "And now?"}
  confirm: {yes: solved, "no": unsolved}
- id: solved
  end: {outcome: solved, feedback: true}
- id: unsolved
  end: {outcome: unsolved}
`

// countSteps asks, counts unseen, and asks again.
const countSteps = `
variables:
  - {name: n, type: number, default: "1"}
  - {name: total, type: number, session: true, default: "10"}
steps:
- {id: start, start: {}, next: first}
- {id: first, title: {en: First}, page: {buttons: [{id: a, text: {en: A}, to: add}, {id: b, text: {en: B}, to: other}]}}
- {id: add, set: {values: [{id: x, name: n, value: "var.n + 1"}, {id: y, name: session.total, value: "session.total * 2"}]}, next: second}
- {id: second, title: {en: "Second {{ var.n }}"}, form: {fields: [{id: name, type: text}]}, next: again}
- {id: again, set: {values: [{id: x, name: n, value: "var.n * 100"}]}, next: third}
- {id: third, title: {en: Third}, page: {}, next: over}
- {id: other, title: {en: Other}, page: {}, next: third}
- {id: over, end: {outcome: informed, outputs: [{name: n, type: number, value: var.n}]}}
`

func TestBackRestoresVariablesAndKeepsAnswers(t *testing.T) {
	lib := steps(t, countSteps)
	turn := give(t, lib, start(t, lib), "a")
	wantVariables(t, turn, `{"n":2}`, `{"total":20}`)
	if turn.Page.Title != "Second 2" {
		t.Errorf("title %q", turn.Page.Title)
	}
	turn = give(t, lib, turn, map[string]any{"name": "Ada"})
	wantVariables(t, turn, `{"n":200,"name":"Ada"}`, `{"total":20}`)

	turn = advance(t, lib, turn, Input{Kind: DoBack})
	wantShowing(t, turn, "second")
	wantVariables(t, turn, `{"n":2}`, `{"total":20}`)
	if got := turn.Page.Fields[0].Values; !slices.Equal(got, []string{"Ada"}) {
		t.Errorf("the field holds %q after Back", got)
	}

	turn = advance(t, lib, turn, Input{Kind: DoBack})
	wantShowing(t, turn, "first")
	wantVariables(t, turn, `{"n":1}`, `{"total":10}`)
	if turn.Page.CanBack {
		t.Error("the first page offers Back")
	}

	turn = give(t, lib, turn, "a")
	wantVariables(t, turn, `{"n":2}`, `{"total":20}`)
	if got := turn.Page.Fields[0].Values; !slices.Equal(got, []string{"Ada"}) {
		t.Errorf("the field holds %q when the page is reached again", got)
	}
}

func TestBackFromAnEndAndIntoIt(t *testing.T) {
	lib := steps(t, countSteps)
	turn := give(t, lib, start(t, lib), "b")
	turn = give(t, lib, give(t, lib, turn, "next"), "next")
	wantShowing(t, turn, "end:over")
	if turn.Ended == nil || turn.Ended.Outputs["n"] != 1.0 || turn.State.Outcome() != procedure.Informed {
		t.Fatalf("ended as %+v", turn.Ended)
	}
	turn = advance(t, lib, turn, Input{Kind: DoBack})
	wantShowing(t, turn, "third")
	if turn.State.Outcome() != "" || turn.Ended != nil {
		t.Error("the execution is still over after Back")
	}
	wantShowing(t, give(t, lib, turn, "next"), "end:over")
}

// TestAnotherBranchAfterBack is what a person does who was wrong.
func TestAnotherBranchAfterBack(t *testing.T) {
	lib := steps(t, countSteps)
	log := []Event{}
	turn := start(t, lib)
	step := func(next Turn) { turn = next; log = append(log, next.Events...) }
	step(turn)
	step(give(t, lib, turn, "a"))
	step(give(t, lib, turn, map[string]any{"name": "Ada"}))
	step(advance(t, lib, turn, Input{Kind: DoBack}))
	step(advance(t, lib, turn, Input{Kind: DoBack}))
	step(give(t, lib, turn, "b"))
	wantShowing(t, turn, "other")
	step(give(t, lib, turn, "next"))
	step(give(t, lib, turn, "next"))
	wantShowing(t, turn, "end:over")
	if !reflect.DeepEqual(turn.State.Pages(), []string{"first", "other", "third"}) {
		t.Errorf("trail %v", turn.State.Pages())
	}

	report := Report(lib, log)
	var on, off []string
	for _, s := range report.Steps {
		if s.OffPath {
			off = append(off, s.Step)
		} else {
			on = append(on, s.Step)
		}
	}
	if want := []string{"start", "first", "other", "third", "over"}; !slices.Equal(on, want) {
		t.Errorf("on the path: %v, want %v", on, want)
	}
	if want := []string{"first", "add", "second", "again", "third", "second"}; !slices.Equal(off, want) {
		t.Errorf("off the path: %v, want %v", off, want)
	}
	if report.Outcome != procedure.Informed || report.Execution != "x1" || report.Version != "1.0" {
		t.Errorf("report %+v", report)
	}
}

// TestTwoTabs answers one page twice, differently: each tab goes its own way.
func TestTwoTabs(t *testing.T) {
	lib := steps(t, lampSteps)
	turn := start(t, lib)
	on, off := post(t, lib, turn, "answer", "on"), post(t, lib, turn, "answer", "off")
	wantShowing(t, on, "end:solved")
	wantShowing(t, off, "plug")
	if on.Key == off.Key {
		t.Error("two answers made turns of the same key")
	}
}

// TestTheSameAnswerTwice is a double click, or a browser that sends again.
func TestTheSameAnswerTwice(t *testing.T) {
	lib := steps(t, lampSteps)
	turn := start(t, lib)
	before := turn.State.Pack(nil)
	a, b := post(t, lib, turn, "answer", "off"), post(t, lib, turn, "answer", "off")
	if a.Key != b.Key || asJSON(a.Events) != asJSON(b.Events) || asJSON(a.Page) != asJSON(b.Page) {
		t.Error("the same answer on the same state made two different turns")
	}
	if c := post(t, lib, a, "answer", "next"); c.Key == a.Key {
		t.Error("two turns of a journey have one key")
	}
	if len(before) != len(turn.State.Pack(nil)) {
		t.Error("Advance changed the state it was given")
	}
	wantShowing(t, post(t, lib, turn, "answer", "on"), "end:solved")
}

// TestStaleAnswers come from a page that is not the one that shows.
func TestStaleAnswers(t *testing.T) {
	lib := steps(t, lampSteps)
	turn := post(t, lib, start(t, lib), "answer", "off")
	for _, in := range []Input{
		{Kind: DoAnswer, Step: "ask", Data: "on"},
		{Kind: DoAnswer, Step: "solved", Data: "next"},
		{Kind: DoResult, Result: &EffectResult{Key: "x", Status: EffectOK}},
		{Kind: DoResult},
		{Kind: DoFeedback, Data: 1.0},
	} {
		if _, err := Advance(lib, turn.State, in, monday); !fault.Is(err, fault.Conflict) {
			t.Errorf("%+v: %v, want a conflict", in, err)
		}
	}
	if _, err := Advance(lib, turn.State, Input{Kind: "jump"}, monday); !fault.Is(err, fault.Invalid) {
		t.Errorf("an unknown input: %v", err)
	}
	if _, err := Advance(shelf{}, turn.State, Input{Kind: DoBack}, monday); !fault.Is(err, fault.NotFound) {
		t.Errorf("a library without the procedure: %v", err)
	}
}

func TestShow(t *testing.T) {
	lib := steps(t, countSteps)
	turn := give(t, lib, give(t, lib, start(t, lib), "a"), map[string]any{"name": "Ada"})
	here, err := Show(lib, turn.State, "", monday)
	if err != nil || showing(here) != "third" || len(here.Events) != 0 || len(here.Page.Trail) != 3 {
		t.Fatalf("where it stands: %v %s", err, asJSON(here.Page))
	}
	older, err := Show(lib, turn.State, "second", monday)
	if err != nil || showing(older) != "second" || len(older.Events) != 0 {
		t.Fatalf("an older page: %v %s", err, asJSON(older.Page))
	}
	wantVariables(t, older, `{"n":2}`, `{"total":20}`)
	if older.Page.Fields[0].Values[0] != "Ada" {
		t.Errorf("the older page holds %v", older.Page.Fields[0].Values)
	}
	other := give(t, lib, older, map[string]any{"name": "Bea"})
	wantVariables(t, other, `{"n":200,"name":"Bea"}`, `{"total":20}`)
	wantVariables(t, turn, `{"n":200,"name":"Ada"}`, `{"total":20}`)

	for _, step := range []string{"other", "over", "add", "nowhere", "start"} {
		if _, err := Show(lib, turn.State, step, monday); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v, want not found", step, err)
		}
	}
}

func TestNoBack(t *testing.T) {
	lib := steps(t, `
- {id: start, start: {}, next: a}
- {id: a, page: {}, next: b}
- {id: b, no_back: true, page: {}, next: c}
- {id: c, page: {}, next: d}
- {id: d, end: {outcome: solved}, no_back: true}
`)
	turn := give(t, lib, give(t, lib, start(t, lib), "next"), "next")
	if !turn.Page.CanBack {
		t.Error("c does not offer Back")
	}
	if _, err := Show(lib, turn.State, "a", monday); !fault.Is(err, fault.Conflict) {
		t.Errorf("a page behind one without Back: %v", err)
	}
	turn = advance(t, lib, turn, Input{Kind: DoBack})
	wantShowing(t, turn, "b")
	if _, err := Show(lib, turn.State, "a", monday); !fault.Is(err, fault.Conflict) {
		t.Errorf("a page before one without Back, where that shows: %v", err)
	}
	if _, err := Advance(lib, turn.State, Input{Kind: DoBack}, monday); turn.Page.CanBack || !fault.Is(err, fault.Conflict) {
		t.Errorf("Back from b: %v", err)
	}
	turn = give(t, lib, give(t, lib, turn, "next"), "next")
	if _, err := Advance(lib, turn.State, Input{Kind: DoBack}, monday); turn.Page.CanBack || !fault.Is(err, fault.Conflict) {
		t.Errorf("Back from the end: %v", err)
	}
	if _, err := Show(lib, turn.State, "c", monday); !fault.Is(err, fault.Conflict) {
		t.Errorf("a page before an end without Back: %v", err)
	}
}

func TestRestart(t *testing.T) {
	lib := steps(t, countSteps)
	turn := give(t, lib, give(t, lib, start(t, lib), "a"), map[string]any{"name": "Ada"})
	turn = advance(t, lib, turn, Input{Kind: DoRestart})
	wantShowing(t, turn, "first")
	wantVariables(t, turn, `{"n":1}`, `{"total":10}`)
	turn = give(t, lib, turn, "a")
	if got := turn.Page.Fields[0].Values; len(got) != 0 {
		t.Errorf("the field holds %q after a restart", got)
	}
	if len(turn.State.Pages()) != 2 {
		t.Errorf("trail %v", turn.State.Pages())
	}
}

func TestPauseAndResume(t *testing.T) {
	lib := steps(t, lampSteps)
	turn := post(t, lib, start(t, lib), "answer", "off")
	paused := advance(t, lib, turn, Input{Kind: DoPause})
	if !paused.State.Paused() || !paused.Page.Paused || eventLine(paused.Events) != " paused:plug" {
		t.Fatalf("%s %v", eventLine(paused.Events), paused.State.Paused())
	}
	resumed := advance(t, lib, paused, Input{Kind: DoResume})
	wantShowing(t, resumed, "plug")
	if resumed.State.Paused() || eventLine(resumed.Events) != " resumed:plug" {
		t.Errorf("%s", eventLine(resumed.Events))
	}
	answered := post(t, lib, paused, "answer", "next")
	if answered.Events[0].Kind != EventResumed || answered.State.Paused() {
		t.Errorf("an answer to a paused page: %s", eventLine(answered.Events))
	}
}

func TestPostitAndFeedback(t *testing.T) {
	lib := steps(t, lampSteps)
	turn := start(t, lib)
	noted := advance(t, lib, turn, Input{Kind: DoPostit, Values: map[string][]string{"comment": {"La photo\r\nest floue\u202e"}}})
	if len(noted.Events) != 1 || noted.Events[0].Text != "La photo\nest floue" || noted.Events[0].Step != "ask" {
		t.Errorf("post-it: %s", asJSON(noted.Events))
	}
	empty := advance(t, lib, turn, Input{Kind: DoPostit, Values: map[string][]string{"comment": {"  "}}})
	if len(empty.Problems) == 0 || len(empty.Events) != 0 {
		t.Error("an empty post-it is taken")
	}
	turn = post(t, lib, turn, "answer", "on")
	for _, bad := range []any{7.0, "up", map[string]any{"comment": "x"}} {
		if got := advance(t, lib, turn, Input{Kind: DoFeedback, Data: bad}); len(got.Problems) == 0 {
			t.Errorf("a feedback of %v is taken", bad)
		}
	}
	thanked := advance(t, lib, turn, Input{Kind: DoFeedback, Data: map[string]any{"score": 1.0, "comment": "Merci"}})
	if got := asJSON(thanked.Events[0].Value); got != `{"comment":"Merci","score":1}` || !thanked.Page.Feedback.Given {
		t.Errorf("feedback: %s, given %v", got, thanked.Page.Feedback.Given)
	}
	if _, err := Advance(lib, turn.State, Input{Kind: DoAnswer, Data: "on"}, monday); !fault.Is(err, fault.Conflict) {
		t.Errorf("an answer after the end: %v", err)
	}
}

// TestTheClockMayJump orders events by their number, whatever the time.
func TestTheClockMayJump(t *testing.T) {
	lib := steps(t, lampSteps)
	turn := start(t, lib)
	log := turn.Events
	for i, at := range []time.Time{monday.Add(-time.Hour), monday.AddDate(1, 0, 0), monday.AddDate(-3, 0, 0)} {
		next, err := Advance(lib, turn.State, Input{Kind: DoAnswer, Data: []any{"off", "next", true}[i]}, at)
		if err != nil {
			t.Fatal(err)
		}
		turn, log = next, append(log, next.Events...)
	}
	wantShowing(t, turn, "end:solved")
	for i, e := range log {
		if e.Seq != i+1 {
			t.Fatalf("event %d has number %d", i+1, e.Seq)
		}
	}
	if replayed, err := Replay(lib, log); err != nil || !replayed.Same {
		t.Errorf("replay: %v %v", replayed.Where, err)
	}
}

func TestTrailIsBounded(t *testing.T) {
	lib := steps(t, `
- {id: start, start: {}, next: a}
- {id: a, page: {buttons: [{id: again, text: {en: Again}, to: b}, {id: stop, text: {en: Stop}, to: over}]}}
- {id: b, page: {}, next: a}
- {id: over, end: {outcome: solved}}
`)
	turn := start(t, lib)
	for range 200 {
		turn = give(t, lib, give(t, lib, turn, "again"), "next")
	}
	if n := len(turn.Page.Trail); n != maxTrail {
		t.Errorf("the trail has %d pages", n)
	}
	for turn.Page.CanBack {
		turn = advance(t, lib, turn, Input{Kind: DoBack})
	}
	wantShowing(t, give(t, lib, turn, map[string]any{"a": "again", "b": "next"}[turn.Page.Step]), map[string]string{"a": "b", "b": "a"}[turn.Page.Step])
}

func wantVariables(t *testing.T, turn Turn, vars, session string) {
	t.Helper()
	if got := asJSON(turn.State.Variables()); got != vars {
		t.Errorf("variables %s, want %s", got, vars)
	}
	if got := asJSON(turn.State.Session()); got != session {
		t.Errorf("session %s, want %s", got, session)
	}
}

// TestWhatIsTypedIsKept leaves a form that is half filled in: by Back, by a
// pause, by words for the writer. What was typed stands there again, secrets
// apart, and it is no answer.
func TestWhatIsTypedIsKept(t *testing.T) {
	lib := steps(t, `
- {id: start, start: {}, next: first}
- {id: first, title: {en: First}, page: {}, next: ask}
- {id: ask, title: {en: Ask}, form: {fields: [{id: who, type: text, required: "true"}, {id: pin, type: secret}, {id: age, type: number, max: "9"}]}, next: end}
- {id: end, end: {outcome: solved}, title: {en: End}}
`)
	form := give(t, lib, start(t, lib), "next")
	typed := map[string][]string{"f.who": {"L'Élodie"}, "f.pin": {"1234"}, "f.age": {"70"}}
	stands := func(what string, turn Turn) {
		t.Helper()
		got := map[string][]string{}
		for _, f := range turn.Page.Fields {
			got[f.ID] = f.Values
		}
		if turn.Page.Step != "ask" || !slices.Equal(got["who"], typed["f.who"]) || !slices.Equal(got["age"], typed["f.age"]) || len(got["pin"]) > 0 && got["pin"][0] != "" {
			t.Errorf("after %s: %s shows %v", what, turn.Page.Step, got)
		}
		if slices.ContainsFunc(turn.Events, func(e Event) bool { return e.Kind == EventAnswered && e.Step == "ask" }) {
			t.Errorf("after %s it counts as an answer", what)
		}
	}
	back := advance(t, lib, form, Input{Kind: DoBack, Values: typed})
	stands("Back", give(t, lib, back, "next"))
	aside := advance(t, lib, form, Input{Kind: DoPause, Values: typed})
	stands("a pause", advance(t, lib, aside, Input{Kind: DoResume}))
	stands("words for the writer", advance(t, lib, form, Input{Kind: DoPostit, Data: "Trop long", Values: typed}))
	if said := advance(t, lib, form, Input{Kind: DoPostit, Data: "Trop long", Values: typed}); said.Events[0].Text != "Trop long" {
		t.Errorf("the writer is told %q", said.Events[0].Text)
	}
}
