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
		r.page.Trail = r.crumbs()
	}
}

// overflow stops an execution whose values have grown too large to carry: the
// values go, the log stays.
func (r *run) overflow(turn string) error {
	r.page, r.effect, r.problems = nil, nil, nil
	r.stop(message.Fails("execution.too_large"))
	where, key := r.s.Where, r.s.Key
	r.s.Clear()
	r.s.Chain = turn
	r.push(journey.Frame{Procedure: r.s.Context.Entry})
	r.s.Stand, r.s.Where, r.s.Key = journey.AtProblem, where, key
	r.standing()
	if r.err != nil {
		return r.err
	}
	if !r.fits() {
		return fault.New(fault.TooLarge, "execution.too_large")
	}
	return nil
}
