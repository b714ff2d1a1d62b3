package execution

import (
	"reflect"
	"strings"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/procedure"
)

// doTest goes to the first rule that holds.
func (r *run) doTest(s *procedure.Step) (edge, to string, err error) {
	for i := range s.Test.Rules {
		rule := &s.Test.Rules[i]
		holds, err := r.Truth(rule.If)
		if err != nil {
			return "", "", err
		}
		if holds && rule.If != "" {
			r.setResult(s.ID, rule.ID, program.Open)
			return "rule." + rule.ID, rule.To, nil
		}
	}
	r.setResult(s.ID, nil, program.Open)
	return "next", s.Next, nil
}

// doSwitch goes to the first case whose value is the formula's.
func (r *run) doSwitch(s *procedure.Step) (edge, to string, err error) {
	value, is, err := r.Known(s.Switch.On)
	if err != nil {
		return "", "", err
	}
	r.setResult(s.ID, value, is)
	for i := range s.Switch.Cases {
		if c := &s.Switch.Cases[i]; isWritten(c.Is, value) {
			return "case." + c.ID, c.To, nil
		}
	}
	return "next", s.Next, nil
}

// isWritten reports whether a value is the one a writer wrote: a text as it
// stands, with or without quotes; a number, a boolean or nothing as in
// formulas.
func isWritten(written string, value any) bool {
	written = strings.TrimSpace(written)
	switch v := value.(type) {
	case string:
		return written == v || len(written) > 1 && written == `"`+v+`"`
	case float64:
		f, ok := entry.ReadNumber(written)
		return ok && f == v
	case bool:
		return written == "true" && v || written == "false" && !v
	case nil:
		return written == "" || written == "nil"
	}
	return reflect.DeepEqual(entry.ReadJSON(written), value)
}

// doSet gives variables values, in order.
func (r *run) doSet(s *procedure.Step) (edge, to string, err error) {
	for i := range s.Set.Values {
		a := &s.Set.Values[i]
		value, is, err := r.Known(a.Value)
		if err != nil {
			return "", "", err
		}
		if err := r.assign(a.Name, value, is); err != nil {
			return "", "", err
		}
	}
	return "next", s.Next, nil
}

// doScript runs a script over its inputs and goes by what it returned.
func (r *run) doScript(s *procedure.Step) (edge, to string, err error) {
	script, err := r.Script(s.Script.Source)
	if err != nil {
		return "", "", err
	}
	most, inputs := program.Open, make(map[string]any, len(s.Script.Inputs))
	for _, in := range s.Script.Inputs {
		value, is, err := r.Known(in.Value)
		if err != nil {
			return "", "", err
		}
		inputs[in.Name], most = value, max(most, is)
	}
	returned, values, err := script.Run(inputs, s.Script.Outputs, r.Budget)
	if err != nil {
		return "", "", err
	}
	if entry.DepthOf(returned) > entry.MaxNesting {
		return "", "", message.Fails("step.nested")
	}
	for _, name := range s.Script.Outputs {
		if value, ok := values[name]; ok {
			if err := r.assign(name, value, most); err != nil {
				return "", "", err
			}
		}
	}
	r.setResult(s.ID, returned, most)
	for i := range s.Script.Codes {
		if c := &s.Script.Codes[i]; isWritten(c.Is, returned) {
			return "code." + c.ID, c.To, nil
		}
	}
	return "next", s.Next, nil
}
