package procedure

import (
	"slices"
	"strings"

	"selfhelp/app/formula"
)

// groupsRead is how a formula reads the groups of the person, who are all that
// "user" alone gives too.
var groupsRead = []string{"user.groups", "user"}

// flow is what one value of a procedure is computed from, and what is computed from
// it in turn.
type flow struct {
	reads []string // like "var.x", "step.ask" and "item"
	texts []string // written in it
	gives []string // of the same form
}

// GroupTexts lists the texts that the formulas of a procedure compare with the
// groups of the person: those of formulas that read the groups, and of those that
// read what others made of them, by a variable, a result or a list. What is handed
// to a sub-procedure as an input is not followed there.
func (p *Procedure) GroupTexts() (texts []string) {
	var all []flow
	all = append(all, flowsOf(p, nil)...)
	for i := range p.Steps {
		all = append(all, flowsOfStep(&p.Steps[i])...)
	}
	told := slices.Clone(groupsRead)
	for more := true; more; {
		more = false
		rest := all[:0:0]
		for _, f := range all {
			if !slices.ContainsFunc(f.reads, func(name string) bool { return slices.Contains(told, name) }) {
				rest = append(rest, f)
				continue
			}
			more = true
			texts, told = append(texts, f.texts...), append(told, f.gives...)
		}
		all = rest
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// GroupNames lists the names of groups that a procedure is for, or answers in it are,
// and the texts that its formulas compare with the groups of the person.
func (p *Procedure) GroupNames() []string {
	names := append(p.GroupTexts(), p.Audience...)
	for _, s := range p.Steps {
		if s.Question != nil {
			names = append(names, audiences(s.Question.Answers)...)
		}
		if s.Choices != nil {
			names = append(names, audiences(s.Choices.Answers)...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func audiences(answers []Answer) (names []string) {
	for _, a := range answers {
		names = append(names, a.Audience...)
	}
	return names
}

func flowsOfStep(s *Step) (all []flow) {
	gives := []string{"step." + s.ID}
	switch {
	case s.Set != nil:
		for _, a := range s.Set.Values {
			f := flowOf(a.Value)
			f.gives = []string{targetRead(a.Name)}
			all = append(all, f)
		}
		return all
	case s.Script != nil:
		return []flow{flowOfScript(s.Script, gives)}
	case s.Call != nil:
		for _, b := range s.Call.Outputs {
			gives = append(gives, targetRead(b.Name))
		}
	}
	if s.Each != nil {
		gives = append(gives, "item", "index")
	}
	return flowsOf(s, gives)
}

// flowsOf are those of the formulas and templates below a value.
func flowsOf(v any, gives []string) (all []flow) {
	add := func(f flow) {
		f.gives = gives
		all = append(all, f)
	}
	Walk(v, Visitor{Leaf: func(l Leaf) {
		switch t := l.Text(); {
		case l.Property.Role == "formula":
			for _, source := range l.Words() {
				add(flowOf(source))
			}
		case t != nil && l.Is("template"):
			for _, words := range t.In {
				add(flowOfTemplate(words))
			}
			for _, d := range t.Dated {
				for _, words := range d.In {
					add(flowOfTemplate(words))
				}
			}
		case l.Property.Role == "template":
			for _, source := range l.Words() {
				add(flowOfTemplate(source))
			}
		}
	}})
	return all
}

// flowOf is that of one formula; one that cannot be read reads nothing.
func flowOf(source string) (f flow) {
	if compiled, err := formula.Compile(source); err == nil {
		f.with(compiled)
	}
	return f
}

func flowOfTemplate(words string) (f flow) {
	if !strings.Contains(words, "{{") {
		return f
	}
	t, err := formula.ParseTemplate(words)
	if err != nil {
		return f
	}
	for _, part := range t.Parts() {
		if part.Formula != nil {
			f.with(part.Formula)
		}
	}
	return f
}

func flowOfScript(s *Script, gives []string) (f flow) {
	for _, b := range s.Inputs {
		in := flowOf(b.Value)
		f.reads, f.texts = append(f.reads, in.reads...), append(f.texts, in.texts...)
	}
	if compiled, err := formula.CompileScript(s.Source); err == nil {
		f.texts = append(f.texts, compiled.Texts()...)
	}
	for _, name := range s.Outputs {
		gives = append(gives, targetRead(name))
	}
	f.gives = gives
	return f
}

func (f *flow) with(compiled *formula.Formula) {
	for _, name := range compiled.Reads() {
		parts := strings.Split(name, ".")
		switch parts[0] {
		case "item", "index":
			name = parts[0]
		case "step":
			name = strings.Join(parts[:min(2, len(parts))], ".")
		}
		f.reads = append(f.reads, name)
	}
	f.texts = append(f.texts, compiled.Texts()...)
}

// targetRead is how formulas read what stands for a target, like "x" or "session.x".
func targetRead(target string) string {
	if strings.HasPrefix(target, "session.") {
		return target
	}
	return "var." + strings.TrimPrefix(target, "var.")
}
