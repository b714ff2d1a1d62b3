package rehearsal

import (
	"slices"
	"strings"

	"selfhelp/app/execution"
	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/journey"
	"selfhelp/app/procedure"
)

// Happened is what came of the moves of a scenario, whether it was expected or
// not.
type Happened struct {
	Outcome   procedure.Outcome // "" while it has not ended
	Showing   string            // the step whose page shows at the end
	Steps     []string          // visited, in order
	Effects   []string          // steps that asked something of the outside, in order
	Variables []Observed
	Moves     []Moved // those that were reached
	Pages     []string
}

// Observed is a value at the end. One that is personal or secret is not told.
type Observed struct {
	Name  string // as expectations write it: "x" or "session.x"
	Value any
}

// Moved is a move as it went.
type Moved struct {
	Step    string // that showed
	Kind    execution.PageKind
	Options []Option // what could be chosen, on a page with few answers
	Chosen  string   // key of the one the move chooses
	Words   string   // of the answer, as reports tell it
	Made    bool
}

// Option is an answer of a page.
type Option struct{ Key, Text string }

// meet notes the page a move stands before.
func (x *rehearsal) meet() {
	i := len(x.result.Happened.Moves)
	m := Moved{}
	if p := x.turn.Page; p != nil {
		m.Step, m.Kind, m.Options = p.Step, p.Kind, optionsOf(p)
	}
	if i < len(x.scenario.Moves) {
		m.Chosen = keyOf(m, x.scenario.Moves[i].Answer)
	}
	x.result.Happened.Moves = append(x.result.Happened.Moves, m)
}

// made notes that the last move was made, and the words of its answer.
func (x *rehearsal) made(t execution.Turn) {
	m := &x.result.Happened.Moves[len(x.result.Happened.Moves)-1]
	m.Made = true
	for _, e := range t.Events {
		if e.Kind == execution.EventAnswered {
			m.Words = e.Text
		}
	}
}

// optionsOf are the answers of a page that takes one of a few.
func optionsOf(p *execution.Page) (options []Option) {
	switch p.Kind {
	case execution.PageQuestion:
		for _, a := range p.Answers {
			options = append(options, Option{a.Key, a.Text})
		}
	case execution.PageText, execution.PageConfirm, execution.PageHandover:
		for _, b := range p.Buttons {
			options = append(options, Option{b.ID, b.Text})
		}
	}
	return options
}

// keyOf is the key of the option that an answer means, "" when it means none.
func keyOf(m Moved, answer any) string {
	if answer == nil {
		if m.Kind == execution.PageText && len(m.Options) == 1 {
			return m.Options[0].Key
		}
		return ""
	}
	texts := entry.TextsOf(answer)
	if len(texts) != 1 {
		return ""
	}
	text := texts[0]
	has := func(key string) bool {
		return slices.ContainsFunc(m.Options, func(o Option) bool { return o.Key == key })
	}
	if yes, ok := entry.ReadBoolean(text); ok && !has(text) {
		switch {
		case m.Kind == execution.PageConfirm && yes:
			return "yes"
		case m.Kind == execution.PageConfirm:
			return "no"
		case m.Kind == execution.PageHandover && yes:
			return "accept"
		case m.Kind == execution.PageHandover:
			return "refuse"
		}
	}
	if !has(text) && has("="+text) {
		return "=" + text
	}
	if has(text) {
		return text
	}
	return ""
}

// tell notes what has happened in the end.
func (x *rehearsal) tell() {
	h := &x.result.Happened
	h.Outcome, h.Steps, h.Pages = x.turn.State.Outcome(), x.visited(), x.pages
	if p := x.turn.Page; p != nil {
		h.Showing = p.Step
	}
	for _, e := range x.effects {
		h.Effects = append(h.Effects, e.Step)
	}
	hidden := x.hidden()
	own := x.turn.State.Variables()
	for _, name := range journey.SortedKeys(own) {
		if !hidden["var."+name] {
			h.Variables = append(h.Variables, Observed{name, own[name]})
		}
	}
	for _, name := range journey.SortedKeys(x.turn.State.Shared) {
		if !hidden["session."+name] {
			h.Variables = append(h.Variables, Observed{"session." + name, x.turn.State.Shared[name]})
		}
	}
}

// hidden are the names of values that are personal or secret: declared so by
// the procedures that were passed, or masked in the log.
func (x *rehearsal) hidden() map[string]bool {
	names, seen := map[string]bool{}, map[string]bool{}
	for _, e := range x.result.Events {
		if !seen[e.Procedure] {
			seen[e.Procedure] = true
			if p, err := x.lib.Program(e.Procedure); err == nil {
				for name, is := range p.Secrecy {
					names[name] = names[name] || is != 0
				}
			}
		}
		if e.Kind != execution.EventChanged || !e.Masked {
			continue
		}
		changed, _ := e.Value.(map[string]any)
		for name, value := range changed {
			names[name] = names[name] || value == execution.Mask
		}
	}
	return names
}

// ExpectedOf is an expectation made of what has happened, as far as another
// expectation looks: what it leaves out stays out.
func (h Happened) ExpectedOf(old procedure.Expect) procedure.Expect {
	var e procedure.Expect
	if old.Outcome != "" || old.Showing != "" {
		if e.Outcome = h.Outcome; h.Outcome == "" || old.Showing != "" {
			e.Showing = h.Showing
		}
	}
	if old.Steps != nil {
		e.Steps = h.Steps
	}
	for _, text := range old.Texts {
		if slices.ContainsFunc(h.Pages, func(page string) bool { return strings.Contains(page, oneLine(text)) }) {
			e.Texts = append(e.Texts, text)
		}
	}
	for _, v := range h.Variables {
		_, listed := old.Variables[v.Name]
		if bare, ok := strings.CutPrefix(v.Name, "session."); ok && !listed {
			if _, listed = old.Variables[bare]; listed {
				v.Name = bare
			}
		}
		if listed {
			if e.Variables == nil {
				e.Variables = map[string]any{}
			}
			if _, there := e.Variables[v.Name]; !there {
				e.Variables[v.Name] = v.Value
			}
		}
	}
	if old.Effects != nil {
		e.Effects = h.wanted(old.Effects)
	}
	return e
}

// wanted are the effects that happened, with what was looked at in each of the
// same place and step.
func (h Happened) wanted(old []procedure.WantedEffect) []procedure.WantedEffect {
	list := []procedure.WantedEffect{}
	for i, step := range h.Effects {
		w := procedure.WantedEffect{Step: step}
		if i < len(old) && old[i].Step == step {
			w.Holds = old[i].Holds
		}
		list = append(list, w)
	}
	return list
}
