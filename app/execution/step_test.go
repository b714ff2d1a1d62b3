package execution

import (
	"strings"
	"testing"
	"time"
)

// frame puts a step between a start and the ends its edges may need.
func framed(step string) string {
	return `
variables:
  - {name: x, type: text}
  - {name: n, type: number, default: "2"}
  - {name: rows, type: list, default: '[{"id": 1, "who": "Ada"}, {"id": 2, "who": "Bea"}, {"id": 3, "who": "Zoé"}]'}
steps:
- {id: start, start: {}, next: it}
` + step + `
- {id: yes, title: {en: "Got {{ step.it.result }}"}, page: {}, next: over}
- {id: other, title: {en: Other}, page: {}, next: over}
- {id: failed, title: {en: "Failed {{ step.it.result.error }}"}, page: {}, next: over}
- {id: over, end: {outcome: solved}}
`
}

// TestInteractiveSteps answers each type of page rightly and wrongly: as a
// page posts it and as a value.
func TestInteractiveSteps(t *testing.T) {
	tests := []struct {
		name, step string
		kind       PageKind
		answers    map[string]string // "name=value&…" or JSON-less value → where it leads, and the result there
	}{
		{"page", `- {id: it, page: {buttons: [{id: a, text: {en: A}, to: yes}, {id: b, text: {en: B}}]}, next: other}`, PageText, map[string]string{
			"answer=a": "yes Got a", "answer=b": "other", "answer=next": "!answer.not_offered", "": "!answer.missing", "answer=a&answer=b": "!answer.one",
		}},
		{"page without buttons", `- {id: it, page: {}, next: yes}`, PageText, map[string]string{"answer=next": "yes Got next", "answer=": "!answer.missing", "answer=a": "!answer.not_offered"}},
		{"question", `- {id: it, question: {into: x, answers: [{id: a, text: {en: A}, to: yes, value: alpha}, {id: b, text: {en: B}, when: "var.n > 5"}, {id: c, text: {en: C}, audience: [staff]}]}, next: other}`, PageQuestion, map[string]string{
			"answer=a": "yes Got alpha", "answer=alpha": "yes Got alpha", "answer=b": "!answer.not_offered", "answer=c": "!answer.not_offered", "answer=z": "!answer.not_offered", "answer=a&answer=a": "!answer.one", "": "!answer.missing",
		}},
		{"question from a list", `- {id: it, question: {from: {list: "var.rows", value: "item.id", text: "item.who"}, default: "2"}, next: yes}`, PageQuestion, map[string]string{
			"answer==1": "yes Got 1", "answer=3": "yes Got 3", "answer==4": "!answer.not_offered", "answer=Ada": "!answer.not_offered",
		}},
		{"question from a table", `- {id: it, question: {from: {table: sites, value: "item.code", text: "item.name"}}, next: yes}`, PageQuestion, map[string]string{"answer==LY": "yes Got LY", "answer==XX": "!answer.not_offered"}},
		{"choices", `- {id: it, choices: {min: 1, max: 2, answers: [{id: a, text: {en: A}}, {id: b, text: {en: B}, value: "B!"}, {id: c, text: {en: C}}]}, next: yes}`, PageChoices, map[string]string{
			"answer=a": "yes Got a", "answer=a&answer=b": "yes Got a, B!", "": "!answer.too_few", "answer=a&answer=b&answer=c": "!answer.too_many", "answer=a&answer=a": "!answer.twice", "answer=z": "!answer.not_offered",
		}},
		{"choices, none wanted", `- {id: it, choices: {answers: [{id: a, text: {en: A}}]}, next: yes}`, PageChoices, map[string]string{"": "yes Got ", "answer=a": "yes Got a"}},
		{"table", `- {id: it, table: {from: {list: var.rows}, columns: [{id: who, title: {en: Who}, value: item.who}], into: x2}, next: other}`, PageTable, map[string]string{
			"answer=0": "other", "answer=9": "!answer.not_offered", "": "!answer.too_few", "answer=0&answer=1": "!answer.too_many", "answer=0&answer=0": "!answer.twice",
		}},
		{"table, several", `- {id: it, table: {from: {list: var.rows, value: item.id}, columns: [{id: who, title: {en: Who}, value: item.who}], multiple: true, optional: true}, next: other}`, PageTable, map[string]string{
			"answer==1": "other", "answer==1&answer==3": "other", "": "other", "answer=0": "!answer.not_offered",
		}},
		{"link", `- {id: it, link: {url: "https://example.org/{{ var.n }}?q={{ var.rows[0].who }}", visit: true}, next: yes}`, PageLink, map[string]string{"visited=true": "yes Got yes", "answer=next": "!link.visit"}},
		{"confirm", `- {id: it, confirm: {yes: yes, "no": other}}`, PageConfirm, map[string]string{"answer=yes": "yes Got yes", "answer=no": "other", "answer=maybe": "!answer.not_offered", "": "!answer.missing"}},
		{"confirm to next", `- {id: it, confirm: {}, next: yes}`, PageConfirm, map[string]string{"answer=no": "yes Got no"}},
		{"feedback", `- {id: it, feedback: {scale: five, comment: true, required: true}, next: other}`, PageFeedback, map[string]string{
			"score=5&comment=Bien": "other", "score=0": "!answer.not_offered", "score=6": "!answer.not_offered", "score=abc": "!answer.not_offered", "comment=x": "!answer.missing", "score=4&score=5": "!answer.not_offered",
			"score=1&comment=" + strings.Repeat("é", maxComment+1): "!field.too_long",
		}},
		{"feedback, optional", `- {id: it, feedback: {}, next: other}`, PageFeedback, map[string]string{"": "other", "score=1": "other", "score=2": "!answer.not_offered"}},
		{"handover", `- {id: it, handover: {queue: desk, transcript: true, refused: other}, next: yes}`, PageHandover, map[string]string{"answer=accept": "yes Got yes", "answer=refuse": "other", "answer=x": "!answer.not_offered"}},
		{"upload", `- {id: it, upload: {min: 1}, next: yes}`, PageUpload, map[string]string{"": "!files.too_few", "files=x": "!files.too_few", "kept=" + strings.Repeat("a", 64): "!files.too_few"}},
	}
	for _, tt := range tests {
		lib := steps(t, framed(tt.step))
		first := start(t, lib)
		wantShowing(t, first, "it")
		if first.Page.Kind != tt.kind {
			t.Errorf("%s: page of kind %s", tt.name, first.Page.Kind)
		}
		for answer, want := range tt.answers {
			turn := post(t, lib, first, pairs(answer)...)
			if got := landing(turn); got != want {
				t.Errorf("%s, %q: %s, want %s", tt.name, short(answer), got, want)
			}
			if len(turn.Problems) > 0 && (showing(turn) != "it" || turn.Page.Problem == "" && tt.kind != PageFeedback) {
				t.Errorf("%s, %q: refused on %s with %q", tt.name, short(answer), showing(turn), turn.Page.Problem)
			}
		}
	}
}

