package admin

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

var groupOrder = frame.Order[views.GroupRow]{
	"name":    func(a, b views.GroupRow) int { return cmp.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)) },
	"members": func(a, b views.GroupRow) int { return cmp.Compare(a.Members, b.Members) },
	"domain":  func(a, b views.GroupRow) int { return slices.Compare(a.Domains, b.Domains) },
}

// groupRows are the groups of the domains that the person administers, each
// once.
func (s *Admin) groupRows(v *frame.Visit) ([]views.GroupRow, error) {
	domains, err := s.Administered(v)
	if err != nil {
		return nil, err
	}
	names, err := s.domainNames(v)
	if err != nil {
		return nil, err
	}
	var rows []views.GroupRow
	for _, d := range domains {
		groups, err := s.Content.Groups(v.Context(), d.ID)
		if err != nil {
			return nil, err
		}
		sizes, err := s.Content.GroupSizes(v.Context(), d.ID)
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			if slices.ContainsFunc(rows, func(r views.GroupRow) bool { return r.ID == g.ID }) {
				continue
			}
			rows = append(rows, s.groupRow(v, g, sizes[g.ID], names))
		}
	}
	return rows, nil
}

func (s *Admin) groupRow(v *frame.Visit, g store.Group, members int, names map[string]string) views.GroupRow {
	row := views.GroupRow{ID: g.ID, Name: g.Name, Title: s.GroupTitle(v, g), Members: members, Mine: AdministersAll(v, g), Ruled: g.Rule != nil}
	for _, d := range g.In() {
		if Administers(v, d) { // of the others, not even that they are there
			row.In, row.Domains = append(row.In, d), append(row.Domains, names[d])
		}
	}
	return row
}

// groupList is the list of groups that an address asks for, whole.
func (s *Admin) groupList(v *frame.Visit, q url.Values) ([]views.GroupRow, views.List, error) {
	l := frame.Listed(q, "/admin/groups", groupOrder.Columns(), "q", "domain")
	rows, err := s.groupRows(v)
	if domain := l.Value("domain"); domain != "" {
		rows = slices.DeleteFunc(rows, func(g views.GroupRow) bool { return !slices.Contains(g.In, domain) })
	}
	return frame.Arrange(&l, rows, func(g views.GroupRow) string { return g.Title + "\n" + g.Name }, groupOrder), l, err
}

