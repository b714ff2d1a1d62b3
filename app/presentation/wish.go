package presentation

import (
	"context"
	"encoding/json"

	"selfhelp/app/fault"
	"selfhelp/app/peer"
	"selfhelp/store"
	"selfhelp/store/extract"
)

// WishesAtOnce is of how many people wishes travel in one answer.
const WishesAtOnce = 100

// wishes answers which passwords people chose here that the edition server does not have.
func (p *Presentation) wishes(ctx context.Context, _ peer.Ask) ([]byte, error) {
	all, err := p.store.Content.Wishes(ctx, WishesAtOnce)
	if err != nil {
		return nil, err
	}
	return json.Marshal(all)
}

// wishesDone ends those that the edition server took or refused.
func (p *Presentation) wishesDone(ctx context.Context, q peer.Ask) ([]byte, error) {
	var all []store.WishDone
	if err := json.Unmarshal(q.Body, &all); err != nil {
		return nil, fault.Because(fault.Invalid, err, "fault.peer.body")
	}
	if err := p.store.Content.EndWishes(ctx, all); err != nil {
		return nil, err
	}
	// A password that was refused is to go: the next extract is adopted, also where it is
	// that of before.
	return p.ended(ctx)
}

// ended has the next extract adopted, and answers up to which none waits.
func (p *Presentation) ended(ctx context.Context) ([]byte, error) {
	if err := p.change(func(m *Membership) { m.Extract = "" }); err != nil {
		return nil, err
	}
	now, err := p.store.Content.Taken(ctx)
	if err != nil {
		return nil, err
	}
	return json.Marshal(now)
}

// again has those wait again that an edition server took and that was put back since.
func (p *Presentation) again(ctx context.Context, q peer.Ask) ([]byte, error) {
	var after extract.Taken
	if err := json.Unmarshal(q.Body, &after); err != nil {
		return nil, fault.Because(fault.Invalid, err, "fault.peer.body")
	}
	now, err := p.store.Content.Again(ctx, after)
	if err != nil {
		return nil, err
	}
	return json.Marshal(now)
}
