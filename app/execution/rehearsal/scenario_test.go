package rehearsal

import (
	"slices"
	"strings"
	"testing"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// shelf is the library of a test.
type shelf map[string]*execution.Program

func (s shelf) Program(uid string) (*execution.Program, error) {
	if p := s[uid]; p != nil {
		return p, nil
	}
	return nil, fault.New(fault.NotFound, "fault.not_found")
}

const (
	main = "mainaaaaaaaaaaaaaaaaaaaaaa"
	gone = "goneaaaaaaaaaaaaaaaaaaaaaa"
)

const rehearsedSteps = `
schema: 1
uid: mainaaaaaaaaaaaaaaaaaaaaaa
alias: main
title: {fr: Essai, en: Trial}
variables: [{name: n, type: number, default: "1"}]
steps:
- {id: start, start: {inputs: [{name: ticket, type: text, required: true}]}, next: ask}
- {id: ask, title: {fr: Question, en: Question}, question: {answers: [{id: a, text: {fr: Un, en: One}, to: wait}, {id: b, text: {fr: Deux, en: Two}, to: over}]}}
- {id: wait, wait: {seconds: "3600"}, next: stop}
- {id: stop, breakpoint: {}, next: it}
- {id: it, rest: {url: "x/{{ param.ticket }}", method: POST, body: '{"at": date.now, "n": [1, 2]}', mock: '{"colour": "red"}', on_timeout: late}, next: say, on_error: late}
- {id: say, title: {en: "It is {{ step.it.result.body.colour }}"}, page: {}, next: set}
- {id: set, set: {values: [{id: x, name: n, value: "1 / 3"}]}, next: over}
- {id: late, page: {}, next: over}
- {id: over, end: {outcome: solved}}
`

func rehearse(t *testing.T, change func(*procedure.Scenario)) Result {
	t.Helper()
	s := &procedure.Scenario{
		ID: "s1", Procedure: main, Name: "S", Language: "en", Params: map[string]any{"ticket": "I26"},
		Moves: []procedure.Move{{Step: "ask", Answer: "z", Refused: true}, {Step: "ask", Answer: "a"}, {Step: "say"}},
		Expect: procedure.Expect{
			Outcome: procedure.Solved, Steps: []string{"start", "ask", "wait", "stop", "it", "say", "set", "over"}, Texts: []string{"It is red", "One"},
			Variables: map[string]any{"n": 0.3333333333}, Effects: []procedure.WantedEffect{{Step: "it", Holds: map[string]any{"at": "2026-01-15T10:00:00Z", "n": []any{1, 2}, "url": "I26", "method": "POST"}}},
		},
	}
	if change != nil {
		change(s)
	}
	p, err := procedure.ReadProcedure([]byte(rehearsedSteps))
	if err != nil {
		t.Fatal(err)
	}
	project := &procedure.Project{Languages: []string{"fr", "en"}}
	prog, err := execution.Compile(p, project)
	if err != nil {
		t.Fatal(err)
	}
	return Run(shelf{main: prog}, project, s)
}

func TestScenarioThatHolds(t *testing.T) {
	r := rehearse(t, nil)
	if !r.OK || len(r.Differences) != 0 {
		t.Fatalf("%v", r.Differences)
	}
	if got := r.Coverage.Steps[main]; !slices.Equal(got, []string{"ask", "it", "over", "say", "set", "start", "stop", "wait"}) {
		t.Errorf("steps %v", got)
	}
	if got := r.Coverage.Edges[main]; !slices.Contains(got, "ask answer.a") || slices.Contains(got, "ask answer.b") {
		t.Errorf("edges %v", got)
	}
}

// TestScenarioDifferences breaks each expectation and reads the line.
func TestScenarioDifferences(t *testing.T) {
	tests := []struct {
		change func(*procedure.Scenario)
		want   string
	}{
		{func(s *procedure.Scenario) { s.Expect.Outcome = procedure.Escalated }, "outcome: wanted escalated, got solved"},
		{func(s *procedure.Scenario) { s.Expect.Showing = "late" }, "showing: wanted page late, got the end over (solved)"},
		{func(s *procedure.Scenario) { s.Expect.Steps = []string{"start", "ask", "over"} }, "step 3: wanted over, got wait (visited: start, ask, wait, stop, it, say, set, over)"},
		{func(s *procedure.Scenario) { s.Expect.Texts = []string{"blue"} }, `text 1: wanted "blue" on a page, got pages that say "Trial That is solved" at the end`},
		{func(s *procedure.Scenario) { s.Expect.Variables = map[string]any{"n": 2} }, "variable n: wanted 2, got 0.3333333333333333"},
		{func(s *procedure.Scenario) { s.Expect.Variables = map[string]any{"none": "x"} }, `variable none: wanted "x", got null`},
		{func(s *procedure.Scenario) { s.Expect.Effects = []procedure.WantedEffect{} }, "effects: wanted 0, got 1, the next one of step it"},
		{func(s *procedure.Scenario) { s.Expect.Effects[0].Step = "other" }, "effect 1: wanted one of step other, got one of step it"},
		{func(s *procedure.Scenario) { s.Expect.Effects[0].Holds = map[string]any{"n": 3} }, "effect 1 (it), n: wanted 3, got [1,2]"},
		{func(s *procedure.Scenario) {
			s.Expect.Effects = append(s.Expect.Effects, procedure.WantedEffect{Step: "more"})
		}, "effect 2: wanted one of step more, got no more"},
		{func(s *procedure.Scenario) { s.Moves[1].Answer = "zz" }, "move 2 (ask): wanted an answer that is taken, got refused: That answer is not offered here. Choose one of those on the page."},
		{func(s *procedure.Scenario) { s.Moves[0].Answer = "b" }, "move 1 (ask): wanted an answer that is refused, got it was taken"},
		{func(s *procedure.Scenario) { s.Moves[2].Step = "late" }, "move 3 (late): wanted page late, got page say"},
		{func(s *procedure.Scenario) { s.Moves[0] = procedure.Move{Do: "back"} }, "move 1: wanted a move that can be made, got There is no going back from this page."},
		{func(s *procedure.Scenario) { s.Procedure = gone }, "start: wanted an execution of goneaaaaaaaaaaaaaaaaaaaaaa, got This procedure is not available at the moment."},
		{func(s *procedure.Scenario) { s.At = "yesterday" }, "at: wanted an instant like 2026-01-15T09:00:00Z, got yesterday"},
		{func(s *procedure.Scenario) { s.Mocks = []procedure.Reply{{Step: "it", Fails: "timeout"}} }, "move 3 (say): wanted page say, got page late"},
		{func(s *procedure.Scenario) {
			s.Mocks = []procedure.Reply{{Step: "it", Result: map[string]any{"body": map[string]any{"colour": map[string]any{}}}}}
			s.Moves[2].Step = "late"
		}, "move 3 (late): wanted page late, got page say"},
	}
	for _, tt := range tests {
		r := rehearse(t, tt.change)
		var lines []string
		for _, d := range r.Differences {
			lines = append(lines, d.String())
		}
		if r.OK || !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, tt.want) }) {
			t.Errorf("wanted %q among %q", tt.want, lines)
		}
	}
}

