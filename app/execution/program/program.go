// Package program knows a procedure made ready to run: its steps found by id,
// its formulas and texts compiled once, how far its values may be told, and the
// scene in which formulas are computed and texts rendered. It refuses to know
// journeys and pages.
//
// Its main names are Program, Scene and Secret.
package program

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/formula"
	"selfhelp/app/procedure"
	"selfhelp/app/richtext"
)

// Program is one compiled procedure, safe for concurrent use. Formulas and
// texts are compiled at their first use and once: a procedure of a thousand
// steps is ready at once, and a writer can test one that is not finished, as a
// broken formula fails only the step that has it.
type Program struct {
	Procedure *procedure.Procedure // not to be changed, nor Project
	Project   *procedure.Project
	Start     *Node
	Secrecy   Secrecy

	nodes map[string]*Node
	dated bool // resources say different things on different days

	formulas  memo[string, made[*Formula]]
	templates memo[string, made[*formula.Template]]
	scripts   memo[string, made[*formula.Script]]
	patterns  memo[string, made[*formula.Pattern]]
	docs      memo[docKey, doc]
	langs     memo[string, []string]
}

// Node is a step with what the engine wants to know of it quickly.
type Node struct {
	Step   *procedure.Step
	Kind   procedure.StepType
	Fields []*procedure.Field // of a form
	Rest   int                // pages from here to the end in a straight line, this one included; -1: it is not straight
}

// made is something compiled, or why it could not be.
type made[T any] struct {
	it  T
	err error
}

// docKey names one rich text in one language; day is set when its resources
// have dated words.
type docKey struct {
	words, language string
	day             procedure.Date
}

// doc is a rich text, with its HTML when it is the same for everyone.
type doc struct {
	rich *richtext.Doc
	html string
	err  error
}

// Compile makes a procedure ready to run. The project gives its resources and
// languages; neither may be changed afterwards.
func Compile(p *procedure.Procedure, proj *procedure.Project) (*Program, error) {
	if p == nil || proj == nil {
		return nil, fault.New(fault.Invalid, "execution.no_procedure")
	}
	prog := &Program{Procedure: p, Project: proj, nodes: make(map[string]*Node, len(p.Steps))}
	for i := range p.Steps {
		s := &p.Steps[i]
		if prog.nodes[s.ID] != nil {
			return nil, fault.Because(fault.Invalid, fmt.Errorf("step id %q stands twice in %s", s.ID, p.UID), "execution.no_procedure")
		}
		n := &Node{Step: s, Kind: s.Kind(), Fields: fieldsOf(s, proj)}
		prog.nodes[s.ID] = n
		if n.Kind == procedure.StepStart && prog.Start == nil {
			prog.Start = n
		}
	}
	if prog.Start == nil {
		return nil, fault.Because(fault.Invalid, fmt.Errorf("procedure %s has no Start", p.UID), "execution.no_procedure")
	}
	prog.straighten()
	prog.Secrecy = secrecyOf(p, proj)
	prog.dated = hasDatedResources(proj)
	return prog, nil
}

// Node returns the step with an id, nil when there is none.
func (p *Program) Node(id string) *Node { return p.nodes[id] }

// Variable returns the declaration of a variable, nil when there is none.
func (p *Program) Variable(name string) *procedure.Variable {
	for i := range p.Procedure.Variables {
		if p.Procedure.Variables[i].Name == name {
			return &p.Procedure.Variables[i]
		}
	}
	return nil
}

// Input returns the declaration of an input, nil when there is none.
func (p *Program) Input(name string) *procedure.Parameter {
	inputs := p.Start.Step.Start.Inputs
	for i := range inputs {
		if inputs[i].Name == name {
			return &inputs[i]
		}
	}
	return nil
}

// Formula is a compiled formula.
type Formula struct {
	*formula.Formula
	Secret Secret // how far its value may be told
	whole  bool   // it reads a root as a whole: its value may hold maps that will change
}

// Formula compiles a formula.
func (p *Program) Formula(source string) (*Formula, error) {
	m := p.formulas.get(source, func() made[*Formula] {
		f, err := formula.Compile(source)
		if err != nil {
			return made[*Formula]{nil, err}
		}
		return made[*Formula]{p.known(f), nil}
	})
	return m.it, m.err
}

func (p *Program) known(f *formula.Formula) *Formula {
	whole := slices.ContainsFunc(f.Reads(), func(name string) bool { return !strings.Contains(name, ".") })
	return &Formula{Formula: f, Secret: p.Secrecy.OfFormula(f), whole: whole}
}

// Template compiles a text with placeholders.
func (p *Program) Template(source string) (*formula.Template, error) {
	m := p.templates.get(source, func() made[*formula.Template] {
		t, err := formula.ParseTemplate(source)
		return made[*formula.Template]{t, err}
	})
	return m.it, m.err
}

// Script compiles a script.
func (p *Program) Script(source string) (*formula.Script, error) {
	m := p.scripts.get(source, func() made[*formula.Script] {
		s, err := formula.CompileScript(source)
		return made[*formula.Script]{s, err}
	})
	return m.it, m.err
}

// Pattern compiles a writer's pattern, which matches whole values.
func (p *Program) Pattern(source string) (*formula.Pattern, error) {
	m := p.patterns.get(source, func() made[*formula.Pattern] {
		re, err := formula.CompilePattern(source)
		return made[*formula.Pattern]{re, err}
	})
	return m.it, m.err
}

// doc compiles a rich text for a language and a day.
func (p *Program) doc(words, lang string, now time.Time) doc {
	key := docKey{words: words, language: lang}
	if p.dated {
		key.day = procedure.DateOf(now)
	}
	return p.docs.get(key, func() doc {
		rich, err := richtext.Compile(words, p.resolver(lang, now))
		if err != nil || !rich.Static() {
			return doc{rich: rich, err: err}
		}
		html, err := rich.HTML(formula.Vars{}, formula.NewBudget(), lang)
		return doc{rich: rich, html: html, err: err}
	})
}

// HasPlaceholders tells the few texts that must be rendered from the many that
// are shown as they are.
func HasPlaceholders(words string) bool { return strings.Contains(words, "{{") }
