package platform

import (
	"context"
	"slices"

	"selfhelp/store"
)

// Reach is how far what is published has come.
type Reach struct {
	Servers int            // that show a domain, and do not stay at something earlier
	Serving int            // those of them that answer and serve it
	Held    []store.Target // groups with servers that stay at something earlier
}

// Reach is how far what is published in a domain has come.
func (p *Platform) Reach(ctx context.Context, domain string) (r Reach, err error) {
	targets, err := p.Store.Content.Targets(ctx)
	if err != nil {
		return r, err
	}
	members, err := p.Members(ctx)
	if err != nil {
		return r, err
	}
	now := p.Edition.Shelf().Sequence()
	for _, g := range targets {
		if len(g.Domains) > 0 && !slices.Contains(g.Domains, domain) {
			continue
		}
		of := slices.DeleteFunc(slices.Clone(members), func(m Standing) bool { return m.Server.Target != g.ID })
		if len(of) > 0 && g.Held > 0 && g.Held < now {
			r.Held = append(r.Held, g)
			continue
		}
		r.Servers += len(of)
		for _, m := range of {
			if m.Err == nil && m.Serves(now) {
				r.Serving++
			}
		}
	}
	return r, nil
}
