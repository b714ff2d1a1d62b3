package execution

import (
	"slices"

	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// What a frame keeps of its for-each steps under way, in frame.loops: the ids
// of those steps, the innermost last, under loopStack, and for each of them
// its list, its place in it and what it collected.
const (
	loopStack     = ""
	loopList      = ".list"
	loopPlace     = ".place"
	loopCollected = ".collected"
)

// usualItems is how long a list may be when the writer has set no limit.
const usualItems = 200

// doEach begins a for-each, or ends an iteration of it when a branch of its
// body comes back.
func (r *run) doEach(s *procedure.Step) (edge, to string, err error) {
	stack := r.loops()
	if at := slices.Index(stack, any(s.ID)); at >= 0 {
		for _, inner := range stack[at+1:] {
			r.endLoop(inner.(string))
		}
		return r.endIteration(s)
	}
	v, is, err := r.Known(s.Each.List)
	if err != nil {
		return "", "", err
	}
	list, ok := v.([]any)
	if !ok && v != nil {
		return "", "", message.Fails("step.type", "list", string(procedure.TypeList)).Because("it is " + string(formula.KindOf(v)))
	}
	if s.Each.Max <= 0 && len(list) > usualItems {
		return "", "", message.Fails("step.too_long", formula.Show(float64(usualItems), r.Language()))
	}
	if s.Each.Max > 0 && len(list) > s.Each.Max {
		list = list[:s.Each.Max]
	}
	d := r.depth()
	r.put(journey.SlotLoop, d, loopStack, append(slices.Clip(stack), any(s.ID)))
	r.put(journey.SlotLoop, d, s.ID+loopList, list)
	r.put(journey.SlotLoop, d, s.ID+loopCollected, []any{})
	r.noteTold(d, toldList+s.ID, is)
	return r.iterate(s, 0)
}

// iterate begins the iteration of one item, or ends the loop after the last.
func (r *run) iterate(s *procedure.Step, place int) (edge, to string, err error) {
	list, _ := r.top().Loops[s.ID+loopList].([]any)
	if place >= len(list) {
		return r.leaveLoop(s)
	}
	r.iterations++
	r.steps = 0
	if r.iterations > maxIterations {
		return "", "", &message.Failure{Key: "step.too_many", Args: []any{maxIterations}, Final: true}
	}
	r.put(journey.SlotLoop, r.depth(), s.ID+loopPlace, float64(place))
	r.Forget()
	if err := r.assign(s.Each.Item, list[place], r.told("item")); err != nil {
		return "", "", err
	}
	if s.Each.Index != "" {
		if err := r.assign(s.Each.Index, float64(place), program.Open); err != nil {
			return "", "", err
		}
	}
	return "body", s.Each.Body, nil
}

// endIteration reads what the writer asks for after each iteration.
func (r *run) endIteration(s *procedure.Step) (edge, to string, err error) {
	place := r.loopIndex(s.ID)
	r.Forget() // item and index of this loop, the inner ones being over
	if s.Each.Collect != "" {
		v, is, err := r.Known(s.Each.Collect)
		if err != nil {
			return "", "", err
		}
		got, _ := r.top().Loops[s.ID+loopCollected].([]any)
		r.put(journey.SlotLoop, r.depth(), s.ID+loopCollected, append(slices.Clip(got), v))
		r.noteTold(r.depth(), toldCollected+s.ID, is)
	}
	if s.Each.Until != "" {
		over, err := r.Truth(s.Each.Until)
		if err != nil {
			return "", "", err
		}
		if over {
			return r.leaveLoop(s)
		}
	}
	return r.iterate(s, place+1)
}

// leaveLoop ends a for-each.
func (r *run) leaveLoop(s *procedure.Step) (edge, to string, err error) {
	collected := r.top().Loops[s.ID+loopCollected]
	is := noted(r.top().Loops[loopTold], toldCollected+s.ID, s.ID)
	r.endLoop(s.ID)
	if s.Each.Into != "" {
		if err := r.assign(s.Each.Into, collected, is); err != nil {
			return "", "", err
		}
	}
	r.setResult(s.ID, collected, is)
	return "next", s.Next, nil
}

// endLoop forgets a for-each.
func (r *run) endLoop(id string) {
	d := r.depth()
	stack := r.loops()
	if i := slices.Index(stack, any(id)); i >= 0 {
		r.put(journey.SlotLoop, d, loopStack, slices.Delete(slices.Clone(stack), i, i+1))
	}
	for _, what := range []string{loopList, loopPlace, loopCollected} {
		r.drop(journey.SlotLoop, d, id+what)
	}
	r.Forget()
}

// loops returns the ids of the for-each steps under way in the last frame.
func (r *run) loops() []any {
	stack, _ := r.top().Loops[loopStack].([]any)
	return stack
}

// loop returns the innermost for-each under way, "" for none.
func (r *run) loop() string {
	stack := r.loops()
	if len(stack) == 0 {
		return ""
	}
	id, _ := stack[len(stack)-1].(string)
	return id
}

func (r *run) loopIndex(id string) int {
	place, _ := r.top().Loops[id+loopPlace].(float64)
	return int(place)
}

func (r *run) loopItem(id string, place int) any {
	list, _ := r.top().Loops[id+loopList].([]any)
	if place < 0 || place >= len(list) {
		return nil
	}
	return list[place]
}
