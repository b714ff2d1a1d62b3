package publication

import (
	"fmt"
	"sync/atomic"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// Hold is a reader's hold on the bundles in force: one request, one hold.
type Hold struct {
	shelf    *Shelf
	set      *set
	released atomic.Bool
}

// Release ends the hold. Releasing twice does nothing more.
func (h *Hold) Release() {
	if !h.released.Swap(true) {
		h.set.release()
	}
}

// Domain returns the portal of every active publication of a domain.
func (h *Hold) Domain(domain string) Portal { return h.set.domains[domain] }

// Projects returns the portals of the projects of a domain.
func (h *Hold) Projects(domain string) (portals []Portal) {
	for _, p := range h.set.projects {
		if p.domain == domain {
			portals = append(portals, p.portal)
		}
	}
	return portals
}

// Project returns the portal of a project of a domain by its alias, as it is in
// the version that the reader begins on.
func (h *Hold) Project(domain, alias string, r Reader) (Portal, error) {
	for _, p := range h.set.projects {
		if p.domain == domain && p.portal.Version(r).project.Alias == alias {
			return p.portal, nil
		}
	}
	return Portal{}, fault.New(fault.NotFound, "fault.project.unknown")
}

// Placed is an entry in a domain.
type Placed struct {
	Listed
	Domain string
}

// Find returns the entries with an alias, at most one a domain, as the reader of
// that domain meets them: an alias is unique in its domain only.
func (h *Hold) Find(alias string, as func(domain string) Reader) ([]Placed, error) {
	var all []Placed
	for domain, portal := range h.set.domains {
		l, err := portal.Entry(alias, as(domain))
		switch {
		case err == nil:
			all = append(all, Placed{l, domain})
		case !fault.Is(err, fault.NotFound):
			return nil, fmt.Errorf("find %s: %w", alias, err)
		}
	}
	return all, nil
}

// Active returns one version of a project if people may start its procedures,
// with the groups it is on trial with.
func (h *Hold) Active(domain, project string, n Number) (Offer, error) {
	for _, p := range h.set.catalogue.Publications {
		if v := h.set.volumes[p.Hash]; v != nil && p.Active && p.Domain == domain && p.Project == project && p.Number == n {
			return Offer{v.Bundle, p.Audience}, nil
		}
	}
	return Offer{}, unknown(n)
}

// Version returns the bundle of one version of a project, active or not: what
// an execution goes on with that began on it. It is there as long as the
// catalogue names it and its file is kept.
func (h *Hold) Version(domain, project string, n Number) (*Bundle, error) {
	for _, p := range h.set.catalogue.Publications {
		if p.Domain != domain || p.Project != project || p.Number != n {
			continue
		}
		if b := h.opened(p); b != nil {
			return b, nil
		}
		return h.late(p)
	}
	return nil, unknown(n)
}

// late opens an inactive bundle, once for everyone who holds this set.
func (h *Hold) late(p Publication) (*Bundle, error) {
	h.set.opening.Lock()
	defer h.set.opening.Unlock()
	if b := h.opened(p); b != nil {
		return b, nil
	}
	b, err := h.shelf.open(p)
	if err != nil {
		h.shelf.miss(p, err)
	}
	if fault.Is(err, fault.NotFound) {
		return nil, fault.Because(fault.NotFound, err, "fault.version.gone")
	}
	if err != nil {
		return nil, fault.Because(fault.Unavailable, err, "fault.version.gone") // an operator has to know
	}
	h.set.mu.Lock()
	defer h.set.mu.Unlock()
	h.set.late[p.Hash] = b
	return b, nil
}

// Holder is a publication whose bundle names a file.
type Holder struct {
	Domain string
	Offer
	File procedure.File
}

// Holders returns the publications that name a content by its hash: who may
// have it is who may see one of them. Inactive ones are among them while an
// execution uses them.
func (h *Hold) Holders(hash string) (all []Holder) {
	for _, p := range h.set.catalogue.Publications {
		b := h.opened(p)
		if b == nil {
			continue
		}
		if f, ok := b.File(hash); ok {
			all = append(all, Holder{p.Domain, Offer{b, p.Audience}, f})
		}
	}
	return all
}

// opened returns the bundle of a publication if it is open.
func (h *Hold) opened(p Publication) *Bundle {
	if v := h.set.volumes[p.Hash]; v != nil {
		return v.Bundle
	}
	h.set.mu.Lock()
	defer h.set.mu.Unlock()
	return h.set.late[p.Hash]
}
