package rehearsal

import (
	"fmt"
	"slices"
	"strings"

	"selfhelp/app/execution"
	"selfhelp/app/procedure"
)

// FactKind says what a side of a difference tells.
type FactKind string

// What may be wanted or found.
const (
	FactOutcome  FactKind = "outcome"   // it ended with Outcome
	FactUnended  FactKind = "unended"   // it has not ended; Shows says what shows
	FactPage     FactKind = "page"      // the page of Step
	FactEnd      FactKind = "end"       // the end Step, with Outcome
	FactProblem  FactKind = "problem"   // a problem at Step; Said and Text say why
	FactNoPage   FactKind = "no_page"   // nothing shows
	FactStep     FactKind = "step"      // Step was visited, among Steps when they are told
	FactNoMore   FactKind = "no_more"   // nothing more
	FactText     FactKind = "text"      // Text on a page
	FactPages    FactKind = "pages"     // pages that say Text at the end
	FactNoText   FactKind = "no_text"   // pages that say nothing
	FactValue    FactKind = "value"     // Value
	FactEffect   FactKind = "effect"    // a call of Step
	FactCalls    FactKind = "calls"     // Count calls, the first one too many of Step
	FactMovable  FactKind = "movable"   // a move that can be made
	FactSaid     FactKind = "said"      // what the engine said
	FactTaken    FactKind = "taken"     // an answer that is taken
	FactWasTaken FactKind = "was_taken" // it was taken
	FactRefusal  FactKind = "refusal"   // an answer that is refused
	FactRefused  FactKind = "refused"   // it was refused, for what was Said
	FactStarted  FactKind = "started"   // an execution of the procedure Text
	FactGoesOn   FactKind = "goes_on"   // the execution goes on
	FactInstant  FactKind = "instant"   // an instant
	FactWritten  FactKind = "written"   // Text, as it is written
	FactAnyPage  FactKind = "any_page"  // a page
	FactEndless  FactKind = "endless"   // Count effects and waits in a row
)

// Said is a sentence of the engine, about a field when it has a name.
type Said struct {
	Field   string
	Message execution.Message
}

// Fact is one side of a difference, to be told in any language.
type Fact struct {
	Kind    FactKind
	Step    string
	Steps   []string
	Outcome procedure.Outcome
	Text    string
	Value   any
	Count   int
	Said    []Said
	Shows   *Fact
}

// String tells the fact in English, for terminals.
func (f Fact) String() string {
	switch f.Kind {
	case FactOutcome:
		return string(f.Outcome)
	case FactUnended:
		return "none, " + f.Shows.String()
	case FactPage:
		return "page " + f.Step
	case FactEnd:
		return "the end " + f.Step + " (" + string(f.Outcome) + ")"
	case FactProblem:
		return "a problem at " + f.Step + f.cause()
	case FactStep:
		if f.Steps != nil {
			return f.Step + " (visited: " + strings.Join(f.Steps, ", ") + ")"
		}
		return f.Step
	case FactNoMore:
		if f.Steps != nil {
			return "no more (visited: " + strings.Join(f.Steps, ", ") + ")"
		}
		return "no more"
	case FactText:
		return fmt.Sprintf("%q on a page", f.Text)
	case FactPages:
		return fmt.Sprintf("pages that say %q at the end", f.Text)
	case FactValue:
		return written(f.Value)
	case FactEffect:
		return "one of step " + f.Step
	case FactCalls:
		if f.Step != "" {
			return fmt.Sprintf("%d, the next one of step %s", f.Count, f.Step)
		}
		return fmt.Sprint(f.Count)
	case FactSaid:
		return f.sentences("; ")
	case FactRefused:
		return "refused: " + f.sentences("; ")
	case FactStarted:
		return "an execution of " + f.Text
	case FactWritten:
		return f.Text
	case FactEndless:
		return fmt.Sprintf("%d effects and waits in a row", f.Count)
	}
	return plainFacts[f.Kind]
}

var plainFacts = map[FactKind]string{
	FactNoPage: "no page", FactNoText: "pages that say nothing", FactMovable: "a move that can be made", FactTaken: "an answer that is taken",
	FactWasTaken: "it was taken", FactRefusal: "an answer that is refused", FactGoesOn: "the execution to go on",
	FactInstant: "an instant like 2026-01-15T09:00:00Z", FactAnyPage: "a page",
}

// cause is why there is a problem.
func (f Fact) cause() string {
	if len(f.Said) == 0 {
		return ""
	}
	return strings.TrimRight(": "+f.sentences("; ")+" "+f.Text, " ")
}

func (f Fact) sentences(between string) string {
	var lines []string
	for _, s := range f.Said {
		line := s.Message.In("en")
		if s.Field != "" {
			line = s.Field + ": " + line
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return strings.Join(lines, between)
}

// SpotKind says what a difference is about.
type SpotKind string

// What a difference may be about.
const (
	SpotStart    SpotKind = "start"
	SpotInstant  SpotKind = "at"
	SpotMove     SpotKind = "move"    // N, of Step
	SpotOutcome  SpotKind = "outcome" //
	SpotShowing  SpotKind = "showing"
	SpotStep     SpotKind = "step"     // N
	SpotText     SpotKind = "text"     // N
	SpotVariable SpotKind = "variable" // Name
	SpotEffect   SpotKind = "effect"   // N
	SpotHolds    SpotKind = "holds"    // N, of Step: the value Name of its request
	SpotEffects  SpotKind = "effects"
)

// Spot is what a difference is about.
type Spot struct {
	Kind SpotKind
	N    int // from 1
	Step string
	Name string
}

// String names the spot in English, for terminals.
func (s Spot) String() string {
	switch s.Kind {
	case SpotMove:
		if s.Step != "" {
			return fmt.Sprintf("move %d (%s)", s.N, s.Step)
		}
		return fmt.Sprintf("move %d", s.N)
	case SpotStep, SpotText, SpotEffect:
		return fmt.Sprintf("%s %d", s.Kind, s.N)
	case SpotVariable:
		return "variable " + s.Name
	case SpotHolds:
		return fmt.Sprintf("effect %d (%s), %s", s.N, s.Step, s.Name)
	}
	return string(s.Kind)
}
