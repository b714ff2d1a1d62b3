package platform

import (
	"context"
	"encoding/json"
	"fmt"

	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/presentation"
	"selfhelp/store/extract"
)

// bringArrivals makes the accounts here of those who came to a server for the first
// time, or of whom something new was told there. Whom this server refuses stays without
// an account, there too.
func (p *Platform) bringArrivals(ctx context.Context, m *Member, s presentation.State) error {
	if !s.Arrivals {
		return nil
	}
	answer, err := p.ask(ctx, m, "GET", "arrivals", nil, nil)
	var all []extract.Arrival
	if err == nil {
		err = json.Unmarshal(answer, &all)
	}
	if err != nil {
		return fmt.Errorf("ask who came there: %w", err)
	}
	if len(all) == 0 {
		return nil
	}
	for _, a := range all {
		var who login.Identity
		err := json.Unmarshal(a.Identity, &who)
		if err == nil {
			err = p.Arrive(ctx, a.Method, who, a.User)
		}
		if fault.Is(err, fault.Internal) || fault.Is(err, fault.Unavailable) {
			return fmt.Errorf("take in who came there: %w", err)
		}
		if err != nil {
			p.Log.Warn("somebody who came to a presentation server gets no account", "server", m.Server().Name, "method", a.Method, "err", err)
		}
	}
	p.extractAnew() // what was extracted does not know them
	body, err := json.Marshal(presentation.Until{ID: all[len(all)-1].ID})
	if err == nil {
		err = p.keepTaken(ctx, m, "arrivals/done", body)
	}
	return err
}
