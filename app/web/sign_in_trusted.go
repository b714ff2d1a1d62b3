package web

import (
	"crypto/x509"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/login/trusted"
	"selfhelp/app/web/frame"
	"selfhelp/store"
)

// host is the method of the one product that vouches for people.
func (s *hall) host(v *frame.Visit) (admission.Method, error) {
	settings, _, err := s.Desk.Settings(v.Context())
	if err != nil {
		return admission.Method{}, err
	}
	all := settings.On(admission.Trusted)
	if len(all) == 0 {
		return admission.Method{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return all[0], nil
}

// vouched takes an assertion that the host product signed, brought by the browser
// of the person, and lets them in.
func (s *hall) vouched(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	m, err := s.host(v)
	if err != nil {
		return err
	}
	origin, err := s.origin(v)
	if err != nil {
		return err
	}
	next, trace := localPath(v.PostFormValue("next")), &login.Trace{}
	who, err := m.Trusted.Accept(v.Context(), v.PostFormValue("assertion"), origin, s.Activity.Spent(), s.Now(), trace)
	e, err := s.comeVouched(v, m, who, err, trace)
	if err != nil {
		return s.refuseOutside(w, v, m, next, err)
	}
	return s.welcome(w, v, e, next)
}

// comeVouched finds the account of somebody for whom the host product vouched.
// They may run procedures, and nothing else.
func (s *hall) comeVouched(v *frame.Visit, m admission.Method, who login.Identity, err error, trace *login.Trace) (admission.Entry, error) {
	e := admission.Entry{Method: m.ID, RunOnly: true, Proved: s.Now()}
	if err == nil {
		e.User, err = s.Desk.Arrive(v.Context(), m, who)
	}
	s.Desk.Keep(v.Context(), m, who, e.User.ID, err, trace)
	return e, err
}

// ticket is what a host product gets for somebody, for their browser to bring.
type ticket struct {
	User   string `json:"u"`
	Method string `json:"m"`
	Until  int64  `json:"t"` // seconds since 1970
	Once   string `json:"o"`
}

// ticketTime is how long a ticket may wait.
const ticketTime = time.Minute

// vouch answers the host product itself, which proves who it is by its key and
// its certificate: an address that lets the person in once.
func (s *hall) vouch(w http.ResponseWriter, v *frame.Visit) error {
	m, err := s.host(v)
	if err != nil {
		return err
	}
	origin, err := s.origin(v)
	if err != nil {
		return err
	}
	if m.Trusted.Bound == nil {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	key, _ := strings.CutPrefix(v.Header.Get("Authorization"), "Bearer ")
	person := trusted.Person{Login: v.PostFormValue("login"), Name: v.PostFormValue("name"), Mail: v.PostFormValue("mail"), Language: v.PostFormValue("language")}
	trace := &login.Trace{}
	certificate := s.clientCertificate(v)
	who, err := m.Trusted.Bound.Accept(key, certificate, person, s.Now())
	how := "trace.trusted.key"
	if certificate != nil {
		how = "trace.trusted.certificate"
	}
	trace.Add(s.Now(), err, login.Said{}, login.InWords(how, person.Login))
	e, err := s.comeVouched(v, m, who, err, trace)
	if err != nil {
		return err
	}
	body, err := json.Marshal(ticket{User: e.User.ID, Method: m.ID, Until: s.Now().Add(ticketTime).Unix(), Once: v.ID})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(map[string]string{"url": origin + "/login/ticket?ticket=" + s.Store.Keys.Seal("ticket", string(body))})
}

// clientCertificate is the one that whoever asks has proved to have to a proxy
// that we trust (RFC 9440). Asked for by us, every browser would offer its own.
func (s *hall) clientCertificate(v *frame.Visit) *x509.Certificate {
	if !s.FromProxy(v) {
		return nil
	}
	certificate, err := trusted.ReadHeader(v.Header.Get("Client-Cert"))
	if err != nil {
		return nil
	}
	return certificate
}

// ticketPage lets a browser bring its ticket by a form: one that only looks at
// the address spends nothing.
func (s *hall) ticketPage(w http.ResponseWriter, v *frame.Visit) error {
	w.Header().Set("Referrer-Policy", "no-referrer")
	fields := map[string]string{"ticket": v.URL.Query().Get("ticket"), "next": localPath(v.URL.Query().Get("next"))}
	return frame.Show(w, v, s.onwardPage(v, v.Words.T("onward.back"), "/login/ticket", fields).View())
}

// takeTicket lets in whoever brings a ticket, once.
func (s *hall) takeTicket(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	m, err := s.host(v)
	if err != nil {
		return err
	}
	next := localPath(v.PostFormValue("next"))
	u, err := s.readTicket(v, m)
	if err != nil {
		return s.refuseOutside(w, v, m, next, err)
	}
	return s.welcome(w, v, admission.Entry{User: u, Method: m.ID, RunOnly: true, Proved: s.Now()}, next)
}

var errTicket = fault.New(fault.Unauthenticated, "fault.trusted.refused")

// readTicket returns whose a ticket is, and spends it.
func (s *hall) readTicket(v *frame.Visit, m admission.Method) (u store.User, err error) {
	text := v.PostFormValue("ticket")
	body, err := s.Store.Keys.Unseal("ticket", text)
	var t ticket
	if err != nil || json.Unmarshal([]byte(body), &t) != nil || t.Method != m.ID || s.Now().Unix() > t.Until {
		return u, errTicket
	}
	fresh, err := s.Activity.Spent().Fresh(v.Context(), "ticket "+t.Once+" "+t.User, time.Unix(t.Until, 0))
	if err != nil {
		return u, err
	}
	if u, err = s.Content.User(v.Context(), t.User); err != nil || !fresh || !u.Active {
		return u, errTicket
	}
	return u, nil
}
