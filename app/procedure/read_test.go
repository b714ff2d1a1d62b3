package procedure

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	"selfhelp/app/fault"
)

func lampFile(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/lamp.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func lamp(t testing.TB) *Procedure {
	t.Helper()
	p, err := ReadProcedure(lampFile(t))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestReadAndWriteGiveTheSameFile(t *testing.T) {
	p := lamp(t)
	b, err := WriteProcedure(p)
	if err != nil {
		t.Fatal(err)
	}
	if string(b) != string(lampFile(t)) {
		t.Errorf("written file differs from the one read:\n%s", b)
	}
	if got := p.Step("ask_lamp").Question.Answers[0].ID; got != "yes" {
		t.Errorf("first answer is %q", got)
	}
}

func TestJSONIsReadAsItIsWritten(t *testing.T) {
	p := lamp(t)
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var again Procedure
	if err := ReadJSON(b, &again); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(p, &again) {
		t.Error("the procedure differs after JSON")
	}
}

func TestReadRefuses(t *testing.T) {
	head := "schema: 1\nuid: a\nalias: a\ntitle: {fr: A}\n"
	tests := []struct {
		name, file string
		key        string
		line       int
	}{
		{"nothing", "", "read.empty", 1},
		{"a list", "- a\n", "read.want_object", 1},
		{"unknown property", head + "titel: {}\nsteps: []\n", "read.unknown_property_like", 5},
		{"unknown property of a step", head + "steps:\n  - id: a\n    nxt: b\n", "read.unknown_property_like", 7},
		{"property twice", head + "alias: b\n", "read.duplicate", 5},
		{"language twice", "schema: 1\ntitle:\n  fr: a\n  fr: b\n", "read.duplicate", 4},
		{"no schema", "uid: a\n", "read.schema", 1},
		{"schema 0", "schema: 0\n", "read.schema", 1},
		{"schema as a text", "schema: one\n", "read.schema", 1},
		{"newer schema", "schema: 2\nanything: {new: true}\n", "read.schema_newer", 1},
		{"alias", head + "note: &x a\nowner: *x\n", "read.alias", 5},
		{"merge", head + "theme:\n  <<: {hue: 1}\n", "read.alias", 6},
		{"tag", head + "note: !!binary aGVsbG8=\n", "read.tag", 5},
		{"own tag", head + "note: !thing {}\n", "read.tag", 5},
		{"two documents", head + "---\nschema: 1\n", "read.documents", 5},
		{"key that is a list", head + "? [a]\n: b\n", "read.key", 5},
		{"too deep", head + "note: " + strings.Repeat("[", 70) + strings.Repeat("]", 70) + "\n", "read.too_deep", 5},
		{"far too deep", strings.Repeat("[", 200000), "read.yaml", 0},
		{"number for a boolean", head + "entry: 1\n", "read.want_boolean", 5},
		{"yes for a boolean", head + "entry: yes\n", "read.want_boolean", 5},
		{"text for a number", head + "minutes: five\n", "read.want_integer", 5},
		{"fraction for a whole number", head + "minutes: 1.5\n", "read.want_integer", 5},
		{"octal number", head + "minutes: 012\n", "read.want_integer", 5},
		{"infinite number", head + "agent: {boost: .inf}\n", "read.want_number", 5},
		{"too large a number", head + "agent: {boost: 1e999}\n", "read.want_number", 5},
		{"object for a text", head + "note: {a: b}\n", "read.want_text", 5},
		{"list for a text", head + "note: [a]\n", "read.want_text", 5},
		{"text for a list", head + "tags: a\n", "read.want_list", 5},
		{"list for an object", head + "theme: []\n", "read.want_object", 5},
		{"plain text where languages are", head + "description: hello\n", "read.want_text_by_language", 5},
		{"not a language", head + "description: {french: a}\n", "read.language", 5},
		{"not a date", head + "review: 2026-02-30\n", "read.want_date", 5},
		{"empty entry", head + "tags:\n  - a\n  -\n", "read.null", 7},
		{"empty words", head + "description: {fr: }\n", "read.null", 5},
		{"not UTF-8", head + "note: \xff\n", "read.not_utf8", 5},
		{"NUL", head + "note: \"a\\0b\"\n", "read.control", 5},
		{"escape character", head + "note: \"\\e[31m\"\n", "read.control", 5},
		{"not YAML", head + "note: [a\n", "read.yaml", 5},
		{"tab", head + "theme:\n\thue: 1\n", "read.yaml", 6},
		{"too large", head + "note: " + strings.Repeat("a", MaxBytes), "read.too_large", 0},
	}
	for _, tt := range tests {
		_, err := ReadProcedure([]byte(tt.file))
		flaw := firstFlaw(t, err)
		if flaw.Key != tt.key || flaw.Line != tt.line {
			t.Errorf("%s: line %d %s, want line %d %s (%v)", tt.name, flaw.Line, flaw.Key, tt.line, tt.key, err)
		}
	}
}

func firstFlaw(t *testing.T, err error) Flaw {
	t.Helper()
	flaws, ok := errors.AsType[Flaws](err)
	if !ok || len(flaws) == 0 {
		return Flaw{Key: "no flaw"}
	}
	if flaws[0].Key == "read.too_large" != fault.Is(err, fault.TooLarge) {
		t.Errorf("%s is a failure of kind %v", flaws[0].Key, fault.KindOf(err))
	}
	return flaws[0]
}

func TestAllFlawsAreReportedWithTheirPath(t *testing.T) {
	file := "schema: 1\nsteps:\n  - id: ask\n    seconds: soon\n    question:\n      answers:\n        - id: yes_please\n          text: Yes\n          no: 1\n  - 12\n"
	_, err := ReadProcedure([]byte(file))
	flaws, _ := errors.AsType[Flaws](err)
	var got []string
	for _, f := range flaws {
		got = append(got, f.Sentence("en"))
	}
	want := []string{
		"Line 4: steps.ask.seconds: A whole number is expected here.",
		"Line 8: steps.ask.question.answers.yes_please.text: A text by language is expected here, like {fr: Bonjour, en: Hello}.",
		"Line 9: steps.ask.question.answers.yes_please: There is no property “no” here.",
		"Line 10: steps.1: Properties are expected here.",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

func TestReadJSONRefuses(t *testing.T) {
	tests := []struct{ name, body, key string }{
		{"nothing", " ", "read.empty"},
		{"unknown property", `{"id":"a","nxt":"b"}`, "read.unknown_property_like"},
		{"property twice", `{"id":"a","id":"b"}`, "read.duplicate"},
		{"property twice in a free value", `{"id":"a","set":{"values":[]},"set":{}}`, "read.duplicate"},
		{"case of a property", `{"ID":"a"}`, "read.unknown_property_like"},
		{"number for a text", `{"id":1}`, "read.want_text"},
		{"text for a number", `{"seconds":"1"}`, "read.want_integer"},
		{"null entry", `{"tags":[null]}`, "read.null"},
		{"second value", `{"id":"a"} {}`, "read.documents"},
		{"cut off", `{"id":"a"`, "read.json"},
		{"deep", strings.Repeat("[", 1000), "read.too_deep"},
		{"NUL", `{"note":"\u0000"}`, "read.control"},
	}
	for _, tt := range tests {
		var s Step
		if flaw := firstFlaw(t, ReadJSON([]byte(tt.body), &s)); flaw.Key != tt.key {
			t.Errorf("%s: %s, want %s", tt.name, flaw.Key, tt.key)
		}
	}
}

func TestBareWordsAreTextsInFiles(t *testing.T) {
	p, err := ReadProcedure([]byte("schema: 1\nuid: a\nalias: a\ntitle: {fr: 012}\nsteps:\n  - id: s\n    switch:\n      on: var.x\n      cases: [{id: a, is: 12.50, to: s}, {id: b, is: true, to: s}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	cases := p.Steps[0].Switch.Cases
	if cases[0].Is != "12.50" || cases[1].Is != "true" || p.Title.In["fr"] != "012" {
		t.Errorf("read %q, %q and title %q", cases[0].Is, cases[1].Is, p.Title.In["fr"])
	}
}

func TestScenarioRoundTrip(t *testing.T) {
	file := "schema: 1\nid: lamp_ok\nprocedure: aaaaaaaaaaaaaaaaaaaaaaaaaa\nname: Lit again\nuser:\n  groups:\n    - staff\n  age: 12.5\n  vip: false\n  none: null\n" +
		"moves:\n  - step: ask_lamp\n    answer: \"yes\"\nexpect:\n  outcome: solved\n  steps:\n    - start\n    - ask_lamp\n  variables:\n    code: \"012\"\n    day: \"2026-01-01\"\n"
	s, err := ReadScenario([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	b, err := WriteScenario(s)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ReadScenario(b)
	if err != nil || !reflect.DeepEqual(s, again) {
		t.Errorf("differs after writing (%v):\n%s", err, b)
	}
	if _, text := s.Expect.Variables["day"].(string); !text || s.User["age"] != 12.5 {
		t.Errorf("free values read as %#v %#v", s.Expect.Variables["day"], s.User["age"])
	}
}

func TestProjectFileLeavesProceduresApart(t *testing.T) {
	p := &Project{Schema: 1, UID: "a", Alias: "a", Name: T("A", "A"), Languages: []string{"fr"}, Procedures: []*Procedure{{Schema: 1}}}
	b, err := WriteProject(p)
	if err != nil || strings.Contains(string(b), "procedures") {
		t.Errorf("%v\n%s", err, b)
	}
	_, err = ReadProject([]byte(string(b) + "procedures: []\n"))
	if flaw := firstFlaw(t, err); flaw.Key != "read.unknown_property" {
		t.Errorf("procedures in project.yaml: %v", err)
	}
}

// FuzzReadProcedure: reading never panics, and what it accepts is written and
// read again the same.
func FuzzReadProcedure(f *testing.F) {
	f.Add(lampFile(f))
	f.Add([]byte("schema: 1\nuid: a\nalias: a\ntitle: {fr: \"a\\n b \\n\"}\nsteps: [{id: a, note: \" \\n\\tx\", end: {}}]\n"))
	f.Add([]byte("schema: 1\nnote: |2-\n\n  a\n\n"))
	f.Add([]byte("schema: 1\nkeywords: {\"? \": [\"- \", \"#\", \"<<\"]}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ReadProcedure(b)
		if err != nil {
			return
		}
		roundTrip(t, p)
	})
}

func roundTrip(t *testing.T, p *Procedure) {
	t.Helper()
	first, err := WriteProcedure(p)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ReadProcedure(first)
	if err != nil {
		t.Fatalf("what was written is refused: %v\n%s", err, first)
	}
	if !reflect.DeepEqual(p, again) {
		t.Fatalf("what was written differs:\n%s", first)
	}
	second, err := WriteProcedure(again)
	if err != nil || string(first) != string(second) {
		t.Fatalf("written twice, differs (%v):\n%s\n%s", err, first, second)
	}
}

// FuzzReadJSON: the same for JSON.
func FuzzReadJSON(f *testing.F) {
	b, _ := json.Marshal(lamp(f))
	f.Add(b)
	f.Add([]byte(`{"schema":1,"note":"\r\n x \n","title":{"in":{"fr":"a"},"dated":[]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var p Procedure
		if ReadJSON(b, &p) == nil {
			roundTrip(t, &p)
		}
	})
}

// TestScenarioThatAsksForNothing keeps apart what is not looked at and what may
// not happen.
func TestScenarioThatAsksForNothing(t *testing.T) {
	for effects, expected := range map[string]bool{"": false, ", effects: []": true} {
		s, err := ReadScenario([]byte("schema: 1\nid: s1\nprocedure: lampaaaaaaaaaaaaaaaaaaaaaa\nname: S\nexpect: {outcome: solved" + effects + "}\n"))
		if err != nil {
			t.Fatal(err)
		}
		b, err := WriteScenario(s)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ReadScenario(b)
		if err != nil || (again.Expect.Effects != nil) != expected {
			t.Errorf("%q became %v, %v\n%s", effects, again.Expect.Effects, err, b)
		}
	}
}

// FuzzReadScenario: the same for free values.
func FuzzReadScenario(f *testing.F) {
	f.Add([]byte("schema: 1\nuser: {a: [1, 1e3, -0, 0x1F, ~, yes, 2026-01-01, {}]}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ReadScenario(b)
		if err != nil {
			return
		}
		first, err := WriteScenario(s)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ReadScenario(first)
		if err != nil || !reflect.DeepEqual(s, again) {
			t.Fatalf("differs (%v):\n%s", err, first)
		}
	})
}

// FuzzWords: whatever a person types comes back from a file as it was.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"", " a\nb", "a \nb", "\n\na\n\n", "- a", "# a", "a: b", "a #b", "'", "\"", "{a", "%a", "@a", "`a`", "012", "null", "~", "yes",
		"2026-01-01", "\ta", "a\t\nb", "  a\n b", "\u2028a\u00a0", "\u0085", "🙂\nb", "---\na", "...\n", "<<", "=", "a\n---\nb", "! a", "|", ">", "\n \n", "😀\u200d\ufffd"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		body, err := json.Marshal(map[string]any{"schema": 1, "note": s, "tags": []string{s, s}, "title": map[string]string{"fr": s},
			"keywords": map[string][]string{s: {s}}, "steps": []any{map[string]any{"note": s, "end": map[string]any{"redirect": s}}}})
		if err != nil {
			t.Fatal(err)
		}
		var p Procedure
		if ReadJSON(body, &p) == nil {
			roundTrip(t, &p)
		}
	})
}
