package rehearsal

import (
	"slices"
	"time"

	"selfhelp/app/execution"
	"selfhelp/app/execution/journey"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// scenarioDay is when a scenario happens that says nothing else.
var scenarioDay = time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)

// maxUnseen bounds what happens between two moves of a scenario.
const maxUnseen = 1000

// Run runs a scenario as a test and says what differs. Nothing is
// really called: effects are answered by the scenario's mocks, then by the
// step's own, then by a plausible one. Waits pass at once.
func Run(lib execution.Library, proj *procedure.Project, s *procedure.Scenario) Result {
	x := &rehearsal{lib: lib, scenario: s, now: scenarioDay, mocked: map[string]int{}}
	x.result = Result{ID: s.ID, Name: s.Name}
	if x.begin(proj) {
		x.moves()
		x.compare()
		x.tell()
	}
	x.result.Coverage = coverageOf(x.result.Events)
	x.result.OK = len(x.result.Differences) == 0
	return x.result
}

// rehearsal is a scenario being run.
type rehearsal struct {
	lib      execution.Library
	scenario *procedure.Scenario
	result   Result
	now      time.Time
	turn     execution.Turn
	pages    []string // the words of each page shown
	effects  []*execution.Effect
	mocked   map[string]int // replies given, by step
}

// differ notes a difference.
func (x *rehearsal) differ(at Spot, want, have Fact) {
	x.result.Differences = append(x.result.Differences, Difference{Place: at.String(), Wanted: want.String(), Got: have.String(), Spot: at, Want: want, Have: have})
}

func (x *rehearsal) begin(proj *procedure.Project) bool {
	s := x.scenario
	c := execution.Context{ID: "scenario-" + s.ID, Entry: s.Procedure, Version: "test", Language: s.Language, Channel: "test", User: s.User, Params: s.Params, Test: true}
	if c.Language == "" && len(proj.Languages) > 0 {
		c.Language = proj.Languages[0]
	}
	c.Groups = groupsOf(s.User)
	if s.At != "" {
		at, err := time.Parse(time.RFC3339, s.At)
		if err != nil {
			x.differ(Spot{Kind: SpotInstant}, Fact{Kind: FactInstant}, Fact{Kind: FactWritten, Text: s.At})
			return false
		}
		x.now = at
	}
	turn, err := execution.Start(x.lib, c, x.now)
	if err != nil {
		x.differ(Spot{Kind: SpotStart}, Fact{Kind: FactStarted, Text: s.Procedure}, saidOf(err))
		return false
	}
	x.take(turn)
	return x.settle(Spot{Kind: SpotStart})
}

