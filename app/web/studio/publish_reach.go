package studio

import (
	"fmt"
	"slices"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// reachOf says who may open a state of a project on the portal, and warns when
// that is nobody, or nobody but those who write.
func (s *Studio) reachOf(v *frame.Visit, p store.Project, whole *procedure.Project) (r views.Reach, err error) {
	if err := s.reachApart(v, p, whole, &r); err != nil {
		return r, err
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

// unreachedShown is how many procedures are named that nobody could open.
const unreachedShown = 5

// reachApart counts the procedures that have groups of their own, and names those
// that nobody who comes in is let open by them.
func (s *Studio) reachApart(v *frame.Visit, p store.Project, whole *procedure.Project, r *views.Reach) error {
	apart, counted := 0, map[string]int64{}
	for _, one := range whole.Procedures {
		audiences := append(whole.AudiencesOf(one.Category), one.Audience)
		if !one.Entry || !slices.ContainsFunc(audiences, func(groups []string) bool { return len(groups) > 0 }) {
			continue
		}
		apart++
		if !whole.Public {
			audiences = append(audiences, whole.Audience)
		}
		key := fmt.Sprintf("%q", audiences)
		if _, known := counted[key]; !known {
			n, err := s.Content.CountReaders(v.Context(), p.Domain, audiences...)
			if err != nil {
				return err
			}
			counted[key] = n
		}
		if counted[key] == 0 {
			r.Unreached = append(r.Unreached, ui.Place{Name: s.Words(v, one.Title), URL: ProcedureURL(p.ID, one.UID)})
		}
	}
	if apart > 0 {
		r.Apart = v.Words.N("reach.apart", apart)
	}
	if n := len(r.Unreached); n > 0 {
		r.Shut, r.Unreached = v.Words.N("reach.unreached", n), r.Unreached[:min(n, unreachedShown)]
	}
	return nil
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
		r.Warning, r.Nobody = v.Words.T("reach.nobody"), true
	case readers == 0:
		r.Warning = v.Words.T("reach.writers_only")
	}
	return nil
}
