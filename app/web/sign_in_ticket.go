package web

import (
	"encoding/json"
	"net/http"
	"time"

	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// ticket says for whom the host product vouched, until their browser has brought
// it to takeTicket, once.
type ticket struct {
	User   string `json:"u"`
	Method string `json:"m"`
	Until  int64  `json:"t"` // seconds since 1970
	Once   string `json:"o"`
	Meant  bool   `json:"d,omitempty"` // the person came from a page of the product
	Come   *come  `json:"e,omitempty"` // a provider proved who they are, unasked; nil: the product vouches
}

// come is what a session begins with for whom a provider sent unasked.
type come struct {
	Proved  time.Time `json:"p"`
	Until   time.Time `json:"u,omitzero"`
	Peer    string    `json:"n,omitempty"`
	PeerOf  string    `json:"i,omitempty"`
	Outside string    `json:"o,omitempty"`
}

// Tickets are of two kinds, sealed apart. One stands in an address that the host
// product got and may come from anywhere; the other stands in a page of ours, in
// the browser that is to bring it.
const (
	addressTicket = "ticket"
	pageTicket    = "ticket page"

	ticketTime = time.Minute      // that an address may wait
	pageTime   = 10 * time.Minute // to read a question
)

// sealTicket writes a ticket that is good for so long.
func (s *hall) sealTicket(kind string, t ticket, life time.Duration) (string, error) {
	t.Until = s.Now().Add(life).Unix()
	body, err := json.Marshal(t)
	return s.Store.Keys.Seal(kind, string(body)), err
}

// refusedHost is the sentence for whom the host product could not introduce.
const refusedHost = "fault.trusted.refused"

var errTicket = fault.New(fault.Unauthenticated, refusedHost)

// openTicket unseals a ticket.
func (s *hall) openTicket(kind, text string) (t ticket, ok bool) {
	body, err := s.Store.Keys.Unseal(kind, text)
	return t, err == nil && json.Unmarshal([]byte(body), &t) == nil
}

// methodOf is the method by which a ticket came: that of the product, unless it
// says another.
func (s *hall) methodOf(v *frame.Visit, kind, text string) (admission.Method, error) {
	if t, ok := s.openTicket(kind, text); ok && t.Come != nil {
		return s.Desk.Method(v.Context(), t.Method, admission.SAML, false)
	}
	return s.host(v)
}

// readTicket reads a ticket of the method and returns whose it is.
func (s *hall) readTicket(v *frame.Visit, m admission.Method, kind, text string) (t ticket, u store.User, err error) {
	t, ok := s.openTicket(kind, text)
	if !ok || t.Method != m.ID || s.Now().Unix() > t.Until {
		return t, u, errTicket
	}
	if u, err = s.Content.User(v.Context(), t.User); err != nil || !u.Active {
		return t, u, errTicket
	}
	return t, u, nil
}

// onwardTicket has a browser bring a ticket to takeTicket from a page of ours: only
// then are its own cookies there.
func (s *hall) onwardTicket(w http.ResponseWriter, v *frame.Visit, m admission.Method, t ticket, next string) error {
	t.Method = m.ID
	text, err := s.sealTicket(pageTicket, t, pageTime)
	if err != nil {
		return err
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	return frame.Show(w, v, s.onwardPage(v, v.Words.T("onward.back"), "/login/ticket", map[string]string{"ticket": text, "next": next}).View())
}

// ticketPage lets a browser bring the ticket of an address by a form: one that
// only looks at the address spends nothing.
func (s *hall) ticketPage(w http.ResponseWriter, v *frame.Visit) error {
	m, err := s.host(v)
	if err != nil {
		return err
	}
	next := localPath(v.URL.Query().Get("next"))
	t, _, err := s.readTicket(v, m, addressTicket, v.URL.Query().Get("ticket"))
	if err != nil && s.isThere(v, t, "") {
		return frame.GoTo(w, v, next)
	}
	if err != nil {
		return s.refuseOutside(w, v, m, next, err)
	}
	t.Meant = m.Trusted.HasPage(v.Header.Get("Referer"))
	return s.onwardTicket(w, v, m, t, next)
}

// What somebody answers who is asked as whom they go on.
const (
	asTheirs = "theirs" // as whom the product says they are
	asMine   = "mine"   // as who is signed in
)

// takeTicket lets in whoever brings a ticket, once. It asks where a session would
// take the place of somebody else's, and where nobody did anything to begin one:
// another site may have sent the browser here with the ticket of an account that
// its owner wants others to use (OWASP ASVS 5, 7.6.2).
//
// Who is there already as the same person goes on as they are. Their session was
// begun by themselves, and may do more than one the product vouches for; it ends
// when it would have, for the product proves nothing that it lacks.
func (s *hall) takeTicket(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	text, next, as := v.PostFormValue("ticket"), localPath(v.PostFormValue("next")), v.PostFormValue("as")
	m, err := s.methodOf(v, pageTicket, text)
	if err != nil {
		return err
	}
	t, u, err := s.readTicket(v, m, pageTicket, text)
	if err != nil && s.isThere(v, t, as) {
		return frame.GoTo(w, v, next)
	}
	if err != nil {
		return s.refuseOutside(w, v, m, next, err)
	}
	there := v.Token != ""
	stays := there && (v.Who.ID == u.ID || as == asMine)
	if !stays && as != asTheirs && (there || !t.Meant || as == asMine) { // whose session may have ended before they answered
		return s.askTicket(w, v, m, u, t, text, next)
	}
	fresh, err := s.Activity.Spent().Fresh(v.Context(), "ticket "+t.Once+" "+t.User, time.Unix(t.Until, 0).Add(ticketTime)) // by when every page with it has ended
	if err != nil {
		return err
	}
	switch {
	case stays, !fresh && !there && s.wasAsked(v, t): // by this very ticket, it may be: a second click lands where the first did, though its session may not have come yet
		return frame.GoTo(w, v, next)
	case !fresh:
		return s.refuseOutside(w, v, m, next, errTicket)
	case t.Come != nil:
		return s.welcome(w, v, admission.Entry{User: u, Method: m.ID, Proved: t.Come.Proved, Until: t.Come.Until, Peer: t.Come.Peer, PeerOf: t.Come.PeerOf, Outside: t.Come.Outside}, next)
	}
	return s.welcome(w, v, admission.Entry{User: u, Method: m.ID, RunOnly: true, Proved: s.Now()}, next)
}

// askedCookie says which ticket a browser was asked about: it may bring it again,
// which begins nothing.
const askedCookie = "asked"

func (s *hall) wasAsked(v *frame.Visit, t ticket) bool {
	once, ok := s.Keys.Verify(askedCookie, v.CookieValue(s.CookieName(askedCookie)))
	return ok && once == t.Once
}

// isThere reports whether somebody is signed in as a ticket says, or as whom they chose
// to stay: by Back they go on, also when the time of the ticket is over.
func (s *hall) isThere(v *frame.Visit, t ticket, as string) bool {
	return v.Token != "" && (v.Who.ID == t.User || as != asTheirs && s.wasAsked(v, t))
}

// unasked lets in whom a provider sent though nobody here asked it to. Over a
// session of somebody else it asks first, as for a ticket; who is there already as
// the same person goes on as they are, unless this proof opens more.
func (s *hall) unasked(w http.ResponseWriter, v *frame.Visit, m admission.Method, e admission.Entry, next string) error {
	switch {
	case v.Token == "", v.Who.ID == e.User.ID && v.RunOnly():
		return s.welcome(w, v, e, next)
	case v.Who.ID == e.User.ID:
		return frame.GoTo(w, v, next)
	}
	t := ticket{User: e.User.ID, Method: m.ID, Once: v.ID, Come: &come{e.Proved, e.Until, e.Peer, e.PeerOf, e.Outside}}
	text, err := s.sealTicket(pageTicket, t, pageTime)
	if err != nil {
		return err
	}
	return s.askTicket(w, v, m, e.User, t, text, next)
}

// askTicket asks whether somebody goes on as whom the product says they are. The
// ticket is not spent by it.
func (s *hall) askTicket(w http.ResponseWriter, v *frame.Visit, m admission.Method, u store.User, t ticket, text, next string) error {
	http.SetCookie(w, &http.Cookie{
		Name: s.CookieName(askedCookie), Value: s.Keys.Sign(askedCookie, t.Once), Path: "/", MaxAge: int(pageTime / time.Second),
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
	c := v.Chrome(ui.Portal, v.Words.T("introduced.title", u.Name()))
	c.Quiet = true
	page := views.Introduced{Chrome: c, Product: m.Name, Name: u.Name(), Login: u.Login, Ticket: text, Next: next}
	if v.Token != "" {
		page.Mine = v.Who.Name
	}
	return frame.Show(w, v, page.View())
}
