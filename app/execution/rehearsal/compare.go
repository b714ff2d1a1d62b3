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
		x.differ("outcome", string(want.Outcome), x.outcome())
	}
	if want.Showing != "" && !x.isShowing(want.Showing) {
		x.differ("showing", "page "+want.Showing, x.showing())
	}
	x.compareSteps(want.Steps)
	for i, text := range want.Texts {
		if !slices.ContainsFunc(x.pages, func(page string) bool { return strings.Contains(page, oneLine(text)) }) {
			x.differ(fmt.Sprintf("text %d", i+1), fmt.Sprintf("%q on a page", text), fmt.Sprintf("pages that say %s", shortly(x.pages)))
		}
	}
	for _, name := range journey.SortedKeys(want.Variables) {
		x.compareVariable(name, want.Variables[name])
	}
	x.compareEffects(want.Effects)
}

func (x *rehearsal) outcome() string {
	if outcome := x.turn.State.Outcome(); outcome != "" {
		return string(outcome)
	}
	return "none, " + x.showing()
}

// compareSteps compares the steps visited up to the first that differs.
func (x *rehearsal) compareSteps(want []string) {
	if want == nil {
		return
	}
	var got []string
	for _, s := range execution.Report(nil, x.result.Events).Steps {
		got = append(got, s.Step)
	}
	if slices.Equal(got, want) {
		return
	}
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	at := func(list []string) string {
		if i < len(list) {
			return list[i]
		}
		return "no more"
	}
	x.differ(fmt.Sprintf("step %d", i+1), at(want), at(got)+" (visited: "+strings.Join(got, ", ")+")")
}

func (x *rehearsal) compareVariable(name string, want any) {
	var got any
	if bare, session := strings.CutPrefix(name, "session."); session {
		got = x.turn.State.Shared[bare]
	} else if v, ok := x.turn.State.Variables()[name]; ok {
		got = v
	} else {
		got = x.turn.State.Shared[name]
	}
	if !equal(want, got) {
		x.differ("variable "+name, written(want), written(got))
	}
}

func (x *rehearsal) compareEffects(want []procedure.WantedEffect) {
	if want == nil {
		return
	}
	for i, w := range want {
		if i >= len(x.effects) {
			x.differ(fmt.Sprintf("effect %d", i+1), "one of step "+w.Step, "no more")
			return
		}
		e := x.effects[i]
		if e.Step != w.Step {
			x.differ(fmt.Sprintf("effect %d", i+1), "one of step "+w.Step, "one of step "+e.Step)
			return
		}
		for _, name := range journey.SortedKeys(w.Holds) {
			got, found := held(e.Request, name)
			if !found || !contains(w.Holds[name], got) {
				x.differ(fmt.Sprintf("effect %d (%s), %s", i+1, w.Step, name), written(w.Holds[name]), written(got))
			}
		}
	}
	if len(x.effects) > len(want) {
		x.differ("effects", fmt.Sprintf("%d", len(want)), fmt.Sprintf("%d, the next one of step %s", len(x.effects), x.effects[len(want)].Step))
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
func shortly(pages []string) string {
	if len(pages) == 0 {
		return "nothing"
	}
	last := []rune(pages[len(pages)-1])
	return fmt.Sprintf("%q at the end", string(last[:min(len(last), 300)]))
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
