package studio

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/fault"
	"selfhelp/app/publication"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// versions lists the versions of a project, with who begins on which.
func (s *Studio) versions(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.versionsPage(w, v)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

func (s *Studio) versionsPage(w http.ResponseWriter, v *frame.Visit) (page views.StudioVersions, err error) {
	d, p, err := s.Desk(w, v, "versions", v.Words.T("desk.versions"))
	if err != nil {
		return page, err
	}
	versions, err := s.Content.Versions(v.Context(), p.ID)
	if err != nil {
		return page, err
	}
	groups, err := s.Content.Groups(v.Context(), p.Domain)
	if err != nil {
		return page, err
	}
	page = views.StudioVersions{Desk: d, Now: s.Now()}
	starts := true // the first active one for everybody, for the highest come first
	for _, known := range versions {
		line := views.VersionLine{
			Number: known.Number.String(), Active: known.State == store.VersionActive, At: known.At, By: s.NameOf(v, known.Author),
			Notes: known.Notes, Hash: known.Bundle, Trial: known.Audience,
		}
		line.Groups = s.groupChoices(v, groups, known.Audience)
		line.Starts = line.Active && starts && len(known.Audience) == 0
		starts = starts && !line.Starts
		page.Versions = append(page.Versions, line)
	}
	page.Closed = starts && slices.ContainsFunc(page.Versions, func(l views.VersionLine) bool { return l.Active })
	page.Unsecured = s.Store.Unsecured()
	if err := s.reach(v, p.Domain, &page); err != nil {
		return page, err
	}
	return page, s.countBeginners(v, p, page.Versions)
}

// reach says how far what is published in a domain has come, where there are other servers.
func (s *Studio) reach(v *frame.Visit, domain string, page *views.StudioVersions) error {
	if s.Platform == nil || !s.Platform.HasServers() {
		return nil
	}
	r, err := s.Platform.Reach(v.Context(), domain)
	if err != nil {
		return err
	}
	for _, g := range r.Held {
		page.Held = append(page.Held, v.Words.T("versions.held", g.Title, strconv.FormatUint(g.Held, 10)))
	}
	if r.Serving < r.Servers {
		page.Reach = v.Words.T("versions.reach", v.Words.Show(r.Serving), v.Words.Show(r.Servers))
	}
	page.Servers = v.RulesServer()
	return nil
}

// countBeginners says of each active version how many people begin on it: those
// it is for, without those whom a higher one is for.
func (s *Studio) countBeginners(v *frame.Visit, p store.Project, lines []views.VersionLine) error {
	hold := s.Hold(v)
	var above []string // groups of higher versions on trial
	taken := false     // a higher version is for everybody
	for i := range lines {
		l := &lines[i]
		n, err := numberIn(l.Number)
		if err != nil || !l.Active {
			continue
		}
		in, err := hold.Active(p.Domain, p.Data.UID, publication.Number(n))
		if err != nil {
			continue // being exchanged: it is not on this shelf
		}
		project := in.Project()
		of, before := l.Trial, int64(0)
		if len(of) > 0 {
			of = slices.Concat(above, of)
		}
		all, err := s.Content.CountReaders(v.Context(), p.Domain, project.Audience, of)
		if err == nil && len(above) > 0 {
			before, err = s.Content.CountReaders(v.Context(), p.Domain, project.Audience, above)
		}
		if err != nil {
			return err
		}
		if !taken {
			l.People = all - before
		}
		l.Public = project.Public && len(l.Trial) == 0 && !taken
		l.Under = taken
		above = append(above, l.Trial...)
		taken = taken || len(l.Trial) == 0
	}
	return nil
}

// liveNumber is the highest active version for everybody, else the highest on
// trial; "" when none is active.
func liveNumber(versions []store.Version) (number string) {
	for _, known := range versions {
		switch {
		case known.State != store.VersionActive:
		case len(known.Audience) == 0:
			return known.Number.String()
		case number == "":
			number = known.Number.String()
		}
	}
	return number
}

// changeVersion activates, deactivates or goes back to a version, or says whom
// it is for.
func (s *Studio) changeVersion(w http.ResponseWriter, v *frame.Visit) error {
	n, err := numberIn(v.PathValue("number"))
	if err != nil {
		return err
	}
	project, said := v.PathValue("project"), ""
	switch v.PathValue("do") {
	case "activate":
		said, err = "versions.activated", s.Edition.Activate(v.Context(), project, n, v.Who.ID)
	case "deactivate":
		said, err = "versions.deactivated", s.Edition.Deactivate(v.Context(), project, n, v.Who.ID)
	case "rollback":
		said, err = "versions.rolledback", s.Edition.RollBack(v.Context(), project, n, v.Who.ID)
		if s.Platform.HasServers() {
			said = "versions.rolledback.servers"
		}
	case "open":
		said, err = "versions.opened", s.Edition.Offer(v.Context(), project, n, nil, v.Who.ID)
	case "try":
		return s.tryVersion(w, v, n)
	default:
		return fault.New(fault.NotFound, "fault.not_found")
	}
	if key, _ := fault.TextOf(err); key == "fault.version.withdrawn" { // by somebody else, or by a second click
		s.Say(w, ui.Info, key, n.String())
		return frame.GoTo(w, v, "/studio/p/"+project+"/versions")
	}
	if err != nil {
		return err
	}
	if said == "versions.opened" {
		return s.sayInForce(w, v, said, project, n, nil)
	}
	s.Say(w, ui.OK, said, n.String())
	return frame.GoTo(w, v, "/studio/p/"+project+"/versions")
}

// tryVersion puts a version on trial with the groups that were ticked. None is
// refused: it would be everybody.
func (s *Studio) tryVersion(w http.ResponseWriter, v *frame.Visit, n store.Number) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	v.PostForm.Set("for", "trial")
	groups, wrong, err := s.trialOf(v)
	if err != nil {
		return err
	}
	if wrong != "" {
		page, err := s.versionsPage(w, v)
		if err != nil {
			return err
		}
		for i := range page.Versions {
			if page.Versions[i].Number == n.String() {
				page.Versions[i].Wrong = v.Words.T(wrong)
			}
		}
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	project := v.PathValue("project")
	if err := s.Edition.Offer(v.Context(), project, n, groups, v.Who.ID); err != nil {
		return err
	}
	return s.sayInForce(w, v, "versions.tried", project, n, groups)
}

// trialOf reads the groups that a form gives a version to: none for everybody.
// wrong is the key of what cannot be; a group that does not exist lets nobody in
// and is only kept, never chosen.
func (s *Studio) trialOf(v *frame.Visit) (groups []string, wrong string, err error) {
	chosen := v.PostForm["audience"]
	switch v.PostFormValue("for") {
	case "everyone":
		return nil, "", nil
	case "trial":
	default:
		if len(chosen) == 0 {
			return nil, "", nil
		}
	}
	p, err := s.Content.Project(v.Context(), v.PathValue("project"))
	if err != nil {
		return nil, "", err
	}
	known, err := s.Content.Groups(v.Context(), p.Domain)
	if err != nil {
		return nil, "", err
	}
	for _, name := range chosen {
		if slices.ContainsFunc(known, func(g store.Group) bool { return slices.Contains(g.Names(), name) }) {
			groups = append(groups, name)
		}
	}
	if len(groups) == 0 {
		return nil, "fault.version.trial", nil
	}
	return groups, "", nil
}

// groupChoices are the groups of a domain to choose from, and those chosen before
// that are gone.
func (s *Studio) groupChoices(v *frame.Visit, known []store.Group, chosen []string) (all []views.Option) {
	for _, g := range known {
		name := g.Name
		for _, had := range g.Former { // it was chosen by the name it had
			if slices.Contains(chosen, had) {
				name = had
			}
		}
		all = append(all, views.Option{Value: name, Name: s.GroupTitle(v, g)})
	}
	for _, name := range chosen {
		if !slices.ContainsFunc(all, func(o views.Option) bool { return o.Value == name }) {
			all = append(all, views.Option{Value: name, Name: v.Words.T("reach.gone", name)})
		}
	}
	slices.SortStableFunc(all, func(a, b views.Option) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return all
}
