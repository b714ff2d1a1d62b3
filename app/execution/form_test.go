package execution

import (
	"slices"
	"strings"
	"testing"

	"selfhelp/app/procedure"
)

// everyFieldSteps is a form with every type of field.
const everyFieldSteps = `
- {id: start, start: {}, next: it}
- id: it
  form:
    submit: {en: Send}
    prefill: [{name: mobile, value: '"06 12"'}]
    fields:
      - {id: heading, type: heading, label: {en: About you}}
      - {id: label, type: label, label: {en: Words}}
      - {id: line, type: separator}
      - {id: text, type: text, label: {en: Text}, required: "true", min: "2", max: "9"}
      - {id: long, type: long_text, label: {en: Long}}
      - {id: rich, type: rich_text}
      - {id: number, type: number, min: "0", max: "100", step: "0.5"}
      - {id: slider, type: slider}
      - {id: date, type: date, min: date.today}
      - {id: time, type: time}
      - {id: moment, type: datetime}
      - {id: mail, type: mail, personal: true}
      - {id: phone, type: phone, name: mobile}
      - {id: url, type: url}
      - {id: pin, type: secret, pattern: "[0-9]{4}", message: {en: Four figures}}
      - {id: agree, type: check, required: "true"}
      - {id: radio, type: radio, options: [{id: a, text: {en: A}}, {id: b, text: {en: B}, value: beta}]}
      - {id: select, type: select, from: {table: sites, value: item.code, text: item.name}}
      - {id: multi, type: multi, max: "2", options: [{id: a, text: {en: A}}, {id: b, text: {en: B}}, {id: c, text: {en: C}}]}
      - {id: lookup, type: lookup, from: {table: sites, value: item.code, text: item.name}}
      - {id: person, type: person}
      - {id: file, type: file, types: [application/pdf]}
      - {id: photo, type: photo}
      - {id: signature, type: signature}
      - id: lines
        type: rows
        min: "1"
        columns: [{id: what, type: text, required: "true"}, {id: count, type: number, min: "1"}, {id: kind, type: select, required: 'item.what == "Lamp"', options: [{id: a, text: {en: A}}]}]
      - {id: rating, type: rating}
      - {id: hidden, type: hidden, default: '"kept"'}
      - {id: even, type: number, check: "value % 2 == 0"}
  next: after
- {id: after, page: {}, next: over}
- {id: over, end: {outcome: solved}}
`

var (
	pdf    = map[string]any{"name": "a.pdf", "type": "application/pdf", "size": 10.0, "hash": strings.Repeat("0a", 32)}
	png    = map[string]any{"name": "a.png", "type": "image/png", "size": 10.0, "hash": strings.Repeat("0b", 32)}
	gooded = map[string]any{
		"text": " Ada  Byron", "long": "a\r\nb", "rich": "**x**", "number": "12,50", "slider": 40.0, "date": "2026-12-24", "time": "9h30",
		"moment": "2026-12-24T09:30", "mail": " Ada@Example.ORG ", "phone": "+33 (0)6 12-34.56 78", "url": "example.org/a b", "pin": "7391",
		"agree": true, "radio": "b", "select": "LY", "multi": []any{"a", "c"}, "lookup": "sete", "person": "Bea", "file": pdf,
		"photo": png, "signature": []any{png}, "lines": []any{map[string]any{"what": "Pen", "count": 2.0, "kind": "a"}, map[string]any{"what": "Ink"}},
		"rating": 4.0, "hidden": "forged", "even": 4.0,
	}
)

func with(base map[string]any, name string, value any) map[string]any {
	out := map[string]any{}
	for k, v := range base {
		out[k] = v
	}
	if value == nil {
		delete(out, name)
	} else {
		out[name] = value
	}
	return out
}

