package procedure

import (
	"fmt"
	"slices"
	"testing"
)

func TestWays(t *testing.T) {
	p := lamp(t)
	p.Steps = append(p.Steps, Step{ID: "lost", Next: "hand", Page: &Page{}}, Step{ID: "frame", Box: &Box{}})
	if got := p.Reached(); len(got) != 6 || got["lost"] {
		t.Errorf("reached %v", got)
	}
	if got := p.ReachedFrom("again"); len(got) != 5 || got["start"] {
		t.Errorf("reached from again %v", got)
	}
	if got := p.ReachedFrom("gone"); len(got) != 0 {
		t.Errorf("reached from nowhere %v", got)
	}
	in := p.Incoming()["hand"]
	if len(in) != 2 || in[0].From != "again" || in[1].From != "lost" {
		t.Errorf("into hand lead %v", in)
	}
	if n := p.CountSteps(); n != 7 {
		t.Errorf("%d steps", n)
	}
}

func TestLines(t *testing.T) {
	page := func(id, next string) Step { return Step{ID: id, Next: next, Page: &Page{}} }
	end := Step{ID: "end", End: &End{}}
	tests := []struct {
		name  string
		steps []Step
		want  string
	}{
		{"one line", []Step{{ID: "s", Next: "a", Start: &Start{}}, page("a", "b"), page("b", "c"), page("c", "end"), end}, "[[a b c]]"},
		{"automatic steps and errors do not break it", []Step{page("a", "x"), {ID: "x", Next: "b", OnError: "end", Log: &Log{}}, page("b", "end"), end}, "[[a b]]"},
		{"a question with two ways ends it", []Step{page("a", "q"), {ID: "q", Question: &Question{Answers: []Answer{{ID: "y", To: "b"}, {ID: "n", To: "end"}}}}, page("b", "c"), page("c", "end"), end}, "[[a q] [b c]]"},
		{"answers that all lead on do not", []Step{page("a", "q"), {ID: "q", Next: "b", Question: &Question{Answers: []Answer{{ID: "y"}, {ID: "n"}}}}, page("b", "end"), end}, "[[a q b]]"},
		{"two ways in begin another", []Step{page("a", "c"), page("b", "c"), page("c", "d"), page("d", "end"), end}, "[[c d]]"},
		{"a circle", []Step{page("a", "b"), page("b", "a")}, "[]"},
		{"written backwards", []Step{end, page("c", "end"), page("b", "c"), page("a", "b"), {ID: "s", Next: "a", Start: &Start{}}}, "[[a b c]]"},
		{"nothing", nil, "[]"},
	}
	for _, tt := range tests {
		p := &Procedure{Steps: tt.steps}
		if got := fmt.Sprint(p.Lines()); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	p := &Procedure{Steps: tests[2].steps}
	p.Steps = append(p.Steps, page("d", "end"))
	p.Step("c").Next = "d"
	if got := p.LongestLine(); !slices.Equal(got, []string{"b", "c", "d"}) {
		t.Errorf("the longest is %v", got)
	}
}
