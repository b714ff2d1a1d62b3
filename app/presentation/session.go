package presentation

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/peer"
	"selfhelp/store"
)

// Ends are those of one server, since a time of the other's: sessions that were ended, and
// codes of journeys put aside that were typed, which open nothing any more.
type Ends struct {
	Since      time.Time            `json:"since,omitzero"`
	Ended      []store.EndedSession `json:"ended"`
	TypedSince time.Time            `json:"typedSince,omitzero"`
	Typed      []store.UsedCode     `json:"typed,omitempty"`
}

// endsAtOnce is how many ends of sessions travel in one answer.
const endsAtOnce = 1000

// ends ends the sessions that were ended elsewhere, and answers those ended here.
func (p *Presentation) ends(ctx context.Context, q peer.Ask) ([]byte, error) {
	var theirs Ends
	if err := json.Unmarshal(q.Body, &theirs); err != nil {
		return nil, fault.Because(fault.Invalid, err, "fault.peer.body")
	}
	here, err := p.store.Activity.EndedSessions(ctx, theirs.Since, endsAtOnce)
	if err != nil {
		return nil, err
	}
	if len(theirs.Ended) > 0 {
		if err := p.store.Activity.EndSessionsOf(ctx, theirs.Ended...); err != nil {
			return nil, err
		}
		p.adopted() // who holds sessions in memory reads them again
	}
	typed, err := p.typed(ctx, theirs)
	if err != nil {
		return nil, err
	}
	return json.Marshal(Ends{Ended: here, Typed: typed})
}

// typed takes where codes were typed, as the edition server has it, and returns those that
// were typed here: to some it may say the next time that they were typed elsewhere first.
func (p *Presentation) typed(ctx context.Context, theirs Ends) ([]store.UsedCode, error) {
	if len(theirs.Typed) > 0 {
		if err := p.store.Activity.SettleCodes(ctx, theirs.Typed); err != nil {
			return nil, err
		}
	}
	here, err := p.store.Activity.UsedCodes(ctx, theirs.TypedSince, endsAtOnce)
	own := p.Server()
	return slices.DeleteFunc(here, func(u store.UsedCode) bool { return u.Server != own }), err
}

// sessionsAtOnce is how many sessions of somebody are told.
const sessionsAtOnce = 100

// sessions answers which browsers somebody is signed in with, as this server knows.
func (p *Presentation) sessions(ctx context.Context, q peer.Ask) ([]byte, error) {
	user := q.Query.Get("user")
	if user == "" { // which would be everybody
		return nil, fault.New(fault.Invalid, "fault.peer.body")
	}
	all, err := p.store.Activity.SessionsOf(ctx, user, sessionsAtOnce)
	if err != nil {
		return nil, err
	}
	return json.Marshal(all)
}

// Sought are sessions of everybody, and whether there are more.
type Sought struct {
	Sessions []store.Session `json:"sessions"`
	More     bool            `json:"more"`
}

// SoughtMost bounds how many are told at once.
const SoughtMost = 10_000

// sought answers which browsers are signed in, as this server knows, of those that are looked
// for.
func (p *Presentation) sought(ctx context.Context, q peer.Ask) ([]byte, error) {
	var which store.Sought
	if err := json.Unmarshal(q.Body, &which); err != nil || which.Most < 1 || which.Most > SoughtMost {
		return nil, fault.Because(fault.Invalid, err, "fault.peer.body")
	}
	var found Sought
	var err error
	if found.Sessions, found.More, err = p.store.Activity.SoughtSessions(ctx, which); err != nil {
		return nil, err
	}
	return json.Marshal(found)
}

// takePaused takes what was put aside at other servers.
func (p *Presentation) takePaused(ctx context.Context, q peer.Ask) ([]byte, error) {
	var all []store.Paused
	if err := json.Unmarshal(q.Body, &all); err != nil {
		return nil, fault.Because(fault.Invalid, err, "fault.peer.body")
	}
	for _, one := range all {
		if one.Execution.ID == "" {
			return nil, fault.New(fault.Invalid, "fault.peer.body")
		}
		if err := p.store.Activity.TakePaused(ctx, one); err != nil && !fault.Is(err, fault.Conflict) {
			return nil, err
		}
	}
	return nil, nil
}

// Until is the last of those that the edition server has.
type Until struct {
	ID int64 `json:"id"`
}

// arrivalsAtOnce is how many who came travel in one answer.
const arrivalsAtOnce = 100

// arrivals answers who came here and the edition server does not have yet.
func (p *Presentation) arrivals(ctx context.Context, _ peer.Ask) ([]byte, error) {
	all, err := p.store.Content.Arrivals(ctx, arrivalsAtOnce)
	if err != nil {
		return nil, err
	}
	return json.Marshal(all)
}

// arrivalsDone ends those that the edition server has.
func (p *Presentation) arrivalsDone(ctx context.Context, q peer.Ask) ([]byte, error) {
	var until Until
	if err := json.Unmarshal(q.Body, &until); err != nil {
		return nil, fault.Because(fault.Invalid, err, "fault.peer.body")
	}
	if err := p.store.Content.ArrivalsDone(ctx, until.ID); err != nil {
		return nil, err
	}
	// Whom the edition server refused is to go: the next extract is adopted, also where
	// it is that of before.
	return p.ended(ctx)
}
