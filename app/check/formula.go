package check

import (
	"cmp"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"

	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// compiled is what became of a formula or template.
type compiled struct {
	formula  *formula.Formula // nil for a template
	template *formula.Template
	reads    []string
	err      *formula.Error
}

func (c *checker) compile(source string) compiled {
	if known, ok := c.compiled["f"+source]; ok {
		return known
	}
	f, err := formula.Compile(source)
	result := compiled{formula: f, err: asError(err)}
	if err == nil {
		result.reads = f.Reads()
	}
	c.compiled["f"+source] = result
	return result
}

func (c *checker) compileTemplate(source string) compiled {
	if known, ok := c.compiled["t"+source]; ok {
		return known
	}
	t, err := formula.ParseTemplate(source)
	result := compiled{template: t, err: asError(err)}
	if err == nil {
		reads := map[string]bool{}
		for _, part := range t.Parts() {
			if part.Formula != nil {
				for _, name := range part.Formula.Reads() {
					reads[name] = true
				}
			}
		}
		result.reads = slices.Sorted(maps.Keys(reads))
	}
	c.compiled["t"+source] = result
	return result
}

// asError gives package formula's own error, which all of its errors are.
func asError(err error) *formula.Error {
	if e, ok := errors.AsType[*formula.Error](err); ok {
		return e
	}
	return nil
}

func (c *checker) formulaError(at Place, err *formula.Error) {
	at.Line, at.Column = err.Line, err.Column
	c.error(at, err.Key, err.Args...)
}

// formulaLeaf checks a formula: that it can be read, and what it reads.
func (c *checker) formulaLeaf(at Place, l *procedure.Leaf, source string) {
	f := c.compile(source)
	if f.err != nil {
		c.formulaError(at, f.err)
		return
	}
	c.noteReads(at, l, source, f.reads)
	for _, name := range f.reads {
		c.read(at, l, name)
	}
	c.fitting(at, f.formula)
	c.noteOperands(at, f.formula)
	if l.Is("files") && c.p != nil {
		c.mayHoldFiles(at, source)
	}
	for word, wanted := range wantedTypes {
		if l.Is(word) && c.p != nil {
			c.mayHold(at, source, wanted, c.scope(c.p))
		}
	}
}

// wantedTypes are the words by which a role says what a formula must give.
var wantedTypes = map[string]procedure.VariableType{
	"truth": procedure.TypeBoolean, "list": procedure.TypeList, "number": procedure.TypeNumber,
}

// template checks a template that is not a text, like an address.
func (c *checker) template(at Place, l *procedure.Leaf, source string) {
	c.placeholders(at, l, source)
	if !l.Is("url") {
		return
	}
	before, _, found := strings.Cut(source, "{{")
	if found && before == "" {
		return // looked at when it is used
	}
	if m := schemePattern.FindStringSubmatch(before); m != nil {
		if scheme := strings.ToLower(m[1]); scheme != "http" && scheme != "https" {
			c.error(at, "check.address_scheme", source)
		} else if userInfo.MatchString(before) {
			c.error(at, "check.literal_secret")
		} else if !found && !hostPattern.MatchString(source) {
			c.error(at, "check.address", source)
		}
		return
	}
	relative := strings.HasPrefix(before, "/") && !strings.HasPrefix(before, "//") && !strings.Contains(before, `\`)
	if s := c.steps[at.Step]; s != nil && (s.End != nil && relative || s.REST != nil && s.REST.Connector != "") {
		return
	}
	c.error(at, "check.address", source)
}

var (
	userInfo    = regexp.MustCompile(`^[A-Za-z]+://[^/?#]*:[^/?#]*@`)
	hostPattern = regexp.MustCompile(`^[A-Za-z]+://[^/?#\s]+`)
)

// read checks that a name a formula reads is there, here.
func (c *checker) read(at Place, l *procedure.Leaf, name string) {
	root, rest, _ := strings.Cut(name, ".")
	rest, more, _ := strings.Cut(rest, ".")
	switch root {
	case "item", "index":
		if !c.inBody(at.Step) {
			c.onlyWhere(at, l, root, "item")
		}
	case "result", "form", "value":
		c.onlyWhere(at, l, root, root)
	case "date", "user", "env":
		if known := procedure.RootNames[root]; rest != "" && !slices.Contains(known, rest) {
			c.warn(at, "check.unknown_name", rest, root, strings.Join(known, ", "))
		}
	}
	if c.p == nil || rest == "" {
		return
	}
	scope := c.scope(c.p)
	switch root {
	case "var":
		if !scope.knows(rest) {
			c.error(at, "check.unknown_variable", rest).Fix = c.declaration(rest)
		}
	case "session":
		if _, declared := c.sessions[rest]; !declared {
			c.error(at, "check.unknown_session", rest)
		}
	case "param":
		if _, ok := scope.inputs[rest]; !ok {
			c.error(at, "check.unknown_input", rest)
		}
	case "step":
		c.readStep(at, rest, more)
	}
}

// onlyWhere refuses a root outside the places that have it.
func (c *checker) onlyWhere(at Place, l *procedure.Leaf, root, where string) {
	if !l.Is(where) {
		c.error(at, "check.not_here", root)
	}
}

func (c *checker) readStep(at Place, id, property string) {
	s := c.steps[id]
	switch {
	case s == nil:
		c.error(at, "check.unknown_step", id)
	case !s.GivesResult():
		c.error(at, "check.no_result", id)
	case property != "" && property != "result":
		c.error(at, "check.only_result", id, property)
	}
}

// notSecret refuses to show a secret.
func (c *checker) notSecret(at Place, name string) {
	root, rest, _ := strings.Cut(name, ".")
	if c.p == nil {
		return
	}
	of := map[string]map[string]procedure.VariableType{"var": c.scope(c.p).types, "param": c.scope(c.p).inputs, "session": c.sessions}[root]
	if c.scope(c.p).hold[root+"."+rest] {
		c.error(at, "check.secret_held", rest)
		return
	}
	for secret, is := range of {
		if is == procedure.TypeSecret && (secret == rest || rest == "") {
			c.error(at, "check.secret_shown", cmp.Or(rest, root))
			return
		}
	}
}
