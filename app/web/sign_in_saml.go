package web

import (
	"encoding/json"
	"net/http"
	"net/url"

	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/login/saml"
	"selfhelp/app/web/frame"
	"selfhelp/store/people"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// trust is the method that the address names, and what it takes to speak with its
// provider. Administrators may try one that is off.
func (s *hall) trust(v *frame.Visit, trying bool) (admission.Method, *saml.Trust, error) {
	m, origin, err := s.provider(v, admission.SAML, trying && v.RulesServer())
	if err != nil {
		return m, nil, err
	}
	trust, err := s.Desk.Trust(v.Context(), m, origin)
	return m, trust, err
}

// samlStart sends somebody to their provider.
func (s *hall) samlStart(w http.ResponseWriter, v *frame.Visit) error {
	trying := v.URL.Query().Get("try") == "yes"
	m, trust, err := s.trust(v, trying)
	if err != nil {
		return err
	}
	message, err := trust.SignIn("", isAgain(v), s.Now(), nil)
	if err != nil {
		return err
	}
	if err := s.depart(w, passage{Method: m.ID, Try: trying && v.RulesServer(), Asked: message.ID, Next: localPath(v.URL.Query().Get("next"))}); err != nil {
		return err
	}
	return s.onward(w, v, m.Name, message)
}

// onward takes a browser to a provider: by its address, or by a form that goes by
// itself where scripts run.
func (s *hall) onward(w http.ResponseWriter, v *frame.Visit, name string, message saml.Message) error {
	if message.Fields == nil && v.Method == http.MethodGet {
		w.Header().Set("Location", message.URL)
		w.WriteHeader(http.StatusSeeOther)
		return nil
	}
	page := s.onwardPage(v, v.Words.T("onward.to", name), message.URL, message.Fields)
	frame.AllowFormTo(w.Header(), message.URL)
	return frame.Show(w, v, page.View())
}

func (s *hall) onwardPage(v *frame.Visit, title, address string, fields map[string]string) views.Onward {
	c := v.Chrome(ui.Portal, title)
	c.Quiet = true
	page := views.Onward{Chrome: c, Action: address, Post: fields != nil}
	if !page.Post { // a form's own query would be lost: its values become fields
		if u, err := url.Parse(address); err == nil {
			for name, values := range u.Query() {
				page.Fields = append(page.Fields, [2]string{name, values[0]})
			}
			u.RawQuery = ""
			page.Action = u.String()
		}
	}
	for name, value := range fields {
		page.Fields = append(page.Fields, [2]string{name, value})
	}
	return page
}

// samlAnswer takes what a provider sent by the browser, and lets the browser
// bring it to samlFinish itself: only then are its own cookies there. Nothing is
// believed here.
func (s *hall) samlAnswer(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	response := v.PostFormValue("SAMLResponse")
	if response == "" {
		return fault.New(fault.Invalid, "fault.saml.refused")
	}
	return frame.Show(w, v, s.onwardPage(v, v.Words.T("onward.back"), "/login/saml/"+url.PathEscape(v.PathValue("method"))+"/finish", map[string]string{"SAMLResponse": response}).View())
}

// samlFinish judges the answer of a provider and lets its person in.
func (s *hall) samlFinish(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	p := s.comeBack(w, v, v.PathValue("method"), false)
	m, trust, err := s.trust(v, p.Try)
	if err != nil {
		return err
	}
	trace := &login.Trace{}
	who, session, err := trust.Consume(v.Context(), v.PostFormValue("SAMLResponse"), p.Asked, s.Activity.Spent(), s.Now(), trace)
	if p.Try {
		return s.tried(w, v, m, who, err, trace)
	}
	e := admission.Entry{Method: m.ID, Until: session.Until, Proved: who.Proved}
	if err == nil {
		e.User, err = s.Desk.Arrive(v.Context(), m, who)
	}
	s.Desk.Keep(v.Context(), m, who, e.User.ID, err, trace)
	if err != nil {
		return s.refuseOutside(w, v, m, p.Next, err)
	}
	e.Peer = trust.Key(session.NameID)
	if len(session.Indexes) > 0 {
		e.PeerOf = session.Indexes[0]
	}
	if trust.CanSignOut(session) {
		kept, err := json.Marshal(session)
		if err != nil {
			return err
		}
		e.Outside = string(kept)
	}
	if p.Asked == "" {
		return s.unasked(w, v, m, e, localPath(p.Next))
	}
	return s.welcome(w, v, e, localPath(p.Next))
}

// tried keeps what a try of a method gave, and shows it to the administrator.
func (s *hall) tried(w http.ResponseWriter, v *frame.Visit, m admission.Method, who login.Identity, err error, trace *login.Trace) error {
	if !v.RulesServer() {
		return fault.New(fault.Forbidden, "fault.forbidden.not_of_role")
	}
	if err == nil {
		err = s.Desk.TryIdentity(v.Context(), m, who, trace)
	}
	s.Desk.Keep(v.Context(), m, who, "", err, trace)
	return frame.GoTo(w, v, "/admin/sign-in/"+m.ID+"?tried=yes#attempts")
}

// refuseOutside shows the sign-in page to somebody whom a provider could not
// prove, or who has no account. Why is for the administrators to read.
func (s *hall) refuseOutside(w http.ResponseWriter, v *frame.Visit, m admission.Method, next string, why error) error {
	kind := fault.KindOf(why)
	if kind != fault.Unauthenticated && kind != fault.Unavailable && kind != fault.Invalid && kind != fault.Conflict {
		return why
	}
	key, _ := fault.TextOf(why)
	switch {
	case kind == fault.Unavailable:
		key = "fault.sign_in.outside.away"
	case key == refusedHost: // which alone can make another
		return s.showSignIn(w, v, frame.Statuses[kind], localPath(next), "", v.Words.T(key))
	case key != people.NoAccount && key != people.AccountTaken && key != people.AccountAlike:
		key = "fault.sign_in.outside"
	default:
		key = "fault.sign_in.outside.no_account"
	}
	return s.showSignIn(w, v, frame.Statuses[kind], localPath(next), "", v.Words.T(key, m.Name))
}

// samlMetadata gives our side of a method out, for its provider.
func (s *hall) samlMetadata(w http.ResponseWriter, v *frame.Visit) error {
	m, origin, err := s.provider(v, admission.SAML, true)
	if err != nil {
		return err
	}
	settings, _, err := s.Desk.Settings(v.Context())
	if err != nil {
		return err
	}
	document, err := settings.SAMLOurs(m.ID, origin).Metadata(m.SAML.Sign)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/samlmetadata+xml")
	_, err = w.Write(document)
	return err
}

// signOutOutside asks the provider of a session that ended here to end its own.
func (s *hall) signOutOutside(w http.ResponseWriter, v *frame.Visit, method, outside string) error {
	origin, err := s.origin(v)
	if err != nil {
		return err
	}
	if m, err := s.Desk.Method(v.Context(), method, admission.OIDC, false); err == nil {
		return s.signOutAt(w, v, m, origin, outside)
	}
	m, err := s.Desk.Method(v.Context(), method, admission.SAML, false)
	var trust *saml.Trust
	if err == nil {
		trust, err = s.Desk.Trust(v.Context(), m, origin)
	}
	var session saml.Session
	if err != nil || json.Unmarshal([]byte(outside), &session) != nil || !trust.CanSignOut(session) {
		return frame.GoTo(w, v, "/") // the way in was changed meanwhile
	}
	message, err := trust.SignOut(session, "", s.Now(), nil)
	if err != nil {
		return err
	}
	if err := s.depart(w, passage{Method: m.ID, Out: true, Asked: message.ID}); err != nil {
		return err
	}
	return s.onward(w, v, m.Name, message)
}

// samlLogout takes what a provider says about logout: an answer to us, or a
// request to end sessions.
func (s *hall) samlLogout(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	m, trust, err := s.trust(v, false)
	if err != nil {
		return err
	}
	isAnswer, in, relay := v.FormValue("SAMLResponse") != "", saml.Incoming{}, ""
	if v.Method == http.MethodPost {
		in.Value, relay = v.PostFormValue("SAMLRequest")+v.PostFormValue("SAMLResponse"), v.PostFormValue("RelayState")
	} else {
		in.Query = v.URL.RawQuery
	}
	if isAnswer {
		return s.signedOut(w, v, m, trust, in)
	}
	trace := &login.Trace{}
	out, carried, err := trust.ReadLogout(in, s.Now(), trace)
	if err != nil {
		s.Desk.Keep(v.Context(), m, login.Identity{Subject: "logout"}, "", err, trace)
		return fault.Because(fault.Invalid, err, "fault.saml.refused")
	}
	n, err := s.Activity.StopSessionsOfPeer(v.Context(), m.ID, out.Name, out.Indexes)
	if err != nil {
		return err
	}
	s.Sessions.Forget()
	if n > 0 {
		if err := s.Content.Audit(v.Context(), admission.Actor, "session.stop", "method:"+m.ID, map[string]int64{"sessions": n}); err != nil {
			return err
		}
	}
	if v.Method != http.MethodPost {
		relay = carried
	}
	message, err := trust.AnswerLogout(out, true, relay, s.Now(), trace)
	if err != nil {
		return err
	}
	return s.onward(w, v, m.Name, message)
}

// signedOut says what became of a logout that was asked for.
func (s *hall) signedOut(w http.ResponseWriter, v *frame.Visit, m admission.Method, trust *saml.Trust, in saml.Incoming) error {
	p := s.comeBack(w, v, m.ID, true)
	if p.Asked != "" && trust.ReadSignedOut(in, p.Asked, s.Now(), nil) == nil {
		s.Say(w, ui.OK, "onward.signed_out", m.Name)
	} else {
		s.Say(w, ui.Info, "onward.signed_out.here", m.Name)
	}
	return frame.GoTo(w, v, "/")
}
