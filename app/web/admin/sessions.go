package admin

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

var sessionOrder = frame.Order[views.SessionRow]{
	"seen":    func(a, b views.SessionRow) int { return b.Seen.Compare(a.Seen) },
	"began":   func(a, b views.SessionRow) int { return b.Began.Compare(a.Began) },
	"name":    func(a, b views.SessionRow) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) },
	"browser": func(a, b views.SessionRow) int { return cmp.Compare(a.Browser, b.Browser) },
	"place":   func(a, b views.SessionRow) int { return cmp.Compare(a.Address, b.Address) },
}

// sessionList is the list of sessions that an address asks for, whole: those
// that open something, of the accounts that the person may sign out.
func (s *Admin) sessionList(v *frame.Visit, q url.Values) ([]views.SessionRow, views.List, error) {
	l := frame.Listed(q, "/admin/sessions", sessionOrder.Columns(), "q")
	all, err := s.Activity.SessionsOf(v.Context(), "", 0)
	if err != nil {
		return nil, l, err
	}
	users, err := s.signedIn(v, all)
	if err != nil {
		return nil, l, err
	}
	var rows []views.SessionRow
	for _, one := range all {
		u := users[one.User]
		if !u.Active || one.Began.Truncate(time.Millisecond).Before(u.SessionsFrom.Truncate(time.Millisecond)) {
			continue // it opens nothing any more
		}
		row := s.SessionRow(v, one)
		row.Name = u.Known()
		rows = append(rows, row)
	}
	words := func(r views.SessionRow) string { return r.Name + " " + r.Browser + " " + r.Address + " " + r.Place }
	return frame.Arrange(&l, rows, words, sessionOrder), l, nil
}

// signedIn are the accounts of sessions, by id, as far as the person may sign them
// out.
func (s *Admin) signedIn(v *frame.Visit, sessions []store.Session) (map[string]store.User, error) {
	ids := map[string]bool{}
	for _, one := range sessions {
		ids[one.User] = true
	}
	placed, err := s.Content.Placed(v.Context(), slices.Sorted(maps.Keys(ids)))
	users := make(map[string]store.User, len(placed))
	for id, p := range placed {
		if v.RulesServer() || id == v.Who.ID || len(p.Domains) > 0 && !reachesTo(v, p.User, p.Domains) {
			users[id] = p.User
		}
	}
	return users, err
}

// sessions lists the browsers that are signed in.
func (s *Admin) sessions(w http.ResponseWriter, v *frame.Visit) error {
	rows, l, err := s.sessionList(v, v.URL.Query())
	if err != nil {
		return err
	}
	page := views.AdminSessions{Office: s.Office(w, v, "sessions", v.Words.T("admin.sessions"))}
	page.Sessions = frame.OnePage(v, &l, rows)
	page.List, page.Several = l, s.IsOneOfSeveral()
	return frame.Show(w, v, page.View())
}

// sessionsTable gives the list out.
func (s *Admin) sessionsTable(w http.ResponseWriter, v *frame.Visit) error {
	if err := s.Content.Audit(v.Context(), v.Who.ID, "session.export", "", map[string]string{"filter": v.URL.RawQuery}); err != nil {
		return err
	}
	rows, _, err := s.sessionList(v, v.URL.Query())
	if err != nil {
		return err
	}
	var table [][]string
	for _, r := range rows {
		table = append(table, []string{r.Name, r.Browser, r.Address, r.Began.Format(time.RFC3339), r.Seen.Format(time.RFC3339)})
	}
	return s.SendTable(w, v, frame.Table{Name: "sessions", Head: Head(v, "admin.name", "session.browser", "session.place", "session.began", "session.seen"), Next: Once(table)})
}

// chosenSessions are the sessions that a form names, or all that its filter
// shows, but the one that asks.
func (s *Admin) chosenSessions(v *frame.Visit) ([]views.SessionRow, views.List, error) {
	if err := v.ParseForm(); err != nil {
		return nil, views.List{}, frame.Unreadable(err)
	}
	q, err := url.ParseQuery(v.PostFormValue("filter"))
	if err != nil {
		return nil, views.List{}, frame.Unreadable(err)
	}
	rows, l, err := s.sessionList(v, q)
	every := v.PostFormValue("every") == "yes"
	rows = slices.DeleteFunc(rows, func(r views.SessionRow) bool {
		return r.Now || !every && !slices.Contains(v.PostForm["pick"], r.ID)
	})
	return rows[:min(len(rows), maxChosen)], l, err
}

// chooseSessions asks whether the sessions chosen are to end.
func (s *Admin) chooseSessions(w http.ResponseWriter, v *frame.Visit) error {
	rows, l, err := s.chosenSessions(v)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		s.Say(w, ui.Warn, "admin.chosen.none")
		return frame.GoTo(w, v, l.Address(""))
	}
	page := views.AdminChosen{
		Office: s.Office(w, v, "sessions", v.Words.N("admin.sessions.stop.ask", len(rows))), Action: "/admin/sessions/apply", Danger: true,
		Button: v.Words.N("admin.sessions.stop", len(rows)), Back: l.Address(""), Hidden: [][2]string{{"filter", v.PostFormValue("filter")}},
	}
	page.Ask = page.Title
	for i, r := range rows {
		page.IDs = append(page.IDs, r.ID)
		if i < namesShown {
			page.Names = append(page.Names, r.Name+" · "+r.Browser+" · "+r.Place)
		} else {
			page.More++
		}
	}
	return frame.Show(w, v, page.View())
}

// applySessions ends the sessions chosen.
func (s *Admin) applySessions(w http.ResponseWriter, v *frame.Visit) error {
	rows, l, err := s.chosenSessions(v)
	if err != nil {
		return err
	}
	of := map[string][]string{}
	for _, r := range rows {
		of[r.User] = append(of[r.User], r.ID)
	}
	stopped := int64(0)
	for _, user := range slices.Sorted(maps.Keys(of)) {
		n, err := s.Activity.StopSessions(v.Context(), user, of[user])
		if err != nil {
			return err
		}
		if err := s.Content.Audit(v.Context(), v.Who.ID, "session.stop", "user:"+user, map[string]int64{"sessions": n}); err != nil {
			return err
		}
		stopped += n
	}
	s.Sessions.Forget()
	s.Say(w, ui.OK, "admin.sessions.stopped", strconv.FormatInt(stopped, 10))
	return frame.GoTo(w, v, l.Address(""))
}
