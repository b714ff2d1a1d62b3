package presentation

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/peer"
	"selfhelp/store"
	"selfhelp/store/journal"
)

// mostGathered is how many bytes of what happened go in one answer.
const mostGathered = journal.MaxBatch

// gathered answers what happened here after a cursor of the edition server.
func (p *Presentation) gathered(ctx context.Context, q peer.Ask) ([]byte, error) {
	after, err := cursorOf(q)
	if err != nil {
		return nil, err
	}
	b, err := p.store.Gathered(ctx, after, mostGathered)
	if err != nil {
		return nil, err
	}
	var answer bytes.Buffer
	err = b.Encode(&answer)
	return answer.Bytes(), err
}

// acknowledge takes that the edition server has all up to a cursor.
func (p *Presentation) acknowledge(ctx context.Context, q peer.Ask) ([]byte, error) {
	until, err := cursorOf(q)
	if err != nil {
		return nil, err
	}
	return nil, p.store.Activity.Acknowledge(ctx, until)
}

func cursorOf(q peer.Ask) (c store.Cursor, err error) {
	if err := json.Unmarshal(q.Body, &c); err != nil {
		return c, fault.Because(fault.Invalid, err, "fault.peer.body")
	}
	return c, nil
}

// Kept is what the edition server has not got yet.
type Kept struct {
	Count int64     `json:"count"` // of things that happened
	Bytes int64     `json:"bytes"` // about
	Since time.Time `json:"since"` // the oldest; zero where there is none
}

// kept says how much waits for the edition server.
func (p *Presentation) kept(ctx context.Context) Kept {
	w, err := p.store.Activity.Unacknowledged(ctx)
	if err != nil {
		p.log.Error("it is not known what waits for the edition server", "err", err)
		return Kept{}
	}
	return Kept{w.Count, w.Bytes, w.Since}
}