func short(s string) string { return s[:min(len(s), 60)] }

// pairs splits a query without decoding it.
func pairs(query string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(query, func(c rune) bool { return c == '&' }) {
		name, value, _ := strings.Cut(part, "=")
		out = append(out, name, value)
	}
	return out
}

// landing is the step a turn came to and what its title says, or "!" and the
// first problem.
func landing(turn Turn) string {
	for _, name := range []string{"answer", "score", "comment", "files"} {
		if m, ok := turn.Problems[name]; ok {
			return "!" + m.Key
		}
	}
	if turn.Page != nil && turn.Page.Step == "yes" {
		return "yes " + turn.Page.Title
	}
	if turn.Page != nil && turn.Page.Step == "failed" {
		return turn.Page.Title
	}
	return showing(turn)
}

func TestPagesSayEverything(t *testing.T) {
	lib := steps(t, framed(`- id: it
  title: {en: "Hello {{ var.n }}", fr: Bonjour}
  text: {en: "A **bold** <b>word</b> and {{ var.rows[2].who }}"}
  icon: lamp
  theme: {hue: 200}
  question:
    as: tiles
    answers:
      - {id: a, text: {en: Alpha}, hint: {en: "The first"}, image: lamp, to: yes}
      - {id: b, text: {fr: Bêta seulement}, to: other}
`))
	p := start(t, lib).Page
	want := `{"execution":"x1","procedure":"` + uid("main") + `","step":"it","kind":"question","language":"en","heading":"Trial","title":"Hello 2",`
	if got := asJSON(p); !strings.HasPrefix(got, want) {
		t.Errorf("page %s", got)
	}
	if !strings.Contains(p.Body, "<strong>bold</strong>") || strings.Contains(p.Body, "<b>") || !strings.Contains(p.Body, "Zoé") {
		t.Errorf("body %s", p.Body)
	}
	if plain := p.Plain(); !strings.Contains(plain, "bold") || strings.Contains(plain, "<strong>") || !strings.Contains(plain, "Zoé") {
		t.Errorf("plain %q", plain)
	}
	a := p.Answers[0]
	if a.Text != "Alpha" || a.Hint != "The first" || a.Image == nil || a.Image.Alt != "A lamp" || !strings.HasPrefix(a.Image.URL, "/files/abab") {
		t.Errorf("answer %s", asJSON(a))
	}
	if p.Answers[1].Text != "Bêta seulement" {
		t.Errorf("no fallback to French: %s", asJSON(p.Answers[1]))
	}
	if p.Theme.Hue != 200 || p.Icon != "lamp" || p.As != "tiles" {
		t.Errorf("look %s", asJSON(p))
	}
	if len(p.Trail) != 1 || p.Trail[0].Title != "Hello 2" || !p.Trail[0].Current {
		t.Errorf("trail %s", asJSON(p.Trail))
	}
}

