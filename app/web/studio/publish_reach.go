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

// reachOf says who may open a state of a project on the portal, on trial with some
// groups when there are any, and warns when that is nobody, or nobody but those who
// write.
func (s *Studio) reachOf(v *frame.Visit, p store.Project, whole *procedure.Project, trial []string) (r views.Reach, err error) {
	switch {
	case whole.Public:
		r.Text = v.Words.T("reach.public")
	case len(whole.Audience) == 0:
		err = s.reachDomain(v, p, &r)
	default:
		err = s.reachGroups(v, p, whole.Audience, &r)
	}
	if err == nil && len(trial) > 0 && !r.Nobody {
		err = s.reachTrial(v, p, whole, trial, &r)
	}
	if err != nil {
		return r, err
	}
	return r, s.reachEach(v, p, whole, trial, &r)
}

// reachTrial is the reach of a project that is on trial with some groups: they narrow
// whom it is for.
func (s *Studio) reachTrial(v *frame.Visit, p store.Project, whole *procedure.Project, trial []string, r *views.Reach) error {
	n, err := s.Content.CountReaders(v.Context(), p.Domain, audienceOf(whole), trial)
	if err == nil && n == 0 {
		r.Warning, r.Nobody = v.Words.T("reach.nobody_tries"), true
	}
	return err
}

// audienceOf are the groups that a project is for: those it names count only while it
// is not open to everyone.
func audienceOf(whole *procedure.Project) []string {
	if whole.Public {
		return nil
	}
	return whole.Audience
}

// unreachedShown is how many procedures are named that nobody could open.
const unreachedShown = 5

// reachEach counts the procedures that have groups of their own, and names those that
// nobody who comes in could start, unless nobody could open the project at all.
func (s *Studio) reachEach(v *frame.Visit, p store.Project, whole *procedure.Project, trial []string, r *views.Reach) error {
	entries, apart, counted := 0, 0, map[string]int64{}
	var shut []ui.Place
	for _, one := range whole.Procedures {
		if !one.Entry {
			continue
		}
		entries++
		audiences := append(whole.AudiencesOf(one.Category), one.Audience)
		if !slices.ContainsFunc(audiences, func(groups []string) bool { return len(groups) > 0 }) {
			continue // whoever opens the project starts it
		}
		apart++
		audiences = append(audiences, audienceOf(whole), trial)
		key := fmt.Sprintf("%q", audiences)
		if _, known := counted[key]; !known {
			n, err := s.Content.CountReaders(v.Context(), p.Domain, audiences...)
			if err != nil {
				return err
			}
			counted[key] = n
		}
		if counted[key] == 0 {
			shut = append(shut, ui.Place{Name: s.Words(v, one.Title), URL: ProcedureURL(p.ID, one.UID)})
		}
	}
	if apart > 0 {
		r.Apart = v.Words.N("reach.apart", apart)
	}
	n := len(shut)
	if n == 0 || r.Nobody {
		return nil
	}
	r.Shut, r.Unreached = v.Words.N("reach.unreached", n), shut[:min(n, unreachedShown)]
	if n == entries { // which says more than that only those who write could open it
		r.Nobody, r.Warning = true, ""
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
