package editor

import (
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/views"
)

// families are the groups of the menu of types.
var families = []procedure.Family{procedure.Interactive, procedure.Automatic, procedure.Flow, procedure.Layout}

// inspectorAdd offers the types of step that may come on a way out.
func (s *Editor) inspectorAdd(v *frame.Visit, b bench, step *procedure.Step) views.Inspector {
	in := views.Inspector{
		Mode: "add", After: step.ID, Edge: b.look.edge,
		Title: v.Words.T("editor.add_title", s.stepTitle(v, b, step)),
	}
	for _, family := range families {
		group := views.TypeGroup{Name: v.Words.T("family." + string(family))}
		for _, kind := range procedure.StepTypes() {
			if kind.Family() == family && kind != procedure.StepStart {
				group.Types = append(group.Types, typeChoice(v, kind))
			}
		}
		in.Types = append(in.Types, group)
	}
	for _, e := range s.edgeLines(v, b, step) {
		if e.ID == b.look.edge {
			in.Edges = append(in.Edges, e)
		}
	}
	return in
}

func typeChoice(v *frame.Visit, kind procedure.StepType) views.TypeChoice {
	return views.TypeChoice{
		Kind: string(kind), Name: kindName(v, kind), Help: v.Words.T("step." + string(kind) + ".help"), Icon: stepIcon(kind),
	}
}

// stepIcons are the icons of the types of step.
var stepIcons = map[procedure.StepType]string{
	procedure.StepStart: "play", procedure.StepPage: "step-page", procedure.StepQuestion: "step-question", procedure.StepChoices: "step-choices",
	procedure.StepForm: "step-form", procedure.StepTable: "step-table", procedure.StepUpload: "upload", procedure.StepLink: "external",
	procedure.StepConfirm: "ok", procedure.StepFeedback: "star", procedure.StepHandover: "people", procedure.StepTest: "step-test",
	procedure.StepSwitch: "step-switch", procedure.StepSet: "step-set", procedure.StepScript: "step-script", procedure.StepREST: "cloud",
	procedure.StepSOAP: "server", procedure.StepTicket: "ticket", procedure.StepMail: "mail", procedure.StepDirectory: "book",
	procedure.StepSearch: "search", procedure.StepWait: "clock", procedure.StepLog: "report", procedure.StepLocale: "globe",
	procedure.StepBreakpoint: "breakpoint", procedure.StepCall: "step-call", procedure.StepJump: "step-jump", procedure.StepEach: "step-each",
	procedure.StepEnd: "flag", procedure.StepBox: "box", procedure.StepSticky: "sticky",
}

func stepIcon(kind procedure.StepType) string {
	if icon, known := stepIcons[kind]; known {
		return icon
	}
	return "help"
}

// outline is the tree from top to bottom, following the ways out in the order
// they are written. A step that several lead to stands once; then it is named.
func (s *Editor) outline(v *frame.Visit, b bench, marks map[string]tallies) (lines []views.OutlineLine) {
	seen := map[string]bool{}
	var down func(step *procedure.Step, by string, depth int)
	down = func(step *procedure.Step, by string, depth int) {
		t := marks[step.ID]
		line := views.OutlineLine{
			ID: step.ID, Title: s.stepTitle(v, b, step), Icon: stepIcon(step.Kind()), Kind: kindName(v, step.Kind()), By: by,
			Depth: depth, Again: seen[step.ID], Errors: t.Errors, Warnings: t.Warnings, Todo: t.todo, Chosen: step.ID == b.look.step,
		}
		lines = append(lines, line)
		if seen[step.ID] {
			return
		}
		seen[step.ID] = true
		edges := step.Edges()
		for _, e := range edges {
			to := b.proc.Data.Step(e.To)
			if to == nil {
				continue
			}
			if len(edges) == 1 {
				down(to, "", depth)
			} else {
				down(to, s.edgeWords(v, b, step, e.ID), depth+1)
			}
		}
	}
	if start := b.proc.Data.Start(); start != nil {
		down(start, "", 0)
	}
	for i := range b.proc.Data.Steps {
		if step := &b.proc.Data.Steps[i]; !seen[step.ID] {
			down(step, "", 0)
		}
	}
	return lines
}