func TestEveryFieldIsShown(t *testing.T) {
	lib := steps(t, everyFieldSteps)
	p := start(t, lib).Page
	var types []procedure.FieldType
	byID := map[string]Field{}
	for _, f := range p.Fields {
		types = append(types, f.Type)
		byID[f.ID] = f
		if !f.Visible || !f.Enabled {
			t.Errorf("%s is not there to fill in", f.ID)
		}
	}
	if len(types) != 28 {
		t.Fatalf("%d fields", len(types))
	}
	for id, want := range map[string]string{
		"text":   `{"id":"text","input":"f.text","type":"text","label":"Text","required":true,"visible":true,"enabled":true,"min":"2","max":"9"}`,
		"phone":  `{"id":"phone","input":"f.phone","type":"phone","values":["06 12"],"visible":true,"enabled":true}`,
		"date":   `{"id":"date","input":"f.date","type":"date","visible":true,"enabled":true,"min":"2026-11-23"}`,
		"slider": `{"id":"slider","input":"f.slider","type":"slider","visible":true,"enabled":true,"min":"0","max":"100","step":"1"}`,
		"select": `{"id":"select","input":"f.select","type":"select","visible":true,"enabled":true,"options":[{"key":"=LY","text":"Lyon"},{"key":"=PA","text":"Paris"},{"key":"=SE","text":"Sète"}]}`,
		"hidden": `{"id":"hidden","input":"f.hidden","type":"hidden","values":["kept"],"visible":true,"enabled":true}`,
		"photo":  `{"id":"photo","input":"f.photo","type":"photo","visible":true,"enabled":true,"max":"1","types":["image/*"]}`,
		"line":   `{"id":"line","type":"separator","visible":true,"enabled":true}`,
	} {
		if got := asJSON(byID[id]); got != want {
			t.Errorf("%s\n got %s\nwant %s", id, got, want)
		}
	}
	if rows := byID["lines"]; len(rows.Columns) != 3 || len(rows.Rows) != 1 || rows.Rows[0][0].Input != "f.lines.0.what" {
		t.Errorf("rows %s", asJSON(rows))
	}
	if p.Buttons[0].Text != "Send" || p.Kind != PageForm {
		t.Errorf("page %s", asJSON(p.Buttons))
	}
}

func TestEveryFieldIsRead(t *testing.T) {
	lib := steps(t, everyFieldSteps)
	c := start(t, lib, func(c *Context) { c.Language = "fr" })
	turn := give(t, lib, c, with(with(gooded, "url", "example.org/a"), "hidden", nil))
	wantShowing(t, turn, "after")
	want := map[string]string{
		"text": `"Ada Byron"`, "long": `"a\nb"`, "number": `12.5`, "slider": `40`, "date": `"2026-12-24"`, "time": `"09:30"`, "moment": `"2026-12-24T09:30:00+01:00"`,
		"mail": `"Ada@example.org"`, "mobile": `"+33612345678"`, "url": `"https://example.org/a"`, "pin": `"7391"`, "agree": `true`, "radio": `"beta"`, "select": `"LY"`,
		"multi": `["a","c"]`, "lookup": `"SE"`, "person": `"Bea"`, "lines": `[{"count":2,"kind":"a","what":"Pen"},{"count":null,"kind":null,"what":"Ink"}]`, "rating": `4`, "hidden": `"kept"`,
	}
	vars := turn.State.Variables()
	for name, value := range want {
		if got := asJSON(vars[name]); got != value {
			t.Errorf("%s is %s, want %s", name, got, value)
		}
	}
	result := asJSON(turn.State.Frames[0].Results["it"])
	if strings.Contains(result, "7391") || !strings.Contains(result, `"radio":"beta"`) {
		t.Errorf("result %s", result)
	}
	log := asJSON(turn.Events)
	if strings.Contains(log, "7391") || strings.Count(log, "Ada@example.org") != 1 || !strings.Contains(log, Mask) {
		t.Errorf("log %s", log)
	}
	if words := turn.Events[0].Text; !strings.Contains(words, "mail\u202f: •••\n") || !strings.Contains(words, "radio\u202f: B\n") || !strings.Contains(words, "lines\u202f: Pen · 2 · A; Ink ·  · \n") {
		t.Errorf("words %s", words)
	}
	for _, e := range turn.Events {
		e.Private = nil
		if strings.Contains(asJSON(e), "Ada@") {
			t.Errorf("a personal value stands open in %s", asJSON(e))
		}
	}
	back := advance(t, lib, turn, Input{Kind: DoBack})
	for _, f := range back.Page.Fields {
		switch {
		case f.Type == procedure.FieldSecret && len(f.Values) > 0:
			t.Errorf("the secret stands on the page again")
		case f.ID == "number" && !slices.Equal(f.Values, []string{"12,50"}), f.ID == "photo" && len(f.Files) != 1, f.ID == "lines" && len(f.Rows) != 3:
			t.Errorf("%s after Back: %s", f.ID, asJSON(f))
		}
	}
}

