package platform

import (
	"context"
	"slices"
	"strings"

	"selfhelp/app/fault"
	"selfhelp/app/peer"
	"selfhelp/store"
)

// Change keeps another name, address and group of a server. What answers at another address
// proves that it is this server first.
func (p *Platform) Change(ctx context.Context, s store.Server, by string) error {
	s.Address = strings.TrimRight(strings.TrimSpace(s.Address), "/")
	if err := checkAddress(s.Address); err != nil {
		return err
	}
	all, err := p.Store.Content.Servers(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(one store.Server) bool { return one.ID == s.ID })
	if i < 0 {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	was := all[i]
	if s.Address != was.Address {
		c := &peer.Client{Address: s.Address, ID: was.ID, Theirs: was.Key, Ours: p.key, Now: p.Now}
		if _, err := c.Ask(ctx, "GET", "state", nil, nil); fault.Is(err, fault.Internal) {
			return fault.Because(fault.Unavailable, err, "fault.peer.away", s.Address)
		} else if err != nil {
			return err
		}
	}
	before, err := p.target(ctx, was.Target)
	if err != nil {
		return err
	}
	after, err := p.target(ctx, s.Target)
	if err != nil {
		return err
	}
	if err := p.Store.Content.SaveServer(ctx, s, by); err != nil {
		return err
	}
	// The same publications are another catalogue for it, or it has seen later ones.
	if !slices.Equal(before.Domains, after.Domains) || before.ID != after.ID && after.Held > 0 {
		err = p.Edition.Renew(ctx, 0)
	}
	p.Kick()
	return err
}
