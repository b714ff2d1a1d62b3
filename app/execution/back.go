package execution

import (
	"slices"
	"time"

	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/message"
	"selfhelp/app/fault"
)

// takeBack shows the page before again, with the variables as they were then
// and the answer as it was given.
func (r *run) takeBack(in Input) error {
	if !r.canBack(r.here()) {
		return fault.New(fault.Conflict, "execution.no_back")
	}
	r.draft(in)
	from := r.top().Step
	target := len(r.s.Trail) - 1
	if r.s.Stand == journey.AtPage {
		target--
	}
	r.backTo(target)
	if r.err != nil {
		return nil
	}
	r.log(Event{Kind: EventBack, Step: from, To: r.top().Step, Place: target + 1})
	r.presentAgain()
	return nil
}

// backTo makes the journey what it was just before a page of the trail was
// shown.
func (r *run) backTo(target int) {
	r.s.Rewind(r.s.Undo)
	for i := len(r.s.Trail) - 1; i > target; i-- {
		r.s.Rewind(r.s.Trail[i].Undo())
		r.s.Trail = r.s.Trail[:i:i]
	}
	m := r.s.Trail[target]
	r.unarrive()
	r.s.Stand, r.s.Key, r.s.Slot, r.s.Until = journey.AtPage, "", "", 0
	r.s.Ended, r.s.Outputs, r.s.Lists, r.s.Thanked = "", nil, nil, false
	if len(r.s.Frames) == 0 {
		r.err = fault.New(fault.Invalid, "execution.token")
		return
	}
	r.top().Step = m.Step
	if r.enterFrame(); r.err == nil {
		r.speak()
	}
}

// presentAgain shows the page of the step where a Back led.
func (r *run) presentAgain() {
	n := r.here()
	if n == nil {
		r.stop(message.Fails("step.unknown"))
		return
	}
	r.walk(r.present(n))
}

// Show makes a page of the trail again, by its name, in a turn whose state is
// that of the page: what is answered there goes on from there. An empty name
// is where the execution stands. A page that is not on the trail is a
// fault.NotFound; one that lies behind a page from which nobody may go back is
// a fault.Conflict. Showing is no move: the turn has no events to append.
func Show(lib Library, s State, name string, now time.Time) (Turn, error) {
	r := begin(lib, s, now)
	if r.err == nil && len(r.s.Frames) == 0 {
		return Turn{}, fault.New(fault.Invalid, "execution.token")
	}
	if r.err != nil {
		return Turn{}, r.err
	}
	target, here := r.placeOf(name)
	if here {
		return r.unchanged(s)
	}
	if target < 0 {
		return Turn{}, fault.New(fault.NotFound, "execution.not_on_trail")
	}
	if r.barred(target) {
		return Turn{}, fault.New(fault.Conflict, "execution.no_back")
	}
	r.backTo(target)
	if r.err != nil {
		return Turn{}, r.err
	}
	r.s.Chain = keyFrom(s.Chain, "show", name)
	r.presentAgain()
	r.s.Seq = s.Seq
	t, err := r.turn(r.s.Chain)
	t.Events = nil
	return t, err
}

// barred reports whether a page after the target, or where the execution
// stands, may not be gone back from.
func (r *run) barred(target int) bool {
	if n := r.here(); n != nil && n.Step.NoBack {
		return true
	}
	return slices.ContainsFunc(r.s.Trail[target+1:], func(m journey.Mark) bool {
		prog, err := r.lib.Program(m.Procedure)
		if err != nil {
			return true
		}
		n := prog.Node(m.Step)
		return n != nil && n.Step.NoBack
	})
}
