package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// hasControls reports whether a text holds signs nobody can read.
func hasControls(s string) bool { return strings.ContainsFunc(s, unicode.IsControl) }

// membersShown is how many members the page of a group lists; the list of
// users has them all.
const membersShown = 200

// adminGroup shows a group and its members.
func (s *Site) adminGroup(w http.ResponseWriter, v *visit) error {
	page, err := s.groupPage(w, v, nil)
	if err != nil {
		return err
	}
	return show(w, v, page.View())
}

func (s *Site) groupPage(w http.ResponseWriter, v *visit, wrong map[string]string) (views.AdminGroup, error) {
	g := v.managed.group
	page := views.AdminGroup{Office: s.office(w, v, "domains", g.Name), ID: g.ID, Version: g.Version, Name: g.Name, Domain: g.Domain, Wrong: wrong, NewMember: v.PostFormValue("login")}
	if typed := v.PostFormValue("name"); typed != "" || wrong["name"] != "" {
		page.Name = typed
	}
	names, err := s.domainNames(v)
	if err != nil {
		return page, err
	}
	page.DomainName = names[g.Domain]
	f := store.UserFilter{Group: g.ID, Limit: membersShown}
	members, err := s.content.Users(v.Context(), f)
	if err != nil {
		return page, err
	}
	if page.Count, err = s.content.CountUsersLike(v.Context(), f); err != nil {
		return page, err
	}
	page.Members, err = s.userRows(v, members)
	return page, err
}

// refuseGroup shows the page again with what is wrong.
func (s *Site) refuseGroup(w http.ResponseWriter, v *visit, err error) error {
	kind := fault.KindOf(err)
	if kind != fault.Invalid && kind != fault.Conflict {
		return err
	}
	was := v.managed.group.Name
	page, perr := s.groupPage(w, v, v.fieldTexts(err))
	if perr != nil {
		return perr
	}
	if page.Wrong == nil {
		page.Stale, page.Theirs = true, []views.Difference{{Name: v.words.T("admin.name"), Theirs: was}}
	}
	return showStatus(w, v, statuses[kind], page.View())
}

// adminSaveGroup gives a group another name.
func (s *Site) adminSaveGroup(w http.ResponseWriter, v *visit) error {
	g := v.managed.group
	name, err := v.readGroupName()
	if err == nil {
		g.Name = name
		g.Version, _ = strconv.ParseInt(v.PostFormValue("version"), 10, 64)
		_, err = s.content.SaveGroup(v.Context(), g, v.who.ID)
		s.sessions.forget()
	}
	if err != nil {
		return s.refuseGroup(w, v, err)
	}
	s.say(w, ui.OK, "admin.saved")
	return goTo(w, v, "/admin/groups/"+g.ID)
}

// adminEnterGroup makes the account of a login a member. One that belongs
// elsewhere only is as good as unknown to who does not administer it.
func (s *Site) adminEnterGroup(w http.ResponseWriter, v *visit) error {
	if err := v.ParseForm(); err != nil {
		return unreadable(err)
	}
	u, err := s.content.UserByLogin(v.Context(), strings.TrimSpace(v.PostFormValue("login")))
	known := err == nil
	if known {
		known, err = s.belongsTo(v, u, v.managed.group.Domain)
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if !known {
		return s.refuseGroup(w, v, fault.InField("login", "fault.group.nobody"))
	}
	if err := s.content.EnterGroup(v.Context(), v.managed.group.ID, u.ID, v.who.ID); err != nil {
		return err
	}
	s.sessions.forget()
	s.say(w, ui.OK, "admin.group.entered", u.Name())
	return goTo(w, v, "/admin/groups/"+v.managed.group.ID)
}

// adminLeaveGroup ends a membership.
func (s *Site) adminLeaveGroup(w http.ResponseWriter, v *visit) error {
	if err := v.ParseForm(); err != nil {
		return unreadable(err)
	}
	members, err := s.content.GroupMembers(v.Context(), v.managed.group.ID)
	if err != nil {
		return err
	}
	id := v.PostFormValue("user")
	if !slices.Contains(members, id) {
		return goTo(w, v, "/admin/groups/"+v.managed.group.ID) // it is as asked already
	}
	u, err := s.content.User(v.Context(), id)
	if err == nil {
		err = s.content.LeaveGroup(v.Context(), v.managed.group.ID, id, v.who.ID)
	}
	if err != nil {
		return err
	}
	s.sessions.forget()
	s.say(w, ui.OK, "admin.group.left", u.Name())
	return goTo(w, v, "/admin/groups/"+v.managed.group.ID)
}

// adminDeleteGroup removes a group when its name was typed.
func (s *Site) adminDeleteGroup(w http.ResponseWriter, v *visit) error {
	if err := v.ParseForm(); err != nil {
		return unreadable(err)
	}
	g := v.managed.group
	if v.PostFormValue("confirm") != g.Name {
		return s.refuseGroup(w, v, fault.InField("confirm", "fault.group.confirm"))
	}
	version, _ := strconv.ParseInt(v.PostFormValue("version"), 10, 64)
	if err := s.content.DeleteGroup(v.Context(), g.ID, version, v.who.ID); err != nil {
		return err
	}
	s.sessions.forget()
	s.say(w, ui.OK, "admin.group.deleted", g.Name)
	return goTo(w, v, "/admin/domains/"+g.Domain)
}
