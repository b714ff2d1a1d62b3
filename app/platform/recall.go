package platform

import (
	"context"
	"encoding/json"
	"fmt"

	"selfhelp/app/presentation"
)

// How many executions of somebody a server is given that asks for them, and how many
// bytes of them.
const (
	recalledMost = 50
	recalledRoom = 4 << 20
)

// bringRecalled gives a server the executions of those who look for them there.
func (p *Platform) bringRecalled(ctx context.Context, m *Member, s presentation.State) error {
	for _, user := range s.Wants {
		all, err := p.Store.Activity.Recalled(ctx, user, recalledMost, recalledRoom)
		if err != nil {
			return err
		}
		body, err := json.Marshal(presentation.Recalled{User: user, Executions: all})
		if err == nil {
			_, err = p.ask(ctx, m, "POST", "recalled", nil, body)
		}
		if err != nil {
			return fmt.Errorf("give it the executions that somebody looks for: %w", err)
		}
	}
	return nil
}
