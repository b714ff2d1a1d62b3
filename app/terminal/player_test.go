package terminal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// library compiles the one procedure of a test.
type library struct{ program *execution.Program }

func (l library) Program(uid string) (*execution.Program, error) {
	if uid != "p" {
		return nil, fault.New(fault.NotFound, "fault.not_found")
	}
	return l.program, nil
}

// play runs the steps between a start and an end with what is typed.
func play(t *testing.T, lang, steps string, typed ...string) (Journey, string, error) {
	t.Helper()
	proc, err := procedure.ReadProcedure([]byte("schema: 1\nuid: p\nalias: p\ntitle: {fr: P, en: P}\nsteps:\n  - {id: start, start: {}, next: first}\n" + steps +
		"\n  - {id: done, end: {outcome: solved, outputs: [{name: r, type: object, value: '{\"v\": step.first.result}'}]}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	proj := &procedure.Project{Languages: []string{"fr", "en"}, Procedures: []*procedure.Procedure{proc}}
	program, err := execution.Compile(proc, proj)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	p := Player{
		Library: library{program}, In: strings.NewReader(strings.Join(typed, "\n") + "\n"), Out: &out,
		Clock: clock(),
		Keep: func(path string) (execution.File, error) {
			if strings.HasPrefix(path, "missing") {
				return execution.File{}, errors.New("no such file")
			}
			return execution.File{Name: path, Type: "text/plain", Size: 3, Hash: strings.Repeat("ab", 32)}, nil
		},
	}
	j, err := p.Play(context.Background(), execution.Context{ID: "x", Entry: "p", Language: lang, Channel: "terminal", Test: true})
	return j, out.String(), err
}

// clock goes on by a second each time it is looked at.
func clock() func() time.Time {
	now := time.Date(2026, 11, 23, 8, 59, 59, 0, time.UTC)
	return func() time.Time { now = now.Add(time.Second); return now }
}

func TestTimePassesBetweenPages(t *testing.T) {
	j, out, err := play(t, "en", "  - {id: first, page: {}, next: hold}\n  - {id: hold, wait: {seconds: '3600'}, next: done}", "")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if took := execution.Report(nil, j.Events).Duration(); took < time.Hour || took > time.Hour+time.Minute {
		t.Errorf("the journey took %s", took)
	}
}

// Cells that are refused are asked again, the others stay as they are.
func TestRefusedRowsAreAskedAgain(t *testing.T) {
	j, out, err := play(t, "en", `  - {id: first, form: {fields: [
      {id: kids, type: rows, label: {en: Children}, max: "2", columns: [{id: name, type: text, label: {en: Name}, required: "true"}, {id: age, type: number, label: {en: Age}, min: "1"}]}]}, next: done}`,
		"Zoe", "0", "y", "", "3", // both rows have something wrong
		"5", "Max")
	if err != nil || j.Ending == nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := fmt.Sprint(j.Ending.Outputs["r"]); !strings.Contains(got, "map[age:5 name:Zoe] map[age:3 name:Max]") {
		t.Errorf("got %s\n%s", got, out)
	}
}

func TestEveryKindOfPage(t *testing.T) {
	cases := []struct {
		name, steps string
		typed       []string
		result      string // of the step first
		said        string
	}{
		{"page", "  - {id: first, page: {}, next: done}", []string{""}, "next", "[Enter]"},
		{"buttons", "  - {id: first, page: {buttons: [{id: a, text: {en: Alpha}}, {id: b, text: {en: Beta}}]}, next: done}", []string{"bet"}, "b", " 2. Beta"},
		{"question", "  - {id: first, question: {answers: [{id: a, text: {en: Alpha}, hint: {en: the first}}, {id: b, text: {en: Beta}, value: bee}]}, next: done}", []string{"9", "B"}, "bee", "Alpha – the first"},
		{"choices", "  - {id: first, choices: {min: 1, answers: [{id: a, text: {en: Alpha}}, {id: b, text: {en: Beta}}, {id: c, text: {en: Gamma}}]}, next: done}", []string{"", "1, x", "1, Gamma"}, "[a c]", "not one of the possibilities"},
		{"confirm", "  - {id: first, confirm: {}, next: done}", []string{"2"}, "false", " 1. Yes"},
		{"link", "  - {id: first, link: {url: 'https://a.example/', visit: true}, next: done}", []string{""}, "true", "https://a.example/"},
		{"feedback", "  - {id: first, feedback: {scale: five, comment: true, required: true}, next: done}", []string{"", "none", "4", "good"}, "map[comment:good score:4]", "Score from 1 to 5"},
		{"upload", "  - {id: first, upload: {min: 1}, next: done}", []string{"missing.txt", "a.txt", ""}, "a.txt", "no such file"},
		{"wait", "  - {id: first, set: {values: []}, next: hold}\n  - {id: hold, wait: {seconds: '3600'}, next: done}", nil, "<nil>", "waits until 2026-11-23 10:00:00"},
		{"table", "  - {id: first, table: {filter: true, page_size: 2, from: {list: '[\"ant\", \"bee\", \"cat\"]'}, columns: [{id: n, title: {en: Name}, value: item}]}, next: done}",
			[]string{">", "<", "/ca", "1"}, "cat", "Name: ant"},
		{"rows of a table", "  - {id: first, table: {multiple: true, page_size: 2, from: {list: '[\"ant\", \"bee\", \"cat\"]'}, columns: [{id: n, title: {en: Name}, value: item}]}, next: done}",
			[]string{"1", "."}, "[ant]", "Name: bee"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			j, out, err := play(t, "en", c.steps, c.typed...)
			if err != nil || j.Ending == nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if got := fmt.Sprint(j.Ending.Outputs["r"]); !strings.Contains(got, c.result) {
				t.Errorf("got %s, want %s\n%s", got, c.result, out)
			}
			if !strings.Contains(out, c.said) {
				t.Errorf("it did not say %q\n%s", c.said, out)
			}
		})
	}
}

func TestForms(t *testing.T) {
	fields := `  - id: first
    form:
      fields:
        - {id: h, type: heading, label: {en: About you}}
        - {id: name, type: text, label: {en: Name}, required: "true", help: {en: As on your badge}}
        - {id: laptop, type: check, label: {en: A laptop}}
        - {id: model, type: select, label: {en: Model}, visible: form.laptop, options: [{id: thin, text: {en: Thin}}, {id: wide, text: {en: Wide}}]}
        - {id: tools, type: multi, label: {en: Tools}, options: [{id: a, text: {en: Axe}}, {id: b, text: {en: Bow}}]}
        - {id: day, type: date, label: {en: First day}}
        - {id: kids, type: rows, label: {en: Children}, columns: [{id: first, type: text, label: {en: First name}}]}
        - {id: papers, type: file, label: {en: Papers}}
        - {id: secret, type: hidden, default: '"kept"'}
    next: done`
	typed := []string{
		"", "y", "2", "1, bow", "tomorrow", "Zoe", "y", "Max", "n", "cv.txt", "", // refused: no name, no such day
		"Ada", "2026-12-01",
	}
	j, out, err := play(t, "en", fields, typed...)
	if err != nil || j.Ending == nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got := fmt.Sprint(j.Ending.Outputs["r"])
	for _, want := range []string{"name:Ada", "laptop:true", "model:wide", "tools:[a b]", "day:2026-12-01", "first:Zoe", "first:Max", "cv.txt", "secret:kept"} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want %s in it", got, want)
		}
	}
	for _, want := range []string{"About you", "As on your badge", "! "} {
		if !strings.Contains(out, want) {
			t.Errorf("it did not say %q", want)
		}
	}
	if t.Failed() {
		t.Log(out)
	}
}