func TestDatedTextsAndLanguages(t *testing.T) {
	lib := steps(t, `
- {id: start, start: {}, next: it}
- id: it
  title:
    in: {fr: Toujours, en: Always}
    dated: [{id: d1, from: 2026-12-01, until: 2026-12-31, in: {fr: En décembre, en: In December}}]
  page: {}
  next: switch
- {id: switch, locale: {language: '"fr"', hue: "-10"}, next: after}
- {id: after, title: {fr: Après, en: After}, page: {}, next: over}
- {id: over, end: {outcome: solved}}
`)
	turn := start(t, lib)
	if turn.Page.Title != "Always" {
		t.Errorf("title %q", turn.Page.Title)
	}
	in, err := Show(lib, turn.State, "", time.Date(2026, 12, 24, 9, 0, 0, 0, time.UTC))
	if err != nil || in.Page.Title != "In December" {
		t.Errorf("title %q in December", in.Page.Title)
	}
	turn = give(t, lib, turn, "next")
	if turn.Page.Title != "Après" || turn.Page.Language != "fr" || turn.Page.Theme.Hue != 350 || turn.Page.Buttons[0].Text != "Suivant" {
		t.Errorf("page %s", asJSON(turn.Page))
	}
	turn = advance(t, lib, turn, Input{Kind: DoBack})
	if turn.Page.Language != "en" || turn.Page.Theme.Hue != 0 {
		t.Errorf("Back keeps the language %s", turn.Page.Language)
	}
}

func TestProgressWhereTheRestIsALine(t *testing.T) {
	lib := steps(t, `
- {id: start, start: {}, next: ask}
- {id: ask, question: {answers: [{id: a, text: {en: A}, to: one}, {id: b, text: {en: B}, to: over}]}}
- {id: one, page: {}, next: two}
- {id: two, confirm: {}, next: quiet}
- {id: quiet, set: {values: []}, next: three}
- {id: three, question: {answers: [{id: a, text: {en: A}, to: over}, {id: b, text: {en: B}}]}, next: over}
- {id: over, end: {outcome: solved}}
`)
	turn := start(t, lib)
	if turn.Page.Progress != nil {
		t.Errorf("progress %v before a fork", *turn.Page.Progress)
	}
	for i, answer := range []string{"a", "next", "yes"} {
		turn = give(t, lib, turn, answer)
		if p := turn.Page.Progress; p == nil || p.Place != i+2 || p.Of != 4 {
			t.Fatalf("page %d: progress %v", i+2, p)
		}
	}
	if turn = give(t, lib, turn, "b"); turn.Page.Progress != nil {
		t.Error("an end shows progress")
	}
}

