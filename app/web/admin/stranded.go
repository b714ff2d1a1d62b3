package admin

import (
	"maps"
	"net/http"
	"slices"

	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// strandedShown is how many of those who would lose their last entry are named.
const strandedShown = 10

// stranded tells who would no longer come in after a loss: nil when nobody.
func (s *Admin) stranded(v *frame.Visit, l store.Loss) (*views.Stranded, error) {
	users, err := s.Content.Stranded(v.Context(), l)
	if err != nil || len(users) == 0 {
		return nil, err
	}
	told := &views.Stranded{Text: v.Words.N("stranded.entry", len(users)), Do: v.Words.N("stranded.entry.do", len(users))}
	if l.Domain != "" {
		names, err := s.domainNames(v)
		if err != nil {
			return nil, err
		}
		told.Text, told.Do = v.Words.N("stranded.domain", len(users), names[l.Domain]), v.Words.N("stranded.domain.do", len(users))
	}
	for _, u := range users[:min(len(users), strandedShown)] {
		told.People = append(told.People, ui.Place{Name: u.Known(), URL: "/admin/users/" + u.ID})
	}
	told.More = len(users) - len(told.People)
	return told, nil
}

// askToLeave asks before somebody is taken out of the group of the address by which
// alone they come in.
func (s *Admin) askToLeave(w http.ResponseWriter, v *frame.Visit, u store.User) (asked bool, err error) {
	g := v.Managed.Group
	if v.PostFormValue("sure") == "yes" {
		return false, nil
	}
	told, err := s.stranded(v, store.Loss{Groups: []string{g.ID}, Users: []string{u.ID}})
	if told == nil || err != nil {
		return false, err
	}
	title := s.GroupTitle(v, g)
	page := views.AdminChosen{
		Office: s.Office(w, v, "groups", v.Words.N("admin.users.leave.ask", 1, title)), Action: "/admin/groups/" + g.ID + "/leave", Danger: true,
		Button: v.Words.N("admin.users.leave", 1, title), Back: "/admin/groups/" + g.ID, IDs: []string{u.ID}, Names: []string{u.Known()},
		Hidden: [][2]string{{"user", u.ID}, {"sure", "yes"}}, Stranded: told,
	}
	page.Ask = page.Title
	return true, frame.Show(w, v, page.View())
}

// askToUnrule asks before the group of the address loses the rule by which alone
// somebody comes in.
func (s *Admin) askToUnrule(w http.ResponseWriter, v *frame.Visit) (asked bool, err error) {
	g := v.Managed.Group
	if v.PostFormValue("sure") == "yes" {
		return false, nil
	}
	from, err := s.Content.MembersFrom(v.Context(), g.ID)
	if err != nil {
		return false, err
	}
	told, err := s.stranded(v, store.Loss{Groups: []string{g.ID}, Users: slices.Collect(maps.Keys(from)), Source: store.ByRule})
	if told == nil || err != nil {
		return false, err
	}
	title := s.GroupTitle(v, g)
	page := views.AdminChosen{
		Office: s.Office(w, v, "groups", v.Words.T("admin.rule.remove.ask", title)), Action: "/admin/groups/" + g.ID + "/rule", Do: "remove", Danger: true,
		Button: v.Words.T("admin.rule.remove"), Back: "/admin/groups/" + g.ID + "/rule", IDs: []string{g.ID}, Names: ruleWords(v, g.Rule).Conditions,
		Hidden: [][2]string{{"version", v.PostFormValue("version")}, {"sure", "yes"}}, Stranded: told,
	}
	page.Ask = page.Title
	return true, frame.Show(w, v, page.View())
}

// askToDetach asks before the group of the address leaves a domain where it opens
// something, or to which it alone leads somebody.
func (s *Admin) askToDetach(w http.ResponseWriter, v *frame.Visit, domain store.Domain) (asked bool, err error) {
	g := v.Managed.Group
	if v.PostFormValue("sure") == "yes" || !slices.Contains(g.Also, domain.ID) {
		return false, nil
	}
	told, err := s.stranded(v, store.Loss{Groups: []string{g.ID}, Domain: domain.ID})
	if err != nil {
		return false, err
	}
	found, err := s.writtenFor(v, []store.Group{g}, domain.ID)
	if err != nil {
		return false, err
	}
	lost, err := s.lost(v, g, found, domain.ID)
	if err != nil || told == nil && lost == "" {
		return false, err
	}
	title, name := s.GroupTitle(v, g), s.TitleOfDomain(v, domain)
	page := views.AdminChosen{
		Office: s.Office(w, v, "groups", v.Words.N("admin.groups.detach.ask", 1, name)), Action: "/admin/groups/" + g.ID + "/detach", Danger: true,
		Button: v.Words.N("admin.groups.detach", 1, name), Back: "/admin/groups/" + g.ID, IDs: []string{g.ID}, Names: []string{title},
		Hidden: [][2]string{{"to", domain.ID}, {"sure", "yes"}}, Stranded: told,
	}
	if lost != "" {
		page.Names[0] = v.Words.T("admin.chosen.why", title, lost)
	}
	page.Ask = page.Title
	return true, frame.Show(w, v, page.View())
}
