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
	params, carried, err := r.bind(prog, call.Inputs)
	if err != nil {
		return "", "", err
	}
	if call.Share {
		r.shareTold(r.top().Owner)
	}
	r.log(Event{Kind: EventCalled, Text: call.Procedure, To: prog.Start.Step.ID})
	owner := len(r.s.Frames)
	if call.Share {
		owner = r.top().Owner
	}
	r.push(journey.Frame{Procedure: call.Procedure, Step: prog.Start.Step.ID, Owner: owner, Params: params})
	r.turnTo(prog)
	for name, is := range carried {
		if is > r.Secrecy["param."+name] {
			r.noteTold(r.depth(), "param."+name, is)
		}
	}
	if err := r.declare(); err != nil {
		r.pop()
		return "", "", err
	}
	return "", prog.Start.Step.ID, nil
}

// bind computes the inputs of a sub-procedure in the frame of its caller, and
// how far each may be told.
func (r *run) bind(prog *Program, inputs []procedure.Binding) (map[string]any, map[string]program.Secret, error) {
	params, carried := map[string]any{}, map[string]program.Secret{}
	for _, declared := range prog.Start.Step.Start.Inputs {
		value, is, err := r.input(declared, inputs)
		if err != nil {
			return nil, nil, err
		}
		converted, ok := entry.Convert(value, declared.Type, r.Now.Location())
		if !ok || entry.DepthOf(converted) > entry.MaxNesting {
			return nil, nil, message.Fails("step.type", declared.Name, string(declared.Type)).Because("it is " + string(formula.KindOf(value)))
		}
		if declared.Required && converted == nil {
			return nil, nil, message.Fails("step.missing_input", declared.Name)
		}
		params[declared.Name], carried[declared.Name] = converted, is
	}
	return params, carried, nil
}

func (r *run) input(declared procedure.Parameter, inputs []procedure.Binding) (any, program.Secret, error) {
	for _, in := range inputs {
		if in.Name == declared.Name {
			return r.Known(in.Value)
		}
	}
	return r.Known(declared.Default)
}

// doEnd ends the execution, or comes back to the step that called.
func (r *run) doEnd(n *program.Node) (edge, to string, err error) {
	outputs, told, err := r.outputs(n.Step.End)
	if err != nil {
		return "", "", err
	}
	outcome := n.Step.End.Outcome
	if outcome == "" {
		outcome = procedure.Informed
	}
	if r.depth() > 0 {
		r.log(Event{Kind: EventReturned, Status: string(outcome)})
		return "", r.comeBack(outcome, outputs, told), nil
	}
	r.s.Stand, r.s.Ended, r.s.Outputs = journey.AtEnd, outcome, outputs
	e := Event{Kind: EventEnded, Status: string(outcome)}
	if len(outputs) > 0 {
		e.Value = outputs
	}
	r.log(masked(e, strictest(told)))
	return "", "", nil
}

// strictest returns the strictest of how far some values may be told.
func strictest(told map[string]program.Secret) program.Secret {
	most := program.Open
	for _, is := range told {
		most = max(most, is)
	}
	return most
}

// outputs computes what a procedure gives, and how far each may be told.
func (r *run) outputs(end *procedure.End) (map[string]any, map[string]program.Secret, error) {
	if len(end.Outputs) == 0 {
		return nil, nil, nil
	}
	out, told := make(map[string]any, len(end.Outputs)), make(map[string]program.Secret, len(end.Outputs))
	for _, o := range end.Outputs {
		value, is, err := r.Known(o.Value)
		if err != nil {
			return nil, nil, err
		}
		converted, ok := entry.Convert(value, o.Type, r.Now.Location())
		if !ok || entry.DepthOf(converted) > entry.MaxNesting {
			return nil, nil, message.Fails("step.type", o.Name, string(o.Type)).Because("it is " + string(formula.KindOf(value)))
		}
		out[o.Name], told[o.Name] = converted, max(is, program.SecretOf(o.Type, o.Personal))
	}
	return out, told, nil
}

// comeBack goes on in the caller's step.
func (r *run) comeBack(outcome procedure.Outcome, outputs map[string]any, told map[string]program.Secret) string {
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
	r.setResult(n.Step.ID, outputs, strictest(told))
	r.lendTold(told)
	defer r.lendTold(nil)
	for _, b := range n.Step.Call.Outputs {
		r.Let("result", outputs)
		value, is, err := r.Known(b.Value)
		if err == nil {
			err = r.assign(b.Name, value, is)
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
