package procedure

import (
	"slices"
	"testing"
)

func TestEdgesNameWhatIsMissing(t *testing.T) {
	yes := Answer{ID: "yes", To: "b"}
	no := Answer{ID: "no"}
	tests := []struct {
		name string
		step Step
		want []string
	}{
		{"answers with steps of their own need no next", Step{Question: &Question{Answers: []Answer{yes}}}, []string{"answer.yes b"}},
		{"an answer without a step and no next", Step{Question: &Question{Answers: []Answer{yes, no}}}, []string{"answer.yes b", "answer.no "}},
		{"an answer that goes to next", Step{Next: "c", Question: &Question{Answers: []Answer{yes, no}}}, []string{"answer.yes b", "next c"}},
		{"answers made at run time go to next", Step{Question: &Question{Answers: []Answer{yes}, From: &Options{}}}, []string{"answer.yes b", "next "}},
		{"a condition of entry passes over to next", Step{When: "true", Question: &Question{Answers: []Answer{yes}}}, []string{"answer.yes b", "next "}},
		{"a page without buttons", Step{Page: &Page{}}, []string{"next "}},
		{"a page with one", Step{Page: &Page{Buttons: []Button{{ID: "ok", To: "b"}}}}, []string{"button.ok b"}},
		{"a rule and its else", Step{Test: &Test{Rules: []Rule{{ID: "r1"}}}}, []string{"rule.r1 ", "next "}},
		{"a jump needs no next", Step{Jump: &Jump{}}, []string{"jump "}},
		{"yes and no", Step{Confirm: &Confirm{Yes: "b"}}, []string{"yes b", "no "}},
		{"an end has none", Step{Next: "b", End: &End{}}, nil},
		{"a sticky note has none", Step{Next: "b", Sticky: &Sticky{}}, nil},
		{"errors only where written", Step{Next: "c", OnError: "d", REST: &REST{OnTimeout: "b"}}, []string{"timeout b", "next c", "error d"}},
		{"each", Step{Each: &Each{Body: "b"}, Next: "c"}, []string{"body b", "next c"}},
	}
	for _, tt := range tests {
		var got []string
		for _, e := range tt.step.Edges() {
			got = append(got, e.ID+" "+e.To)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestConnect(t *testing.T) {
	s := Step{Question: &Question{Answers: []Answer{{ID: "yes"}}}}
	for _, edge := range s.EdgeIDs() {
		if !s.Connect(edge, "b") {
			t.Errorf("%s is not connected", edge)
		}
	}
	if s.Question.Answers[0].To != "b" || s.Next != "b" || s.OnError != "b" {
		t.Errorf("connected to %+v", s)
	}
	if s.Connect("answer.maybe", "b") {
		t.Error("an answer that is not there is connected")
	}
}
