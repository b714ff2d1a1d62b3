package check

import (
	"slices"
	"strings"

	"selfhelp/app/procedure"
)

// flowing checks the steps that say where a journey goes.
func (c *checker) flowing(s *procedure.Step, at Place) {
	switch {
	case s.End != nil && s.End.Outcome == procedure.Abandoned:
		at.Path = "outcome"
		c.error(at, "check.abandoned").Fix = &procedure.Operation{Do: "set", Step: s.ID, Path: "outcome", Value: string(procedure.Unsolved)}
	case s.End != nil:
		c.outputs(at, s.End)
	case s.Call != nil:
		c.call(at, s.Call)
	}
}

// outputs checks that an output has the type it has at the other ends.
func (c *checker) outputs(at Place, end *procedure.End) {
	scope := c.scope(c.p)
	for i, out := range end.Outputs {
		at.Path = pathOf("outputs", out.Name, i)
		if t, ok := outputsOf(c.p)[out.Name]; ok && t != out.Type {
			c.error(at, "check.output_type", out.Name, t)
		}
		c.mayHold(at, out.Value, out.Type, scope)
	}
}

// outputsOf returns the outputs of a procedure with the type each first has.
func outputsOf(p *procedure.Procedure) map[string]procedure.VariableType {
	types := map[string]procedure.VariableType{}
	for i := range p.Steps {
		if end := p.Steps[i].End; end != nil {
			for _, out := range end.Outputs {
				if _, ok := types[out.Name]; !ok {
					types[out.Name] = out.Type
				}
			}
		}
	}
	return types
}

// call checks a call against the procedure it calls.
func (c *checker) call(at Place, call *procedure.Call) {
	callee := c.procedures[call.Procedure]
	if callee == nil {
		return // the role of its UID has said so
	}
	c.bindInputs(at, call, callee)
	c.bindOutputs(at, call, callee)
	ends := endsOf(callee)
	for i, o := range call.Outcomes {
		if !slices.Contains(ends, o.Outcome) {
			at.Path = pathOf("outcomes", string(o.Outcome), i)
			c.warn(at, "check.outcome_never", o.Outcome)
		}
	}
}

func endsOf(p *procedure.Procedure) (outcomes []procedure.Outcome) {
	for i := range p.Steps {
		if end := p.Steps[i].End; end != nil {
			outcomes = append(outcomes, end.Outcome)
		}
	}
	return outcomes
}

func (c *checker) bindInputs(at Place, call *procedure.Call, callee *procedure.Procedure) {
	var inputs []procedure.Parameter
	if start := callee.Start(); start != nil {
		inputs = start.Start.Inputs
	}
	bound := map[string]bool{}
	scope := c.scope(c.p)
	for i, b := range call.Inputs {
		at.Path = pathOf("inputs", b.Name, i)
		if bound[b.Name] {
			c.error(at, "check.duplicate", b.Name)
		}
		bound[b.Name] = true
		known := slices.IndexFunc(inputs, func(in procedure.Parameter) bool { return in.Name == b.Name })
		if known < 0 {
			c.error(at, "check.unknown_callee_input", b.Name).Fix =
				&procedure.Operation{Do: "delete_item", Step: at.Step, Path: "inputs", Item: b.Name}
			continue
		}
		c.mayHold(at, b.Value, inputs[known].Type, scope)
	}
	at.Path = "inputs"
	for _, in := range inputs {
		if in.Required && in.Default == "" && !bound[in.Name] {
			c.error(at, "check.input_missing", in.Name).Fix =
				&procedure.Operation{Do: "add_item", Step: at.Step, Path: "inputs", Value: procedure.Binding{Name: in.Name}}
		}
	}
}

// bindOutputs checks the variables here that get outputs from there.
func (c *checker) bindOutputs(at Place, call *procedure.Call, callee *procedure.Procedure) {
	gives, scope := outputsOf(callee), c.scope(c.p)
	bound := map[string]bool{}
	for i, b := range call.Outputs {
		at.Path = pathOf("outputs", b.Name, i)
		if bound[b.Name] {
			c.error(at, "check.duplicate", b.Name)
		}
		bound[b.Name] = true
		if b.Name != "" {
			c.target(at, nil, b.Name)
		}
		f := c.compile(b.Value)
		for _, name := range f.reads {
			out, isOutput := strings.CutPrefix(name, "result.")
			if _, known := gives[out]; isOutput && !known {
				c.error(at, "check.unknown_output", out)
			}
		}
		if out, ok := strings.CutPrefix(strings.TrimSpace(b.Value), "result."); ok && !fits(gives[out], scope.types[b.Name]) {
			c.error(at, "check.wrong_type", gives[out], scope.types[b.Name])
		}
	}
}

// names tells procedures by their aliases.
func (c *checker) names(uids []string) string {
	names := make([]string, len(uids))
	for i, uid := range uids {
		names[i] = uid
		if p := c.procedures[uid]; p != nil && p.Alias != "" {
			names[i] = p.Alias
		}
	}
	return strings.Join(names, " → ")
}
