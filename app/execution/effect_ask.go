package execution

import (
	"strconv"
	"time"

	"selfhelp/app/execution/effect"
	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
)

// ask stops for an effect of a step: its own, or the call that fetches one of
// its lists.
func (r *run) ask(n *program.Node, list string) error {
	q, err := r.request(n, list)
	if err != nil {
		return err
	}
	r.s.Stand, r.s.Slot, r.s.Until = journey.AtEffect, list, r.Now.UnixMilli()
	r.s.Key = r.effectKey(n, list, q)
	if r.effect, err = r.effectOf(n, q); err != nil {
		return err
	}
	r.log(Event{Kind: EventAsked, Key: r.s.Key, Text: string(q.Kind), Value: q.Shown, Masked: q.Secret != program.Open})
	return nil
}

// askAgain makes the effect the execution waits for once more, the same as the
// first time.
func (r *run) askAgain() error {
	n := r.here()
	if n == nil {
		return message.Fails("step.unknown")
	}
	now := r.Now
	r.Now = time.UnixMilli(r.s.Until).In(now.Location())
	r.Forget()
	q, err := r.request(n, r.s.Slot)
	r.Now = now
	r.Forget()
	if err != nil {
		return err
	}
	r.effect, err = r.effectOf(n, q)
	return err
}

// request computes what a step asks.
func (r *run) request(n *program.Node, list string) (*effect.Request, error) {
	if list == "" {
		return effect.Ask(&r.Scene, n.Step, effect.Person{Groups: r.s.Context.Groups, Sent: r.s.FileSent})
	}
	call := r.listCall(n, list)
	if call == nil {
		return nil, message.Fails("step.unknown").Because("no call for the list " + list)
	}
	return effect.AskList(&r.Scene, call)
}

func (r *run) effectOf(n *program.Node, q *effect.Request) (e *Effect, err error) {
	e = &Effect{
		Key: r.s.Key, Procedure: r.top().Procedure, Step: n.Step.ID, Kind: q.Kind, Connector: q.Connector, Request: q.Real,
		Timeout: time.Duration(n.Step.Seconds) * time.Second, Retries: q.Retries, Test: r.s.Context.Test || r.s.Context.Mock,
	}
	switch {
	case !e.Test:
	case r.s.Slot == "":
		e.Mock, err = effect.Mock(&r.Scene, n.Step, e)
	default:
		e.Mock, err = effect.MockList(&r.Scene, r.listCall(n, r.s.Slot))
	}
	return e, err
}

// effectKey names an effect by where it stands in the journey and what it
// asks: Back and the same answers give the same key, a second round of a loop
// or another request gives another.
func (r *run) effectKey(n *program.Node, list string, q *effect.Request) string {
	b := &journey.Bytes{}
	for _, s := range []string{r.s.Context.ID, strconv.Itoa(r.s.Restarts), r.top().Procedure, n.Step.ID, list, string(q.Kind)} {
		b.Text(s)
	}
	b.Number(r.round(n, list))
	b.Object(q.Real)
	return b.Digest()
}

// round tells apart the times a journey asks the same: how many effects came
// before, and for the list of a page, how often the page did.
func (r *run) round(n *program.Node, list string) float64 {
	if list != "" {
		return float64(r.visits(n.Step.ID))
	}
	count, _ := r.s.Cells[journey.CellEffects].(float64)
	r.put(journey.SlotCell, 0, journey.CellEffects, count+1)
	return count
}