func TestTableSheetsAndFilter(t *testing.T) {
	lib := steps(t, framed(`- {id: it, table: {from: {list: "map(1..45, {{\"id\": #, \"who\": # % 2 == 0 ? \"Élan\" : \"Ours\"}})"}, columns: [{id: id, title: {en: No}, value: item.id}, {id: who, title: {en: Who}, value: item.who}], filter: true, multiple: true, page_size: 10}, next: other}`))
	turn := start(t, lib)
	wantShowing(t, turn, "it")
	if v := turn.Page.Table; len(v.Rows) != 10 || v.Sheets != 5 || v.Total != 45 || v.Columns[1].Title != "Who" {
		t.Fatalf("table %s", asJSON(v))
	}
	browse := func(values map[string][]string) *TableView {
		t.Helper()
		next := advance(t, lib, turn, Input{Kind: DoBrowse, Values: values})
		if len(next.Events) != 0 || next.Key != turn.State.Chain {
			t.Errorf("browsing left %s", eventLine(next.Events))
		}
		return next.Page.Table
	}
	v := browse(map[string][]string{"filter": {"elan 2"}, "answer": {"0", "1"}})
	if v.Found != 9 || v.Sheets != 1 || v.Rows[0].Cells[0] != "2" || !v.Rows[0].Chosen || asJSON(v.Kept) != `["0"]` {
		t.Errorf("filtered: %s", asJSON(v))
	}
	if v := browse(map[string][]string{"sheet": {"5"}}); v.Sheet != 5 || len(v.Rows) != 5 {
		t.Errorf("last sheet: %s", asJSON(v))
	}
	for _, sheet := range []string{"99", "-1", "abc", "1e300"} {
		if v := browse(map[string][]string{"sheet": {sheet}}); v.Sheet < 1 || v.Sheet > 5 || len(v.Rows) == 0 {
			t.Errorf("sheet %s: %s", sheet, asJSON(v))
		}
	}
	if got := give(t, lib, turn, []any{2.0, map[string]any{"id": 4.0, "who": "Élan"}}); asJSON(got.State.Frames[0].Results["it"]) != `{"result":[{"id":3,"who":"Ours"},{"id":4,"who":"Élan"}]}` {
		t.Errorf("rows given as values: %s", asJSON(got.State.Frames[0].Results["it"]))
	}
}

func TestUpload(t *testing.T) {
	lib := steps(t, framed(`- {id: it, upload: {types: [image/*, application/pdf], max_mb: 1, min: 1, max: 2, into: x2}, next: other}`))
	turn := start(t, lib)
	good := File{Name: "../../plan.png", Type: "image/png", Size: 1000, Hash: strings.Repeat("1a", 32)}
	tests := []struct {
		change func(*File)
		want   string
	}{
		{func(f *File) {}, "other"},
		{func(f *File) { f.Type = "text/html" }, "!files.type"},
		{func(f *File) { f.Type = "image/svg+xml" }, "!files.type"},
		{func(f *File) { f.Size = 1<<20 + 1 }, "!files.too_large"},
		{func(f *File) { f.Size = 0 }, "!files.empty"},
		{func(f *File) { f.Hash = "../etc/passwd" }, "!files.unknown"},
	}
	for _, tt := range tests {
		f := good
		tt.change(&f)
		got := advance(t, lib, turn, Input{Kind: DoAnswer, Files: map[string][]File{"files": {f}}})
		if landing(got) != tt.want {
			t.Errorf("%+v: %s, want %s", f, landing(got), tt.want)
		}
	}
	taken := advance(t, lib, turn, Input{Kind: DoAnswer, Files: map[string][]File{"files": {good, good}}})
	if got := asJSON(taken.State.Variables()["x2"]); got != `[{"hash":"`+good.Hash+`","name":"plan.png","size":1000,"type":"image/png"}]` {
		t.Errorf("files %s", got)
	}
	back := advance(t, lib, taken, Input{Kind: DoBack})
	if files := back.Page.Upload.Files; len(files) != 1 || files[0].Name != "plan.png" {
		t.Errorf("after Back: %v", files)
	}
	if got := post(t, lib, back, "kept", good.Hash); landing(got) != "other" {
		t.Errorf("the file sent before is not kept: %s", landing(got))
	}
	if got := post(t, lib, back); landing(got) != "!files.too_few" {
		t.Errorf("a file taken away stays: %s", landing(got))
	}
}

