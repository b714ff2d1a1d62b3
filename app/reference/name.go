package reference

import (
	"cmp"
	"slices"

	"selfhelp/app/procedure"
)

// Name is something a formula may read at a step.
type Name struct {
	Read string                 // as formulas write it: "var.x", "step.ask.result"
	Type procedure.VariableType // "" when it is not known
	Note string                 // what it is: a variable's note, a step's id
}

// NamesAt lists what formulas may read at a step, to be offered while a writer
// types: inputs, variables, those of the execution, and the results of steps
// that a journey may have passed before. Roots like user and date are known to
// everyone.
func NamesAt(proj *procedure.Project, p *procedure.Procedure, step string) []Name {
	var names []Name
	if start := p.Start(); start != nil {
		for _, in := range start.Start.Inputs {
			names = append(names, Name{"param." + in.Name, in.Type, ""})
		}
	}
	for _, v := range p.Variables {
		if !v.Session {
			names = append(names, Name{"var." + v.Name, v.Type, v.Note})
		}
	}
	for i := range p.Steps {
		s := &p.Steps[i]
		for _, name := range filled(proj, s) {
			names = append(names, Name{"var." + name, "", s.ID})
		}
	}
	for _, other := range proj.Procedures {
		for _, v := range other.Variables {
			if v.Session {
				names = append(names, Name{"session." + v.Name, v.Type, v.Note})
			}
		}
	}
	names = append(names, resultsBefore(p, step)...)
	slices.SortStableFunc(names, func(a, b Name) int { return cmp.Compare(a.Read, b.Read) })
	return slices.CompactFunc(names, func(a, b Name) bool { return a.Read == b.Read })
}

// filled returns the variables that a step fills without their being declared.
func filled(proj *procedure.Project, s *procedure.Step) (names []string) {
	switch {
	case s.Form != nil:
		fields := s.Form.Fields
		for i := range proj.Resources {
			if r := &proj.Resources[i]; r.ID == s.Form.Resource && r.Form != nil {
				fields = r.Form.Fields
			}
		}
		for _, f := range fields {
			if !slices.Contains([]procedure.FieldType{procedure.FieldLabel, procedure.FieldHeading, procedure.FieldSeparator, procedure.FieldCaptcha}, f.Type) {
				names = append(names, cmp.Or(f.Name, f.ID))
			}
		}
	case s.Each != nil:
		names = []string{s.Each.Item, s.Each.Index}
	case s.Jump != nil:
		names = []string{s.Jump.Counter}
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == "" })
}

// resultsBefore returns the results of the steps from which one is reached.
func resultsBefore(p *procedure.Procedure, step string) (names []Name) {
	in := p.Incoming()
	before := map[string]bool{}
	for queue := []string{step}; len(queue) > 0; queue = queue[1:] {
		for _, e := range in[queue[0]] {
			if !before[e.From] {
				before[e.From] = true
				queue = append(queue, e.From)
			}
		}
	}
	for i := range p.Steps {
		if s := &p.Steps[i]; before[s.ID] && s.GivesResult() {
			names = append(names, Name{"step." + s.ID + ".result", "", string(s.Kind())})
		}
	}
	return names
}