// groups lists groups.
func (s *Admin) groups(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.groupsPage(w, v)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

func (s *Admin) groupsPage(w http.ResponseWriter, v *frame.Visit) (views.AdminGroups, error) {
	page := views.AdminGroups{Office: s.Office(w, v, "groups", v.Words.T("admin.groups"))}
	rows, l, err := s.groupList(v, v.URL.Query())
	if err != nil {
		return page, err
	}
	page.Choices, err = s.DomainOptions(v)
	page.Groups = frame.OnePage(v, &l, rows)
	page.List = l
	return page, err
}

// createGroup makes a group in the domain of the address, or in the one that the
// form names.
func (s *Admin) createGroup(w http.ResponseWriter, v *frame.Visit) error {
	made := store.Group{Domain: v.PathValue("domain")}
	find := func() (store.Domain, error) { return s.Content.Domain(v.Context(), made.Domain) }
	if made.Domain == "" {
		find = func() (store.Domain, error) { return s.domainOfForm(v) }
	}
	domain, err := find()
	made.Domain = domain.ID
	if err == nil {
		made.Name, err = readGroupName(v, "")
	}
	if err == nil {
		made, err = s.Content.CreateGroup(v.Context(), made, v.Who.ID)
	}
	if told, wrong := s.inherited(v, made.Domain, err); wrong != nil {
		return s.refuseNewGroup(w, v, told, wrong)
	}
	if err != nil {
		return err
	}
	s.Say(w, ui.OK, "admin.group.made", made.Name)
	return frame.GoTo(w, v, "/admin/groups/"+made.ID) // where people are put in it
}

// refuseNewGroup shows the page that the form stands on, with what was typed.
func (s *Admin) refuseNewGroup(w http.ResponseWriter, v *frame.Visit, told *views.Inherited, wrong map[string]string) error {
	if v.PathValue("domain") != "" {
		page, _, err := s.domainPage(w, v, wrong)
		if err != nil {
			return err
		}
		page.Inherited = told
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	page, err := s.groupsPage(w, v)
	if err != nil {
		return err
	}
	page.Inherited, page.Wrong, page.NewName, page.NewIn = told, wrong, v.PostFormValue("name"), v.PostFormValue("to")
	return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
}

// groupsTable gives the list out.
func (s *Admin) groupsTable(w http.ResponseWriter, v *frame.Visit) error {
	if err := s.Content.Audit(v.Context(), v.Who.ID, "group.export", "", map[string]string{"filter": v.URL.RawQuery}); err != nil {
		return err
	}
	rows, _, err := s.groupList(v, v.URL.Query())
	if err != nil {
		return err
	}
	var table [][]string
	for _, g := range rows {
		table = append(table, []string{g.Name, g.Title, v.Words.Show(g.Domains), strconv.Itoa(g.Members), v.Words.T(yesNo[g.Ruled])})
	}
	return s.SendTable(w, v, frame.Table{Name: "groups", Head: Head(v, "admin.name", "admin.group.title", "profile.domains", "admin.group.members", "admin.rule"), Next: Once(table)})
}

// chooseGroups asks whether something is to be done to the groups chosen.
func (s *Admin) chooseGroups(w http.ResponseWriter, v *frame.Visit) error {
	chosen, l, err := s.chosenGroups(v)
	if err != nil {
		return err
	}
	do, domain := v.PostFormValue("do"), v.PostFormValue("to")
	switch {
	case len(chosen) == 0:
		s.Say(w, ui.Warn, "admin.chosen.none")
		return frame.GoTo(w, v, l.Address(""))
	case do != "delete" && do != "attach" && do != "detach":
		s.Say(w, ui.Warn, "admin.chosen.nothing")
		return frame.GoTo(w, v, l.Address(""))
	case do != "delete" && !Administers(v, domain):
		s.Say(w, ui.Warn, "admin.chosen.domain")
		return frame.GoTo(w, v, l.Address(""))
	}
	page := views.AdminChosen{
		Office: s.Office(w, v, "groups", ""), Action: "/admin/groups/apply", Do: do, Back: l.Address(""), Danger: do != "attach",
		Hidden: [][2]string{{"to", domain}, {"filter", v.PostFormValue("filter")}},
	}
	names, err := s.domainNames(v)
	if err != nil {
		return err
	}
	var going []views.GroupRow
	for _, g := range chosen {
		if why := groupStays(g, do, domain); why != "" {
			page.LeftOut = append(page.LeftOut, v.Words.T("admin.chosen.why", g.Title, v.Words.T(why)))
			continue
		}
		page.IDs, going = append(page.IDs, g.ID), append(going, g)
	}
	named := going[:min(len(going), namesShown)]
	if page.Names, err = s.chosenWords(v, named, do, domain); err != nil {
		return err
	}
	page.More = len(going) - len(named)
	if do != "attach" {
		loss := store.Loss{Groups: page.IDs}
		if do == "detach" {
			loss.Domain = domain
		}
		if page.Stranded, err = s.stranded(v, loss); err != nil {
			return err
		}
	}
	page.Ask, page.Button = v.Words.N("admin.groups."+do+".ask", len(page.IDs), names[domain]), v.Words.N("admin.groups."+do, len(page.IDs), names[domain])
	page.Title = page.Ask
	return frame.Show(w, v, page.View())
}

// groupStays says why a thing is not done to a group, "" when it is.
func groupStays(g views.GroupRow, do, domain string) string {
	switch {
	case !g.Mine:
		return "admin.group.wider"
	case do == "detach" && g.In[0] == domain:
		return "admin.group.own"
	case do == "detach" && !slices.Contains(g.In, domain):
		return "admin.group.not_there"
	case do == "attach" && slices.Contains(g.In, domain):
		return "admin.group.there"
	}
	return ""
}

// chosenWords are groups that were chosen, each with what it no longer opens afterwards;
// each domain is looked through once for all of them.
func (s *Admin) chosenWords(v *frame.Visit, chosen []views.GroupRow, do, domain string) (words []string, err error) {
	losses := make([]string, len(chosen))
	switch do {
	case "delete":
		losses, err = s.losses(v, chosen, "")
	case "detach":
		losses, err = s.losses(v, chosen, domain)
	}
	if err != nil {
		return nil, err
	}
	for i, g := range chosen {
		if losses[i] != "" {
			words = append(words, v.Words.T("admin.chosen.why", g.Title, losses[i]))
		} else {
			words = append(words, v.Words.T("admin.group.with", g.Title, g.Members))
		}
	}
	return words, nil
}

// losses say of each of some groups what it no longer opens: each domain is looked
// through once for all of them.
func (s *Admin) losses(v *frame.Visit, chosen []views.GroupRow, domain string) (losses []string, err error) {
	groups := make([]store.Group, len(chosen))
	for i, g := range chosen {
		if groups[i], err = s.Content.Group(v.Context(), g.ID); err != nil {
			return nil, err
		}
	}
	found, err := s.writtenFor(v, groups, domain)
	if err != nil {
		return nil, err
	}
	losses = make([]string, len(groups))
	for i, g := range groups {
		if losses[i], err = s.lost(v, g, found, domain); err != nil {
			return nil, err
		}
	}
	return losses, nil
}

// chosenGroups are the groups that a form names, or all that its filter shows.
func (s *Admin) chosenGroups(v *frame.Visit) ([]views.GroupRow, views.List, error) {
	if err := v.ParseForm(); err != nil {
		return nil, views.List{}, frame.Unreadable(err)
	}
	q, err := url.ParseQuery(v.PostFormValue("filter"))
	if err != nil {
		return nil, views.List{}, frame.Unreadable(err)
	}
	rows, l, err := s.groupList(v, q)
	if v.PostFormValue("every") != "yes" {
		rows = slices.DeleteFunc(rows, func(g views.GroupRow) bool { return !slices.Contains(v.PostForm["pick"], g.ID) })
	}
	return rows[:min(len(rows), maxChosen)], l, err
}

// applyGroups does what was asked to the groups chosen.
func (s *Admin) applyGroups(w http.ResponseWriter, v *frame.Visit) error {
	chosen, l, err := s.chosenGroups(v)
	if err != nil {
		return err
	}
	do, domain, done := v.PostFormValue("do"), v.PostFormValue("to"), 0
	if do != "delete" && !Administers(v, domain) {
		s.Say(w, ui.Warn, "admin.chosen.domain")
		return frame.GoTo(w, v, l.Address(""))
	}
	for _, g := range chosen {
		if groupStays(g, do, domain) != "" {
			continue
		}
		if err := s.applyGroup(v, do, g.ID, domain); err != nil {
			s.Sessions.Forget()
			if fault.Is(err, fault.Conflict) {
				s.Say(w, ui.Warn, "admin.groups.taken", g.Title, s.whyNot(v, domain, err), strconv.Itoa(done))
				return frame.GoTo(w, v, l.Address(""))
			}
			return err
		}
		done++
	}
	s.Sessions.Forget()
	s.Say(w, ui.OK, "admin.groups.done", strconv.Itoa(done))
	return frame.GoTo(w, v, l.Address(""))
}

func (s *Admin) applyGroup(v *frame.Visit, do, id, domain string) error {
	switch do {
	case "attach":
		return s.Content.AttachGroup(v.Context(), id, domain, v.Who.ID)
	case "detach":
		return s.Content.DetachGroup(v.Context(), id, domain, v.Who.ID)
	case "delete":
		g, err := s.Content.Group(v.Context(), id)
		if err != nil {
			return err
		}
		return s.Content.DeleteGroup(v.Context(), id, g.Version, v.Who.ID)
	}
	return fault.New(fault.Invalid, "fault.form.unreadable")
}
