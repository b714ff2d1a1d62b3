package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// severalActs are what can be done to several accounts at once; those that take
// something away are true.
var severalActs = map[string]bool{"suspend": true, "reinstate": false, "enter": false, "leave": true, "sign_out": true}

// several is a choice of accounts with what is to be done to them.
type several struct {
	do    string
	group store.Group // to enter or to leave
	list  views.List
	users []store.User
	out   []string // names and reasons of those it cannot be done to
}

// readSeveral reads a choice: the accounts ticked, or all that the filter of the
// list shows. What the person may not change is left out.
func (s *Admin) readSeveral(v *frame.Visit) (c several, err error) {
	if err := v.ParseForm(); err != nil {
		return c, frame.Unreadable(err)
	}
	q, err := url.ParseQuery(v.PostFormValue("filter"))
	if err != nil {
		return c, frame.Unreadable(err)
	}
	f, l := s.userFilter(v, q)
	c.do, c.list = v.PostFormValue("do"), l
	if c.do == "enter" || c.do == "leave" {
		c.group, err = s.Content.Group(v.Context(), v.PostFormValue("to"))
		if err == nil && !AdministersAll(v, c.group) {
			err = fault.New(fault.NotFound, "fault.not_found")
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			return c, err
		}
	}
	users, err := s.pickedUsers(v, f)
	for _, u := range users {
		why, err := s.mayNot(v, u, c.do)
		if err != nil {
			return c, err
		}
		if why == "" {
			c.users = append(c.users, u)
		} else {
			c.out = append(c.out, v.Words.T("admin.chosen.why", u.Name(), v.Words.T(why)))
		}
	}
	return c, err
}

// pickedUsers are the accounts that a form names, or all of a filter. Ids of
// accounts that are gone, or none of the person's, name nobody.
func (s *Admin) pickedUsers(v *frame.Visit, f store.UserFilter) (users []store.User, err error) {
	if v.PostFormValue("every") == "yes" {
		f.After, f.Limit = "", maxChosen
		return s.Content.Users(v.Context(), f)
	}
	picked := v.PostForm["pick"]
	for _, id := range picked[:min(len(picked), maxChosen)] {
		u, err := s.Content.User(v.Context(), id)
		if fault.Is(err, fault.NotFound) || slices.ContainsFunc(users, func(o store.User) bool { return o.ID == id }) {
			continue
		}
		if err != nil {
			return nil, err
		}
		m, err := s.Content.Memberships(v.Context(), id)
		if err != nil {
			return nil, err
		}
		if v.RulesServer() || slices.ContainsFunc(DomainsOf(m), func(d string) bool { return Administers(v, d) }) {
			users = append(users, u)
		}
	}
	return users, nil
}

// mayNot says why a thing cannot be done to an account, "" when it can.
func (s *Admin) mayNot(v *frame.Visit, u store.User, do string) (string, error) {
	if u.ID == v.Who.ID && (do == "suspend" || do == "sign_out") {
		return "admin.chosen.self", nil
	}
	m, err := s.Content.Memberships(v.Context(), u.ID)
	if err != nil || v.RulesServer() {
		return "", err
	}
	if Reaches(v, u, m) {
		return "admin.chosen.wider", nil
	}
	return "", nil
}

// chooseUsers asks whether something is to be done to the accounts chosen.
func (s *Admin) chooseUsers(w http.ResponseWriter, v *frame.Visit) error {
	c, err := s.readSeveral(v)
	if err != nil {
		return err
	}
	danger, known := severalActs[c.do]
	wrong := ""
	switch {
	case !known:
		wrong = "admin.chosen.nothing"
	case len(c.users)+len(c.out) == 0:
		wrong = "admin.chosen.none"
	case (c.do == "enter" || c.do == "leave") && c.group.ID == "":
		wrong = "admin.chosen.group"
	}
	if wrong != "" {
		s.Say(w, ui.Warn, wrong)
		return frame.GoTo(w, v, c.list.Address(""))
	}
	page, err := s.askSeveral(w, v, c, danger)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// askSeveral is the page that asks before something is done to several accounts.
func (s *Admin) askSeveral(w http.ResponseWriter, v *frame.Visit, c several, danger bool) (page views.AdminChosen, err error) {
	n, title := len(c.users), s.GroupTitle(v, c.group)
	page = views.AdminChosen{
		Office: s.Office(w, v, "users", v.Words.N("admin.users."+c.do+".ask", n, title)), Action: "/admin/users/apply", Do: c.do, Danger: danger,
		Button: v.Words.N("admin.users."+c.do, n, title), Back: c.list.Address(""), LeftOut: c.out,
		Hidden: [][2]string{{"to", c.group.ID}, {"filter", v.PostFormValue("filter")}},
	}
	page.Ask = page.Title
	for i, u := range c.users {
		page.IDs = append(page.IDs, u.ID)
		if i < namesShown {
			page.Names = append(page.Names, u.Name()+" ("+u.Login+")")
		} else {
			page.More++
		}
	}
	if c.do == "suspend" {
		if page.Heirs, _, err = s.heirs(v, c.users, nil); err != nil {
			return page, err
		}
	}
	if c.do == "leave" && n > 0 {
		page.Stranded, err = s.stranded(v, store.Loss{Groups: []string{c.group.ID}, Users: page.IDs})
	}
	return page, err
}

// applyUsers does what was asked to the accounts chosen, all or none.
func (s *Admin) applyUsers(w http.ResponseWriter, v *frame.Visit) error {
	c, err := s.readSeveral(v)
	if err != nil {
		return err
	}
	ids := make([]string, len(c.users))
	for i, u := range c.users {
		ids[i] = u.ID
	}
	done, err := s.toSeveral(v, c, ids)
	s.Sessions.Forget()
	if wrong := v.FieldTexts(err); wrong["heir"] != "" {
		page, perr := s.askSeveral(w, v, c, severalActs[c.do])
		if perr != nil {
			return perr
		}
		page.Wrong = wrong
		return frame.ShowStatus(w, v, frame.Statuses[fault.KindOf(err)], page.View())
	}
	if err != nil {
		return err
	}
	s.Say(w, ui.OK, "admin.users."+c.do+".done", strconv.Itoa(done), s.GroupTitle(v, c.group))
	return frame.GoTo(w, v, c.list.Address(""))
}

func (s *Admin) toSeveral(v *frame.Visit, c several, ids []string) (int, error) {
	switch {
	case c.do == "suspend":
		heir, _, err := s.heirOf(v, c.users)
		if err != nil {
			return 0, err
		}
		return s.Content.Suspend(v.Context(), ids, heir, v.Who.ID)
	case c.do == "reinstate":
		return s.Content.SetActive(v.Context(), ids, true, v.Who.ID)
	case c.do == "sign_out":
		return len(ids), s.Content.EndSessionsTogether(v.Context(), ids, v.Who.ID)
	case c.group.ID == "":
		return 0, fault.New(fault.NotFound, "fault.not_found")
	case c.do == "enter":
		return s.Content.EnterGroupTogether(v.Context(), c.group.ID, ids, v.Who.ID)
	case c.do == "leave":
		return s.Content.LeaveGroupTogether(v.Context(), c.group.ID, ids, v.Who.ID)
	}
	return 0, fault.New(fault.Invalid, "fault.form.unreadable")
}
