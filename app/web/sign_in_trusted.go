package web

import (
	"crypto/x509"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/login/trusted"
	"selfhelp/app/web/frame"
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
// of the person. Nobody is let in yet: the page that brought it may be any, and the
// browser's own cookies are not there (SameSite), so that nobody knows whose
// session another would take the place of. What is proved goes on as a ticket to a
// page of ours, which knows.
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
	return s.onwardTicket(w, v, m, ticket{User: e.User.ID, Once: v.ID, Meant: m.Trusted.HasPage(v.Header.Get("Origin"))}, next)
}

// comeVouched finds the account of somebody for whom the host product vouched.
func (s *hall) comeVouched(v *frame.Visit, m admission.Method, who login.Identity, err error, trace *login.Trace) (admission.Entry, error) {
	e := admission.Entry{Method: m.ID}
	if err == nil {
		e.User, err = s.Desk.Arrive(v.Context(), m, who)
	}
	s.Desk.Keep(v.Context(), m, who, e.User.ID, err, trace)
	return e, err
}

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
	certificate := s.clientCertificate(v, trace)
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
	text, err := s.sealTicket(addressTicket, ticket{User: e.User.ID, Method: m.ID, Once: v.ID}, ticketTime)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(map[string]string{"url": origin + "/login/ticket?ticket=" + text})
}

// clientCertificate is the one that whoever asks has proved to have to a proxy
// that we trust (RFC 9440); nil when there is none, and the trace says why one that
// was told does not count. Asked for by us, every browser would offer its own.
func (s *hall) clientCertificate(v *frame.Visit, trace *login.Trace) (certificate *x509.Certificate) {
	told := v.Header.Values("Client-Cert")
	if len(told) == 0 {
		return nil
	}
	err := errors.New("the request came from no proxy of --behind-proxy: anybody may have written the header")
	if s.FromProxy(v) {
		certificate, err = trusted.ReadHeader(told)
	}
	trace.Add(s.Now(), err, login.Said{}, login.InWords("trace.trusted.header", v.RemoteAddr))
	return certificate
}
