package execution

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"selfhelp/app/execution/journey"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// Replayed compares an execution with its replay.
type Replayed struct {
	Same  bool    `json:"same"`
	Where string  `json:"where,omitempty"` // first difference, when not the same
	Path  []Event `json:"path"`            // events of the replay
}

// Replay runs an execution again from its log, giving the same answers and
// replies at the same instants, and compares the paths. The events of a report
// are enough as long as no masked value decides the way, but for a choice, which
// the edge taken tells; the unmasked log always is, but for secrets.
func Replay(lib Library, events []Event) (Replayed, error) {
	if len(events) == 0 || events[0].Kind != EventStarted {
		return Replayed{}, fault.New(fault.Invalid, "execution.no_start")
	}
	p := &player{lib: lib}
	if err := p.start(events[0]); err != nil {
		return Replayed{}, fmt.Errorf("replay %s: %w", events[0].Key, err)
	}
	for i, e := range events[1:] {
		if err := p.play(unmasked(e, events[i+2:])); err != nil {
			return Replayed{Where: fmt.Sprintf("%s at %s: %v", e.Kind, e.Step, err), Path: p.path}, nil
		}
	}
	where := differs(events, p.path)
	return Replayed{Same: where == "", Where: where, Path: p.path}, nil
}

// unmasked gives an answer that is masked as a whole the value that the edge
// taken after it tells, if it tells one.
func unmasked(e Event, later []Event) Event {
	if e.Kind != EventAnswered || e.Value != Mask || e.Private != nil {
		return e
	}
	i := slices.IndexFunc(later, func(l Event) bool { return l.Kind == EventEdge && l.Step == e.Step })
	if i < 0 {
		return e
	}
	kind, choice, chosen := strings.Cut(later[i].Edge, ".")
	switch {
	case chosen && (kind == "answer" || kind == "button"):
		e.Private = choice
	case e.Type == procedure.StepConfirm:
		e.Private = kind == "yes"
	case e.Type == procedure.StepHandover:
		e.Private = kind == "next"
	}
	return e
}

// player gives the moves of a log to the engine.
type player struct {
	lib  Library
	turn Turn
	path []Event
	seen []Turn // every page that was shown
}

func (p *player) keep(t Turn) {
	p.turn = t
	p.path = append(p.path, t.Events...)
	if t.Page != nil {
		p.seen = append(p.seen, t)
	}
}

func (p *player) start(e Event) error {
	public, _ := e.Value.(map[string]any)
	private, _ := e.Private.(map[string]any)
	c := Context{ID: e.Key, Entry: e.Procedure, Version: e.Version}
	c.Language, _ = public["language"].(string)
	c.Channel, _ = public["channel"].(string)
	c.Params, _ = public["params"].(map[string]any)
	if private != nil {
		c.Params, _ = private["params"].(map[string]any)
		c.User, _ = private["user"].(map[string]any)
		c.Conv, _ = private["conv"].(map[string]any)
		c.Env, _ = private["env"].(map[string]any)
		c.Given, _ = private["given"].(map[string]any)
		c.Test, _ = private["test"].(bool)
		c.Mock, _ = private["mock"].(bool)
		c.From, _ = private["from"].(string)
		c.Groups, c.Languages = textsIn(private["groups"]), textsIn(private["languages"])
	}
	t, err := Start(p.lib, c, e.At)
	if err != nil {
		return err
	}
	p.keep(t)
	return nil
}

func textsIn(v any) []string {
	items, _ := v.([]any)
	texts := make([]string, 0, len(items))
	for _, item := range items {
		if s, ok := item.(string); ok {
			texts = append(texts, s)
		}
	}
	return texts
}

// play gives the engine the move an event tells of; most events are no moves.
func (p *player) play(e Event) error {
	switch e.Kind {
	case EventAnswered:
		return p.answer(e)
	case EventReplied:
		return p.reply(e)
	case EventBack:
		return p.move(Input{Kind: DoBack}, e.At)
	case EventRestart:
		return p.move(Input{Kind: DoRestart}, e.At)
	case EventPaused:
		return p.move(Input{Kind: DoPause}, e.At)
	case EventSpoken:
		return p.move(Input{Kind: DoSpeak, Values: map[string][]string{NameSpeak: {e.Text}}}, e.At)
	case EventResumed:
		return p.move(Input{Kind: DoResume}, e.At)
	}
	return nil
}

func (p *player) move(in Input, at time.Time) error {
	t, err := Advance(p.lib, p.turn.State, in, at)
	if err != nil {
		return err
	}
	if len(t.Problems) > 0 {
		return fmt.Errorf("the answer is refused: %s", sentences(t.Problems))
	}
	p.keep(t)
	return nil
}

// sentences says what is wrong with an answer, field by field.
func sentences(problems map[string]Message) string {
	var lines []string
	for _, input := range slices.Sorted(maps.Keys(problems)) {
		lines = append(lines, strings.TrimPrefix(input+": ", ": ")+problems[input].In("en"))
	}
	return strings.Join(lines, "; ")
}

// answer answers the page it was given on: the one that shows, or one shown
// earlier, as a browser's own Back does.
func (p *player) answer(e Event) error {
	data := e.Value
	if e.Private != nil {
		data = e.Private
	}
	if data == nil {
		data = []any{}
	}
	if !p.at(p.turn, e) {
		for _, t := range slices.Backward(p.seen) {
			if p.at(t, e) {
				p.turn = t
				break
			}
		}
	}
	return p.move(Input{Kind: DoAnswer, Step: e.Step, Data: data, replayed: true}, e.At)
}

func (p *player) at(t Turn, e Event) bool {
	return t.Page != nil && t.State.Stand == journey.AtPage && t.Page.Step == e.Step && len(t.State.Trail) == e.Place
}

// reply gives the reply to the effect that is waited for.
func (p *player) reply(e Event) error {
	if p.turn.Effect == nil {
		return fault.New(fault.Conflict, "execution.stale")
	}
	res := EffectResult{Key: p.turn.Effect.Key, Status: EffectStatus(e.Status), Millis: e.Millis, Error: e.Note, Body: e.Value}
	if private, ok := e.Private.(map[string]any); ok {
		code, _ := private["code"].(float64)
		res.Code, res.Body = int(code), private["body"]
		res.Headers = map[string]string{}
		headers, _ := private["headers"].(map[string]any)
		for name, value := range headers {
			res.Headers[name], _ = value.(string)
		}
	}
	return p.move(Input{Kind: DoResult, Result: &res}, e.At)
}

// differs returns the first difference between two paths, "" when there is
// none.
func differs(a, b []Event) string {
	x, y := pathOf(a), pathOf(b)
	for i := range max(len(x), len(y)) {
		was, is := "nothing", "nothing"
		if i < len(x) {
			was = x[i]
		}
		if i < len(y) {
			is = y[i]
		}
		if was != is {
			return fmt.Sprintf("after %d: it was %s, it is %s", i, was, is)
		}
	}
	return ""
}

// pathOf writes the events that make the path.
func pathOf(events []Event) []string {
	var path []string
	for _, e := range events {
		switch e.Kind {
		case EventShown, EventEdge, EventCalled, EventReturned, EventEnded, EventFailed, EventAsked, EventBack, EventRestart:
			line := []string{string(e.Kind), e.Procedure + "/" + e.Step, e.Edge, e.To, e.Status}
			if e.Kind == EventFailed {
				line = append(line, e.Text)
			}
			path = append(path, strings.Join(line, " "))
		}
	}
	return path
}