func TestWrongValuesAreRefused(t *testing.T) {
	lib := steps(t, everyFieldSteps)
	first := start(t, lib)
	tests := []struct {
		field string
		value any
		want  string
	}{
		{"text", nil, "field.required"}, {"text", "  ", "field.required"}, {"text", "A", "field.too_short"}, {"text", "Ada Lovelace", "field.too_long"},
		{"text", []any{"a", "b"}, "answer.one"}, {"text", strings.Repeat("x", 2000), "field.too_long"},
		{"long", strings.Repeat("é", 10_001), "field.too_long"},
		{"number", "abc", "field.number"}, {"number", "12,5", "field.number"}, {"number", "1,000", "field.max"}, {"number", -1.0, "field.min"}, {"number", 0.25, "field.step"},
		{"number", "1e309", "field.number"}, {"number", "NaN", "field.number"}, {"number", "Inf", "field.number"}, {"number", "0x10", "field.number"}, {"number", "1_0", "field.number"},
		{"slider", 101.0, "field.max"}, {"slider", 0.5, "field.step"},
		{"date", "2026-11-22", "field.not_before"}, {"date", "24/12/2026", "field.date"}, {"date", "2026-02-30", "field.date"}, {"date", "tomorrow", "field.date"},
		{"time", "25:00", "field.time"}, {"moment", "soon", "field.datetime"},
		{"mail", "ada", "field.mail"}, {"mail", "a@b", "field.mail"}, {"mail", "a b@c.fr", "field.mail"}, {"mail", "a@b.fr\r\nBcc: x@y.fr", "field.mail"}, {"mail", "a@b.fr,c@d.fr", "field.mail"},
		{"phone", "12", "field.phone"}, {"phone", "06 12 ab", "field.phone"}, {"phone", "1234567890123456", "field.phone"},
		{"url", "javascript:alert(1)", "field.url"}, {"url", "ftp://example.org", "field.url"}, {"url", "https://ok@evil.example", "field.url"}, {"url", "word", "field.url"},
		{"pin", "12a4", "field.message"}, {"agree", nil, "field.tick"}, {"agree", "maybe", "answer.not_offered"},
		{"radio", "z", "answer.not_offered"}, {"select", "XX", "answer.not_offered"}, {"lookup", "Nulle part", "answer.not_offered"},
		{"multi", []any{"a", "a"}, "answer.twice"}, {"multi", []any{"a", "b", "c"}, "answer.too_many"}, {"multi", []any{"z"}, "answer.not_offered"},
		{"file", png, "files.type"}, {"file", []any{pdf, with(pdf, "hash", strings.Repeat("0c", 32))}, "files.too_many"}, {"photo", pdf, "files.type"}, {"signature", with(png, "type", "image/svg+xml"), "files.type"},
		{"lines", []any{}, "rows.too_few"}, {"rating", 6.0, "field.max"}, {"rating", 1.5, "field.step"}, {"even", 3.0, "field.check"},
		{"nothing", "x", "field.unknown"},
	}
	good := with(with(gooded, "url", "example.org/a"), "number", 12.5)
	if turn := give(t, lib, first, good); len(turn.Problems) > 0 {
		t.Fatalf("the good answer: %v", turn.Problems)
	}
	for _, tt := range tests {
		turn := give(t, lib, first, with(good, tt.field, tt.value))
		m, refused := turn.Problems["f."+tt.field]
		if !refused || m.Key != tt.want || len(turn.Problems) != 1 {
			t.Errorf("%s = %v: %v, want %s", tt.field, shortJSON(tt.value), turn.Problems, tt.want)
			continue
		}
		wantShowing(t, turn, "it")
		for _, f := range turn.Page.Fields {
			if (f.Problem != "") != (f.ID == tt.field) {
				t.Errorf("%s = %v: field %s says %q", tt.field, shortJSON(tt.value), f.ID, f.Problem)
			}
			if f.ID == "person" && !slices.Equal(f.Values, []string{"Bea"}) {
				t.Errorf("what was typed is lost: %v", f.Values)
			}
		}
		if e := turn.Events[0]; e.Kind != EventRefused || asJSON(e.Value) != `{"f.`+tt.field+`":"`+tt.want+`"}` {
			t.Errorf("event %s", asJSON(e))
		}
	}
	rows := give(t, lib, first, with(good, "lines", []any{map[string]any{"count": 0.0}}))
	if rows.Problems["f.lines.0.what"].Key != "field.required" || rows.Problems["f.lines.0.count"].Key != "field.min" {
		t.Errorf("cells: %v", rows.Problems)
	}
	lamp := give(t, lib, first, with(good, "lines", []any{map[string]any{"what": "Pen"}, map[string]any{"what": "Lamp"}}))
	if got := asJSON(lamp.Problems); got != `{"f.lines.1.kind":{"key":"field.required"}}` {
		t.Errorf("cells that depend on their row: %s", got)
	}
	shown := map[string]Field{}
	for _, f := range lamp.Page.Fields {
		shown[f.ID] = f
	}
	if lines := shown["lines"].Rows; lines[0][2].Required || !lines[1][2].Required || lines[2][2].Required {
		t.Errorf("which cells must be filled in: %s", asJSON(lines))
	}
}

