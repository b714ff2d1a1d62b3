package execution

import (
	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// doCall begins a sub-procedure.
func (r *run) doCall(n *program.Node) (edge, to string, err error) {
	call := n.Step.Call
	if len(r.s.Frames) > maxCalls {
		return "", "", &message.Failure{Key: "step.too_deep", Args: []any{maxCalls}}
	}
	prog, err := r.lib.Program(call.Procedure)
	if err != nil {
		return "", "", message.Fails("step.no_procedure").Because(err.Error())
	}
	params, err := r.bind(prog, call.Inputs)
	if err != nil {
		return "", "", err
	}
	r.log(Event{Kind: EventCalled, Text: call.Procedure, To: prog.Start.Step.ID})
	owner := len(r.s.Frames)
	if call.Share {
		owner = r.top().Owner
	}
	r.push(journey.Frame{Procedure: call.Procedure, Step: prog.Start.Step.ID, Owner: owner, Params: params})
	r.turnTo(prog)
	if err := r.declare(); err != nil {
		r.pop()
		return "", "", err
	}
	return "", prog.Start.Step.ID, nil
}

// bind computes the inputs of a sub-procedure in the frame of its caller.
func (r *run) bind(prog *Program, inputs []procedure.Binding) (map[string]any, error) {
	params := map[string]any{}
	for _, declared := range prog.Start.Step.Start.Inputs {
		value, err := r.input(declared, inputs)
		if err != nil {
			return nil, err
		}
		converted, ok := entry.Convert(value, declared.Type, r.Now.Location())
		if !ok || entry.DepthOf(converted) > entry.MaxNesting {
			return nil, message.Fails("step.type", declared.Name, string(declared.Type)).Because("it is " + string(formula.KindOf(value)))
		}
		if declared.Required && converted == nil {
			return nil, message.Fails("step.missing_input", declared.Name)
		}
		params[declared.Name] = converted
	}
	return params, nil
}

func (r *run) input(declared procedure.Parameter, inputs []procedure.Binding) (any, error) {
	for _, in := range inputs {
		if in.Name == declared.Name {
			return r.Eval(in.Value)
		}
	}
	if declared.Default == "" {
		return nil, nil
	}
	return r.Eval(declared.Default)
}

// doEnd ends the execution, or comes back to the step that called.
func (r *run) doEnd(n *program.Node) (edge, to string, err error) {
	outputs, secrecy, err := r.outputs(n.Step.End)
	if err != nil {
		return "", "", err
	}
	outcome := n.Step.End.Outcome
	if outcome == "" {
		outcome = procedure.Informed
	}
	if r.depth() > 0 {
		r.log(Event{Kind: EventReturned, Status: string(outcome)})
		return "", r.comeBack(outcome, outputs), nil
	}
	r.s.Stand, r.s.Ended, r.s.Outputs = journey.AtEnd, outcome, outputs
	e := Event{Kind: EventEnded, Status: string(outcome)}
	if len(outputs) > 0 {
		e.Value = outputs
	}
	r.log(masked(e, secrecy))
	return "", "", nil
}

// outputs computes what a procedure gives.
func (r *run) outputs(end *procedure.End) (map[string]any, program.Secret, error) {
	if len(end.Outputs) == 0 {
		return nil, program.Open, nil
	}
	is, out := program.Open, make(map[string]any, len(end.Outputs))
	for _, o := range end.Outputs {
		value, err := r.Eval(o.Value)
		if err != nil {
			return nil, program.Open, err
		}
		converted, ok := entry.Convert(value, o.Type, r.Now.Location())
		if !ok || entry.DepthOf(converted) > entry.MaxNesting {
			return nil, program.Open, message.Fails("step.type", o.Name, string(o.Type)).Because("it is " + string(formula.KindOf(value)))
		}
		out[o.Name] = converted
		is = max(is, program.SecretOf(o.Type, o.Personal))
	}
	return out, is, nil
}

// comeBack goes on in the caller's step.
func (r *run) comeBack(outcome procedure.Outcome, outputs map[string]any) string {
	r.pop()
	if r.err != nil {
		return ""
	}
	n := r.here()
	if n == nil || n.Step.Call == nil {
		r.stop(message.Fails("step.unknown").Because("the step that called is gone"))
		return ""
	}
	if outputs == nil {
		outputs = map[string]any{}
	}
	r.setResult(n.Step.ID, outputs)
	for _, b := range n.Step.Call.Outputs {
		r.Let("result", outputs)
		value, err := r.Eval(b.Value)
		if err == nil {
			err = r.assign(b.Name, value)
		}
		if err != nil {
			return r.fail(n, err)
		}
	}
	for _, o := range n.Step.Call.Outcomes {
		if o.Outcome == outcome {
			return r.leave(n, "outcome."+string(outcome), o.To)
		}
	}
	return r.leave(n, "next", n.Step.Next)
}
