package web

import (
	"net/http"

	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// setupPage is where the first administrator is made, by whoever has the
// address that the first start printed. Once there is an account it is gone.
func (s *hall) setupPage(w http.ResponseWriter, v *frame.Visit) error {
	if err := s.mustBeEmpty(v); err != nil {
		return err
	}
	return frame.Show(w, v, s.setupForm(v, views.Setup{Token: v.URL.Query().Get("token")}).View())
}

func (s *hall) mustBeEmpty(v *frame.Visit) error {
	n, err := s.Content.CountUsers(v.Context())
	if err == nil && n > 0 {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return err
}

func (s *hall) setupForm(v *frame.Visit, page views.Setup) views.Setup {
	page.Shortest = login.Shortest // nobody was there to ask for more
	page.Chrome = v.Chrome(ui.Portal, v.Words.T("setup.title"))
	page.Quiet = true
	return page
}

// setup makes the first administrator and signs them in.
func (s *hall) setup(w http.ResponseWriter, v *frame.Visit) error {
	if err := s.mustBeEmpty(v); err != nil {
		return err
	}
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	page := views.Setup{
		Token: v.PostFormValue("token"), Login: v.PostFormValue("login"),
		FirstName: v.PostFormValue("first_name"), LastName: v.PostFormValue("last_name"),
	}
	password := v.PostFormValue("password")
	rule, err := s.Desk.Passwords(v.Context())
	if err != nil {
		return err
	}
	err = rule.Check(password, page.Login)
	var u store.User
	if err == nil {
		u, err = s.Content.UseSetupToken(v.Context(), page.Token, store.User{
			Login: page.Login, FirstName: page.FirstName, LastName: page.LastName, Language: v.Words.Lang(), Password: login.Hash(password),
		})
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		page.Wrong = v.FieldTexts(err)
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, s.setupForm(v, page).View())
	}
	if err != nil {
		return err
	}
	return s.welcome(w, v, admission.Entry{User: u, Method: admission.InternalID, Proved: s.Now()}, "/studio")
}
