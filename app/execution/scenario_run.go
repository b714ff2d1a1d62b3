package execution

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// scenarioDay is when a scenario happens that says nothing else.
var scenarioDay = time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)

// maxUnseen bounds what happens between two moves of a scenario.
const maxUnseen = 1000

// RunScenario runs a scenario as a test and says what differs. Nothing is
// really called: effects are answered by the scenario's mocks, then by the
// step's own, then by a plausible one. Waits pass at once.
func RunScenario(lib Library, proj *procedure.Project, s *procedure.Scenario) ScenarioResult {
	x := &rehearsal{lib: lib, scenario: s, now: scenarioDay, mocked: map[string]int{}}
	x.result = ScenarioResult{ID: s.ID, Name: s.Name}
	if x.begin(proj) {
		x.moves()
		x.compare()
	}
	x.result.Coverage = coverageOf(x.result.Events)
	x.result.OK = len(x.result.Differences) == 0
	return x.result
}

// rehearsal is a scenario being run.
type rehearsal struct {
	lib      Library
	scenario *procedure.Scenario
	result   ScenarioResult
	now      time.Time
	turn     Turn
	pages    []string // the words of each page shown
	effects  []*Effect
	mocked   map[string]int // replies given, by step
}

// differ notes a difference.
func (x *rehearsal) differ(place, wanted, got string) {
	x.result.Differences = append(x.result.Differences, Difference{place, wanted, got})
}

func (x *rehearsal) begin(proj *procedure.Project) bool {
	s := x.scenario
	c := Context{ID: "scenario-" + s.ID, Entry: s.Procedure, Version: "test", Language: s.Language, Channel: "test", User: s.User, Params: s.Params, Test: true}
	if c.Language == "" && len(proj.Languages) > 0 {
		c.Language = proj.Languages[0]
	}
	c.Groups = textsIn(s.User["groups"])
	if s.At != "" {
		at, err := time.Parse(time.RFC3339, s.At)
		if err != nil {
			x.differ("at", "an instant like 2026-01-15T09:00:00Z", s.At)
			return false
		}
		x.now = at
	}
	turn, err := Start(x.lib, c, x.now)
	if err != nil {
		x.differ("start", "an execution of "+s.Procedure, saidOf(err))
		return false
	}
	x.take(turn)
	return x.settle("start")
}

// take keeps what a turn made.
func (x *rehearsal) take(t Turn) {
	x.turn = t
	x.result.Events = append(x.result.Events, t.Events...)
	if t.Page != nil {
		x.pages = append(x.pages, wordsOn(t.Page))
	}
	if t.Effect != nil {
		x.effects = append(x.effects, t.Effect)
	}
}

// settle answers effects and lets waits pass until a page wants an answer.
func (x *rehearsal) settle(place string) bool {
	for range maxUnseen {
		in := Input{Kind: DoResume}
		switch {
		case x.turn.Effect != nil:
			res := x.reply(x.turn.Effect)
			in = Input{Kind: DoResult, Result: &res}
		case x.turn.Page.Kind == PageWait:
			if until := x.turn.Page.Wait.Until; until.After(x.now) {
				x.now = until
			}
		case x.turn.Page.Kind != PageBreakpoint:
			return true
		}
		turn, err := Advance(x.lib, x.turn.State, in, x.now)
		if err != nil {
			x.differ(place, "the execution to go on", saidOf(err))
			return false
		}
		x.take(turn)
	}
	x.differ(place, "a page", fmt.Sprintf("%d effects and waits in a row", maxUnseen))
	return false
}

// reply is what an effect is answered: the scenario's replies for its step in
// their order, the last one again when there are no more.
func (x *rehearsal) reply(e *Effect) EffectResult {
	var replies []procedure.Reply
	for _, m := range x.scenario.Mocks {
		if m.Step == e.Step {
			replies = append(replies, m)
		}
	}
	if len(replies) == 0 {
		return MockResult(e)
	}
	m := replies[min(x.mocked[e.Step], len(replies)-1)]
	x.mocked[e.Step]++
	mocked := *e
	mocked.Mock = m.Result
	res := MockResult(&mocked)
	if m.Fails != "" {
		res.Status, res.Error = EffectStatus(m.Fails), "mocked"
		if res.Status == EffectHTTP && res.Code < 400 {
			res.Code = 500
		}
	}
	return res
}

// moves makes the moves one after another, until one cannot be made.
func (x *rehearsal) moves() {
	for i, m := range x.scenario.Moves {
		place := fmt.Sprintf("move %d", i+1)
		if m.Step != "" {
			place += " (" + m.Step + ")"
		}
		if m.Step != "" && !x.isShowing(m.Step) {
			x.differ(place, "page "+m.Step, x.showing())
			return
		}
		turn, err := Advance(x.lib, x.turn.State, x.input(m), x.now)
		if err != nil {
			x.differ(place, "a move that can be made", saidOf(err))
			return
		}
		x.take(turn)
		switch refused := len(turn.Problems) > 0; {
		case refused && !m.Refused:
			x.differ(place, "an answer that is taken", "refused: "+problemsLine(turn.Problems))
			return
		case !refused && m.Refused:
			x.differ(place, "an answer that is refused", "it was taken")
		}
		if !x.settle(place) {
			return
		}
	}
}

func (x *rehearsal) isShowing(step string) bool {
	return x.turn.Page != nil && x.turn.Page.Step == step
}

// showing says what shows, for a difference.
func (x *rehearsal) showing() string {
	p := x.turn.Page
	switch {
	case p == nil:
		return "no page"
	case p.Kind == PageEnd:
		return "the end " + p.Step + " (" + string(p.Ending.Outcome) + ")"
	case p.Kind == PageProblem:
		return "a problem at " + p.Step + x.cause()
	}
	return "page " + p.Step
}

// cause tells the last failure of the log.
func (x *rehearsal) cause() string {
	for _, e := range slices.Backward(x.result.Events) {
		if e.Kind == EventFailed {
			return strings.TrimRight(": "+Message{Key: e.Text, Args: argsOf(e.Value)}.In("en")+" "+e.Note, " ")
		}
	}
	return ""
}

func argsOf(v any) []any {
	args, _ := v.([]any)
	return args
}

// input is a move as an input. A move without an answer goes on with what the
// page offers to who has nothing to say.
func (x *rehearsal) input(m procedure.Move) Input {
	switch m.Do {
	case "back":
		return Input{Kind: DoBack}
	case "restart":
		return Input{Kind: DoRestart}
	}
	in := Input{Kind: DoAnswer, Data: m.Answer}
	if p := x.turn.Page; in.Data == nil {
		switch p.Kind {
		case PageText:
			if len(p.Buttons) == 1 {
				in.Data = p.Buttons[0].ID
			}
		case PageLink:
			in.Data = true
		case PageForm, PageFeedback:
			in.Data = map[string]any{}
		case PageChoices, PageTable, PageUpload:
			in.Data = []any{}
		}
	}
	return in
}

func problemsLine(problems map[string]Message) string {
	var lines []string
	for input, m := range problems {
		if input != "" && input != NameAnswer {
			lines = append(lines, input+": "+m.In("en"))
		} else {
			lines = append(lines, m.In("en"))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "; ")
}

// saidOf is what a failure says to people.
func saidOf(err error) string {
	key, args := fault.TextOf(err)
	return Message{Key: key, Args: args}.In("en")
}
