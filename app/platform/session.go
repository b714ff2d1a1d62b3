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
// anywhere is signed out everywhere. With them goes where codes were typed: of one that was
// typed at two servers, the one of which this server heard first has it.
func (p *Platform) bringEnds(ctx context.Context, m *Member) error {
	m.mu.Lock()
	told, heard, codesTold, codesHeard := m.endsTold, m.endsHeard, m.codesTold, m.codesHeard
	m.mu.Unlock()
	here, err := p.Store.Activity.EndedSessions(ctx, told, endsAtOnce)
	if err != nil {
		return err
	}
	typed, err := p.Store.Activity.UsedCodes(ctx, codesTold, endsAtOnce)
	if err != nil {
		return err
	}
	message := presentation.Ends{Since: heard, Ended: here, TypedSince: codesHeard, Typed: typed}
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
	if len(there.Typed) > 0 {
		if err := p.Store.Activity.HearCodes(ctx, m.Server().ID, there.Typed); err != nil {
			return err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.endsTold, m.endsHeard = after(message.Ended, told, endedAt), after(there.Ended, heard, endedAt)
	m.codesTold, m.codesHeard = after(typed, codesTold, typedAt), after(there.Typed, codesHeard, typedAt)
	return nil
}

func endedAt(e store.EndedSession) time.Time { return e.At }
func typedAt(u store.UsedCode) time.Time     { return u.At }

// after is the time from which further ones are asked for.
func after[T any](all []T, since time.Time, at func(T) time.Time) time.Time {
	if len(all) == 0 {
		return since
	}
	return at(all[len(all)-1]).Add(time.Microsecond) // as exact as they are kept
}