func shortJSON(v any) string { return short(asJSON(v)) }

// conditionSteps has fields that come and go with others, forwards and
// backwards.
const conditionSteps = `
- {id: start, start: {}, next: it}
- id: it
  form:
    fields:
      - {id: early, type: text, visible: "form.late == true", required: "true"}
      - {id: kind, type: select, options: [{id: pc, text: {en: PC}}, {id: phone, text: {en: Phone}}, {id: other, text: {en: Other}}]}
      - {id: which, type: text, visible: 'form.kind == "other"', required: "true"}
      - {id: more, type: text, visible: 'form.which != nil and form.which != ""'}
      - {id: fixed, type: number, enabled: 'form.kind == "pc"', default: "7"}
      - {id: late, type: check}
      - {id: model, type: select, from: {list: 'form.kind == "pc" ? ["Dell", "HP"] : ["Fairphone"]'}}
  next: after
- {id: after, page: {}, next: over}
- {id: over, end: {outcome: solved}}
`

func TestConditions(t *testing.T) {
	lib := steps(t, conditionSteps)
	first := start(t, lib)
	shown := map[string]Field{}
	for _, f := range first.Page.Fields {
		shown[f.ID] = f
	}
	if shown["which"].Visible || shown["early"].Visible || shown["fixed"].Enabled || !first.Page.Refresh {
		t.Errorf("page %s", asJSON(first.Page.Fields))
	}
	for id, want := range map[string]string{"which": `{"input":"f.kind","is":"other"}`, "early": `{"input":"f.late","is":"true"}`, "more": "null"} {
		if got := asJSON(shown[id].ShowIf); got != want {
			t.Errorf("%s is shown if %s, want %s", id, got, want)
		}
	}
	if got := asJSON(shown["fixed"].EnableIf); got != `{"input":"f.kind","is":"pc"}` {
		t.Errorf("fixed is enabled if %s", got)
	}
	tests := []struct {
		posted string
		want   string // variables, or "!" and problems
	}{
		{"f.kind=pc&f.which=forged&f.fixed=9&f.model==Dell", `{"early":null,"fixed":9,"kind":"pc","late":false,"model":"Dell","more":null,"which":null}`},
		{"f.kind=phone&f.fixed=9&f.model==Fairphone&f.early=forged", `{"early":null,"fixed":7,"kind":"phone","late":false,"model":"Fairphone","more":null,"which":null}`},
		{"f.kind=phone&f.model==Dell", `!f.model answer.not_offered`},
		{"f.kind=other&f.which=Lamp&f.more=", `{"early":null,"fixed":7,"kind":"other","late":false,"model":null,"more":"","which":"Lamp"}`},
		{"f.kind=other&f.which=", `!f.which field.required`},
		{"f.late=on", `!f.early field.required`},
		{"f.late=on&f.early=Bird", `{"early":"Bird","fixed":7,"kind":null,"late":true,"model":null,"more":null,"which":null}`},
		{"f.kind=other&f.which=Lamp", "! form.more"}, // more has not been seen
		{"f.kind=other&f.which=Lamp&seen=more", `{"early":null,"fixed":7,"kind":"other","late":false,"model":null,"more":"","which":"Lamp"}`},
		{"f.kind=pc&f.kind=phone", "!f.kind answer.one"},
	}
	for _, tt := range tests {
		turn := post(t, lib, first, pairs(tt.posted)...)
		got := asJSON(turn.State.Variables())
		for input, m := range turn.Problems {
			got = "!" + input + " " + m.Key
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.posted, got, tt.want)
		}
	}
	more := post(t, lib, first, "f.kind", "other", "f.which", "Lamp")
	if more.Page.Problem == "" || !more.Page.Fields[3].Visible {
		t.Errorf("the page does not show what is new: %s", asJSON(more.Page))
	}
	if turn := post(t, lib, more, "f.kind", "other", "f.which", "Lamp"); len(turn.Problems) > 0 {
		t.Errorf("once seen: %v", turn.Problems)
	}
	refreshed := advance(t, lib, first, Input{Kind: DoBrowse, Values: map[string][]string{"f.kind": {"pc"}}})
	if model := refreshed.Page.Fields[6]; len(model.Options) != 2 || len(refreshed.Events) > 0 {
		t.Errorf("refreshed: %s", asJSON(model))
	}
}

