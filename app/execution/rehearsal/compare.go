package rehearsal

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"selfhelp/app/execution"
	"selfhelp/app/execution/journey"
	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// compare says what is not as the scenario expects.
func (x *rehearsal) compare() {
	want := x.scenario.Expect
	if want.Outcome != "" && x.turn.State.Outcome() != want.Outcome {
		x.differ(Spot{Kind: SpotOutcome}, Fact{Kind: FactOutcome, Outcome: want.Outcome}, x.outcome())
	}
	if want.Showing != "" && !x.isShowing(want.Showing) {
		x.differ(Spot{Kind: SpotShowing}, Fact{Kind: FactPage, Step: want.Showing}, x.showing())
	}
	x.compareSteps(want.Steps)
	for i, text := range want.Texts {
		if !slices.ContainsFunc(x.pages, func(page string) bool { return strings.Contains(page, oneLine(text)) }) {
			x.differ(Spot{Kind: SpotText, N: i + 1}, Fact{Kind: FactText, Text: text}, shortly(x.pages))
		}
	}
	for _, name := range journey.SortedKeys(want.Variables) {
		x.compareVariable(name, want.Variables[name])
	}
	x.compareEffects(want.Effects)
}

func (x *rehearsal) outcome() Fact {
	if outcome := x.turn.State.Outcome(); outcome != "" {
		return Fact{Kind: FactOutcome, Outcome: outcome}
	}
	shows := x.showing()
	return Fact{Kind: FactUnended, Shows: &shows}
}

// compareSteps compares the steps visited up to the first that differs.
func (x *rehearsal) compareSteps(want []string) {
	got := x.visited()
	if want == nil || slices.Equal(got, want) {
		return
	}
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	at := func(list, of []string) Fact {
		if i < len(list) {
			return Fact{Kind: FactStep, Step: list[i], Steps: of}
		}
		return Fact{Kind: FactNoMore, Steps: of}
	}
	x.differ(Spot{Kind: SpotStep, N: i + 1}, at(want, nil), at(got, got))
}

// visited are the steps, in order.
func (x *rehearsal) visited() (steps []string) {
	for _, s := range execution.Report(nil, x.result.Events).Steps {
		steps = append(steps, s.Step)
	}
	return steps
}

func (x *rehearsal) compareVariable(name string, want any) {
	if got := x.variable(name); !equal(want, got) {
		x.differ(Spot{Kind: SpotVariable, Name: name}, Fact{Kind: FactValue, Value: want}, Fact{Kind: FactValue, Value: got})
	}
}

// variable is the value a name of an expectation has at the end.
func (x *rehearsal) variable(name string) any {
	if bare, session := strings.CutPrefix(name, "session."); session {
		return x.turn.State.Shared[bare]
	}
	if v, ok := x.turn.State.Variables()[name]; ok {
		return v
	}
	return x.turn.State.Shared[name]
}

func (x *rehearsal) compareEffects(want []procedure.WantedEffect) {
	if want == nil {
		return
	}
	for i, w := range want {
		spot := Spot{Kind: SpotEffect, N: i + 1, Step: w.Step}
		if i >= len(x.effects) {
			x.differ(spot, Fact{Kind: FactEffect, Step: w.Step}, Fact{Kind: FactNoMore})
			return
		}
		e := x.effects[i]
		if e.Step != w.Step {
			x.differ(spot, Fact{Kind: FactEffect, Step: w.Step}, Fact{Kind: FactEffect, Step: e.Step})
			return
		}
		for _, name := range journey.SortedKeys(w.Holds) {
			got, found := held(e.Request, name)
			if !found || !contains(w.Holds[name], got) {
				x.differ(Spot{Kind: SpotHolds, N: i + 1, Step: w.Step, Name: name}, Fact{Kind: FactValue, Value: w.Holds[name]}, Fact{Kind: FactValue, Value: got})
			}
		}
	}
	if len(x.effects) > len(want) {
		x.differ(Spot{Kind: SpotEffects}, Fact{Kind: FactCalls, Count: len(want)}, Fact{Kind: FactCalls, Count: len(x.effects), Step: x.effects[len(want)].Step})
	}
}

