package check

import (
	"strings"

	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// scope is what the formulas of a procedure may read.
type scope struct {
	types  map[string]procedure.VariableType // of variables; "" when it is not known
	inputs map[string]procedure.VariableType
	typed  map[string]formula.Kind // by those who fill in forms; "" when it is not known
	hold   map[string]bool         // "var.x" of those into which a secret is put
	open   bool                    // shared by more callers than are looked at
}

// maxSharers is how many procedures are looked at for what they share.
const maxSharers = 100

// knows reports whether a variable is there, as far as one has looked.
func (s *scope) knows(name string) bool {
	_, ok := s.types[name]
	return ok || s.open
}

// scope returns what a procedure's formulas may read: its variables, those
// that its forms and loops fill, those of the callers that share theirs.
func (c *checker) scope(p *procedure.Procedure) *scope {
	if known := c.scopes[p]; known != nil {
		return known
	}
	s := &scope{types: map[string]procedure.VariableType{}, inputs: map[string]procedure.VariableType{}, typed: map[string]formula.Kind{}, hold: map[string]bool{}}
	c.scopes[p] = s
	c.gather(s, p, map[*procedure.Procedure]bool{})
	for i := range p.Steps {
		if start := p.Steps[i].Start; start != nil {
			for _, in := range start.Inputs {
				s.inputs[in.Name] = in.Type
			}
		}
	}
	c.followSecrets(s, p)
	return s
}

func (c *checker) gather(s *scope, p *procedure.Procedure, seen map[*procedure.Procedure]bool) {
	if s.open = s.open || len(seen) == maxSharers; seen[p] || s.open {
		return
	}
	seen[p] = true
	for i := range p.Steps {
		for _, name := range c.fills(&p.Steps[i]) {
			if s.types[name] != procedure.TypeSecret {
				s.types[name] = ""
			}
		}
		c.gatherSecrets(s, &p.Steps[i])
		c.gatherTyped(s, &p.Steps[i])
	}
	for _, v := range p.Variables {
		if _, nearer := s.types[v.Name]; !nearer || s.types[v.Name] == "" {
			s.types[v.Name] = v.Type
		}
	}
	for _, caller := range c.sharers[p.UID] {
		c.gather(s, caller, seen)
	}
}

// gatherSecrets notes what is typed into secret fields: it is shown no more than
// a variable that is declared a secret.
func (c *checker) gatherSecrets(s *scope, step *procedure.Step) {
	if step.Form == nil {
		return
	}
	for _, f := range c.fieldsOf(step.Form) {
		if f.Type == procedure.FieldSecret {
			s.types[fieldName(&f)] = procedure.TypeSecret
		}
	}
}

// fills returns the variables that a step declares by filling them: those of
// a form's fields, of a loop's item and index, of a jump's count.
func (c *checker) fills(s *procedure.Step) (names []string) {
	switch {
	case s.Form != nil:
		for _, f := range c.fieldsOf(s.Form) {
			if f.Type.GivesValue() {
				names = append(names, fieldName(&f))
			}
		}
	case s.Each != nil:
		names = []string{s.Each.Item, s.Each.Index}
	case s.Jump != nil:
		names = []string{s.Jump.Counter}
	}
	return names
}

// fieldsOf returns the fields that a form step shows.
func (c *checker) fieldsOf(f *procedure.FormStep) []procedure.Field {
	if r := c.resources[f.Resource]; r != nil && r.Form != nil {
		return r.Form.Fields
	}
	return f.Fields
}

func fieldName(f *procedure.Field) string {
	if f.Name != "" {
		return f.Name
	}
	return f.ID
}

// variable checks the name of a variable that a step fills.
func (c *checker) variable(at Place, _ *procedure.Leaf, name string) {
	if !procedure.IsID(name) {
		c.error(at, "check.id", name)
		return
	}
	if c.p == nil {
		return
	}
	if !c.scope(c.p).knows(name) {
		c.error(at, "check.unknown_variable", name).Fix = c.declaration(name)
	}
}

// target checks a name that may also be session.NAME.
func (c *checker) target(at Place, l *procedure.Leaf, name string) {
	session, ok := strings.CutPrefix(name, "session.")
	if !ok {
		c.variable(at, l, name)
		return
	}
	if _, declared := c.sessions[session]; !declared {
		c.error(at, "check.unknown_session", session)
	}
}

// isLiteral reports whether a formula is one text between quotes.
func isLiteral(source string) bool {
	if len(source) < 2 || source[0] != '"' && source[0] != '\'' && source[0] != '`' {
		return false
	}
	return strings.IndexByte(source[1:], source[0]) == len(source)-2
}

// fits reports whether a value of one type may go where another is wanted.
// Dates, secrets and files may come from texts and objects.
func fits(given, wanted procedure.VariableType) bool {
	loose := map[procedure.VariableType]procedure.VariableType{
		procedure.TypeDate: procedure.TypeText, procedure.TypeDateTime: procedure.TypeText,
		procedure.TypeSecret: procedure.TypeText, procedure.TypeFile: procedure.TypeObject,
	}
	base := func(t procedure.VariableType) procedure.VariableType {
		if b, ok := loose[t]; ok {
			return b
		}
		return t
	}
	return given == "" || wanted == "" || base(given) == base(wanted)
}

// variables checks those of the procedure.
func (c *checker) variables(p *procedure.Procedure) {
	s := c.scope(p)
	for i, v := range p.Variables {
		at := Place{Path: pathOf("variables", v.Name, i) + ".default"}
		c.mayHold(at, v.Default, v.Type, s)
		if v.Type == procedure.TypeSecret && isLiteral(strings.TrimSpace(v.Default)) && len(v.Default) > 2 {
			c.error(at, "check.literal_secret")
		}
	}
}

// mayHold checks that a formula gives a value of a type, as far as one can see.
func (c *checker) mayHold(at Place, source string, wanted procedure.VariableType, s *scope) {
	if given := c.typeOf(source, s); !fits(given, wanted) {
		c.error(at, "check.wrong_type", given, wanted)
	}
}
