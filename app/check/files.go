package check

import (
	"slices"
	"strings"

	"selfhelp/app/procedure"
)

// holdFiles are the types of variable that files can stand in.
var holdFiles = []procedure.VariableType{procedure.TypeFile, procedure.TypeList, procedure.TypeObject, ""}

// mayHoldFiles checks that a formula gives files that people sent, where it is
// a single name or value.
func (c *checker) mayHoldFiles(at Place, source string) {
	root, rest, _ := strings.Cut(strings.TrimSpace(source), ".")
	if root == "var" && !strings.Contains(rest, ".") && c.fieldsWithout(rest) {
		c.error(at, "check.gives_no_file", strings.TrimSpace(source))
		return
	}
	if given := c.typeOf(source, c.scope(c.p)); !slices.Contains(holdFiles, given) {
		c.error(at, "check.wrong_type", given, procedure.TypeFile)
		return
	}
	id, rest, _ := strings.Cut(rest, ".")
	if s := c.steps[id]; root == "step" && s != nil && procedure.IsID(id) {
		if field, of := strings.CutPrefix(rest, "result."); !c.givesFiles(s, field, of) {
			c.error(at, "check.gives_no_file", strings.TrimSpace(source))
		}
	}
}

// givesFiles reports whether the result of a step, or what stands under a name
// in it, may be files: those of an upload, of a field, of a call or a loop.
func (c *checker) givesFiles(s *procedure.Step, field string, of bool) bool {
	switch {
	case s.Form != nil:
		name, _, _ := strings.Cut(field, "[")
		fields := c.fieldsOf(s.Form)
		i := slices.IndexFunc(fields, func(f procedure.Field) bool { return fieldName(&f) == name })
		return of && i >= 0 && fields[i].Type.TakesFiles()
	case s.Upload != nil:
		return !of
	}
	return s.Call != nil || s.Each != nil || s.Family() != procedure.Interactive
}

// fieldsWithout reports whether a variable is filled by fields only, none of
// which takes files.
func (c *checker) fieldsWithout(name string) bool {
	filled := false
	for _, s := range c.steps {
		if s.Form == nil {
			continue
		}
		for _, f := range c.fieldsOf(s.Form) {
			if fieldName(&f) != name {
				continue
			}
			if f.Type.TakesFiles() {
				return false
			}
			filled = true
		}
	}
	declared := slices.ContainsFunc(c.p.Variables, func(v procedure.Variable) bool { return v.Name == name })
	return filled && !declared
}
