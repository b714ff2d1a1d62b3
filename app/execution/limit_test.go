package execution

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// TestEndlessProcedures stop on a page that says so, quickly.
func TestEndlessProcedures(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"a circle of unseen steps", `
- {id: start, start: {}, next: ask}
- {id: ask, page: {}, next: a}
- {id: a, set: {values: []}, next: b}
- {id: b, test: {rules: []}, next: a, on_error: a}
`, "step.too_many"},
		{"an error branch that fails", `
- {id: start, start: {}, next: ask}
- {id: ask, page: {}, next: a}
- {id: a, set: {values: [{id: x, name: n, value: 1 / 0}]}, on_error: a, next: a}
`, "step.too_many"},
		{"jumps without end", `
- {id: start, start: {}, next: ask}
- {id: ask, page: {}, next: a}
- {id: a, jump: {to: a, max: 1000000}}
`, "step.too_many"},
		{"iterations without end", `
- {id: start, start: {}, next: ask}
- {id: ask, page: {}, next: outer}
- {id: outer, each: {list: "1..1000", item: i, body: inner, max: 1000}, next: outer}
- {id: inner, each: {list: "1..1000", item: j, body: body, max: 1000}, next: outer}
- {id: body, set: {values: []}, next: inner}
`, "step.too_many"},
		{"a script without end", `
- {id: start, start: {}, next: ask}
- {id: ask, page: {}, next: a}
- id: a
  on_error: ask
  script:
    source: |
      x = 1
      while true
        x = x + 1
      end
  next: ask
`, "step.budget"},
		{"a formula that grows", `
- {id: start, start: {}, next: ask}
- {id: ask, page: {}, next: a}
- {id: a, set: {values: [{id: x, name: x, value: "map(1..10000, map(1..10000, \"aaaaaaaaaaaaaaaaaaaa\"))"}]}, next: ask}
`, "step.budget"},
		{"a value that doubles", `
variables: [{name: x, type: text, default: '"aaaaaaaaaaaaaaaa"'}]
steps:
- {id: start, start: {}, next: ask}
- {id: ask, page: {}, next: a}
- {id: a, set: {values: [{id: x, name: x, value: "var.x + var.x"}]}, next: j}
- {id: j, jump: {to: a, max: 16}, next: ask}
`, "execution.too_large"},
		{"a value ever deeper", `
variables: [{name: x, type: list, default: "[]"}]
steps:
- {id: start, start: {}, next: ask}
- {id: ask, page: {}, next: a}
- {id: a, set: {values: [{id: x, name: x, value: "[var.x]"}]}, next: j}
- {id: j, jump: {to: a, max: 100}, next: ask}
`, "step.nested"},
		{"a value that holds itself", `
- {id: start, start: {}, next: ask}
- {id: ask, page: {}, next: a}
- {id: a, set: {values: [{id: x, name: x, value: var}]}, next: j}
- {id: j, jump: {to: a, max: 100}, next: ask}
`, "step.nested"},
	}
	for _, tt := range tests {
		lib := steps(t, tt.body)
		first := start(t, lib)
		wantShowing(t, first, "ask")
		began := time.Now()
		turn := give(t, lib, first, "next")
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s took %s", tt.name, took)
		}
		if turn.Page == nil || turn.Page.Kind != PageProblem {
			t.Errorf("%s: showing %s", tt.name, showing(turn))
			continue
		}
		failed := turn.Events[len(turn.Events)-1]
		for _, e := range turn.Events {
			if e.Kind == EventFailed {
				failed = e
			}
		}
		if failed.Text != tt.want || failed.Step == "" || failed.Step == "ask" {
			t.Errorf("%s: failed at %s with %s", tt.name, failed.Step, failed.Text)
		}
		if len(turn.Events) > maxEvents+100 {
			t.Errorf("%s: %d events", tt.name, len(turn.Events))
		}
		if !turn.Page.CanRestart || turn.Page.Body == "" || !strings.Contains(turn.Page.Plain(), "“"+failed.Step+"”") {
			t.Errorf("%s: the page %s", tt.name, asJSON(turn.Page))
		}
		wantShowing(t, advance(t, lib, turn, Input{Kind: DoRestart}), "ask")
		if turn.Page.CanBack {
			wantShowing(t, advance(t, lib, turn, Input{Kind: DoBack}), "ask")
		}
	}
}

