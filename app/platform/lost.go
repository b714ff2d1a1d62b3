package platform

import (
	"context"
	"fmt"
	"slices"

	"selfhelp/app/presentation"
)

// bringLost sends bundles again that a server cannot open, and that only those need who
// are in the middle of a version of before. What this server has not got whole is made
// again first; where that comes out another one, nobody can send it, and the page says so.
func (p *Platform) bringLost(ctx context.Context, m *Member, s presentation.State) error {
	var send []presentation.Content
	for _, one := range p.Edition.Shelf().Catalogue().Publications {
		if slices.Contains(s.Lost, one.Hash) && p.Edition.Whole(one) {
			send = append(send, presentation.Content{Kind: presentation.BundleKind, Hash: one.Hash})
		}
	}
	if len(send) == 0 {
		return nil
	}
	m.does(Sending)
	if err := p.sendMissing(ctx, m, send, p.open); err != nil {
		return fmt.Errorf("send versions of before again: %w", err)
	}
	return nil
}
