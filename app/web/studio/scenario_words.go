package studio

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"selfhelp/app/edition"
	"selfhelp/app/execution/rehearsal"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/store"
)

// ScenariosURL is the page of the scenarios of a project, or of one of them.
func ScenariosURL(project, id string) string {
	if id == "" {
		return "/studio/p/" + project + "/scenarios"
	}
	return "/studio/p/" + project + "/scenarios/" + id
}

// Draft is what a project is played from: everything as it is written now, and
// what the others of its domain share with it.
func (s *Studio) Draft(v *frame.Visit, p store.Project, whole *procedure.Project) (*edition.Draft, error) {
	shared, err := s.Edition.SharedWith(v.Context(), p, whole)
	if err != nil || len(shared) == 0 {
		return edition.NewDraft(whole), err
	}
	others, err := s.Edition.Sharing(v.Context(), p)
	return edition.NewDraft(whole, others...), err
}

// Teller tells of a scenario in the person's language, with the titles of the
// steps that its procedure passes.
type Teller struct {
	studio *Studio
	v      *frame.Visit
	passed []*procedure.Procedure
}

// TellerOf returns the teller of a procedure's scenarios.
func (s *Studio) TellerOf(v *frame.Visit, whole *procedure.Project, uid string) Teller {
	return Teller{s, v, rehearsal.Passed(whole, uid)}
}

// Step is the title of a step. One that is gone is told by its id.
func (t Teller) Step(id string) string {
	for _, p := range t.passed {
		if step := p.Step(id); step != nil {
			return t.studio.stepTitle(t.v, step)
		}
	}
	return t.v.Words.T("differs.gone", id)
}

// Has reports whether the step is still there.
func (t Teller) Has(id string) bool {
	return slices.ContainsFunc(t.passed, func(p *procedure.Procedure) bool { return p.Step(id) != nil })
}

// Differences tells what is not as a scenario expects, a sentence each.
func (t Teller) Differences(r rehearsal.Result) (lines []string) {
	for _, d := range r.Differences {
		lines = append(lines, t.v.Words.T("differs.line", t.spot(d.Spot), t.fact(d.Want), t.fact(d.Have)))
	}
	return lines
}

func (t Teller) spot(s rehearsal.Spot) string {
	words, key := t.v.Words, "differs.at."+string(s.Kind)
	switch s.Kind {
	case rehearsal.SpotMove:
		if s.Step != "" {
			return words.T(key+".of", s.N, t.Step(s.Step))
		}
		return words.T(key, s.N)
	case rehearsal.SpotStep, rehearsal.SpotText, rehearsal.SpotEffect:
		return words.T(key, s.N)
	case rehearsal.SpotVariable:
		return words.T(key, s.Name)
	case rehearsal.SpotHolds:
		return words.T(key, s.N, t.Step(s.Step), s.Name)
	}
	return words.T(key)
}

func (t Teller) fact(f rehearsal.Fact) string {
	words, key := t.v.Words, "differs."+string(f.Kind)
	switch f.Kind {
	case rehearsal.FactOutcome:
		return words.T(key, t.Outcome(f.Outcome))
	case rehearsal.FactUnended:
		return words.T(key, t.fact(*f.Shows))
	case rehearsal.FactPage, rehearsal.FactEffect:
		return words.T(key, t.Step(f.Step))
	case rehearsal.FactEnd:
		return words.T(key, t.Step(f.Step), t.Outcome(f.Outcome))
	case rehearsal.FactProblem:
		if len(f.Said) > 0 {
			return words.T(key+".for", t.Step(f.Step), strings.TrimSpace(t.said(f.Said)+" "+f.Text))
		}
		return words.T(key, t.Step(f.Step))
	case rehearsal.FactStep:
		return t.among(words.T(key, t.Step(f.Step)), f.Steps)
	case rehearsal.FactNoMore:
		return t.among(words.T(key), f.Steps)
	case rehearsal.FactText, rehearsal.FactPages, rehearsal.FactWritten:
		return words.T(key, f.Text)
	case rehearsal.FactValue:
		return Value(f.Value)
	case rehearsal.FactCalls:
		if f.Step != "" {
			return words.T(key+".more", f.Count, t.Step(f.Step))
		}
		return words.T(key, f.Count)
	case rehearsal.FactSaid, rehearsal.FactRefused:
		return words.T(key, t.said(f.Said))
	case rehearsal.FactEndless:
		return words.T(key, f.Count)
	}
	return words.T(key)
}

// among adds the steps that were visited.
func (t Teller) among(words string, visited []string) string {
	if visited == nil {
		return words
	}
	return t.v.Words.T("differs.visited", words, t.Path(visited))
}

// Path writes steps as a way.
func (t Teller) Path(steps []string) string {
	names := make([]string, len(steps))
	for i, id := range steps {
		names[i] = t.Step(id)
	}
	return strings.Join(names, " → ")
}

// said are sentences of the engine, or of the house where it has none.
func (t Teller) said(list []rehearsal.Said) string {
	var lines []string
	for _, s := range list {
		line := t.v.Sentence(s.Message.Key, s.Message.Args)
		if s.Field != "" {
			line = t.v.Words.T("player.field_problem", strings.TrimPrefix(s.Field, "f."), line)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, " ")
}

// Outcome is an outcome in words; of none, that it has not ended.
func (t Teller) Outcome(o procedure.Outcome) string {
	if o == "" {
		return t.v.Words.T("outcome.going_on")
	}
	return t.v.Words.T("outcome." + string(o))
}

// Value writes a value as forms and sentences have it: a text as it is, all
// else as JSON.
func Value(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	written, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(written)
}
