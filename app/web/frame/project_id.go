package frame

import (
	"strings"

	"selfhelp/app/fault"
)

// home is the project of an execution as publications know it.
type home struct{ Domain, Uid string }

// ProjectID returns the id under which activity is kept of a published project.
// A presentation server has no projects of its own: there it is made of the
// domain and the UID, which the edition server knows them by.
func (s *Site) ProjectID(v *Visit, domain, uid string) (string, error) {
	key := domain + "/" + uid
	if id, known := s.projectIDs.Load(key); known {
		return id.(string), nil
	}
	p, err := s.Content.ProjectByUID(v.Context(), domain, uid)
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

// HomeOf is the way back from a project's id.
func (s *Site) HomeOf(v *Visit, id string) (home, error) {
	if known, ok := s.projectIDs.Load(id); ok {
		return known.(home), nil
	}
	if domain, uid, made := strings.Cut(id, "/"); made {
		return home{domain, uid}, nil
	}
	p, err := s.Content.Project(v.Context(), id)
	if err != nil {
		return home{}, err
	}
	s.projectIDs.Store(id, home{p.Domain, p.Data.UID})
	return home{p.Domain, p.Data.UID}, nil
}