// take keeps what a turn made.
func (x *rehearsal) take(t execution.Turn) {
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
func (x *rehearsal) settle(at Spot) bool {
	for range maxUnseen {
		in := execution.Input{Kind: execution.DoResume}
		switch {
		case x.turn.Effect != nil:
			res := x.reply(x.turn.Effect)
			in = execution.Input{Kind: execution.DoResult, Result: &res}
		case x.turn.Page.Kind == execution.PageWait:
			if until := x.turn.Page.Wait.Until; until.After(x.now) {
				x.now = until
			}
		case x.turn.Page.Kind != execution.PageBreakpoint:
			return true
		}
		turn, err := execution.Advance(x.lib, x.turn.State, in, x.now)
		if err != nil {
			x.differ(at, Fact{Kind: FactGoesOn}, saidOf(err))
			return false
		}
		x.take(turn)
	}
	x.differ(at, Fact{Kind: FactAnyPage}, Fact{Kind: FactEndless, Count: maxUnseen})
	return false
}

// reply is what an effect is answered: the scenario's replies for its step in
// their order, the last one again when there are no more.
func (x *rehearsal) reply(e *execution.Effect) execution.EffectResult {
	var replies []procedure.Reply
	for _, m := range x.scenario.Mocks {
		if m.Step == e.Step {
			replies = append(replies, m)
		}
	}
	if len(replies) == 0 {
		return execution.MockResult(e)
	}
	m := replies[min(x.mocked[e.Step], len(replies)-1)]
	x.mocked[e.Step]++
	mocked := *e
	mocked.Mock = m.Result
	res := execution.MockResult(&mocked)
	if m.Fails != "" {
		res.Status, res.Error = execution.EffectStatus(m.Fails), "mocked"
		if res.Status == execution.EffectHTTP && res.Code < 400 {
			res.Code = 500
		}
	}
	return res
}

// moves makes the moves one after another, until one cannot be made.
func (x *rehearsal) moves() {
	for i, m := range x.scenario.Moves {
		at := Spot{Kind: SpotMove, N: i + 1, Step: m.Step}
		x.meet()
		if m.Step != "" && !x.isShowing(m.Step) {
			x.differ(at, Fact{Kind: FactPage, Step: m.Step}, x.showing())
			return
		}
		turn, err := execution.Advance(x.lib, x.turn.State, x.input(m), x.now)
		if err != nil {
			x.differ(at, Fact{Kind: FactMovable}, saidOf(err))
			return
		}
		x.take(turn)
		switch refused := len(turn.Problems) > 0; {
		case refused && !m.Refused:
			x.differ(at, Fact{Kind: FactTaken}, refusedFor(turn.Problems))
			return
		case !refused && m.Refused:
			x.differ(at, Fact{Kind: FactRefusal}, Fact{Kind: FactWasTaken})
		}
		x.made(turn)
		if !x.settle(at) {
			return
		}
	}
}

func (x *rehearsal) isShowing(step string) bool {
	return x.turn.Page != nil && x.turn.Page.Step == step
}

// showing says what shows, for a difference.
func (x *rehearsal) showing() Fact {
	p := x.turn.Page
	switch {
	case p == nil:
		return Fact{Kind: FactNoPage}
	case p.Kind == execution.PageEnd:
		return Fact{Kind: FactEnd, Step: p.Step, Outcome: p.Ending.Outcome}
	case p.Kind == execution.PageProblem:
		f := Fact{Kind: FactProblem, Step: p.Step}
		f.Said, f.Text = x.cause()
		return f
	}
	return Fact{Kind: FactPage, Step: p.Step}
}

// cause tells the last failure of the log.
func (x *rehearsal) cause() ([]Said, string) {
	for _, e := range slices.Backward(x.result.Events) {
		if e.Kind == execution.EventFailed {
			return []Said{{Message: execution.Message{Key: e.Text, Args: argsOf(e.Value)}}}, e.Note
		}
	}
	return nil, ""
}

func argsOf(v any) []any {
	args, _ := v.([]any)
	return args
}

// input is a move as an input. A move without an answer goes on with what the
// page offers to who has nothing to say.
func (x *rehearsal) input(m procedure.Move) execution.Input {
	switch m.Do {
	case "back":
		return execution.Input{Kind: execution.DoBack}
	case "restart":
		return execution.Input{Kind: execution.DoRestart}
	}
	in := execution.Input{Kind: execution.DoAnswer, Data: m.Answer}
	if p := x.turn.Page; in.Data == nil {
		switch p.Kind {
		case execution.PageText:
			if len(p.Buttons) == 1 {
				in.Data = p.Buttons[0].ID
			}
		case execution.PageLink:
			in.Data = true
		case execution.PageForm, execution.PageFeedback:
			in.Data = map[string]any{}
		case execution.PageChoices, execution.PageTable, execution.PageUpload:
			in.Data = []any{}
		}
	}
	return in
}

// refusedFor tells why an answer was refused.
func refusedFor(problems map[string]execution.Message) Fact {
	f := Fact{Kind: FactRefused}
	for _, input := range journey.SortedKeys(problems) {
		s := Said{Message: problems[input]}
		if input != execution.NameAnswer {
			s.Field = input
		}
		f.Said = append(f.Said, s)
	}
	return f
}

// saidOf is what a failure says to people.
func saidOf(err error) Fact {
	key, args := fault.TextOf(err)
	return Fact{Kind: FactSaid, Said: []Said{{Message: execution.Message{Key: key, Args: args}}}}
}

// groupsOf returns the groups a scenario gives its person.
func groupsOf(user map[string]any) []string {
	var groups []string
	listed, _ := user["groups"].([]any)
	for _, g := range listed {
		if name, ok := g.(string); ok {
			groups = append(groups, name)
		}
	}
	return groups
}
