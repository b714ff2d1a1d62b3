package rehearsal

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"selfhelp/app/execution"
	"selfhelp/app/procedure"
)

const journeyed = `
schema: 1
uid: mainaaaaaaaaaaaaaaaaaaaaaa
alias: main
title: {fr: Essai, en: Trial}
variables: [{name: n, type: number}, {name: age, type: number, personal: true}, {name: site, type: text, default: user.attributes.site}]
steps:
- {id: start, start: {}, next: ask}
- {id: ask, title: {en: Which}, question: {answers: [{id: a, text: {en: One}, to: form}, {id: b, text: {en: Two}, to: over}]}}
- {id: form, form: {fields: [{id: n, type: number}, {id: age, type: number, personal: true}, {id: pin, type: secret}]}, next: sure}
- {id: sure, confirm: {yes: it, no: over}}
- {id: it, rest: {url: "https://example.org/{{ user.mail }}"}, next: over}
- {id: over, end: {outcome: solved}}
`

// trial plays a test run as the Studio does, and keeps its journal.
func trial(t *testing.T, inputs ...execution.Input) (shelf, *procedure.Project, Journal) {
	t.Helper()
	p, err := procedure.ReadProcedure([]byte(journeyed))
	if err != nil {
		t.Fatal(err)
	}
	project := &procedure.Project{Languages: []string{"en", "fr"}, Procedures: []*procedure.Procedure{p}}
	prog, err := execution.Compile(p, project)
	if err != nil {
		t.Fatal(err)
	}
	lib, now := shelf{main: prog}, time.Date(2026, 11, 23, 9, 0, 0, 5, time.FixedZone("CET", 3600))
	c := execution.Context{ID: "x", Entry: main, Language: "en", Test: true, User: map[string]any{
		"login": "ada", "mail": "ada@example.org", "attributes": map[string]any{"site": "Lyon", "salary": "much"}, "groups": []any{"it"},
	}}
	turn, err := execution.Start(lib, c, now)
	if err != nil {
		t.Fatal(err)
	}
	j := Begin(c, now).With(turn)
	for _, in := range inputs {
		if turn, err = execution.Advance(lib, turn.State, in, now); err != nil {
			t.Fatal(err)
		}
		j = j.With(turn)
		for turn.Effect != nil {
			reply := execution.MockResult(turn.Effect)
			if turn, err = execution.Advance(lib, turn.State, execution.Input{Kind: execution.DoResult, Result: &reply}, now); err != nil {
				t.Fatal(err)
			}
			j = j.With(turn)
		}
	}
	written, err := json.Marshal(j) // it travels
	if err != nil {
		t.Fatal(err)
	}
	var read Journal
	if err := json.Unmarshal(written, &read); err != nil {
		t.Fatal(err)
	}
	return lib, project, read
}

func given(name string, values ...string) execution.Input {
	return execution.Input{Kind: execution.DoAnswer, Values: map[string][]string{name: values}}
}

// TestJournalMakesAScenario plays with a wrong answer, a way back and a new
// beginning, and expects a scenario that holds at once.
func TestJournalMakesAScenario(t *testing.T) {
	form := execution.Input{Kind: execution.DoAnswer, Values: map[string][]string{"f.n": {"3"}, "f.age": {"41"}}}
	lib, project, j := trial(t, given("answer", "z"), given("answer", "b"), execution.Input{Kind: execution.DoBack}, given("answer", "a"),
		execution.Input{Kind: execution.DoRestart}, given("answer", "a"), form, given("answer", "yes"))
	s := j.Scenario(project)
	if j.Outcome != procedure.Solved || j.Showing != "over" {
		t.Errorf("it ended at %s, %s", j.Showing, j.Outcome)
	}
	var did []string
	for _, m := range s.Moves {
		did = append(did, m.Step+m.Do)
	}
	if want := []string{"ask", "overback", "ask", "restart", "ask", "form", "sure"}; !slices.Equal(did, want) {
		t.Fatalf("moves %v", did)
	}
	if s.At != "2026-11-23T09:00:00+01:00" || s.Language != "en" || s.Procedure != main {
		t.Errorf("%s %s %s", s.At, s.Language, s.Procedure)
	}
	if want := map[string]any{"mail": "ada@example.org", "attributes": map[string]any{"site": "Lyon"}}; !reflect.DeepEqual(s.User, want) {
		t.Errorf("of the person it keeps %v", s.User)
	}
	if !j.Moves[5].Personal || j.Moves[4].Personal {
		t.Error("it is not known which answers are personal")
	}
	r := Run(lib, project, s)
	if !r.OK || r.Happened.Outcome != procedure.Solved || !slices.Equal(r.Happened.Effects, []string{"it"}) {
		t.Fatalf("%v %+v", r.Differences, r.Happened)
	}
	var names []string
	for _, v := range r.Happened.Variables {
		names = append(names, v.Name)
	}
	if !slices.Equal(names, []string{"n", "site"}) {
		t.Errorf("variables %v", names)
	}
	last := r.Happened.Moves[6]
	if last.Chosen != "yes" || len(last.Options) != 2 || last.Words != "Yes" || !last.Made {
		t.Errorf("the last move is %+v", last)
	}
	s.Expect = r.Happened.ExpectedOf(procedure.Expect{Outcome: "x", Steps: []string{}, Texts: []string{"Which", "gone"}, Variables: map[string]any{"n": 1, "gone": 2}, Effects: []procedure.WantedEffect{{Step: "it", Holds: map[string]any{"method": "GET"}}}})
	if len(s.Expect.Texts) != 1 || len(s.Expect.Variables) != 1 || s.Expect.Effects[0].Holds == nil || s.Expect.Showing != "" {
		t.Errorf("expects %+v", s.Expect)
	}
	if r := Run(lib, project, s); !r.OK {
		t.Errorf("what has happened is not as expected: %v", r.Differences)
	}
}

// TestJournalHoldsNoSecrets types one, and sends a file.
func TestJournalHoldsNoSecrets(t *testing.T) {
	_, _, j := trial(t, given("answer", "a"), execution.Input{Kind: execution.DoAnswer, Values: map[string][]string{"f.n": {"3"}, "f.pin": {"7391"}}})
	if !slices.Equal(j.Moves[1].Hidden, []string{"pin"}) {
		t.Errorf("hidden: %v", j.Moves[1].Hidden)
	}
	written, err := json.Marshal(j)
	if err != nil || strings.Contains(string(written), "7391") || strings.Contains(string(written), `"pin":"`) {
		t.Errorf("%s %v", written, err)
	}
	file := map[string]any{"name": "a.pdf", "hash": "00", "size": 1.0}
	r := recorded(execution.Event{Kind: execution.EventAnswered, Step: "up", Value: []any{file}})
	f := recorded(execution.Event{Kind: execution.EventAnswered, Step: "form", Value: map[string]any{"photo": file, "n": 1.0}})
	if !r.Files || !f.Files || !reflect.DeepEqual(f.Answer, map[string]any{"n": 1.0}) {
		t.Errorf("%+v %+v", r, f)
	}
	h := recorded(execution.Event{Kind: execution.EventAnswered, Step: "pick", Value: execution.Mask})
	if h.Answer != nil || !slices.Equal(h.Hidden, []string{""}) {
		t.Errorf("%+v", h)
	}
}