// held finds a value of a request by its name: among its lists of names and
// values, in the object that is its body, or of the request itself.
func held(request map[string]any, name string) (any, bool) {
	for _, list := range []string{"fields", "values", "query", "headers"} {
		pairs, _ := request[list].([]any)
		for _, pair := range pairs {
			if p, ok := pair.(map[string]any); ok && p["name"] == name {
				return p["value"], true
			}
		}
	}
	if body, ok := request["body"].(map[string]any); ok {
		if v, ok := body[name]; ok {
			return v, true
		}
	}
	v, ok := request[name]
	return v, ok
}

// contains reports whether a value is the wanted one, or a text that holds it,
// or a list that does.
func contains(want, got any) bool {
	if equal(want, got) {
		return true
	}
	wanted, isText := want.(string)
	switch got := got.(type) {
	case string:
		return isText && wanted != "" && strings.Contains(got, wanted)
	case []any:
		return slices.ContainsFunc(got, func(item any) bool { return equal(want, item) })
	}
	return false
}

// equal compares values as people write them: YAML's whole numbers are
// numbers, and the last digits of a division do not count.
func equal(want, got any) bool {
	a, errA := formula.Normalize(want)
	b, errB := formula.Normalize(got)
	if errA != nil || errB != nil {
		return false
	}
	x, isNumber := a.(float64)
	if y, both := b.(float64); isNumber && both {
		return math.Abs(x-y) <= 1e-9*math.Max(1, math.Abs(x))
	}
	return written(a) == written(b)
}

// written writes a value for a line.
func written(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

// wordsOn collects what a person reads on a page.
func wordsOn(p *execution.Page) string {
	words := []string{p.Heading, p.Title, p.Plain(), p.Problem}
	for _, b := range p.Buttons {
		words = append(words, b.Text)
	}
	for _, a := range p.Answers {
		words = append(words, a.Text, a.Hint)
	}
	for _, f := range p.Fields {
		words = append(words, f.Label, f.Help, f.Placeholder, f.Problem)
		words = append(words, f.Values...)
		for _, o := range f.Options {
			words = append(words, o.Text)
		}
	}
	if p.Table != nil {
		for _, row := range p.Table.Rows {
			words = append(words, row.Cells...)
		}
	}
	if p.Link != nil {
		words = append(words, p.Link.Text, p.Link.URL)
	}
	if p.Ending != nil && p.Ending.Ticket != nil {
		words = append(words, p.Ending.Ticket.Number)
	}
	return oneLine(strings.Join(words, "\n"))
}

// oneLine makes words comparable wherever lines break.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// shortly is the last of several long texts, cut.
func shortly(pages []string) Fact {
	if len(pages) == 0 {
		return Fact{Kind: FactNoText}
	}
	last := []rune(pages[len(pages)-1])
	return Fact{Kind: FactPages, Text: string(last[:min(len(last), 300)])}
}

// coverageOf collects the steps and edges of a log.
func coverageOf(events []execution.Event) Coverage {
	c := Coverage{Steps: map[string][]string{}, Edges: map[string][]string{}}
	add := func(m map[string][]string, procedure, what string) {
		if !slices.Contains(m[procedure], what) {
			m[procedure] = append(m[procedure], what)
		}
	}
	for _, e := range events {
		if e.Step != "" && e.Kind != execution.EventStarted {
			add(c.Steps, e.Procedure, e.Step)
		}
		if e.Kind == execution.EventEdge {
			add(c.Edges, e.Procedure, e.Step+" "+e.Edge)
		}
	}
	for _, m := range []map[string][]string{c.Steps, c.Edges} {
		for uid := range m {
			slices.Sort(m[uid])
		}
	}
	return c
}