// TestLongButBoundedWork is what the limits leave room for.
func TestLongButBoundedWork(t *testing.T) {
	lib := steps(t, `
variables: [{name: n, type: number, default: "0"}]
steps:
- {id: start, start: {}, next: outer}
- {id: outer, each: {list: "1..50", item: i, body: inner}, next: done}
- {id: inner, each: {list: "1..150", item: j, body: add, collect: var.j}, next: outer}
- {id: add, set: {values: [{id: x, name: n, value: "var.n + 1"}]}, next: inner}
- {id: done, title: {en: "{{ var.n }}"}, page: {}, next: over}
- {id: over, end: {outcome: solved}}
`)
	turn := start(t, lib)
	if turn.Page.Title != "7,500" {
		t.Errorf("%s %s", turn.Page.Title, eventLine(turn.Events[max(0, len(turn.Events)-3):]))
	}
	if last := turn.Events[len(turn.Events)-1]; last.Kind != EventTrimmed {
		t.Errorf("%d events, the last one %s", len(turn.Events), last.Kind)
	}
	replayed, err := Replay(lib, turn.Events)
	if err != nil || !replayed.Same {
		t.Errorf("replay: %v %v", replayed.Where, err)
	}
}

// TestStateStaysSmall sheds what only makes going back comfortable before it
// gives up.
func TestStateStaysSmall(t *testing.T) {
	lib := steps(t, `
variables: [{name: keep, type: text, default: '"k"'}]
steps:
- {id: start, start: {}, next: it}
- {id: it, form: {fields: [{id: text, type: long_text}]}, next: back}
- {id: back, page: {}, next: it}
`)
	turn := start(t, lib)
	for i := range 60 {
		turn = give(t, lib, turn, map[string]any{"text": strings.Repeat(fmt.Sprint(i%10), 5000)})
		turn = give(t, lib, turn, "next")
		wantShowing(t, turn, "it")
		if n := len(turn.State.Packed); n > 64<<10 {
			t.Fatalf("after %d rounds the state has %d bytes", i, n)
		}
	}
	if !turn.Page.CanBack || turn.State.Variables()["keep"] != "k" {
		t.Errorf("trail %v", turn.State.Pages())
	}
	wantShowing(t, advance(t, lib, turn, Input{Kind: DoBack}), "back")
}

