package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/post"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// mayForget reports whether passwords are chosen anew by mail here.
func (s *hall) mayForget(v *frame.Visit) (bool, error) {
	if s.Role&frame.Edition == 0 {
		return false, nil
	}
	links, err := s.Post.Links(v.Context())
	if err != nil || !links {
		return false, err
	}
	return s.Desk.ResetsPasswords(v.Context())
}

// mustForget hides pages where passwords are not chosen anew by mail.
func (s *hall) mustForget(v *frame.Visit) error {
	may, err := s.mayForget(v)
	if err == nil && !may {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return err
}

// forgottenPage asks whose password is forgotten.
func (s *hall) forgottenPage(w http.ResponseWriter, v *frame.Visit) error {
	if err := s.mustForget(v); err != nil {
		return err
	}
	return frame.Show(w, v, s.forgottenForm(v, false).View())
}

func (s *hall) forgottenForm(v *frame.Visit, sent bool) views.Forgotten {
	c := v.Chrome(ui.Portal, v.Words.T("forgotten.title"))
	c.Quiet = true
	return views.Forgotten{Chrome: c, Sent: sent, Minutes: int(post.ResetValid / time.Minute)}
}

// forgotten takes a login or an address. What it does and says is the same for
// all of them: it keeps the question, which is looked at later.
func (s *hall) forgotten(w http.ResponseWriter, v *frame.Visit) error {
	if err := s.mustForget(v); err != nil {
		return err
	}
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	if err := s.Post.AskReset(v.Context(), v.PostFormValue("who"), v.Words.Lang()); err != nil {
		return err
	}
	return frame.Show(w, v, s.forgottenForm(v, true).View())
}

// resetCookie holds the secret of a letter while a password is chosen.
const (
	resetCookie = "reset"
	resetTime   = 15 * time.Minute
	maxToken    = 200 // bytes
)

// reset is where the link of a letter leads. The secret in it moves into a
// cookie, so that it is in no address a page has, or tells to others.
func (s *hall) reset(w http.ResponseWriter, v *frame.Visit) error {
	w.Header().Set("Referrer-Policy", "no-referrer")
	if err := s.mustForget(v); err != nil {
		return err
	}
	if token := v.URL.Query().Get("token"); len(token) <= maxToken {
		s.holdReset(w, token)
	}
	return frame.GoTo(w, v, "/reset/password")
}

// holdReset gives the browser a secret to hold, sealed, for a while; "" takes it
// away.
func (s *hall) holdReset(w http.ResponseWriter, token string) {
	c := &http.Cookie{Name: s.CookieName(resetCookie), Path: "/", MaxAge: -1, HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode}
	if token != "" {
		until := strconv.FormatInt(s.Now().Add(resetTime).Unix(), 10)
		c.Value, c.MaxAge = s.Store.Keys.Seal("reset cookie", until+" "+token), int(resetTime/time.Second)
	}
	http.SetCookie(w, c)
}

// heldReset is the secret that the browser holds, "" for none.
func (s *hall) heldReset(v *frame.Visit) string {
	held, err := s.Store.Keys.Unseal("reset cookie", v.CookieValue(s.CookieName(resetCookie)))
	if err != nil {
		return ""
	}
	until, token, _ := strings.Cut(held, " ")
	if at, err := strconv.ParseInt(until, 10, 64); err != nil || s.Now().Unix() > at {
		return ""
	}
	return token
}

// resetPage asks for another password.
func (s *hall) resetPage(w http.ResponseWriter, v *frame.Visit) error {
	if err := s.mustForget(v); err != nil {
		return err
	}
	u, err := s.Content.ResetUser(v.Context(), s.heldReset(v))
	if err != nil {
		return s.spentReset(w, v, err)
	}
	page, err := s.resetForm(v, u)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

func (s *hall) resetForm(v *frame.Visit, u store.User) (views.NewPassword, error) {
	c := v.Chrome(ui.Portal, v.Words.T("reset.title"))
	c.Quiet = true
	rule, err := s.Desk.Passwords(v.Context())
	return views.NewPassword{Chrome: c, Login: u.Login, Shortest: rule.Length()}, err
}

// spentReset says that the link opens nothing any more.
func (s *hall) spentReset(w http.ResponseWriter, v *frame.Visit, why error) error {
	if !fault.Is(why, fault.NotFound) {
		return why
	}
	s.holdReset(w, "")
	page, err := s.resetForm(v, store.User{})
	if err != nil {
		return err
	}
	page.Spent = true
	return frame.ShowStatus(w, v, http.StatusGone, page.View())
}

// chooseReset takes another password. Every session of the account ends, and
// who has second factors still needs them.
func (s *hall) chooseReset(w http.ResponseWriter, v *frame.Visit) error {
	if err := s.mustForget(v); err != nil {
		return err
	}
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	token := s.heldReset(v)
	u, err := s.Content.ResetUser(v.Context(), token)
	if err != nil {
		return s.spentReset(w, v, err)
	}
	rule, err := s.Desk.Passwords(v.Context())
	if err != nil {
		return err
	}
	password := v.PostFormValue("password")
	if wrong := rule.Check(password, u.Login); wrong != nil {
		page, err := s.resetForm(v, u)
		if err != nil {
			return err
		}
		page.Wrong = v.FieldTexts(wrong)
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	if u, err = s.Content.UseResetToken(v.Context(), token, login.Hash(password)); err != nil {
		return s.spentReset(w, v, err)
	}
	s.Sessions.Forget()
	s.holdReset(w, "")
	s.tellOf(v, u, s.Post.TellChanged)
	s.Say(w, ui.OK, "reset.done")
	return frame.GoTo(w, v, "/login")
}
