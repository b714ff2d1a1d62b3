package platform

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store"
)

// How long a code is carried about, and how many go in one request.
const (
	pausedFor    = 30 * 24 * time.Hour
	pausedAtOnce = 100
)

// bringPaused gives a server what was put aside at others, so that a code opens its
// journey wherever it is typed, once.
func (p *Platform) bringPaused(ctx context.Context, m *Member) error {
	codes, err := p.Store.Activity.PausedCodes(ctx, p.Now().Add(-pausedFor))
	if err != nil {
		return err
	}
	now := make(map[string]string, len(codes))
	var send []store.Paused
	for _, c := range codes {
		now[c.ID] = c.Resume
		if m.paused[c.ID] == c.Resume || len(send) >= pausedAtOnce {
			continue
		}
		one, err := p.Store.Activity.Paused(ctx, c.ID, c.Resume)
		if fault.Is(err, fault.NotFound) {
			continue // retention was quicker
		}
		if err != nil {
			return err
		}
		send = append(send, one)
	}
	for id := range m.paused {
		if now[id] == "" && len(send) < pausedAtOnce {
			send = append(send, store.Paused{Execution: store.Execution{ID: id}})
		}
	}
	if len(send) == 0 {
		return nil
	}
	body, err := json.Marshal(send)
	if err == nil {
		_, err = p.ask(ctx, m, "POST", "paused", nil, body)
	}
	if err != nil {
		return fmt.Errorf("give it what was put aside elsewhere: %w", err)
	}
	if m.paused == nil {
		m.paused = map[string]string{}
	}
	for _, one := range send {
		if one.Resume == "" {
			delete(m.paused, one.Execution.ID)
		} else {
			m.paused[one.Execution.ID] = one.Resume
		}
	}
	return nil
}
