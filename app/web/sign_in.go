package web

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/admission"
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
	if v.Who.SignedIn() && !isAgain(v) && !v.RunOnly() && !s.WasRefused(v) {
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
	page := views.SignIn{Chrome: c, Next: next, Login: name, Wrong: wrong, Again: v.Who.SignedIn() && !v.RunOnly(), Whole: v.RunOnly(), Ended: s.WasRefused(v)}
	if !page.Again {
		page.Unsent, page.Lost = s.Unsent(v)
	}
	if next == frame.UnsentPath && !page.Unsent && !page.Lost { // nothing is promised
		next, page.Next = "/", "/"
	}
	page.Elsewhere = s.Role == frame.Presentation
	_, noKeys := s.keyParty(v)
	page.Passkeys = noKeys == nil
	var err error
	if page.First, err = s.FirstAwaited(v); err != nil {
		return page, err
	}
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
	if err := s.mayTry(v); err != nil {
		return err
	}
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	name, next := v.PostFormValue("login"), localPath(v.PostFormValue("next"))
	e, err := s.recognise(v, name, v.PostFormValue("password"))
	if err != nil {
		key, args := fault.TextOf(err)
		status := http.StatusUnprocessableEntity
		switch kind := fault.KindOf(err); {
		case admission.IsAway(err):
			status = http.StatusServiceUnavailable
		case kind != fault.Unauthenticated:
			return err
		}
		return s.showSignIn(w, v, status, next, name, v.Words.T(key, args...))
	}
	return s.second(w, v, e, next)
}

// errNowhere is what somebody gets who is known and belongs to no domain.
var errNowhere = fault.New(fault.Forbidden, "fault.sign_in.nowhere")

// welcome begins the session of somebody who proved who they are, unless they
// belong nowhere: it would open nothing.
func (s *hall) welcome(w http.ResponseWriter, v *frame.Visit, e admission.Entry, next string) error {
	switch enters, err := s.Enters(v.Context(), e.User); {
	case err != nil:
		return err
	case !enters:
		s.refuse(v, e.User)
		return errNowhere
	}
	before := v.CookieValue(s.CookieName(frame.SessionCookie))
	if err := s.Sessions.Begin(v.Context(), w, before, s.Signing(v, e), e); err != nil {
		return err
	}
	if last := s.Device(v); last != "" && last != e.User.ID && !strings.HasPrefix(next, "/x/") { // nor did they come from the guest's page
		s.ForgetVisitor(w)
	}
	s.KnowDevice(w, e.User.ID)
	s.countSignIn(v, "in")
	if err := s.Content.Audit(v.Context(), e.User.ID, "session.begin", "user:"+e.User.ID, map[string]any{"method": e.Method, "address": frame.Neighbourhood(v.Address), "without": e.Without}); err != nil {
		return err
	}
	if e.User.MustChange && e.Method == admission.InternalID { // others may not even know the password kept here
		return frame.GoTo(w, v, "/me")
	}
	return frame.GoTo(w, v, s.firstUnsent(v, e.User.ID, e.RunOnly, next))
}

// recognise returns who comes with a login and a password.
func (s *hall) recognise(v *frame.Visit, name, password string) (admission.Entry, error) {
	if name == "" || password == "" { // nothing is guessed
		return admission.Entry{}, admission.ErrWrong
	}
	names, rank, err := s.guesser(v, name)
	if err != nil {
		return admission.Entry{}, err
	}
	if wait := s.Guesses.Take(s.Now(), names...); wait > 0 {
		s.refuse(v, store.User{})
		return admission.Entry{}, frame.TooOften("fault.sign_in.often", wait)
	}
	e, err := s.Desk.Recognise(v.Context(), rank, name, password)
	switch {
	case err == nil:
		s.Guesses.Succeeded(names...)
	case fault.Is(err, fault.Unauthenticated):
		u, err := s.Content.UserByLogin(v.Context(), name)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return e, err
		}
		s.refuse(v, u)
		s.Log.LogAttrs(v.Context(), slog.LevelInfo, "sign-in refused", slog.String("request", v.ID), slog.String("address", v.Address.String()))
	case !fault.Is(err, fault.Unavailable): // while a directory is away, passwords kept here are guessed all the same
		s.Guesses.Return(names...)
	}
	return e, err
}

// mayTry refuses a stranger whose address has to wait, before anything of theirs
// is read.
func (s *hall) mayTry(v *frame.Visit) error {
	if s.Device(v) != "" {
		return nil
	}
	if wait := s.Guesses.Wait(s.Now(), guessAddress(v)); wait > 0 {
		s.refuse(v, store.User{})
		return frame.TooOften("fault.sign_in.often", wait)
	}
	return nil
}

// refuse keeps in the audit that nobody was let in. What was typed is not: it may
// be a password in the wrong field.
func (s *hall) refuse(v *frame.Visit, u store.User) {
	object := ""
	if u.ID != "" {
		object = "user:" + u.ID
	}
	s.Refused(v, "sign_in", "sign_in.refused", object, "")
	s.countSignIn(v, "refused")
}

// countSignIn counts an attempt by the way it came.
func (s *hall) countSignIn(v *frame.Visit, result string) {
	if s.Measure != nil {
		s.Measure.SignIn(wayOf(v.Pattern()), result)
	}
}

// counting counts what is refused at a door where others prove who comes.
func (s *hall) counting(do frame.Handler) frame.Handler {
	return func(w http.ResponseWriter, v *frame.Visit) error {
		err := do(w, v)
		switch fault.KindOf(err) {
		case fault.Unauthenticated, fault.Forbidden, fault.Invalid:
			if err != error(errNowhere) { // counted when it was audited
				s.countSignIn(v, "refused")
			}
		}
		return err
	}
}

// wayOf is the way in to which a route belongs.
func wayOf(pattern string) string {
	_, path, _ := strings.Cut(pattern, "/login")
	switch first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/"); first {
	case "saml", "oidc", "trusted", "ticket", "passkey", "second":
		return first
	}
	return "password"
}

// guesser says under which names an attempt is counted, and how it waits. A browser
// that signed in to the account before is counted by itself, and waits for nobody.
func (s *hall) guesser(v *frame.Visit, name string) ([]login.Name, login.Rank, error) {
	if device := s.Device(v); device != "" {
		u, err := s.Content.UserByLogin(v.Context(), name)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, 0, err
		}
		if u.ID == device {
			return []login.Name{{Of: login.Own, ID: "device:" + device}}, login.First, nil
		}
	}
	if key, err := access.LoginKey(name); err == nil {
		name = key
	}
	name = name[:min(len(name), 200)]
	address := guessAddress(v)
	names := []login.Name{address, {Of: login.Account, ID: name}, {Of: login.Own, ID: "account:" + name + " at " + address.ID}}
	return names, login.Stranger(s.Limits.Tried(v.Address, s.Now())), nil
}

// guessAddress is where an attempt comes from, as it is counted.
func guessAddress(v *frame.Visit) login.Name {
	return login.Name{Of: login.Address, ID: frame.Household(v.Address).String()}
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
	s.ForgetVisitor(w)
	if outside == "" {
		return frame.GoTo(w, v, "/")
	}
	return s.signOutOutside(w, v, method, outside)
}
