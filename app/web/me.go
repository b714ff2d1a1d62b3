package web

import (
	"net/http"
	"slices"

	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// profile shows what the product knows of the person, and lets them change
// what is theirs to change.
func (s *hall) profile(w http.ResponseWriter, v *frame.Visit) error {
	page, _, err := s.profilePage(w, v)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

func (s *hall) profilePage(w http.ResponseWriter, v *frame.Visit) (views.Profile, store.User, error) {
	u, err := s.Content.User(v.Context(), v.Who.ID)
	if err != nil {
		return views.Profile{}, u, err
	}
	m, err := s.Content.Memberships(v.Context(), u.ID)
	if err != nil {
		return views.Profile{}, u, err
	}
	page := views.Profile{
		Chrome: v.Chrome(ui.Portal, v.Words.T("menu.profile")), Name: u.Name(), Login: u.Login, Mail: u.Mail,
		Role: string(u.Role), HasPassword: u.Password != "", MustChange: u.MustChange,
	}
	if u.Everywhere {
		page.Domains = []string{v.Words.T("admin.everywhere")}
	} else {
		for _, d := range belongsTo(m) {
			page.Domains = append(page.Domains, s.DomainName(v, d))
		}
	}
	for _, g := range m.Groups {
		page.Groups = append(page.Groups, s.GroupTitle(v, g))
	}
	page.Details = detailsOf(u)
	if s.Elsewhere != nil {
		at := s.Elsewhere.Edition()
		page.Elsewhere = &at
		if page.PasswordHere, err = s.Content.MayWish(v.Context(), u.ID); err != nil {
			return page, u, err
		}
	}
	page.Several = s.IsOneOfSeveral()
	if page.RunsOnly, err = s.RunsOnly(v); err != nil {
		return page, u, err
	}
	rule, err := s.Desk.Passwords(v.Context())
	if err != nil {
		return page, u, err
	}
	page.Shortest = rule.Length()
	if page.Sessions, page.Others, err = s.AllSessionsOf(v, u, "/me"); err != nil {
		return page, u, err
	}
	if page.Tokens, err = s.profileTokens(v, u); err != nil {
		return page, u, err
	}
	page.Flash = s.Said(w, v)
	return page, u, nil
}

// belongsTo lists the domains of an account, each once.
func belongsTo(m store.Memberships) []string {
	all := slices.Clone(m.Domains)
	for _, g := range m.Groups {
		for _, d := range g.In() {
			if !slices.Contains(all, d) {
				all = append(all, d)
			}
		}
	}
	return all
}

// endSessions signs the person out of one other browser, or of all others.
func (s *hall) endSessions(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	if !s.JustProved(v) { // it may be the browser that the others are to be saved from
		return proveAgain(w, v, "/me")
	}
	pick, every := v.PostFormValue("pick"), v.PostFormValue("every") == "yes"
	if every {
		if err := s.stopOthers(w, v); err != nil {
			return err
		}
	} else if err := s.stopOne(v, pick); err != nil {
		return err
	}
	s.Sessions.Forget()
	s.sayEnded(w)
	return frame.GoTo(w, v, "/me")
}

// sayEnded says how far the end of a session has come: the other servers hear of it from
// the edition server.
func (s *hall) sayEnded(w http.ResponseWriter) {
	switch {
	case !s.IsOneOfSeveral():
		s.Say(w, ui.OK, "profile.sessions.ended")
	case s.isCutOff():
		s.Say(w, ui.Warn, "profile.sessions.ended.later")
	default:
		s.Say(w, ui.OK, "profile.sessions.ended.soon")
	}
}

// isCutOff reports whether no other server hears of what is done here for now.
func (s *hall) isCutOff() bool { return s.Elsewhere != nil && !s.Elsewhere.InTouch() }

// stopOthers ends all sessions of the person, at every server, but the one that asks.
func (s *hall) stopOthers(w http.ResponseWriter, v *frame.Visit) error {
	n, err := s.Sessions.Alone(v.Context(), w, v.Token)
	if err != nil {
		return err
	}
	return s.auditStopped(v, n)
}

// stopOne ends a session of the person, never the one that asks for it.
func (s *hall) stopOne(v *frame.Visit, id string) error {
	if id == store.SessionID(v.Token) {
		return nil
	}
	n, err := s.StopSession(v, v.Who.ID, id)
	if err != nil {
		return err
	}
	return s.auditStopped(v, n)
}

func (s *hall) auditStopped(v *frame.Visit, n int64) error {
	if n == 0 {
		return nil
	}
	return s.Content.Audit(v.Context(), v.Who.ID, "session.stop", "user:"+v.Who.ID, map[string]int64{"sessions": n})
}

// changePassword takes the old password and a new one. Every other session of
// the account ends; this one begins anew.
func (s *hall) changePassword(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	page, u, err := s.profilePage(w, v)
	if err != nil {
		return err
	}
	if err := s.keepPassword(w, v, page, u); err != nil {
		fields := v.FieldTexts(err)
		if fields == nil {
			return err
		}
		page.Wrong = fields
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	if len(s.UnsentOf(w, v)) > 0 { // which they signed in for
		return frame.GoTo(w, v, frame.UnsentPath)
	}
	return frame.GoTo(w, v, "/me")
}

// keepPassword gives an account another password: where it is kept, or as a wish that the
// edition server is to take.
func (s *hall) keepPassword(w http.ResponseWriter, v *frame.Visit, page views.Profile, u store.User) error {
	if page.Elsewhere != nil && !page.PasswordHere {
		return fault.New(fault.Forbidden, "fault.password.elsewhere")
	}
	password, err := s.newPassword(v, u)
	if err != nil {
		return err
	}
	if page.Elsewhere != nil {
		return s.wishPassword(w, v, u, login.Hash(password))
	}
	err = s.Content.SetPassword(v.Context(), u.ID, login.Hash(password), u.ID)
	s.Sessions.Forget()
	if err == nil {
		u, err = s.Content.User(v.Context(), u.ID) // in another era
	}
	if err != nil {
		return err
	}
	if err := s.Sessions.Renew(v.Context(), w, v.Token, s.Signing(v, admission.Entry{User: u, Method: admission.InternalID})); err != nil {
		return err
	}
	s.tellOf(v, u, s.Post.TellChanged)
	s.Say(w, ui.OK, "profile.password.changed")
	return nil
}

// wishPassword gives an account another password here, and asks the edition server for it,
// which writes to its person. The session comes first: it is of the era of the account that
// begins, and goes on.
func (s *hall) wishPassword(w http.ResponseWriter, v *frame.Visit, u store.User, hash string) error {
	as := s.Signing(v, admission.Entry{User: u, Method: admission.InternalID})
	era, err := s.Content.NextWish(v.Context(), u.ID, u.Password)
	if err != nil {
		return err
	}
	as.Era = era
	if err := s.Sessions.Renew(v.Context(), w, v.Token, as); err != nil {
		return err
	}
	err = s.Content.MakeWish(v.Context(), u.Password, store.Wish{User: u.ID, Password: hash, Era: era, At: as.Began})
	s.Sessions.Forget()
	switch {
	case err != nil:
	case s.isCutOff():
		s.Say(w, ui.Warn, "profile.password.changed.later")
	default:
		s.Say(w, ui.OK, "profile.password.changed.here")
	}
	return err
}

// newPassword reads a password that somebody wants in place of theirs.
func (s *hall) newPassword(v *frame.Visit, u store.User) (string, error) {
	tried := login.Name{Of: login.Own, ID: "password:" + u.ID}
	if s.Guesses.Take(s.Now(), tried) > 0 {
		return "", fault.InField("present", "fault.password.wait")
	}
	ok, _, err := login.Verify(v.Context(), login.First, u.Password, v.PostFormValue("present"))
	if err != nil {
		s.Guesses.Return(tried)
		return "", err
	}
	if !ok {
		return "", fault.InField("present", "fault.password.present")
	}
	s.Guesses.Succeeded(tried)
	password := v.PostFormValue("password")
	rule, err := s.Desk.Passwords(v.Context())
	if err != nil {
		return "", err
	}
	if password == v.PostFormValue("present") { // one that was given is to be nobody else's
		return "", fault.InField("password", "fault.password.same")
	}
	return password, rule.Check(password, u.Login)
}
