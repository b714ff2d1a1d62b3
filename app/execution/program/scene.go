package program

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"selfhelp/app/execution/message"
	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// Scene is a program at one moment of a journey: what formulas read, what they
// may cost, the instant, and the languages of the person.
type Scene struct {
	*Program
	Now    time.Time
	Langs  []string // of texts, best first; never empty
	Budget *formula.Budget
	Roots  func() formula.Vars // makes what formulas read; a new map each time
	// Told says how far the value of a name formulas read may be told, as far as
	// the journey knows more than what is declared; nil: it knows nothing.
	Told func(name string) Secret

	vars formula.Vars
}

// Speak lists the languages texts are looked for in: the wanted one, the others
// a person reads, then those of the project.
func (s *Scene) Speak(wanted string, others []string) {
	if len(others) == 0 && slices.Contains(s.Project.Languages, wanted) {
		s.Langs = s.languages(wanted)
		return
	}
	s.Langs = ordered(wanted, others, s.Project.Languages)
}

// languages is the usual order, made once for each wanted language.
func (p *Program) languages(wanted string) []string {
	return p.langs.get(wanted, func() []string { return ordered(wanted, nil, p.Project.Languages) })
}

func ordered(wanted string, lists ...[]string) []string {
	langs := make([]string, 0, 4)
	for _, l := range append([]string{wanted}, slices.Concat(lists...)...) {
		if l != "" && !slices.Contains(langs, l) {
			langs = append(langs, l)
		}
	}
	if len(langs) == 0 {
		langs = append(langs, "en")
	}
	return langs
}

// Language returns the language pages are in.
func (s *Scene) Language() string { return s.Langs[0] }

// Values returns what formulas read, by root.
func (s *Scene) Values() formula.Vars {
	if s.vars == nil {
		s.vars = s.Roots()
	}
	return s.vars
}

// Forget makes Values be made again: the journey has changed, or a root was
// lent with Let.
func (s *Scene) Forget() { s.vars = nil }

// Let gives a root a value until Forget.
func (s *Scene) Let(root string, value any) { s.Values()[root] = value }

// Eval computes a formula. The value is safe to keep.
func (s *Scene) Eval(source string) (any, error) {
	v, _, err := s.Known(source)
	return v, err
}

// Known computes a formula and says how far its value may be told. No formula
// gives no value.
func (s *Scene) Known(source string) (any, Secret, error) {
	if source == "" {
		return nil, Open, nil
	}
	f, err := s.Formula(source)
	if err != nil {
		return nil, Open, err
	}
	v, err := f.Eval(s.Values(), s.Budget)
	if err != nil {
		return nil, Open, err
	}
	if f.whole { // the roots themselves change later: a copy does not
		v, err = formula.Normalize(v)
	}
	return v, s.secretOf(f.Formula, f.Secret), err
}

// SecretOf returns how far the value of a formula may be told, without computing
// it. A formula that is not correct fails where it is computed.
func (s *Scene) SecretOf(source string) Secret {
	if source == "" {
		return Open
	}
	f, err := s.Formula(source)
	if err != nil {
		return Open
	}
	return s.secretOf(f.Formula, f.Secret)
}

// SecretOfVariable returns how far the value of a variable may be told, by the
// name an assignment gives it.
func (s *Scene) SecretOfVariable(name string) Secret {
	is := s.Secrecy.OfVariable(name)
	if s.Told == nil {
		return is
	}
	return max(is, s.Told("var."+name), s.Told("session."+name))
}

// secretOf adds what the journey knows to what is declared.
func (s *Scene) secretOf(f *formula.Formula, is Secret) Secret {
	if s.Told == nil {
		return is
	}
	for _, name := range f.Reads() {
		root, rest, _ := strings.Cut(name, ".")
		rest, _, _ = strings.Cut(rest, ".")
		if rest != "" {
			root = name[:len(root)+1+len(rest)]
		}
		is = max(is, s.Told(root))
	}
	return is
}

// Truth computes a condition; none at all holds.
func (s *Scene) Truth(source string) (bool, error) {
	switch source {
	case "", "true":
		return true, nil
	case "false":
		return false, nil
	}
	v, err := s.Eval(source)
	if err != nil {
		return false, err
	}
	return formula.Truth(v)
}

// Pick returns the words of a text before placeholders are filled.
func (s *Scene) Pick(t procedure.Text) (words, lang string) {
	return PickText(t, s.Now, s.Langs)
}

// Text renders a plain text.
func (s *Scene) Text(t procedure.Text) (string, error) {
	words, lang := s.Pick(t)
	if !HasPlaceholders(words) {
		return words, nil
	}
	tpl, err := s.Template(words)
	if err != nil {
		return "", err
	}
	return tpl.Render(s.Values(), s.Budget, lang, asIs)
}

func asIs(s string) string { return s }

// Rich renders a CommonMark text as safe HTML, and says how to have it plain.
func (s *Scene) Rich(t procedure.Text) (html string, plain func() string, err error) {
	words, lang := s.Pick(t)
	if words == "" {
		return "", nil, nil
	}
	d := s.doc(words, lang, s.Now)
	if d.err != nil {
		return "", nil, d.err
	}
	var vars formula.Vars
	html = d.html
	if !d.rich.Static() {
		vars = s.Values()
		if html, err = d.rich.HTML(vars, s.Budget, lang); err != nil {
			return "", nil, err
		}
	}
	plain = func() string {
		words, err := d.rich.Plain(vars, formula.NewBudget(), lang)
		if err != nil {
			return ""
		}
		return words
	}
	return html, plain, nil
}

// SecretOfText returns how far a rendered text may be told.
func (s *Scene) SecretOfText(t procedure.Text) Secret {
	words, _ := s.Pick(t)
	if !HasPlaceholders(words) {
		return Open
	}
	tpl, err := s.Template(words)
	if err != nil {
		return Personal
	}
	is := Open
	for _, p := range tpl.Parts() {
		if p.Formula != nil {
			is = max(is, s.secretOf(p.Formula, s.Secrecy.OfFormula(p.Formula)))
		}
	}
	return is
}

// FailureOf classifies the errors of formulas and texts.
func FailureOf(err error) *message.Failure {
	if f, ok := errors.AsType[*message.Failure](err); ok {
		return f
	}
	if errors.Is(err, formula.ErrBudget) {
		return &message.Failure{Key: "step.budget", Cause: err.Error(), Final: true}
	}
	f := &message.Failure{Key: "step.formula", Cause: err.Error()}
	if e, ok := errors.AsType[*formula.Error](err); ok {
		f.Why = &message.Why{Key: e.Key, Line: e.Line, Column: e.Column}
		for _, a := range e.Args {
			f.Why.Args = append(f.Why.Args, fmt.Sprint(a)) // kinds are told again by their English names
		}
	}
	return f
}
