package publication

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// volume is a bundle that several sets may hold.
type volume struct {
	*Bundle
	err  error
	sets atomic.Int64
}

// set is what one catalogue puts in force.
type set struct {
	catalogue Catalogue
	sealed    []byte
	mark      string             // of the catalogue, "" for none
	volumes   map[string]*volume // by hash, the active ones
	broken    []Broken
	projects  []shelvedProject // in the order of the catalogue
	domains   map[string]Portal
	readers   atomic.Int64 // and one for the shelf, while it is in force

	opening sync.Mutex // one late bundle at a time
	mu      sync.Mutex
	late    map[string]*Bundle // by hash, inactive ones that running executions asked for
}

// shelvedProject is a project of a domain with its active versions.
type shelvedProject struct {
	domain string
	portal Portal
}

func newSet(c Catalogue, sealed []byte) *set {
	s := &set{catalogue: c, sealed: sealed, volumes: map[string]*volume{}, domains: map[string]Portal{}, late: map[string]*Bundle{}}
	if sealed != nil {
		s.mark = c.Mark()
	}
	s.readers.Store(1)
	return s
}

// take counts one reader more, unless the set is closed already.
func (s *set) take() bool {
	for {
		n := s.readers.Load()
		if n == 0 {
			return false
		}
		if s.readers.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// release counts one reader less; after the last, bundles that no other set
// holds are closed. There is no one to tell that closing a file that was only
// read has failed.
func (s *set) release() {
	if s.readers.Add(-1) > 0 {
		return
	}
	for _, v := range s.volumes {
		if v.sets.Add(-1) == 0 {
			_ = v.Close()
		}
	}
	for _, b := range s.late {
		_ = b.Close()
	}
}

// arrange makes the portals of projects and domains.
func (s *set) arrange() error {
	domains := map[string][]Offer{}
	var project []Offer
	for i, p := range s.catalogue.Publications {
		if v := s.volumes[p.Hash]; v != nil && p.Active {
			o := Offer{v.Bundle, p.Audience}
			project = append(project, o)
			domains[p.Domain] = append(domains[p.Domain], o)
		}
		last := i+1 == len(s.catalogue.Publications)
		if !last && s.catalogue.Publications[i+1].Domain == p.Domain && s.catalogue.Publications[i+1].Project == p.Project {
			continue
		}
		if err := s.arrangeProject(p.Domain, project); err != nil {
			return err
		}
		project = nil
	}
	for domain, offers := range domains {
		portal, err := NewPortal(offers...)
		if err != nil {
			return fmt.Errorf("arrange domain %s: %w", domain, err)
		}
		s.domains[domain] = portal
	}
	return nil
}

func (s *set) arrangeProject(domain string, offers []Offer) error {
	if len(offers) == 0 {
		return nil
	}
	portal, err := NewPortal(offers...)
	if err != nil {
		return fmt.Errorf("arrange project %s: %w", offers[0].manifest.Alias, err)
	}
	s.projects = append(s.projects, shelvedProject{domain, portal})
	return nil
}