func TestScenarioMoves(t *testing.T) {
	r := rehearse(t, func(s *procedure.Scenario) {
		s.Moves = []procedure.Move{{Step: "ask", Answer: "a"}, {Step: "say", Do: "back"}, {Step: "ask", Answer: "b"}, {Do: "back"}, {Do: "restart"}, {Step: "ask", Answer: "b"}}
		s.Expect = procedure.Expect{Outcome: procedure.Solved, Showing: "over"}
	})
	if !r.OK {
		t.Errorf("%v", r.Differences)
	}
	r = rehearse(t, func(s *procedure.Scenario) {
		s.Params = nil
		s.Moves = []procedure.Move{{Step: "start", Answer: map[string]any{"ticket": "I27"}}, {Step: "ask", Answer: "b"}}
		s.Expect = procedure.Expect{Outcome: procedure.Solved, Showing: "over"}
	})
	if !r.OK {
		t.Errorf("%v", r.Differences)
	}
	r = rehearse(t, func(s *procedure.Scenario) {
		s.Mocks = []procedure.Reply{{Step: "it", Fails: "error"}, {Step: "it", Result: map[string]any{"colour": "blue"}}}
		s.Moves = []procedure.Move{{Step: "ask", Answer: "a"}, {Step: "late", Do: "back"}, {Step: "ask", Answer: "a"}, {Step: "say"}}
		s.Expect = procedure.Expect{Texts: []string{"It is blue"}}
	})
	if !r.OK {
		t.Errorf("replies in turn: %v", r.Differences)
	}
}
