package frame

import (
	"net/netip"
	"slices"
	"strings"

	"selfhelp/app/admission"
	"selfhelp/store"
	"selfhelp/views"
)

// agents are the browsers by what stands in the name they give, the narrowest
// first: most claim to be others too.
var agents = [][2]string{
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"FxiOS", "Firefox"}, {"Firefox/", "Firefox"},
	{"CriOS", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"},
}

// systems are what browsers run on, likewise.
var systems = [][2]string{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"},
}

func firstNamed(agent string, names [][2]string) string {
	if i := slices.IndexFunc(names, func(n [2]string) bool { return strings.Contains(agent, n[0]) }); i >= 0 {
		return names[i][1]
	}
	return ""
}

// browserName says in words what a browser calls itself.
func browserName(v *Visit, agent string) string {
	browser, system := firstNamed(agent, agents), firstNamed(agent, systems)
	switch {
	case browser != "" && system != "":
		return v.Words.T("session.browser_on", browser, system)
	case browser+system != "":
		return browser + system
	}
	return v.Words.T("session.browser_unknown")
}

// placeName says where an address is, as far as it can be told.
func placeName(v *Visit, address string) string {
	a, err := netip.ParseAddr(address)
	switch {
	case err != nil:
		return v.Words.T("session.place_unknown")
	case a.IsLoopback():
		return v.Words.T("session.place_here")
	case a.IsPrivate() || a.IsLinkLocalUnicast():
		return v.Words.T("session.place_inside", address)
	}
	return address
}

// SessionRow is a session as lists show it.
func (s *Site) SessionRow(v *Visit, of store.Session) views.SessionRow {
	return views.SessionRow{
		ID: of.ID, User: of.User, Browser: browserName(v, of.Agent), Place: placeName(v, of.Address), Agent: of.Agent, Address: of.Address,
		Began: of.Began, Seen: of.Seen, Ago: v.Words.Ago(of.Seen, s.Now()), Now: v.Token != "" && of.ID == store.SessionID(v.Token),
	}
}

// SessionsOf are the sessions of an account that still open something.
func (s *Site) SessionsOf(v *Visit, u store.User) (rows []views.SessionRow, err error) {
	all, err := s.Activity.SessionsOf(v.Context(), u.ID, 100)
	for _, one := range all {
		if u.Counts(one.Era, one.Began) {
			rows = append(rows, s.SessionRow(v, one))
		}
	}
	return rows, err
}

// AllSessionsOf are the sessions of an account here, and at the presentation servers where
// the page at an address was asked for with them.
func (s *Site) AllSessionsOf(v *Visit, u store.User, page string) (rows []views.SessionRow, others views.OtherSessions, err error) {
	rows, err = s.SessionsOf(v, u)
	if err != nil || s.Platform == nil || !s.Platform.HasServers() {
		return rows, others, err
	}
	if v.URL.Query().Get("sessions") != "all" {
		others.Ask = page + "?sessions=all#sessions"
		return rows, others, nil
	}
	there, away, err := s.Platform.SessionsOf(v.Context(), u.ID)
	for _, one := range there {
		known := slices.ContainsFunc(rows, func(r views.SessionRow) bool { return r.ID == one.ID })
		if !known && u.Counts(one.Era, one.Began) {
			row := s.SessionRow(v, one.Session)
			row.Server = one.Server
			rows = append(rows, row)
		}
	}
	others.Away = away
	return rows, others, err
}

// StopSession ends one session of an account, wherever it is known, and returns how many
// there were.
func (s *Site) StopSession(v *Visit, user, id string) (int64, error) {
	n, err := s.Activity.StopSessions(v.Context(), user, []string{id})
	if err != nil || n > 0 || s.Platform == nil || !s.Platform.HasServers() {
		return n, err
	}
	return s.Platform.StopSession(v.Context(), user, id)
}

// maxAgent is how much of the name of a browser is kept.
const maxAgent = 300

// Signing is the session that a visit begins for somebody.
func (s *Site) Signing(v *Visit, e admission.Entry) store.Session {
	return store.Session{User: e.User.ID, Method: e.Method, Peer: e.Peer, PeerOf: e.PeerOf, Agent: agentOf(v), Address: v.Address.String(), Era: e.User.Era, Began: s.Now()}
}
