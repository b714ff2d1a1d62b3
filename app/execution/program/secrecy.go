package program

import (
	"strings"

	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// Secret says how far a value may be told: openly, to the person and the
// unmasked log only, or to nobody.
type Secret uint8

// How far: to all, to the person and the unmasked log, to nobody.
const (
	Open Secret = iota
	Personal
	Never
)

// Secrecy is what a procedure declares about its values: "var.x", "session.x",
// "param.x" and "step.x" → how far they may be told.
type Secrecy map[string]Secret

// secrecyOf collects it from variables, inputs, fields and steps.
func secrecyOf(p *procedure.Procedure, proj *procedure.Project) Secrecy {
	s := Secrecy{}
	for _, v := range p.Variables {
		root := "var."
		if v.Session {
			root = "session."
		}
		s.mark(root+v.Name, SecretOf(v.Type, v.Personal))
	}
	for i := range p.Steps {
		s.markStep(&p.Steps[i], proj)
	}
	return s
}

// SecretOf returns how far a value of a declared type may be told.
func SecretOf(t procedure.VariableType, isPersonal bool) Secret {
	switch {
	case t == procedure.TypeSecret:
		return Never
	case isPersonal:
		return Personal
	}
	return Open
}

func (s Secrecy) mark(name string, is Secret) {
	if is > s[name] {
		s[name] = is
	}
}

func (s Secrecy) markStep(step *procedure.Step, proj *procedure.Project) {
	if step.Start != nil {
		for _, in := range step.Start.Inputs {
			s.mark("param."+in.Name, SecretOf(in.Type, in.Personal))
		}
	}
	for _, f := range fieldsOf(step, proj) {
		s.mark("var."+NameOf(f), SecretOfField(f))
		is := s.OfVariable(NameOf(f))
		if is == Personal { // a secret stays out of the result
			s.mark("step."+step.ID, is)
		}
	}
	if into := intoOf(step); into != "" {
		s.mark("step."+step.ID, s.OfVariable(into))
	}
	for _, x := range extractsOf(step) {
		s.mark("step."+step.ID, s.OfVariable(x.Name)) // the whole reply stands there too
	}
	if step.Unlogged || step.Directory != nil { // what it finds is about a person
		s.mark("step."+step.ID, Personal)
	}
}

// SecretOfField returns how far the value of a field may be told; the columns
// of rows count too.
func SecretOfField(f *procedure.Field) Secret {
	is := Open
	if f.Personal {
		is = Personal
	}
	if f.Type == procedure.FieldSecret {
		is = Never
	}
	for i := range f.Columns {
		is = max(is, SecretOfField(&f.Columns[i]))
	}
	return is
}

// OfVariable looks a variable up by the name an assignment gives it.
func (s Secrecy) OfVariable(name string) Secret {
	if strings.HasPrefix(name, "session.") {
		return s[name]
	}
	return max(s["var."+name], s["session."+name])
}

// OfFormula returns how far the value of a formula may be told: no farther
// than what it reads. Who the person is, is Personal.
func (s Secrecy) OfFormula(f *formula.Formula) Secret {
	is := Open
	for _, name := range f.Reads() {
		root, rest, _ := strings.Cut(name, ".")
		switch root {
		case "user", "conv":
			is = max(is, Personal)
		case "step":
			id, _, _ := strings.Cut(rest, ".")
			is = max(is, s["step."+id])
			if rest == "" {
				is = max(is, s.most("step."))
			}
		default:
			is = max(is, s[name])
			if rest == "" {
				is = max(is, s.most(root+"."))
			}
		}
	}
	return is
}

// most returns the strictest mark of a root, for formulas that read it whole.
func (s Secrecy) most(root string) Secret {
	is := Open
	for name, of := range s {
		if strings.HasPrefix(name, root) {
			is = max(is, of)
		}
	}
	return is
}

// extractsOf returns what a call reads from its reply.
func extractsOf(s *procedure.Step) []procedure.Extract {
	switch {
	case s.REST != nil:
		return s.REST.Extract
	case s.SOAP != nil:
		return s.SOAP.Extract
	}
	return nil
}

// intoOf returns the variable that gets the answer of a step, "" for none.
func intoOf(s *procedure.Step) string {
	switch {
	case s.Question != nil:
		return s.Question.Into
	case s.Choices != nil:
		return s.Choices.Into
	case s.Table != nil:
		return s.Table.Into
	case s.Upload != nil:
		return s.Upload.Into
	}
	return ""
}

// fieldsOf returns the fields of a form step, its own or its resource's.
func fieldsOf(s *procedure.Step, proj *procedure.Project) []*procedure.Field {
	form := formOf(s, proj)
	if form == nil {
		return nil
	}
	fields := make([]*procedure.Field, len(form.Fields))
	for i := range form.Fields {
		fields[i] = &form.Fields[i]
	}
	return fields
}

// formOf returns the form of a form step, nil when it has none.
func formOf(s *procedure.Step, proj *procedure.Project) *procedure.Form {
	if s.Form == nil {
		return nil
	}
	if s.Form.Resource == "" {
		return &s.Form.Form
	}
	for i := range proj.Resources {
		if r := &proj.Resources[i]; r.ID == s.Form.Resource && r.Kind == procedure.KindForm {
			return r.Form
		}
	}
	return nil
}

// NameOf returns the variable a field fills.
func NameOf(f *procedure.Field) string {
	if f.Name != "" {
		return f.Name
	}
	return f.ID
}