// TestTooMuchDataLeavesAWayOn is a journey that gathers more than a state may
// hold: its problem is where the execution stands, and stays so when it is
// looked at again; Back leads to the page before, Restart to the first one.
func TestTooMuchDataLeavesAWayOn(t *testing.T) {
	answered := steps(t, `
variables: [{name: big, type: text, default: '""'}]
steps:
- {id: start, start: {}, next: it}
- {id: it, form: {fields: [{id: t, type: long_text}]}, next: a}
- {id: a, set: {values: [{id: x, name: big, value: "var.big + step.it.result.t"}]}, next: j}
- {id: j, jump: {to: it, max: 100}}
`)
	called := steps(t, `
steps:
- {id: start, start: {}, next: it}
- {id: it, form: {fields: [{id: t, type: long_text}]}, next: c}
- {id: c, call: {procedure: `+uid("sub")+`}, next: it}
`, "sub:\n"+`
variables: [{name: big, type: text, default: '"aaaaaaaaaaaaaaaa"'}]
steps:
- {id: start, start: {}, next: b}
- {id: b, set: {values: [{id: x, name: big, value: "var.big + var.big"}]}, next: j}
- {id: j, jump: {to: b, max: 13}, next: m}
- {id: m, page: {}, next: over}
- {id: over, end: {outcome: solved}}
`)
	for name, lib := range map[string]Library{"by answers": answered, "in a procedure that was called": called} {
		turn := start(t, lib)
		given := ""
		for i := 0; i < 60 && turn.Page.Kind != PageProblem; i++ {
			given = fmt.Sprint(i) + strings.Repeat("v", 3000)
			turn = give(t, lib, turn, map[string]any{"t": given})
		}
		if turn.Page.Kind != PageProblem || turn.State.Key != "execution.too_large" {
			t.Fatalf("%s: showing %s, %s", name, showing(turn), turn.State.Key)
		}
		for _, step := range []string{"", turn.Page.Step} {
			again, err := Show(lib, turn.State, step, monday)
			if err != nil || again.Page.Kind != PageProblem || !again.Page.CanBack || !again.Page.CanRestart {
				t.Fatalf("%s: looked at again %q: %v %s", name, step, err, asJSON(again.Page))
			}
		}
		back := advance(t, lib, turn, Input{Kind: DoBack, Step: turn.Page.Step})
		wantShowing(t, back, "it")
		if room := name != "by answers"; room && !strings.Contains(asJSON(back.Page), given) {
			t.Errorf("%s: what was typed is gone: %s", name, asJSON(back.Page))
		}
		wantShowing(t, advance(t, lib, turn, Input{Kind: DoRestart, Step: turn.Page.Step}), "it")
	}
}

// TestTooMuchDataFromTheStart has no page to go back to; Restart is left.
func TestTooMuchDataFromTheStart(t *testing.T) {
	lib := steps(t, `
variables: [{name: big, type: text, default: '"aaaaaaaaaaaaaaaa"'}]
steps:
- {id: start, start: {}, next: b}
- {id: b, set: {values: [{id: x, name: big, value: "var.big + var.big"}]}, next: j}
- {id: j, jump: {to: b, max: 13}, next: m}
- {id: m, page: {}, next: over}
- {id: over, end: {outcome: solved}}
`)
	turn := start(t, lib)
	for range 2 {
		again, err := Show(lib, turn.State, turn.Page.Step, monday)
		if err != nil || again.Page.Kind != PageProblem || again.Page.CanBack || !again.Page.CanRestart {
			t.Fatalf("%v %s", err, asJSON(again.Page))
		}
		turn = advance(t, lib, turn, Input{Kind: DoRestart, Step: turn.Page.Step})
	}
}

// TestBackFromAProblemUndoesTheStepsBeforeIt: what unseen steps did between a
// page and the problem they met is as if it had not happened.
func TestBackFromAProblemUndoesTheStepsBeforeIt(t *testing.T) {
	lib := steps(t, `
variables: [{name: n, type: number, default: "1"}]
steps:
- {id: start, start: {}, next: ask}
- {id: ask, title: {en: "n={{ var.n }}"}, page: {}, next: add}
- {id: add, set: {values: [{id: x, name: n, value: var.n + 10}]}, next: bad}
- {id: bad, set: {values: [{id: x, name: n, value: 1 / 0}]}, next: over}
- {id: over, end: {outcome: solved}}
`)
	turn := start(t, lib)
	for range 2 {
		turn = give(t, lib, turn, "next")
		wantShowing(t, turn, "problem:bad")
		if n := turn.State.Variables()["n"]; n != 11.0 {
			t.Errorf("at the problem n is %v", n)
		}
		turn = advance(t, lib, turn, Input{Kind: DoBack})
		if n := turn.State.Variables()["n"]; n != 1.0 || turn.Page.Title != "n=1" {
			t.Errorf("after Back n is %v on %q", n, turn.Page.Title)
		}
	}
}

