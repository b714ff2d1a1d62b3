package execution

import (
	"slices"

	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/message"
	"selfhelp/app/fault"
)

// turn closes the turn that was made.
func (r *run) turn(key string) (Turn, error) {
	r.standing()
	if r.err != nil {
		return Turn{}, r.err
	}
	r.s.Chain = key
	if r.trimmed > 0 {
		r.log(Event{Kind: EventTrimmed, Value: float64(r.trimmed)})
	}
	if !r.fits() {
		r.shed()
	}
	if !r.fits() {
		if err := r.overflow(key); err != nil {
			return Turn{}, err
		}
	}
	return Turn{
		Key: key, State: r.s.State, Page: r.page, Effect: r.effect, Ended: endedOf(r.page), Events: r.events, Problems: r.problems,
	}, nil
}

// fits packs the state and reports whether it is small enough.
func (r *run) fits() bool {
	r.s.Packed = r.s.Pack(make([]byte, 0, r.room))
	return len(r.s.Packed) <= journey.MaxState
}

// shed makes room: first the answers of pages no longer on the trail, then the
// older half of the trail and what brings it back.
func (r *run) shed() {
	r.s.Kept = slices.DeleteFunc(slices.Clone(r.s.Kept), func(a journey.Answer) bool {
		return !slices.ContainsFunc(r.s.Trail, func(m journey.Mark) bool {
			return m.Step == a.Step && m.Nth == a.Nth && m.Procedure == a.Procedure
		})
	})
	for len(r.s.Trail) > 1 && !r.fits() {
		half := len(r.s.Trail) / 2
		r.s.Trail = slices.Clone(r.s.Trail[half:])
		r.s.Trail[0].NoWayBack()
	}
	if r.page != nil {
		r.page.Trail, r.page.Address = r.crumbs(), r.nameOf(r.page.Procedure, r.page.Step)
	}
}

// overflow stops an execution whose values have grown too large to carry: the
// values of this turn go, the log stays. The journey stands at the problem as
// the turn found it, so that Back leads to the page that was answered; when
// even that does not fit, only Restart is left.
func (r *run) overflow(turn string) error {
	r.page, r.effect, r.problems = nil, nil, nil
	r.stop(message.Fails("execution.too_large"))
	kept, now, at := r.s.Kept, r.s.State, journey.Frame{Procedure: r.top().Procedure, Step: r.s.Where}
	if len(r.was.Frames) > 0 {
		r.s = journey.Edit(r.was)
		r.s.Seq, r.s.Restarts, r.s.Aside, r.s.Kept = now.Seq, now.Restarts, now.Aside, kept
		r.standAt(at, now.Key, turn)
		if !r.fits() { // what was typed takes room too
			r.s.Kept = r.was.Kept
			r.shed()
		}
	}
	if len(r.was.Frames) == 0 || !r.fits() {
		r.s.Clear()
		r.standAt(at, now.Key, turn)
	}
	r.standing()
	if r.err != nil {
		return r.err
	}
	if !r.fits() {
		return fault.New(fault.TooLarge, "execution.too_large")
	}
	return nil
}

// standAt puts the execution at a problem of a step, in the frame where it
// stands when that is of the step's procedure.
func (r *run) standAt(f journey.Frame, key, turn string) {
	r.s.Chain, r.s.Stand, r.s.Where, r.s.Key = turn, journey.AtProblem, f.Step, key
	r.s.Slot, r.s.Until, r.s.Lists = "", 0, nil
	if len(r.s.Frames) > 0 && r.top().Procedure == f.Procedure {
		r.top().Step = f.Step
		r.enterFrame()
		return
	}
	f.Owner = len(r.s.Frames)
	r.push(f)
}
