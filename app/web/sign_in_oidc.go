package web

import (
	"encoding/json"
	"net/http"

	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/login/oidc"
	"selfhelp/app/web/frame"
	"selfhelp/views/ui"
)

// party is the method that the address names, and what it takes to speak with its
// provider. Administrators may try one that is off.
func (s *hall) party(v *frame.Visit, trying bool) (admission.Method, *oidc.Party, error) {
	m, origin, err := s.provider(v, admission.OIDC, trying && v.RulesServer())
	if err != nil {
		return m, nil, err
	}
	return m, s.Desk.Party(m, origin), nil
}

// oidcStart sends somebody to their provider.
func (s *hall) oidcStart(w http.ResponseWriter, v *frame.Visit) error {
	trying := v.URL.Query().Get("try") == "yes"
	m, party, err := s.party(v, trying)
	if err != nil {
		return err
	}
	next, trace := localPath(v.URL.Query().Get("next")), &login.Trace{}
	address, kept, err := party.Start(v.Context(), isAgain(v), trace)
	if err != nil {
		s.Desk.Keep(v.Context(), m, login.Identity{}, "", err, trace)
		if trying && v.RulesServer() {
			return frame.GoTo(w, v, "/admin/sign-in/"+m.ID+"?tried=yes#attempts")
		}
		return s.refuseOutside(w, v, m, next, err)
	}
	body, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	if err := s.depart(w, passage{Method: m.ID, Try: trying && v.RulesServer(), Kept: body, Next: next}); err != nil {
		return err
	}
	w.Header().Set("Location", address)
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// oidcBack judges what somebody brought back from their provider, and lets them
// in.
func (s *hall) oidcBack(w http.ResponseWriter, v *frame.Visit) error {
	p := s.comeBack(w, v, v.PathValue("method"), false)
	m, party, err := s.party(v, p.Try)
	if err != nil {
		return err
	}
	var kept oidc.Kept
	if p.Kept == nil || json.Unmarshal(p.Kept, &kept) != nil {
		return s.refuseOutside(w, v, m, p.Next, fault.New(fault.Unauthenticated, "fault.oidc.refused"))
	}
	trace := &login.Trace{}
	who, hint, err := party.Finish(v.Context(), v.URL.Query(), kept, trace)
	if p.Try {
		return s.tried(w, v, m, who, err, trace)
	}
	e := admission.Entry{Method: m.ID, Proved: who.Proved}
	if err == nil {
		e.User, err = s.Desk.Arrive(v.Context(), m, who)
	}
	s.Desk.Keep(v.Context(), m, who, e.User.ID, err, trace)
	if err != nil {
		return s.refuseOutside(w, v, m, p.Next, err)
	}
	e.Outside = hint
	return s.welcome(w, v, e, localPath(p.Next))
}

// signOutAt asks a provider of OpenID Connect to end the session of somebody who
// signed out here.
func (s *hall) signOutAt(w http.ResponseWriter, v *frame.Visit, m admission.Method, origin, hint string) error {
	address, err := s.Desk.Party(m, origin).Logout(v.Context(), hint, origin+"/login", "")
	if err != nil || address == "" {
		s.Say(w, ui.Info, "onward.signed_out.here", m.Name)
		return frame.GoTo(w, v, "/")
	}
	page := s.onwardPage(v, v.Words.T("onward.to", m.Name), address, nil)
	frame.AllowFormTo(w.Header(), address)
	return frame.Show(w, v, page.View())
}