func TestContextIsBounded(t *testing.T) {
	lib := steps(t, lampSteps)
	deep := any("x")
	for range 40 {
		deep = []any{deep}
	}
	for name, with := range map[string]func(*Context){
		"too large": func(c *Context) { c.User = map[string]any{"x": strings.Repeat("x", 40_000)} },
		"too deep":  func(c *Context) { c.Conv = map[string]any{"x": deep} },
		"no value":  func(c *Context) { c.Env = map[string]any{"x": make(chan int)} },
		"no id":     func(c *Context) { c.ID = "" },
	} {
		c := Context{ID: "x1", Entry: uid("main"), Language: "en"}
		with(&c)
		if _, err := Start(lib, c, monday); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Start(lib, Context{ID: "x1", Entry: uid("gone")}, monday); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown procedure: %v", err)
	}
	for _, lang := range []string{"", "de", "fr-CA"} {
		if turn := start(t, lib, func(c *Context) { c.Language = lang }); turn.Page.Title == "" {
			t.Errorf("no title in %q", lang)
		}
	}
}

// TestAnswersAreNeverReadAsTemplates shows what people typed as they typed it,
// wherever it stands.
func TestAnswersAreNeverReadAsTemplates(t *testing.T) {
	lib := steps(t, `
- {id: start, start: {}, next: it}
- {id: it, form: {fields: [{id: name, type: text}]}, next: after}
- {id: after, title: {en: "T {{ var.name }}"}, text: {en: "Hi {{ var.name }} [x]({{ var.name }})"}, question: {answers: [{id: a, text: {en: "A {{ step.it.result.name }}"}}]}, next: over}
- {id: over, title: {en: "{{ var.name }}"}, end: {outcome: solved}}
`)
	for _, typed := range []string{"{{ 7*7 }}", "${env}", "#name#", `"><script>alert(1)</script>`, "javascript:alert(1)", `\{{ 1 }}`, "[x](javascript:a)", "**b**"} {
		turn := give(t, lib, start(t, lib), map[string]any{"name": typed})
		if turn.Page.Title != "T "+typed || turn.Page.Answers[0].Text != "A "+typed {
			t.Errorf("%q: title %q, answer %q", typed, turn.Page.Title, turn.Page.Answers[0].Text)
		}
		for _, never := range []string{"<script", "49", "<strong>", `href="javascript`} {
			if strings.Contains(turn.Page.Body, never) {
				t.Errorf("%q: body %s", typed, turn.Page.Body)
			}
		}
		if turn.Page.Trail[1].Title != "T "+typed {
			t.Errorf("crumb %q", turn.Page.Trail[1].Title)
		}
	}
}

// TestLongPatternsAreHarmless.
func TestLongPatternsAreHarmless(t *testing.T) {
	lib := steps(t, `
- {id: start, start: {}, next: it}
- {id: it, form: {fields: [{id: a, type: long_text, pattern: "(a+)+b"}, {id: b, type: text, pattern: "("}]}, next: over}
- {id: over, end: {outcome: solved}}
`)
	began := time.Now()
	turn := give(t, lib, start(t, lib), map[string]any{"a": strings.Repeat("a", 9000)})
	if turn.Problems["f.a"].Key != "field.pattern" || time.Since(began) > 20*time.Second {
		t.Errorf("%v after %s", turn.Problems, time.Since(began))
	}
	broken := give(t, lib, start(t, lib), map[string]any{"b": "x"})
	if broken.Page.Kind != PageProblem || broken.Events[len(broken.Events)-1].Text != "step.pattern" {
		t.Errorf("a pattern that is none: %s", eventLine(broken.Events))
	}
}

