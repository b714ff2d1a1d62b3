package editor

import (
	"slices"
	"strings"

	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// edgeLines are the ways out of a step with the steps they may lead to.
func (s *Editor) edgeLines(v *frame.Visit, b bench, step *procedure.Step) (lines []views.EdgeLine) {
	var steps []ui.Place
	for i := range b.proc.Data.Steps {
		to := &b.proc.Data.Steps[i]
		if to.Start == nil && to.Family() != procedure.Layout {
			steps = append(steps, ui.Place{Name: s.stepTitle(v, b, to), URL: to.ID})
		}
	}
	targets := map[string]string{}
	for _, e := range step.Edges() {
		targets[e.ID] = e.To
	}
	for _, id := range step.EdgeIDs() {
		lines = append(lines, views.EdgeLine{ID: id, Label: s.edgeWords(v, b, step, id), To: targets[id], Else: s.elseWords(v, b, step, id), Steps: steps})
	}
	return lines
}

// edgeWords is how a way out is called: the answer's words, or what it is for.
func (s *Editor) edgeWords(v *frame.Visit, b bench, step *procedure.Step, id string) string {
	for _, e := range step.AllEdges() {
		if e.ID != id {
			continue
		}
		if words := s.edgeLabel(v, b, e); words != "" {
			return words
		}
	}
	kind, _, _ := strings.Cut(id, ".")
	if kind == "next" && step.Decides() {
		return v.Words.T("edge.otherwise")
	}
	return v.Words.T("edge." + kind)
}

// elseWords says where a way out leads that has no target of its own: an answer
// goes where the step goes on, other ways nowhere yet; a failure without one
// ends the journey.
func (s *Editor) elseWords(v *frame.Visit, b bench, step *procedure.Step, id string) string {
	kind, _, _ := strings.Cut(id, ".")
	switch {
	case isFailure(kind):
		return "—"
	case !slices.Contains([]string{"answer", "button", "yes", "no"}, kind):
		return v.Words.T("editor.nowhere")
	}
	if next := b.proc.Data.Step(step.Next); next != nil {
		return v.Words.T("editor.as_next", s.stepTitle(v, b, next))
	}
	return v.Words.T("editor.nowhere")
}
