package execution

import (
	"maps"
	"time"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/fault"
	"selfhelp/app/formula"
)

// The limits of one turn and of a journey.
const (
	maxSteps      = 500    // automatic steps in a row, an iteration of a for-each counting for itself
	maxIterations = 10_000 // of all for-each steps of a turn
	maxAllSteps   = 20_000 // automatic steps of a turn, iterations included
	maxCalls      = 20     // procedures inside each other
	maxTrail      = 300    // pages a person can go back
	maxEvents     = 4000   // edges and changes one turn writes down; more are counted only
)

// run is one turn being made: a copy of the state that is changed freely, and
// what came of it.
type run struct {
	program.Scene // of the last frame

	lib Library
	s   journey.Copy
	was State // what the turn began from, empty when nothing of it is to come back

	steps, iterations, all int
	changed                map[string]any // variables the present step gave values
	events                 []Event
	trimmed                int // events only counted
	room                   int // bytes the state will take, about
	problems               map[string]message.Message
	given                  *entry.Posted // what was posted, when it must be shown again
	view                   sheet         // of a table
	lent                   any           // notes of the outputs a call reads
	replayed               bool          // values that are masked were right
	page                   *Page
	effect                 *Effect
	err                    error // the turn cannot be made at all
}

// sheet is the part of a table that is in sight.
type sheet struct {
	words string
	place int
}

// begin copies a state for one turn.
func begin(lib Library, s State, now time.Time) *run {
	r := &run{lib: lib, s: journey.Edit(s), was: s, room: len(s.Packed) + 192}
	r.Now, r.Budget, r.Roots, r.Told = now, formula.NewBudget(), r.roots, r.told
	r.enterFrame()
	return r
}

// enterFrame turns to the program of the last frame.
func (r *run) enterFrame() {
	r.Forget()
	if len(r.s.Frames) == 0 || r.err != nil {
		return
	}
	uid := r.top().Procedure
	if r.Program != nil && r.Procedure.UID == uid {
		return
	}
	prog, err := r.lib.Program(uid)
	if err != nil {
		r.err = fault.Because(fault.KindOf(err), err, "execution.unavailable")
		return
	}
	r.turnTo(prog)
}

// turnTo makes a program the present one.
func (r *run) turnTo(prog *Program) {
	r.Program = prog
	r.speak()
}

// speak lists the languages texts are looked for in; formulas read the first.
func (r *run) speak() {
	r.Speak(r.s.Language(), r.s.Context.Languages)
	r.Forget()
}

// top returns the frame where the execution stands.
func (r *run) top() *journey.Frame { return &r.s.Frames[len(r.s.Frames)-1] }

// depth returns the index of the last frame.
func (r *run) depth() int { return len(r.s.Frames) - 1 }

// here returns the step where the execution stands, nil when the procedure no
// longer has it.
func (r *run) here() *program.Node { return r.Node(r.top().Step) }

// put gives a value to a name of the journey.
func (r *run) put(at journey.Slot, frame int, name string, value any) {
	if r.s.Put(at, frame, name, value) {
		r.Forget()
	}
}

// drop removes a name of the journey.
func (r *run) drop(at journey.Slot, frame int, name string) {
	if r.s.Drop(at, frame, name) {
		r.Forget()
	}
}

// push begins a frame.
func (r *run) push(f journey.Frame) {
	r.s.Push(f)
	r.enterFrame()
}

// pop ends the last frame.
func (r *run) pop() {
	r.s.Pop()
	r.enterFrame()
}

// log appends an event about the step where the execution stands.
func (r *run) log(e Event) {
	if len(r.events) >= maxEvents && (e.Kind == EventEdge || e.Kind == EventChanged) {
		r.trimmed++
		return
	}
	r.s.Seq++
	e.Seq, e.At, e.Version = r.s.Seq, r.Now, r.s.Context.Version
	if len(r.s.Frames) > 0 {
		top := r.top()
		e.Procedure, e.Depth = top.Procedure, r.depth()
		if e.Step == "" {
			e.Step = top.Step
		}
		if n := r.Node(e.Step); n != nil {
			e.Type = n.Kind
		}
	}
	if r.events == nil {
		r.events = make([]Event, 0, 3)
	}
	r.events = append(r.events, e)
}

// roots makes what formulas read, by root.
func (r *run) roots() formula.Vars {
	f, brought := r.top(), r.s.Context.Brought()
	vars := formula.Vars{
		"user": object(brought.User), "param": object(f.Params), "step": object(f.Results),
		"var": object(r.s.Frames[f.Owner].Vars), "session": object(r.s.Shared),
		"conv": object(brought.Conv), "env": r.env(),
		"date": map[string]any{"today": r.Now.Format(time.DateOnly), "now": r.Now.Format(time.RFC3339)},
		"item": nil, "index": nil, "result": nil, "value": nil, "form": nil,
	}
	if id := r.loop(); id != "" {
		i := r.loopIndex(id)
		vars["item"], vars["index"] = r.loopItem(id, i), float64(i)
	}
	return vars
}

// env is what the platform says of itself, and the language of the pages, which
// is the person's only until a step changes it.
func (r *run) env() map[string]any {
	brought := r.s.Context.Brought().Env
	env := make(map[string]any, len(brought)+1)
	maps.Copy(env, brought)
	env["language"] = r.s.Language()
	return env
}

// object is a root that holds nothing rather than being nothing.
func object(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// refuse says what is wrong with an answer.
func (r *run) refuse(input, key string, args ...any) {
	if r.problems == nil {
		r.problems = map[string]message.Message{}
	}
	if _, already := r.problems[input]; !already {
		r.problems[input] = message.Say(key, args...)
	}
}
