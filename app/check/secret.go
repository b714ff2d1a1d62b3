package check

import (
	"strings"

	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// maxPasses is how many assignments a secret is followed through.
const maxPasses = 20

// followSecrets notes the variables of a procedure into which its calculations
// put a secret, or something made of one: a number or a yes or no about it, like
// its length, does not count.
func (c *checker) followSecrets(s *scope, p *procedure.Procedure) {
	for pass, found := 0, true; found && pass < maxPasses; pass++ {
		found = false
		for i := range p.Steps {
			if p.Steps[i].Set == nil {
				continue
			}
			for _, a := range p.Steps[i].Set.Values {
				if name := variableName(a.Name); !s.hold[name] && !c.declaredSecret(s, name) && c.givesSecret(s, a.Value) {
					s.hold[name], found = true, true
				}
			}
		}
	}
}

// givesSecret reports whether a formula gives a secret, or something made of one.
func (c *checker) givesSecret(s *scope, source string) bool {
	f := c.compile(source)
	if f.err != nil {
		return false
	}
	if kind, err := f.formula.Gives(c.kindsIn(s)); err != nil || kind == formula.KindNumber || kind == formula.KindTruth {
		return false
	}
	for _, read := range f.reads {
		if s.hold[read] || c.declaredSecret(s, read) {
			return true
		}
	}
	return false
}

// declaredSecret reports whether what formulas read by a name is declared a
// secret.
func (c *checker) declaredSecret(s *scope, name string) bool {
	root, rest, _ := strings.Cut(name, ".")
	switch root {
	case "var":
		return s.types[rest] == procedure.TypeSecret
	case "param":
		return s.inputs[rest] == procedure.TypeSecret
	case "session":
		return c.sessions[rest] == procedure.TypeSecret
	}
	return false
}
