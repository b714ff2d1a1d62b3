package web

import (
	"net/http"

	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// profile shows what the product knows of the person, and lets them change
// their password.
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
		Role: string(u.Role), Domains: m.Domains, HasPassword: u.Password != "", MustChange: u.MustChange,
	}
	for _, g := range m.Groups {
		page.Groups = append(page.Groups, g.Name)
	}
	page.Flash = s.Said(w, v)
	return page, u, nil
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
	if err := s.newPassword(v, u); err != nil {
		fields := v.FieldTexts(err)
		if fields == nil {
			return err
		}
		page.Wrong = fields
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	if err := s.Sessions.Begin(v.Context(), w, v.Token, u.ID, s.Now()); err != nil {
		return err
	}
	s.Say(w, ui.OK, "profile.password.changed")
	return frame.GoTo(w, v, "/me")
}

func (s *hall) newPassword(v *frame.Visit, u store.User) error {
	names := []string{"password:" + u.ID}
	if wait := s.Guesses.Wait(s.Now(), names...); wait > 0 {
		return fault.InField("present", "fault.password.wait")
	}
	if ok, _ := login.Verify(u.Password, v.PostFormValue("present")); !ok {
		s.Guesses.Failed(s.Now(), names...)
		return fault.InField("present", "fault.password.present")
	}
	password := v.PostFormValue("password")
	if err := login.Check(password, u.Login); err != nil {
		return err
	}
	err := s.Content.SetPassword(v.Context(), u.ID, login.Hash(password), u.ID)
	s.Sessions.Forget()
	return err
}
