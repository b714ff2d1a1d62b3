package web

import (
	"log/slog"
	"net/http"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// signInPage asks who one is.
func (s *hall) signInPage(w http.ResponseWriter, v *frame.Visit) error {
	next := localPath(v.URL.Query().Get("next"))
	if v.Who.SignedIn() {
		return frame.GoTo(w, v, next)
	}
	return frame.Show(w, v, s.signInForm(v, next, "", "").View())
}

func (s *hall) signInForm(v *frame.Visit, next, name, wrong string) views.SignIn {
	c := v.Chrome(ui.Portal, v.Words.T("sign_in"))
	c.Quiet = true
	return views.SignIn{Chrome: c, Next: next, Login: name, Wrong: wrong}
}

// signIn takes a login and a password. Whatever is wrong with them is said in
// the same words and takes the same time.
func (s *hall) signIn(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	name, next := v.PostFormValue("login"), localPath(v.PostFormValue("next"))
	u, err := s.recognise(v, name, v.PostFormValue("password"))
	if err != nil {
		key, args := fault.TextOf(err)
		if kind := fault.KindOf(err); kind != fault.Unauthenticated && kind != fault.Limited {
			return err
		}
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, s.signInForm(v, next, name, v.Words.T(key, args...)).View())
	}
	return s.welcome(w, v, u, next)
}

// welcome begins the session of a user who proved who they are.
func (s *hall) welcome(w http.ResponseWriter, v *frame.Visit, u store.User, next string) error {
	before := v.CookieValue(s.CookieName(frame.SessionCookie))
	if err := s.Sessions.Begin(v.Context(), w, before, s.Signing(v, u.ID)); err != nil {
		return err
	}
	s.knowDevice(w, u.ID)
	if u.MustChange {
		next = "/me"
	}
	return frame.GoTo(w, v, next)
}

// recognise returns the account of a login and a password.
func (s *hall) recognise(v *frame.Visit, name, password string) (store.User, error) {
	u, err := s.Content.UserByLogin(v.Context(), name)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return u, err
	}
	names := s.guessNames(v, name, u.ID)
	if wait := s.Guesses.Wait(s.Now(), names...); wait > 0 {
		s.refuse(v, u)
		return u, fault.New(fault.Limited, "fault.sign_in.wait", v.Words.Duration(wait.Round(time.Second)+time.Second))
	}
	ok, stale := login.Verify(u.Password, password)
	if !ok || !u.Active {
		s.Guesses.Failed(s.Now(), names...)
		s.refuse(v, u)
		s.Log.LogAttrs(v.Context(), slog.LevelInfo, "sign-in refused", slog.String("request", v.ID), slog.String("address", v.Address.String()))
		return u, fault.New(fault.Unauthenticated, "fault.sign_in.wrong")
	}
	s.Guesses.Succeeded(names...)
	if stale {
		err = s.Content.RehashPassword(v.Context(), u.ID, u.Password, login.Hash(password))
	}
	return u, err
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

// signOut ends the session.
func (s *hall) signOut(w http.ResponseWriter, v *frame.Visit) error {
	if err := s.Sessions.End(v.Context(), w, v.Token); err != nil {
		return err
	}
	return frame.GoTo(w, v, "/")
}
