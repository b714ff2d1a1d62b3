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

// EnterAddress is the page of a group, with somebody filled in to be put in it.
func EnterAddress(g store.Group, u store.User) string {
	return "/admin/groups/" + g.ID + "?" + url.Values{"login": {u.Login}}.Encode()
}

// membersShown is how many members the page of a group lists; the list of
// users has them all.
const membersShown = 200

// group shows a group and its members.
func (s *Admin) group(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.groupPage(w, v, nil)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

func (s *Admin) groupPage(w http.ResponseWriter, v *frame.Visit, wrong map[string]string) (views.AdminGroup, error) {
	g := v.Managed.Group
	page := views.AdminGroup{Office: s.Office(w, v, "groups", s.GroupTitle(v, g)), ID: g.ID, Version: g.Version, Name: g.Name, Domain: g.Domain, Wrong: wrong, NewMember: cmp.Or(v.PostFormValue("login"), frame.OneLine(v.URL.Query().Get("login")))}
	if typed := v.PostFormValue("name"); typed != "" || wrong["name"] != "" {
		page.Name = typed
	}
	page.Titles = titleFields(v, g.Title, wrong)
	page.Titles[0].Help = v.Words.T("admin.group.title.help")
	names, err := s.domainNames(v)
	if err != nil {
		return page, err
	}
	page.Mine = AdministersAll(v, g)
	if Administers(v, g.Domain) {
		page.DomainName = names[g.Domain]
	}
	for _, d := range g.Also {
		if !Administers(v, d) {
			continue
		}
		page.Also = append(page.Also, views.Option{Value: d, Name: names[d]})
	}
	if page.Others, err = s.otherDomains(v, g); err != nil {
		return page, err
	}
	f := store.UserFilter{Group: g.ID, Limit: membersShown}
	members, err := s.Content.Users(v.Context(), f)
	if err != nil {
		return page, err
	}
	if page.Count, err = s.Content.CountUsersLike(v.Context(), f); err != nil {
		return page, err
	}
	page.Rule = ruleWords(v, g.Rule)
	found, err := s.writtenFor(v, []store.Group{g}, "")
	if err != nil {
		return page, err
	}
	if page.Opens, err = s.opened(v, g, found, g.In(), names); err != nil {
		return page, err
	}
	if page.Stranded, err = s.stranded(v, store.Loss{Groups: []string{g.ID}}); err != nil {
		return page, err
	}
	offered, err := s.Content.Users(v.Context(), store.UserFilter{Among: Among(v), Domain: g.Domain, Limit: membersShown})
	if err != nil {
		return page, err
	}
	for _, u := range offered {
		page.Known = append(page.Known, views.Option{Value: u.Login, Name: u.Name()})
	}
	if page.Members, err = s.userRows(v, members); err != nil {
		return page, err
	}
	return page, s.whyMembers(v, page.Members, g.ID)
}

// refuseGroup shows the page again with what is wrong.
func (s *Admin) refuseGroup(w http.ResponseWriter, v *frame.Visit, err error) error {
	kind := fault.KindOf(err)
	if kind != fault.Invalid && kind != fault.Conflict {
		return err
	}
	was := v.Managed.Group
	told, wrong := s.inherited(v, was.Domain, err)
	page, perr := s.groupPage(w, v, wrong)
	if perr != nil {
		return perr
	}
	page.Inherited = told
	if page.Wrong == nil {
		page.Stale, page.Theirs = true, groupDifferences(v, was)
	}
	return frame.ShowStatus(w, v, frame.Statuses[kind], page.View())
}

// groupDifferences are what a form would put in place of what a group is called.
func groupDifferences(v *frame.Visit, g store.Group) []views.Difference {
	list := []views.Difference{{Name: v.Words.T("admin.name"), Theirs: g.Name}}
	for _, f := range titleFields(v, g.Title, nil) {
		if kept := g.Title.In[strings.TrimPrefix(f.Name, "title_")]; kept != f.Value {
			list = append(list, views.Difference{Name: f.Label, Theirs: kept})
		}
	}
	return list
}

// saveGroup gives a group another name, and titles by which people read it.
func (s *Admin) saveGroup(w http.ResponseWriter, v *frame.Visit) error {
	g := v.Managed.Group
	name, err := readGroupName(v, g.Name)
	title := g.Title
	if err == nil && v.PostForm.Has("title_"+v.Words.Lang()) { // a page made before it had titles takes none away
		title, err = readAnyTitle(v)
	}
	if err == nil {
		g.Name, g.Title = name, title
		g.Version, _ = strconv.ParseInt(v.PostFormValue("version"), 10, 64)
		_, err = s.Content.SaveGroup(v.Context(), g, v.Who.ID)
		s.Sessions.Forget()
	}
	if err != nil {
		return s.refuseGroup(w, v, err)
	}
	s.Say(w, ui.OK, "admin.saved")
	return frame.GoTo(w, v, "/admin/groups/"+g.ID)
}

// enterGroup makes the account of a login, a mail or a name a member; of several
// it asks which. One that belongs elsewhere only is as good as unknown to who
// does not administer it.
func (s *Admin) enterGroup(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	found, whole, err := s.enterers(v, v.PostFormValue("login"))
	switch {
	case err != nil:
		return err
	case len(found) == 0:
		return s.refuseGroup(w, v, fault.InField("login", "fault.group.nobody"))
	case !whole || len(found) > 1:
		page, err := s.groupPage(w, v, nil)
		for _, u := range found {
			page.Meant = append(page.Meant, views.Option{Value: u.Login, Name: v.Words.T("admin.member.meant", u.Name(), u.Login)})
		}
		if err != nil {
			return err
		}
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	u := found[0]
	if err := s.Content.EnterGroup(v.Context(), v.Managed.Group.ID, u.ID, v.Who.ID); err != nil {
		return err
	}
	s.Sessions.Forget()
	s.Say(w, ui.OK, "admin.group.entered", u.Name())
	return frame.GoTo(w, v, "/admin/groups/"+v.Managed.Group.ID)
}

// peopleMeant is how many people a name may be that of before the list ends.
const peopleMeant = 20

// enterers are those who may be meant by what was typed and may enter the group.
func (s *Admin) enterers(v *frame.Visit, typed string) ([]store.User, bool, error) {
	found, whole, err := s.PeopleCalled(v.Context(), store.UserFilter{Among: Among(v), Limit: peopleMeant}, typed)
	if err != nil {
		return nil, false, err
	}
	if u, err := s.Content.UserByLogin(v.Context(), strings.TrimSpace(typed)); err == nil {
		found, whole = []store.User{u}, true // a login is one person's, whatever else it is part of
	} else if !fault.Is(err, fault.NotFound) {
		return nil, false, err
	}
	may := make([]store.User, 0, len(found))
	for _, u := range found {
		known, err := s.belongsTo(v, u, v.Managed.Group.Domain)
		if err != nil {
			return nil, false, err
		}
		if known {
			may = append(may, u)
		}
	}
	return may, whole, nil
}

// leaveGroup ends a membership.
func (s *Admin) leaveGroup(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	from, err := s.Content.MembersFrom(v.Context(), v.Managed.Group.ID)
	if err != nil {
		return err
	}
	id := v.PostFormValue("user")
	if !slices.Contains(from[id], store.ByHand) {
		return frame.GoTo(w, v, "/admin/groups/"+v.Managed.Group.ID) // it is as asked already
	}
	u, err := s.Content.User(v.Context(), id)
	if err != nil {
		return err
	}
	if asked, err := s.askToLeave(w, v, u); asked || err != nil {
		return err
	}
	if err := s.Content.LeaveGroup(v.Context(), v.Managed.Group.ID, id, v.Who.ID); err != nil {
		return err
	}
	s.Sessions.Forget()
	if len(from[id]) > 1 {
		ways, err := s.WaysIn(v.Context())
		if err != nil {
			return err
		}
		s.Say(w, ui.Warn, "admin.group.stays", u.Name(), v.Words.Show(told(v, from[id], ways)))
	} else {
		s.Say(w, ui.OK, "admin.group.left", u.Name())
	}
	return frame.GoTo(w, v, "/admin/groups/"+v.Managed.Group.ID)
}

// deleteGroup removes a group when its name was typed.
func (s *Admin) deleteGroup(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	g := v.Managed.Group
	if v.PostFormValue("confirm") != g.Name {
		return s.refuseGroup(w, v, fault.InField("confirm", "fault.group.confirm"))
	}
	version, _ := strconv.ParseInt(v.PostFormValue("version"), 10, 64)
	if err := s.Content.DeleteGroup(v.Context(), g.ID, version, v.Who.ID); err != nil {
		return err
	}
	s.Sessions.Forget()
	s.Say(w, ui.OK, "admin.group.deleted", s.GroupTitle(v, g))
	return frame.GoTo(w, v, "/admin/groups")
}

// otherDomains are those a group may still be attached to.
func (s *Admin) otherDomains(v *frame.Visit, g store.Group) ([]views.Option, error) {
	options, err := s.DomainOptions(v)
	return slices.DeleteFunc(options, func(o views.Option) bool { return slices.Contains(g.In(), o.Value) }), err
}

// attachGroup makes a group count in another domain too.
func (s *Admin) attachGroup(w http.ResponseWriter, v *frame.Visit) error {
	g := v.Managed.Group
	domain, err := s.domainOfForm(v)
	if err == nil {
		err = s.Content.AttachGroup(v.Context(), g.ID, domain.ID, v.Who.ID)
	}
	if wrong := fault.FieldsOf(err)["name"]; wrong != "" { // the name is taken there: said beside the domain
		_, args := fault.TextOf(err)
		err = &fault.Error{Kind: fault.Conflict, Key: wrong, Args: args, Fields: map[string]string{"to": wrong}, Cause: err}
	}
	if err != nil {
		return s.refuseGroup(w, v, err)
	}
	s.Sessions.Forget()
	s.Say(w, ui.OK, "admin.group.attached", s.GroupTitle(v, g), s.TitleOfDomain(v, domain))
	return frame.GoTo(w, v, "/admin/groups/"+g.ID)
}

// detachGroup ends that a group counts in a domain.
func (s *Admin) detachGroup(w http.ResponseWriter, v *frame.Visit) error {
	g := v.Managed.Group
	domain, err := s.domainOfForm(v)
	if err == nil {
		asked, aerr := s.askToDetach(w, v, domain)
		if asked || aerr != nil {
			return aerr
		}
		err = s.Content.DetachGroup(v.Context(), g.ID, domain.ID, v.Who.ID)
	}
	if err != nil {
		return s.refuseGroup(w, v, err)
	}
	s.Sessions.Forget()
	s.Say(w, ui.OK, "admin.group.detached", s.GroupTitle(v, g), s.TitleOfDomain(v, domain))
	return frame.GoTo(w, v, "/admin/groups/"+g.ID)
}

// domainOfForm is the domain that a form names, one of the person's.
func (s *Admin) domainOfForm(v *frame.Visit) (store.Domain, error) {
	if err := v.ParseForm(); err != nil {
		return store.Domain{}, frame.Unreadable(err)
	}
	id := v.PostFormValue("to")
	if id == "" || !Administers(v, id) {
		return store.Domain{}, fault.InField("to", "fault.user.domain")
	}
	return s.Content.Domain(v.Context(), id)
}
