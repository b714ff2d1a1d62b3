package web

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// signInPage asks who one is.
func (s *Site) signInPage(w http.ResponseWriter, v *visit) error {
	next := localPath(v.URL.Query().Get("next"))
	if v.who.SignedIn() {
		return goTo(w, v, next)
	}
	return show(w, v, s.signInForm(v, next, "", "").View())
}

func (s *Site) signInForm(v *visit, next, name, wrong string) views.SignIn {
	c := v.chrome(ui.Portal, v.words.T("sign_in"))
	c.Quiet = true
	return views.SignIn{Chrome: c, Next: next, Login: name, Wrong: wrong}
}

// signIn takes a login and a password. Whatever is wrong with them is said in
// the same words and takes the same time.
func (s *Site) signIn(w http.ResponseWriter, v *visit) error {
	if err := v.ParseForm(); err != nil {
		return unreadable(err)
	}
	name, next := v.PostFormValue("login"), localPath(v.PostFormValue("next"))
	u, err := s.recognise(v, name, v.PostFormValue("password"))
	if err != nil {
		key, args := fault.TextOf(err)
		if kind := fault.KindOf(err); kind != fault.Unauthenticated && kind != fault.Limited {
			return err
		}
		return showStatus(w, v, http.StatusUnprocessableEntity, s.signInForm(v, next, name, v.words.T(key, args...)).View())
	}
	return s.welcome(w, v, u, next)
}

// welcome begins the session of a user who proved who they are.
func (s *Site) welcome(w http.ResponseWriter, v *visit, u store.User, next string) error {
	before := v.cookie(s.cookieName(sessionCookie))
	if err := s.sessions.begin(v.Context(), w, before, u.ID, s.now()); err != nil {
		return err
	}
	s.knowDevice(w, u.ID)
	if u.MustChange {
		next = "/me"
	}
	return goTo(w, v, next)
}

// recognise returns the account of a login and a password.
func (s *Site) recognise(v *visit, name, password string) (store.User, error) {
	u, err := s.content.UserByLogin(v.Context(), name)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return u, err
	}
	names := s.guessNames(v, name, u.ID)
	if wait := s.guesses.Wait(s.now(), names...); wait > 0 {
		return u, fault.New(fault.Limited, "fault.sign_in.wait", v.words.Duration(wait.Round(time.Second)+time.Second))
	}
	ok, stale := login.Verify(u.Password, password)
	if !ok || !u.Active {
		s.guesses.Failed(s.now(), names...)
		s.log.LogAttrs(v.Context(), slog.LevelInfo, "sign-in refused", slog.String("request", v.id), slog.String("address", v.address.String()))
		return u, fault.New(fault.Unauthenticated, "fault.sign_in.wrong")
	}
	s.guesses.Succeeded(names...)
	if stale {
		err = s.content.RehashPassword(v.Context(), u.ID, u.Password, login.Hash(password))
	}
	return u, err
}

// guessNames are the names an attempt is counted under. A browser that signed
// in to the account before is counted by itself.
func (s *Site) guessNames(v *visit, name, id string) []string {
	address := "address:" + household(v.address).String()
	if device := s.deviceOf(v, id); device != "" {
		return []string{"device:" + device}
	}
	if key, err := store.LoginKey(name); err == nil {
		name = key
	}
	return []string{address, "account:" + name[:min(len(name), 200)]}
}

// deviceCookie says that this browser signed in to an account before.
const deviceCookie = "device"

func (s *Site) deviceOf(v *visit, id string) string {
	known, ok := s.keys.verify("device", v.cookie(s.cookieName(deviceCookie)))
	if !ok || id == "" || known != id {
		return ""
	}
	return known
}

func (s *Site) knowDevice(w http.ResponseWriter, id string) {
	http.SetCookie(w, &http.Cookie{
		Name: s.cookieName(deviceCookie), Value: s.keys.sign("device", id), Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	})
}

// signOut ends the session.
func (s *Site) signOut(w http.ResponseWriter, v *visit) error {
	if err := s.sessions.end(v.Context(), w, v.token); err != nil {
		return err
	}
	return goTo(w, v, "/")
}

// unreadable is the failure of a form that could not be read.
func unreadable(err error) error {
	if _, over := errors.AsType[*http.MaxBytesError](err); over {
		return err // fail says the limit
	}
	return fault.Because(fault.Invalid, err, "fault.form.unreadable")
}