// TestAutomaticSteps goes through each type of unseen step to where it leads.
func TestAutomaticSteps(t *testing.T) {
	tests := []struct{ name, step, want string }{
		{"test", `- {id: it, test: {rules: [{id: r1, if: "var.n > 5", to: other}, {id: r2, if: "var.n == 2", to: yes}]}, next: other}`, "yes Got r2"},
		{"test, none holds", `- {id: it, test: {rules: [{id: r1, if: "var.n > 5", to: other}]}, next: yes}`, "yes Got "},
		{"test of no boolean", `- {id: it, on_error: failed, test: {rules: [{id: r1, if: "var.n", to: other}]}, next: yes}`, "Failed step.formula"},
		{"switch on a number", `- {id: it, switch: {on: var.n, cases: [{id: a, is: "2", to: yes}]}, next: other}`, "yes Got 2"},
		{"switch on a text", `- {id: it, switch: {on: '"a" + "b"', cases: [{id: a, is: ab, to: yes}]}, next: other}`, "yes Got ab"},
		{"switch on nothing", `- {id: it, switch: {on: var.x, cases: [{id: a, is: nil, to: other}]}, next: yes}`, "other"},
		{"switch, no case", `- {id: it, switch: {on: var.n, cases: [{id: a, is: "3", to: other}]}, next: yes}`, "yes Got 2"},
		{"set", `- {id: it, set: {values: [{id: a, name: x, value: '"a"'}, {id: b, name: n, value: "len(var.x)"}]}, next: chk}
- {id: chk, test: {rules: [{id: r, if: 'var.x == "a" and var.n == 1', to: yes}]}, next: other}`, "yes Got "},
		{"set of a wrong type", `- {id: it, on_error: failed, set: {values: [{id: a, name: n, value: '"abc"'}]}, next: yes}`, "Failed step.type"},
		{"script", `- id: it
  script:
    inputs: [{name: a, value: var.n}]
    source: |
      total = 0
      for i in [1, 2, 3]
        total = total + i * a
      end
      n = total
      return total > 10
    outputs: [n]
    codes: [{id: big, is: "true", to: yes}]
  next: other`, "yes Got yes"},
		{"script with an error", `- {id: it, on_error: failed, script: {source: "return nothing_here"}, next: yes}`, "Failed step.formula"},
		{"log", `- {id: it, log: {key: k, value: var.n}, next: yes}`, "yes Got "},
		{"locale", `- {id: it, locale: {language: '"en"'}, next: yes}`, "yes Got "},
		{"locale of a wrong type", `- {id: it, on_error: failed, locale: {hue: '"blue"'}, next: yes}`, "Failed step.type"},
		{"breakpoint outside a test", `- {id: it, breakpoint: {}, next: yes}`, "yes Got "},
		{"wait that is over", `- {id: it, wait: {until: '"2026-11-23T08:59:00+01:00"'}, next: yes}`, "yes Got "},
		{"wait for nothing", `- {id: it, wait: {seconds: "0"}, next: yes}`, "yes Got "},
		{"wait until nonsense", `- {id: it, on_error: failed, wait: {until: '"tomorrow"'}, next: yes}`, "Failed step.type"},
		{"jump", `- {id: it, jump: {to: yes}}`, "yes Got "},
		{"jump out", `- {id: it, jump: {to: it2, max: 3, counter: n}, next: yes2}
- {id: it2, set: {values: []}, next: it}
- {id: yes2, test: {rules: [{id: r, if: "var.n == 3", to: yes}]}, next: other}`, "yes Got "},
		{"jump out with nowhere to go", `- {id: it, jump: {to: it, max: 3}, on_error: failed}`, "Failed step.jumped_out"},
		{"each", `- {id: it, each: {list: var.rows, item: row, index: i, body: body, collect: 'upper(var.row.who) + text(var.i)', into: names}, next: yes}
- {id: body, set: {values: [{id: a, name: n, value: "var.n + item.id + index"}]}, next: it}`, "yes Got ADA0, BEA1, ZOÉ2"},
		{"each until", `- {id: it, each: {list: var.rows, item: row, body: body, until: "item.id == 2", collect: item.id}, next: yes}
- {id: body, set: {values: []}, next: it}`, "yes Got 1, 2"},
		{"each of nothing", `- {id: it, each: {list: "[]", item: row, body: it, collect: item}, next: yes}`, "yes Got "},
		{"each with a maximum", `- {id: it, each: {list: var.rows, item: row, body: body, max: 1, collect: item.id}, next: yes}
- {id: body, set: {values: []}, next: it}`, "yes Got 1"},
		{"each over a long list", `- {id: it, each: {list: "1..300", item: row, body: it}, next: yes, on_error: failed}`, "Failed step.too_long"},
		{"each over no list", `- {id: it, each: {list: var.n, item: row, body: it}, next: yes, on_error: failed}`, "Failed step.type"},
		{"each in each", `- {id: it, each: {list: "[1, 2]", item: a, body: in, collect: var.a, into: all}, next: fin}
- {id: in, each: {list: "[10, 20]", item: b, body: add}, next: it}
- {id: add, set: {values: [{id: s, name: n, value: "var.n + var.a * var.b"}]}, next: in}
- {id: fin, test: {rules: [{id: r, if: "var.n == 92", to: yes}]}, next: other}`, "yes Got 1, 2"},
		{"passed over", `- {id: it, when: "var.n == 3", question: {answers: [{id: a, text: {en: A}}]}, next: yes}`, "yes Got "},
		{"when of no boolean", `- {id: it, when: "1", page: {}, next: yes, on_error: failed}`, "Failed step.formula"},
		{"leads nowhere", `- {id: it, set: {values: []}, on_error: failed}`, "Failed step.nowhere"},
		{"leads to no step", `- {id: it, set: {values: []}, next: gone, on_error: failed}`, "Failed step.unknown"},
		{"handover nobody takes", `- {id: it, handover: {queue: q, available: "false", refused: yes}, next: other}`, "yes Got no"},
		{"text that cannot be rendered", `- {id: it, title: {en: "{{ 1 / 0 }}"}, page: {}, next: yes, on_error: failed}`, "Failed step.formula"},
		{"question with nothing to choose", `- {id: it, question: {answers: [{id: a, text: {en: A}, when: "false"}]}, next: yes, on_error: failed}`, "Failed step.no_answer"},
		{"question from no table", `- {id: it, question: {from: {table: lamp}}, next: yes, on_error: failed}`, "Failed step.no_table"},
		{"link to nowhere safe", `- {id: it, link: {url: "{{ 'javascript:alert(1)' }}"}, next: yes, on_error: failed}`, "Failed step.address"},
		{"box", `- {id: it, box: {}, on_error: failed}`, "Failed step.not_runnable"},
		{"no error branch", `- {id: it, set: {values: [{id: a, name: n, value: "1 / 0"}]}, next: yes}`, "problem:it"},
	}
	for _, tt := range tests {
		turn := start(t, steps(t, framed(tt.step)))
		if got := landing(turn); got != tt.want {
			t.Errorf("%s: %s, want %s\n%s", tt.name, got, tt.want, eventLine(turn.Events))
		}
	}
}