// TestRedirects lead to http(s) or a local path only.
func TestRedirects(t *testing.T) {
	tests := map[string]string{
		"https://example.org/a?b=c": "https://example.org/a?b=c", "/p/it": "/p/it", "{{ 'https://example.org/x' }}": "https://example.org/x",
		"//evil.example": "", `/\evil.example`: "", "javascript:alert(1)": "", "data:text/html,x": "", "{{ '//evil.example' }}": "", "{{ 'javascript:alert(1)' }}": "",
		"{{ 'https:' }}//evil.example": "", "https://ok.example/{{ '../../x?y#z' }}": "https://ok.example/..%2F..%2Fx%3Fy%23z", "/p/{{ '\\r\\nSet-Cookie: a' }}": "/p/%0D%0ASet-Cookie%3A%20a", "{{ '/a\\r\\nb' }}": "", "https://ok.example{{ '@evil.example' }}/": "",
	}
	for redirect, want := range tests {
		lib := steps(t, fmt.Sprintf("- {id: start, start: {}, next: over}\n- {id: over, end: {outcome: solved, redirect: %q}}\n", redirect))
		turn := start(t, lib)
		switch {
		case want == "" && turn.Page.Kind != PageProblem:
			t.Errorf("%q leads to %q", redirect, turn.Page.Ending.Redirect)
		case want != "" && (turn.Page.Ending == nil || turn.Page.Ending.Redirect != want):
			t.Errorf("%q: %s, want %s", redirect, asJSON(turn.Page.Ending), want)
		}
	}
}

// TestLargeProcedures opens and runs what nobody should write: ten
// thousand steps in a line, five thousand answers on one page.
func TestLargeProcedures(t *testing.T) {
	long := &procedure.Procedure{UID: uid("main"), Title: procedure.T("Long", "Long")}
	long.Steps = append(long.Steps, procedure.Step{ID: "start", Start: &procedure.Start{}, Next: "s0"})
	for i := range 10_000 {
		long.Steps = append(long.Steps, procedure.Step{ID: fmt.Sprintf("s%d", i), Page: &procedure.Page{}, Next: fmt.Sprintf("s%d", i+1)})
	}
	long.Steps = append(long.Steps, procedure.Step{ID: "s10000", End: &procedure.End{Outcome: procedure.Solved}})
	wide := &procedure.Procedure{UID: uid("main"), Title: procedure.T("Large", "Wide")}
	q := &procedure.Question{}
	for i := range 5000 {
		q.Answers = append(q.Answers, procedure.Answer{ID: fmt.Sprintf("a%d", i), Text: procedure.T("R", "A"), When: fmt.Sprintf("var.n != %d", i), To: "over"})
	}
	wide.Steps = []procedure.Step{{ID: "start", Start: &procedure.Start{}, Next: "ask"}, {ID: "ask", Question: q}, {ID: "over", End: &procedure.End{Outcome: procedure.Solved}}}
	for want, p := range map[string]*procedure.Procedure{"s1": long, "end:over": wide} {
		began := time.Now()
		prog, err := Compile(p, project())
		if err != nil {
			t.Fatal(err)
		}
		lib := shelf{uid("main"): prog}
		turn := start(t, lib)
		if p == long && (turn.Page.Progress == nil || turn.Page.Progress.Of != 10_000) {
			t.Errorf("progress %v", turn.Page.Progress)
		}
		answer := "next"
		if p == wide {
			answer = "a4999"
		}
		wantShowing(t, give(t, lib, turn, answer), want)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s took %s", p.Title.In["en"], took)
		}
	}
}

// TestReportsSayFailuresWhole: the sentence of a failure comes with its values,
// also in a report that was read back.
func TestReportsSayFailuresWhole(t *testing.T) {
	lib := steps(t, `
- {id: start, start: {}, next: outer}
- {id: outer, each: {list: "1..1000", item: i, body: inner, max: 1000}, next: outer}
- {id: inner, each: {list: "1..1000", item: j, body: body, max: 1000}, next: outer}
- {id: body, set: {values: []}, next: inner}
`)
	var events []Event
	if err := json.Unmarshal([]byte(asJSON(start(t, lib).Events)), &events); err != nil {
		t.Fatal(err)
	}
	failed := 0
	for _, s := range Report(lib, events).Steps {
		if s.Error == "" {
			continue
		}
		failed++
		for _, lang := range []string{"fr", "en"} {
			if said := (Message{Key: s.Error, Args: s.Args}).In(lang); strings.Contains(said, "%") || said == s.Error {
				t.Errorf("%s: %s", s.Step, said)
			}
		}
	}
	if failed == 0 {
		t.Error("nothing failed")
	}
}
