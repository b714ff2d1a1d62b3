package platform

import (
	"context"
	"encoding/json"
	"fmt"

	"selfhelp/app/presentation"
	"selfhelp/store/extract"
)

// askAgain has a server give again what this one took of it and does not know any more: its
// databases were put back to a state before that, and with them up to where it had it.
func (p *Platform) askAgain(ctx context.Context, m *Member, s presentation.State) (presentation.State, error) {
	if s.Taken == nil {
		return s, nil
	}
	has, err := p.Store.Content.TakenFrom(ctx, m.Server().ID)
	if err != nil || has == *s.Taken {
		return s, err
	}
	body, err := json.Marshal(has)
	if err == nil {
		err = p.keepTaken(ctx, m, "again", body)
	}
	if err != nil {
		return s, fmt.Errorf("ask again what was taken: %w", err)
	}
	s.Wishes, s.Arrivals = true, true
	return s, nil
}

// keepTaken tells a server what was taken, and keeps its answer: up to where none waits.
func (p *Platform) keepTaken(ctx context.Context, m *Member, name string, body []byte) error {
	answer, err := p.ask(ctx, m, "POST", name, nil, body)
	if err != nil || len(answer) == 0 { // an earlier version keeps nothing
		return err
	}
	var now extract.Taken
	if err := json.Unmarshal(answer, &now); err != nil {
		return fmt.Errorf("read up to where none waits: %w", err)
	}
	return p.Store.Content.KeepTaken(ctx, m.Server().ID, now)
}
