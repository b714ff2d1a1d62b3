package frame

import (
	"net/netip"
	"slices"
	"strings"
	"time"

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
		if u.Active && !one.Began.Truncate(time.Millisecond).Before(u.SessionsFrom.Truncate(time.Millisecond)) {
			rows = append(rows, s.SessionRow(v, one))
		}
	}
	return rows, err
}

// maxAgent is how much of the name of a browser is kept.
const maxAgent = 300

// Signing is the session that a visit begins for somebody.
func (s *Site) Signing(v *Visit, e admission.Entry) store.Session {
	return store.Session{User: e.User.ID, Method: e.Method, Peer: e.Peer, PeerOf: e.PeerOf, Agent: agentOf(v), Address: v.Address.String(), Began: s.Now()}
}