func TestWait(t *testing.T) {
	lib := steps(t, framed(`- {id: it, title: {en: Wait}, wait: {seconds: "90"}, next: yes}`))
	turn := start(t, lib)
	if turn.Page.Kind != PageWait || !turn.Page.Wait.Until.Equal(monday.Add(90*time.Second)) {
		t.Fatalf("page %s", asJSON(turn.Page))
	}
	for _, early := range []time.Duration{0, 89 * time.Second, -time.Hour} {
		same, err := Advance(lib, turn.State, Input{Kind: DoResume}, monday.Add(early))
		if err != nil || same.Page.Kind != PageWait || len(same.Events) != 0 {
			t.Errorf("after %s: %s %v", early, showing(same), err)
		}
	}
	over, err := Advance(lib, turn.State, Input{Kind: DoResume}, monday.Add(90*time.Second))
	if err != nil || landing(over) != "yes Got " {
		t.Errorf("when it is over: %s %v", landing(over), err)
	}
}

func TestBreakpoint(t *testing.T) {
	lib := steps(t, framed(`- {id: it, breakpoint: {if: "var.n == 2"}, next: yes}`))
	turn := start(t, lib, func(c *Context) { c.Test = true })
	if turn.Page.Kind != PageBreakpoint || asJSON(turn.Page.Watch[0]) != `{"name":"var.n","value":"2"}` {
		t.Fatalf("page %s", asJSON(turn.Page))
	}
	if got := landing(give(t, lib, turn, "next")); got != "yes Got " {
		t.Errorf("going on leads to %s", got)
	}
}

// TestBeginAnywhere is the writer's test from a step in the middle.
func TestBeginAnywhere(t *testing.T) {
	lib := steps(t, framed(`- {id: it, page: {}, next: yes}`))
	from := func(c *Context) { c.From, c.Given = "yes", map[string]any{"n": 7.0} }
	turn := start(t, lib, from, func(c *Context) { c.Test = true })
	wantShowing(t, turn, "yes")
	if turn.State.Variables()["n"] != 7.0 {
		t.Errorf("variables %v", turn.State.Variables())
	}
	wantShowing(t, start(t, lib, from), "it") // not a test: no
}
