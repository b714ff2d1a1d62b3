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

	"selfhelp/app/platform"
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

// How many sessions of each server are looked at: those used last, of those that are
// searched for. A table that is given out holds more than a page does.
const (
	sessionsShown = 1000
	sessionsGiven = 10_000
	wordUsers     = 500 // in whose name a word is searched for
)

// sessionSearch is a list of sessions as it was found.
type sessionSearch struct {
	rows []views.SessionRow
	list views.List
	more bool     // there are others, used longer ago
	away []string // names of servers that did not answer
}

// sessionList is the list of sessions that an address asks for: those that open
// something, of the accounts that the person may sign out, at every server. Some are
// named, or so many are looked at.
func (s *Admin) sessionList(v *frame.Visit, q url.Values, named []string, most int) (found sessionSearch, err error) {
	l := frame.Listed(q, "/admin/sessions", sessionOrder.Columns(), "q")
	found.list = l
	looks := []store.Sought{{IDs: named, Most: most}}
	if words := strings.Fields(strings.ToLower(l.Value("q"))); len(words) > 0 && len(named) == 0 {
		further, err := s.soughtWords(v, words)
		if err != nil {
			return found, err
		}
		looks = append(looks, store.Sought{Words: further, Most: most}) // those used last are searched as they are shown
	}
	var all []platform.SignedIn
	for _, look := range looks {
		here, more, err := s.Activity.SoughtSessions(v.Context(), look)
		if err != nil {
			return found, err
		}
		found.more = more // of the last look: what is searched for
		for _, one := range here {
			all = append(all, platform.SignedIn{Session: one})
		}
		if s.Platform == nil || !s.Platform.HasServers() {
			continue
		}
		there, more, away, err := s.Platform.SoughtSessions(v.Context(), look)
		if err != nil {
			return found, err
		}
		all, found.more, found.away = append(all, there...), found.more || more, away
	}
	seen := map[string]bool{}
	all = slices.DeleteFunc(all, func(one platform.SignedIn) bool {
		again := seen[one.ID]
		seen[one.ID] = true
		return again
	})
	slices.SortStableFunc(all, func(a, b platform.SignedIn) int { return b.Seen.Compare(a.Seen) })
	users, err := s.signedIn(v, all)
	if err != nil {
		return found, err
	}
	for _, one := range all {
		u := users[one.User]
		if !u.Counts(one.Era, one.Began) {
			continue // it opens nothing any more
		}
		row := s.SessionRow(v, one.Session)
		row.Name, row.Server = u.Known(), one.Server
		found.rows = append(found.rows, row)
	}
	words := func(r views.SessionRow) string {
		return r.Name + " " + r.Browser + " " + r.Agent + " " + r.Address + " " + r.Place + " " + r.Server
	}
	if len(named) > 0 {
		return found, nil
	}
	found.rows = frame.Arrange(&found.list, found.rows, words, sessionOrder)
	return found, nil
}

// soughtWords are the words of a search, each with those in whose name it is.
func (s *Admin) soughtWords(v *frame.Visit, words []string) (all []store.SoughtWord, err error) {
	for _, w := range words {
		users, err := s.Content.Users(v.Context(), store.UserFilter{Text: w, Limit: wordUsers})
		if err != nil {
			return nil, err
		}
		word := store.SoughtWord{Text: w}
		for _, u := range users {
			word.Users = append(word.Users, u.ID)
		}
		all = append(all, word)
	}
	return all, nil
}

// signedIn are the accounts of sessions, by id, as far as the person may sign them
// out.
func (s *Admin) signedIn(v *frame.Visit, sessions []platform.SignedIn) (map[string]store.User, error) {
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
	found, err := s.sessionList(v, v.URL.Query(), nil, sessionsShown)
	if err != nil {
		return err
	}
	page := views.AdminSessions{Office: s.Office(w, v, "sessions", v.Words.T("admin.sessions")), Away: found.away}
	page.Sessions = frame.OnePage(v, &found.list, found.rows)
	if page.List = found.list; found.more {
		page.Most = sessionsShown
	}
	return frame.Show(w, v, page.View())
}

// sessionsTable gives the list out.
func (s *Admin) sessionsTable(w http.ResponseWriter, v *frame.Visit) error {
	if err := s.Content.Audit(v.Context(), v.Who.ID, "session.export", "", map[string]string{"filter": v.URL.RawQuery}); err != nil {
		return err
	}
	found, err := s.sessionList(v, v.URL.Query(), nil, sessionsGiven)
	if err != nil {
		return err
	}
	var table [][]string
	for _, r := range found.rows {
		table = append(table, []string{r.Name, r.Browser, r.Address, r.Server, r.Began.Format(time.RFC3339), r.Seen.Format(time.RFC3339)})
	}
	return s.SendTable(w, v, frame.Table{Name: "sessions", Head: Head(v, "admin.name", "session.browser", "session.place", "session.at", "session.began", "session.seen"), Next: Once(table)})
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
	named := v.PostForm["pick"]
	if v.PostFormValue("every") == "yes" {
		named = nil
	} else if len(named) == 0 {
		return nil, frame.Listed(q, "/admin/sessions", sessionOrder.Columns(), "q"), nil
	}
	found, err := s.sessionList(v, q, named[:min(len(named), maxChosen)], sessionsShown)
	rows := slices.DeleteFunc(found.rows, func(r views.SessionRow) bool { return r.Now })
	return rows[:min(len(rows), maxChosen)], found.list, err
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
	of, there := map[string][]string{}, map[string][]string{}
	for _, r := range rows {
		of[r.User] = append(of[r.User], r.ID)
		if r.Server != "" {
			there[r.User] = append(there[r.User], r.ID)
		}
	}
	stopped := int64(0)
	for _, user := range slices.Sorted(maps.Keys(of)) {
		n, err := s.Activity.StopSessions(v.Context(), user, of[user])
		if err == nil && len(there[user]) > 0 {
			n += int64(len(there[user]))
			err = s.Platform.EndSessions(v.Context(), there[user]...)
		}
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
