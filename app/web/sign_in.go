package web

import (
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// signInPage asks who one is.
func (s *hall) signInPage(w http.ResponseWriter, v *frame.Visit) error {
	next := localPath(v.URL.Query().Get("next"))
	if v.Who.SignedIn() && !isAgain(v) {
		return frame.GoTo(w, v, next)
	}
	return s.showSignIn(w, v, http.StatusOK, next, v.Who.Login, "")
}

// isAgain reports whether somebody who is signed in is to prove again who they
// are.
func isAgain(v *frame.Visit) bool { return v.URL.Query().Get("again") == "yes" }

// proveAgain asks somebody to prove who they are before they go on to a page,
// with everything they have to show.
func proveAgain(w http.ResponseWriter, v *frame.Visit, next string) error {
	return frame.GoTo(w, v, againAt(next))
}

func againAt(next string) string { return "/login?again=yes&next=" + url.QueryEscape(next) }

func (s *hall) signInForm(v *frame.Visit, next, name, wrong string) (views.SignIn, error) {
	c := v.Chrome(ui.Portal, v.Words.T("sign_in"))
	c.Quiet = true
	page := views.SignIn{Chrome: c, Next: next, Login: name, Wrong: wrong, Again: v.Who.SignedIn()}
	_, noKeys := s.keyParty(v)
	page.Passkeys = noKeys == nil
	var err error
	if page.Forgotten, err = s.mayForget(v); err != nil {
		return page, err
	}
	again := ""
	if page.Again {
		again = "&again=yes"
	}
	settings, _, err := s.Desk.Settings(v.Context())
	for _, m := range settings.Methods {
		switch {
		case m.Off:
		case m.Kind == admission.SAML, m.Kind == admission.OIDC:
			page.Providers = append(page.Providers, views.Option{Value: "/login/" + string(m.Kind) + "/" + m.ID + "?next=" + url.QueryEscape(next) + again, Name: m.Name})
		case m.Kind == admission.Trusted: // its people come from there
		default:
			page.Typed = true
		}
	}
	return page, err
}

// showSignIn shows the form with what was wrong.
func (s *hall) showSignIn(w http.ResponseWriter, v *frame.Visit, status int, next, name, wrong string) error {
	page, err := s.signInForm(v, next, name, wrong)
	if err != nil {
		return err
	}
	page.Flash = s.Said(w, v)
	return frame.ShowStatus(w, v, status, page.View())
}

// signIn takes a login and a password. Whatever is wrong with them is said in
// the same words and takes the same time.
func (s *hall) signIn(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	name, next := v.PostFormValue("login"), localPath(v.PostFormValue("next"))
	e, err := s.recognise(v, name, v.PostFormValue("password"))
	if err != nil {
		key, args := fault.TextOf(err)
		status := http.StatusUnprocessableEntity
		switch kind := fault.KindOf(err); {
		case key == admission.AwayKey:
			status = http.StatusServiceUnavailable
		case kind != fault.Unauthenticated && kind != fault.Limited:
			return err
		}
		return s.showSignIn(w, v, status, next, name, v.Words.T(key, args...))
	}
	return s.second(w, v, e, next)
}

// welcome begins the session of somebody who proved who they are.
func (s *hall) welcome(w http.ResponseWriter, v *frame.Visit, e admission.Entry, next string) error {
	before := v.CookieValue(s.CookieName(frame.SessionCookie))
	if err := s.Sessions.Begin(v.Context(), w, before, s.Signing(v, e), e); err != nil {
		return err
	}
	s.knowDevice(w, e.User.ID)
	if err := s.Content.Audit(v.Context(), e.User.ID, "session.begin", "user:"+e.User.ID, map[string]any{"method": e.Method, "address": frame.Neighbourhood(v.Address), "without": e.Without}); err != nil {
		return err
	}
	if e.User.MustChange {
		next = "/me"
	}
	return frame.GoTo(w, v, next)
}

// recognise returns who comes with a login and a password.
func (s *hall) recognise(v *frame.Visit, name, password string) (admission.Entry, error) {
	u, err := s.Content.UserByLogin(v.Context(), name)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return admission.Entry{}, err
	}
	names := s.guessNames(v, name, u.ID)
	if wait := s.Guesses.Wait(s.Now(), names...); wait > 0 {
		s.refuse(v, u)
		return admission.Entry{}, fault.New(fault.Limited, "fault.sign_in.wait", v.Words.Duration(wait.Round(time.Second)+time.Second))
	}
	e, err := s.Desk.Recognise(v.Context(), name, password)
	switch {
	case err == nil:
		s.Guesses.Succeeded(names...)
	case fault.Is(err, fault.Unauthenticated):
		s.Guesses.Failed(s.Now(), names...)
		s.refuse(v, u)
		s.Log.LogAttrs(v.Context(), slog.LevelInfo, "sign-in refused", slog.String("request", v.ID), slog.String("address", v.Address.String()))
	}
	return e, err
}

// refuse keeps in the audit that nobody was let in. What was typed is not: it may
// be a password in the wrong field.
func (s *hall) refuse(v *frame.Visit, u store.User) {
	object := ""
	if u.ID != "" {
		object = "user:" + u.ID
	}
	s.Refused(v, "sign_in", "sign_in.refused", object, "")
}

// guessNames are the names an attempt is counted under. A browser that signed
// in to the account before is counted by itself.
func (s *hall) guessNames(v *frame.Visit, name, id string) []string {
	address := "address:" + frame.Household(v.Address).String()
	if device := s.deviceOf(v, id); device != "" {
		return []string{"device:" + device}
	}
	if key, err := access.LoginKey(name); err == nil {
		name = key
	}
	return []string{address, "account:" + name[:min(len(name), 200)]}
}

// deviceCookie says that this browser signed in to an account before.
const deviceCookie = "device"

func (s *hall) deviceOf(v *frame.Visit, id string) string {
	known, ok := s.Keys.Verify("device", v.CookieValue(s.CookieName(deviceCookie)))
	if !ok || id == "" || known != id {
		return ""
	}
	return known
}

func (s *hall) knowDevice(w http.ResponseWriter, id string) {
	http.SetCookie(w, &http.Cookie{
		Name: s.CookieName(deviceCookie), Value: s.Keys.Sign("device", id), Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
}

// signOut ends the session, and asks the provider it began at to end its own.
func (s *hall) signOut(w http.ResponseWriter, v *frame.Visit) error {
	method, outside, err := s.Sessions.Outside(v.Context(), v.Token)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err := s.Sessions.End(v.Context(), w, v.Token); err != nil {
		return err
	}
	if outside == "" {
		return frame.GoTo(w, v, "/")
	}
	return s.signOutOutside(w, v, method, outside)
}
