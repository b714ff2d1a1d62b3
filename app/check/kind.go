package check

import (
	"strings"

	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// kinds are what values of the types are to formulas. A file is several things.
var kinds = map[procedure.VariableType]formula.Kind{
	procedure.TypeText: formula.KindText, procedure.TypeDate: formula.KindText, procedure.TypeDateTime: formula.KindText,
	procedure.TypeSecret: formula.KindText, procedure.TypeNumber: formula.KindNumber, procedure.TypeBoolean: formula.KindTruth,
	procedure.TypeList: formula.KindList, procedure.TypeObject: formula.KindObject,
}

// kindTypes are the types that hold the kinds of value as they are.
var kindTypes = map[formula.Kind]procedure.VariableType{
	formula.KindText: procedure.TypeText, formula.KindNumber: procedure.TypeNumber, formula.KindTruth: procedure.TypeBoolean,
	formula.KindList: procedure.TypeList, formula.KindObject: procedure.TypeObject,
}

// fieldKinds are what the fields of forms give that give one kind only.
var fieldKinds = map[procedure.FieldType]formula.Kind{
	procedure.FieldNumber: formula.KindNumber, procedure.FieldSlider: formula.KindNumber, procedure.FieldRating: formula.KindNumber,
	procedure.FieldText: formula.KindText, procedure.FieldLongText: formula.KindText, procedure.FieldRichText: formula.KindText,
	procedure.FieldDate: formula.KindText, procedure.FieldTime: formula.KindText, procedure.FieldDateTime: formula.KindText,
	procedure.FieldMail: formula.KindText, procedure.FieldPhone: formula.KindText, procedure.FieldURL: formula.KindText,
	procedure.FieldCheck: formula.KindTruth,
}

// gatherTyped notes what is typed into the fields of a form; nothing is known
// of a variable that fields of several kinds fill.
func (c *checker) gatherTyped(s *scope, step *procedure.Step) {
	if step.Form == nil {
		return
	}
	for _, f := range c.fieldsOf(step.Form) {
		name, kind := fieldName(&f), fieldKinds[f.Type]
		if before, known := s.typed[name]; known && before != kind {
			kind = ""
		}
		s.typed[name] = kind
	}
}

// kindsIn tells what kind of value the names a formula reads hold.
func (c *checker) kindsIn(s *scope) func(read string) formula.Kind {
	return func(read string) formula.Kind {
		root, name, _ := strings.Cut(read, ".")
		switch root {
		case "var":
			if t := s.types[name]; t != "" {
				return kinds[t]
			}
			return s.typed[name]
		case "param":
			return kinds[s.inputs[name]]
		case "session":
			return kinds[c.sessions[name]]
		case "date":
			return formula.KindText
		}
		return ""
	}
}

// fitting refuses a formula that surely fails for the kinds of its values.
func (c *checker) fitting(at Place, f *formula.Formula) {
	if c.p == nil || f == nil {
		return
	}
	if _, err := f.Gives(c.kindsIn(c.scope(c.p))); err != nil {
		c.formulaError(at, asError(err))
	}
}

// typeOf tells the type of what a formula gives, as far as one can see: that of
// a single variable as it is declared; "" when it is not known.
func (c *checker) typeOf(source string, s *scope) procedure.VariableType {
	source = strings.TrimSpace(source)
	if name, ok := strings.CutPrefix(source, "var."); ok && s.types[name] != "" {
		return s.types[name]
	}
	if name, ok := strings.CutPrefix(source, "param."); ok && s.inputs[name] != "" {
		return s.inputs[name]
	}
	f := c.compile(source)
	if f.err != nil {
		return ""
	}
	kind, err := f.formula.Gives(c.kindsIn(s))
	if err != nil {
		return "" // which is said where the formula is checked
	}
	return kindTypes[kind]
}

// declaration is the operation that declares a variable, of the type of what
// the procedure puts into it.
func (c *checker) declaration(name string) *procedure.Operation {
	op := &procedure.Operation{Do: "add_variable", ID: name}
	if t := c.typePut(name); t != "" {
		op.Value = map[string]any{"name": name, "type": string(t)}
	}
	return op
}

// typePut is the type of all that the procedure's steps put into a variable; ""
// when it is not known, or not one.
func (c *checker) typePut(name string) procedure.VariableType {
	s := c.scope(c.p)
	found := procedure.VariableType("")
	put := func(t procedure.VariableType) bool {
		if t == "" || found != "" && found != t {
			return false
		}
		found = t
		return true
	}
	for i := range c.p.Steps {
		step := &c.p.Steps[i]
		if into, t := keptAs(step); into == name && !put(t) {
			return ""
		}
		if step.Set != nil {
			for _, a := range step.Set.Values {
				if a.Name == name && !put(c.typeOf(a.Value, s)) {
					return ""
				}
			}
		}
		if step.Call != nil && c.procedures[step.Call.Procedure] != nil {
			gives := outputsOf(c.procedures[step.Call.Procedure])
			for _, b := range step.Call.Outputs {
				if b.Name == name && !put(gives[strings.TrimPrefix(strings.TrimSpace(b.Value), "result.")]) {
					return ""
				}
			}
		}
	}
	return found
}

// keptAs returns the variable in which a step keeps its result, and the type of
// that; "" when the type is not known.
func keptAs(s *procedure.Step) (into string, t procedure.VariableType) {
	switch {
	case s.Question != nil && s.Question.From == nil:
		return s.Question.Into, procedure.TypeText
	case s.Choices != nil:
		return s.Choices.Into, procedure.TypeList
	case s.Table != nil && s.Table.Multiple:
		return s.Table.Into, procedure.TypeList
	case s.Table != nil:
		return s.Table.Into, procedure.TypeObject
	case s.Upload != nil:
		return s.Upload.Into, procedure.TypeFile
	case s.Each != nil:
		return s.Each.Into, procedure.TypeList
	}
	return "", ""
}
