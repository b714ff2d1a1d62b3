package execution

import (
	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/procedure"
)

// walk goes from step to step until the execution waits for something. Stopped
// is the empty id.
func (r *run) walk(id string) {
	for id != "" && r.err == nil {
		n := r.Node(id)
		if n == nil {
			r.stop(message.Fails("step.unknown").Because("no step " + id))
			return
		}
		id = r.visit(n)
	}
}

// visit does the work of one step and returns the next one, "" to wait.
func (r *run) visit(n *program.Node) string {
	r.top().Step = n.Step.ID
	r.changed = nil
	if f := r.count(); f != nil {
		return r.fail(n, f)
	}
	if n.Step.When != "" {
		holds, err := r.Truth(n.Step.When)
		if err != nil {
			return r.fail(n, err)
		}
		if !holds {
			return r.leave(n, "next", n.Step.Next)
		}
	}
	if n.IsPage() {
		return r.meet(n)
	}
	edge, to, err := r.do(n)
	switch {
	case err != nil:
		return r.fail(n, err)
	case edge == "":
		return to
	}
	return r.leave(n, edge, to)
}

// count holds the limits.
func (r *run) count() *message.Failure {
	r.steps++
	r.all++
	switch {
	case r.steps > maxSteps:
		return &message.Failure{Key: "step.too_many", Args: []any{maxSteps}, Final: true}
	case r.all > maxAllSteps:
		return &message.Failure{Key: "step.too_many", Args: []any{maxAllSteps}, Final: true}
	}
	return nil
}

// do does the work of a step nobody sees. It returns the edge to leave by; no
// edge means that it has gone to another step already, or waits.
func (r *run) do(n *program.Node) (edge, to string, err error) {
	s := n.Step
	switch n.Kind {
	case procedure.StepStart:
		return "next", s.Next, nil
	case procedure.StepTest:
		return r.doTest(s)
	case procedure.StepSwitch:
		return r.doSwitch(s)
	case procedure.StepSet:
		return r.doSet(s)
	case procedure.StepScript:
		return r.doScript(s)
	case procedure.StepREST, procedure.StepSOAP, procedure.StepTicket, procedure.StepMail, procedure.StepDirectory, procedure.StepSearch:
		return "", "", r.ask(n, "")
	case procedure.StepWait:
		return r.doWait(s)
	case procedure.StepLog:
		return r.doLog(s)
	case procedure.StepLocale:
		return r.doLocale(s)
	case procedure.StepBreakpoint:
		return r.doBreakpoint(s)
	case procedure.StepCall:
		return r.doCall(n)
	case procedure.StepJump:
		return r.doJump(s)
	case procedure.StepEach:
		return r.doEach(s)
	case procedure.StepEnd:
		return r.doEnd(n)
	}
	return "", "", message.Fails("step.not_runnable")
}

// leave goes by an edge, or by Next when the edge leads nowhere.
func (r *run) leave(n *program.Node, edge, to string) string {
	if to == "" && edge != "error" {
		edge, to = "next", n.Step.Next
	}
	r.tellChanges()
	if to == "" {
		return r.fail(n, message.Fails("step.nowhere"))
	}
	if r.Node(to) == nil {
		return r.fail(n, message.Fails("step.unknown").Because("edge "+edge+" leads to no step "+to))
	}
	r.log(Event{Kind: EventEdge, Edge: edge, To: to})
	return to
}

// fail takes the error branch of a step, or that of the step that called its
// procedure, or stops.
func (r *run) fail(n *program.Node, err error) string {
	f := program.FailureOf(err)
	r.tellChanges()
	if f.Final || !r.catches(n) && !r.caught() {
		r.stop(f)
		return ""
	}
	r.logFailure(f)
	for n == nil || !r.catches(n) {
		r.pop()
		if r.err != nil {
			return ""
		}
		n = r.here()
	}
	r.setResult(n.Step.ID, map[string]any{"error": f.Key}, program.Open)
	r.log(Event{Kind: EventEdge, Edge: "error", To: n.Step.OnError})
	return n.Step.OnError
}

func (r *run) catches(n *program.Node) bool {
	return n.Step.OnError != "" && r.Node(n.Step.OnError) != nil
}

// caught reports whether a step that called has an error branch.
func (r *run) caught() bool {
	for _, f := range r.s.Frames[:r.depth()] {
		prog, err := r.lib.Program(f.Procedure)
		if err != nil {
			continue
		}
		if n := prog.Node(f.Step); n != nil && n.Step.OnError != "" && prog.Node(n.Step.OnError) != nil {
			return true
		}
	}
	return false
}

func (r *run) logFailure(f *message.Failure) {
	e := Event{Kind: EventFailed, Text: f.Key, Note: f.Cause, Why: f.Why}
	if len(f.Args) > 0 {
		args := make([]any, len(f.Args))
		for i, a := range f.Args {
			args[i] = a
			if n, ok := a.(int); ok {
				args[i] = float64(n)
			}
		}
		e.Value = args
	}
	r.log(e)
}

// stop ends the walk on a page that says that the procedure met a problem.
func (r *run) stop(f *message.Failure) {
	r.logFailure(f)
	r.s.Stand, r.s.Key = journey.AtProblem, f.Key
	r.s.Where = r.top().Step
	r.s.Lists = nil
}

// setResult keeps what a step gave, step.ID.result, and how far it may be told.
func (r *run) setResult(step string, value any, is program.Secret) {
	r.put(journey.SlotResult, r.depth(), step, map[string]any{"result": value})
	if is != program.Open && is > r.Secrecy["step."+step] {
		r.noteTold(r.depth(), "step."+step, is)
	}
}