func TestCaptcha(t *testing.T) {
	lib := steps(t, `
- {id: start, start: {}, next: it}
- {id: it, form: {fields: [{id: human, type: captcha}, {id: name, type: text, required: "true"}]}, next: after}
- {id: after, page: {}, next: over}
- {id: over, end: {outcome: solved}}
`)
	turn := start(t, lib)
	question := turn.Page.Fields[0].Question
	if !strings.HasSuffix(question, "?") {
		t.Fatalf("question %q", question)
	}
	wrong := post(t, lib, turn, "f.human", "99", "f.name", "Ada")
	if wrong.Problems["f.human"].Key != "field.captcha" || wrong.Page.Fields[0].Question == question {
		t.Errorf("%v %q", wrong.Problems, wrong.Page.Fields[0].Question)
	}
	for _, answer := range answersTo(question) {
		half := post(t, lib, turn, "f.human", answer)
		if _, refused := half.Problems["f.human"]; refused || !slices.Equal(half.Page.Fields[0].Values, []string{answer}) {
			t.Errorf("%q to %q: %v", answer, question, half.Problems)
		}
		wantShowing(t, post(t, lib, turn, "f.human", answer, "f.name", "Ada"), "after")
	}
	if got := post(t, lib, turn, "f.name", "Ada"); got.Problems["f.human"].Key == "" {
		t.Error("a captcha may be left out")
	}
	other := start(t, lib, func(c *Context) { c.ID = "x2" })
	if other.Page.Fields[0].Question == question && start(t, lib, func(c *Context) { c.ID = "x3" }).Page.Fields[0].Question == question {
		t.Error("every execution has the same question")
	}
}

// answersTo computes a captcha of the test's language, in figures and words.
func answersTo(question string) []string {
	words := []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"}
	var numbers []int
	for _, w := range strings.FieldsFunc(question, func(c rune) bool { return c == ' ' || c == '?' }) {
		if n := slices.Index(words, w); n >= 0 {
			numbers = append(numbers, n)
		}
	}
	if len(numbers) < 2 {
		return nil // asked in another language
	}
	n := max(numbers[0], numbers[1])
	if strings.Contains(question, "plus") {
		n = numbers[0] + numbers[1]
	}
	return []string{asJSON(n), words[n], " " + strings.ToUpper(words[n]) + " "}
}

func TestUnicodeIsCleaned(t *testing.T) {
	lib := steps(t, `
- {id: start, start: {}, next: it}
- {id: it, form: {fields: [{id: a, type: text}, {id: b, type: long_text}]}, next: over}
- {id: over, end: {outcome: solved}}
`)
	turn := post(t, lib, start(t, lib), "f.a", "e\u0301t\u00e9\x00\u202egnp.\u200bexe \xff", "f.b", "1\r\n2\r3\t👩\u200d💻")
	if got := turn.State.Variables()["a"]; got != "été"+"gnp.exe \uFFFD" {
		t.Errorf("a is %q", got)
	}
	if got := turn.State.Variables()["b"]; got != "1\n2\n3\t👩\u200d💻" {
		t.Errorf("b is %q", got)
	}
}

func TestFormResourceAndTooMuch(t *testing.T) {
	lib := steps(t, `
- {id: start, start: {}, next: it}
- {id: it, form: {resource: contact}, next: over}
- {id: over, end: {outcome: solved}}
`)
	turn := start(t, lib)
	if len(turn.Page.Fields) != 1 || turn.Page.Fields[0].Type != procedure.FieldMail {
		t.Fatalf("fields %s", asJSON(turn.Page.Fields))
	}
	if got := post(t, lib, turn, "f.mail", strings.Repeat("x", 40_000)); got.Problems[""].Key != "form.too_much" {
		t.Errorf("a huge answer: %v", got.Problems)
	}
	many := []string{}
	for range 3000 {
		many = append(many, "f.mail", "a@b.fr")
	}
	if got := post(t, lib, turn, many...); len(got.Problems) == 0 {
		t.Error("three thousand values are taken")
	}
	wantShowing(t, post(t, lib, turn, "f.mail", "a@b.fr", "f.other", "x", "state", "y"), "end:over")
}