// TestTextsDoNotDriveTheTerminal: escapes in a text or an answer
// stay text.
func TestTextsDoNotDriveTheTerminal(t *testing.T) {
	_, out, err := play(t, "en", `  - {id: first, title: {en: 'Hel{{ "\x1b[2J" }}lo'}, text: {en: 'Te{{ "\u009b2J\b" }}xt'}, form: {fields: [{id: n, type: text, label: {en: Name}}]}, next: say}
  - {id: say, title: {en: "Hi {{ step.first.result.n }}"}, page: {}, next: done}`, "\x1b[2Jevil\a", "")
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out, "\x1b\a\b\u009b") {
		t.Errorf("an escape went through: %q", out)
	}
	if !strings.Contains(out, "evil") {
		t.Errorf("the words are gone: %q", out)
	}
}

func TestOrders(t *testing.T) {
	steps := "  - {id: first, confirm: {}, next: second}\n  - {id: second, title: {en: Second}, page: {}, next: done}"
	j, out, err := play(t, "fr", steps, "1", ":retour", "2", ":recommencer", "1", "")
	if err != nil || fmt.Sprint(j.Ending.Outputs["r"]) != "map[v:true]" {
		t.Errorf("got %+v, %v\n%s", j.Ending, err, out)
	}
	if _, _, err := play(t, "fr", steps, "1", ":quitter"); !errors.Is(err, ErrQuit) {
		t.Errorf("leaving: %v", err)
	}
	if _, _, err := play(t, "fr", steps); !errors.Is(err, ErrNoAnswers) {
		t.Errorf("no answers: %v", err)
	}
	bad := strings.Split(strings.Repeat("x ", 100), " ")
	if _, _, err := play(t, "fr", steps, bad...); !errors.Is(err, ErrTooManyBad) {
		t.Errorf("answers that never fit: %v", err)
	}
}

func TestBothLanguagesHaveEveryWord(t *testing.T) {
	for lang, w := range languages {
		for i, field := range strings.Split(fmt.Sprintf("%#v", w), ", ") {
			if strings.HasSuffix(field, `:""`) {
				t.Errorf("%s: word %d is missing: %s", lang, i, field)
			}
		}
	}
}
