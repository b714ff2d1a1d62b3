package platform

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"selfhelp/app/presentation"
	"selfhelp/store"
)

// endsAtOnce is how many ends of sessions travel in one request.
const endsAtOnce = 1000

// bringEnds carries the ends of sessions between a server and this one: who signs out
// anywhere is signed out everywhere.
func (p *Platform) bringEnds(ctx context.Context, m *Member) error {
	m.mu.Lock()
	told, heard := m.endsTold, m.endsHeard
	m.mu.Unlock()
	here, err := p.Store.Activity.EndedSessions(ctx, told, endsAtOnce)
	if err != nil {
		return err
	}
	message := presentation.Ends{Since: heard, Ended: here}
	body, err := json.Marshal(message)
	if err != nil {
		return err
	}
	answer, err := p.ask(ctx, m, "POST", "sessions/ended", nil, body)
	var there presentation.Ends
	if err == nil {
		err = json.Unmarshal(answer, &there)
	}
	if err != nil {
		return fmt.Errorf("carry the ends of sessions: %w", err)
	}
	if len(there.Ended) > 0 {
		if err := p.Store.Activity.EndSessionsOf(ctx, there.Ended...); err != nil {
			return err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.endsTold, m.endsHeard = after(message.Ended, told), after(there.Ended, heard)
	return nil
}

// after is the time from which further ends are asked for.
func after(ends []store.EndedSession, since time.Time) time.Time {
	if len(ends) == 0 {
		return since
	}
	return ends[len(ends)-1].At.Add(time.Microsecond) // as exact as they are kept
}
