package web

import (
	"strings"

	"selfhelp/app/fault"
)

// home is the project of an execution as publications know it.
type home struct{ domain, uid string }

// projectID returns the id under which activity is kept of a published project.
// A presentation server has no projects of its own: there it is made of the
// domain and the UID, which the edition server knows them by.
func (s *Site) projectID(v *visit, domain, uid string) (string, error) {
	key := domain + "/" + uid
	if id, known := s.projectIDs.Load(key); known {
		return id.(string), nil
	}
	p, err := s.content.ProjectByUID(v.Context(), domain, uid)
	id := p.ID
	if fault.Is(err, fault.NotFound) {
		id, err = key, nil
	}
	if err == nil && id != key {
		s.projectIDs.Store(key, id)
		s.projectIDs.Store(id, home{domain, uid})
	}
	return id, err
}

// homeOf is the way back from a project's id.
func (s *Site) homeOf(v *visit, id string) (home, error) {
	if known, ok := s.projectIDs.Load(id); ok {
		return known.(home), nil
	}
	if domain, uid, made := strings.Cut(id, "/"); made {
		return home{domain, uid}, nil
	}
	p, err := s.content.Project(v.Context(), id)
	if err != nil {
		return home{}, err
	}
	s.projectIDs.Store(id, home{p.Domain, p.Data.UID})
	return home{p.Domain, p.Data.UID}, nil
}
