package web

import (
	"net/http"

	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// profile shows what the product knows of the person, and lets them change
// their password.
func (s *Site) profile(w http.ResponseWriter, v *visit) error {
	page, _, err := s.profilePage(w, v)
	if err != nil {
		return err
	}
	return show(w, v, page.View())
}

func (s *Site) profilePage(w http.ResponseWriter, v *visit) (views.Profile, store.User, error) {
	u, err := s.content.User(v.Context(), v.who.ID)
	if err != nil {
		return views.Profile{}, u, err
	}
	m, err := s.content.Memberships(v.Context(), u.ID)
	if err != nil {
		return views.Profile{}, u, err
	}
	page := views.Profile{
		Chrome: v.chrome(ui.Portal, v.words.T("menu.profile")), Name: u.Name(), Login: u.Login, Mail: u.Mail,
		Role: string(u.Role), Domains: m.Domains, HasPassword: u.Password != "", MustChange: u.MustChange,
	}
	for _, g := range m.Groups {
		page.Groups = append(page.Groups, g.Name)
	}
	page.Flash = s.said(w, v)
	return page, u, nil
}

// changePassword takes the old password and a new one. Every other session of
// the account ends; this one begins anew.
func (s *Site) changePassword(w http.ResponseWriter, v *visit) error {
	if err := v.ParseForm(); err != nil {
		return unreadable(err)
	}
	page, u, err := s.profilePage(w, v)
	if err != nil {
		return err
	}
	if err := s.newPassword(v, u); err != nil {
		fields := v.fieldTexts(err)
		if fields == nil {
			return err
		}
		page.Wrong = fields
		return showStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	if err := s.sessions.begin(v.Context(), w, v.token, u.ID, s.now()); err != nil {
		return err
	}
	s.say(w, ui.OK, "profile.password.changed")
	return goTo(w, v, "/me")
}

func (s *Site) newPassword(v *visit, u store.User) error {
	names := []string{"password:" + u.ID}
	if wait := s.guesses.Wait(s.now(), names...); wait > 0 {
		return fault.InField("present", "fault.password.wait")
	}
	if ok, _ := login.Verify(u.Password, v.PostFormValue("present")); !ok {
		s.guesses.Failed(s.now(), names...)
		return fault.InField("present", "fault.password.present")
	}
	password := v.PostFormValue("password")
	if err := login.Check(password, u.Login); err != nil {
		return err
	}
	err := s.content.SetPassword(v.Context(), u.ID, login.Hash(password), u.ID)
	s.sessions.forget()
	return err
}
