package studio

import (
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
)

// reachOf says who may open a state of a project on the portal, and warns when
// that is nobody, or nobody but those who write.
func (s *Studio) reachOf(v *frame.Visit, p store.Project, whole *procedure.Project) (r views.Reach, err error) {
	apart := 0
	for _, one := range whole.Procedures {
		if one.Entry && (len(one.Audience) > 0 || len(whole.AudiencesOf(one.Category)) > 0) {
			apart++
		}
	}
	if apart > 0 {
		r.Apart = v.Words.N("reach.apart", apart)
	}
	switch {
	case whole.Public:
		r.Text = v.Words.T("reach.public")
	case len(whole.Audience) == 0:
		err = s.reachDomain(v, p, &r)
	default:
		err = s.reachGroups(v, p, whole.Audience, &r)
	}
	return r, err
}

// reachDomain is the reach of a project that is for its whole domain.
func (s *Studio) reachDomain(v *frame.Visit, p store.Project, r *views.Reach) error {
	d, err := s.Content.Domain(v.Context(), p.Domain)
	if err != nil {
		return err
	}
	r.Text = v.Words.T("reach.domain", s.Words(v, d.Title))
	readers, err := s.Content.CountUsersLike(v.Context(), store.UserFilter{Domain: p.Domain, Role: access.User, Active: true})
	if err == nil && readers == 0 {
		r.Warning = v.Words.T("reach.writers_only")
	}
	return err
}

// reachGroups is the reach of a project that is for some groups.
func (s *Studio) reachGroups(v *frame.Visit, p store.Project, audience []string, r *views.Reach) error {
	known, err := s.Content.Groups(v.Context(), p.Domain)
	if err != nil {
		return err
	}
	byName := map[string]store.Group{}
	for _, g := range known {
		for _, name := range g.Names() {
			byName[name] = g
		}
	}
	var titles []string
	var people, readers int64
	for _, name := range audience {
		g, is := byName[name]
		if !is {
			titles = append(titles, v.Words.T("reach.gone", name))
			continue
		}
		titles = append(titles, s.GroupTitle(v, g))
		for _, count := range []struct {
			of   access.Role
			into *int64
		}{{"", &people}, {access.User, &readers}} {
			n, err := s.Content.CountUsersLike(v.Context(), store.UserFilter{Group: g.ID, Role: count.of, Active: true})
			if err != nil {
				return err
			}
			*count.into += n
		}
	}
	r.Text = v.Words.T("reach.groups", strings.Join(titles, ", "))
	switch {
	case people == 0:
		r.Warning = v.Words.T("reach.nobody")
	case readers == 0:
		r.Warning = v.Words.T("reach.writers_only")
	}
	return nil
}
