package web

import (
	"maps"
	"net/http"
	"strings"

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
	page := views.Setup{Token: v.URL.Query().Get("token")}
	err := s.Content.CheckSetupToken(v.Context(), page.Token)
	if fault.Is(err, fault.Forbidden) {
		return s.showSpent(w, v, page)
	}
	if err != nil {
		return err
	}
	return frame.Show(w, v, s.setupForm(v, page).View())
}

// showSpent says before anything is typed, or with what was, that the link makes
// nobody.
func (s *hall) showSpent(w http.ResponseWriter, v *frame.Visit, page views.Setup) error {
	page.Spent = v.Words.T("fault.setup.spent")
	if page.Token == "" {
		page.Spent = v.Words.T("setup.where")
	}
	return frame.ShowStatus(w, v, http.StatusForbidden, s.setupForm(v, page).View())
}

func (s *hall) mustBeEmpty(v *frame.Visit) error {
	waits, err := s.AwaitsFirst(v.Context())
	if err == nil && !waits {
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
	text := func(name string) string { return strings.TrimSpace(v.PostFormValue(name)) }
	page := views.Setup{Token: v.PostFormValue("token"), Login: text("login"), FirstName: text("first_name"), LastName: text("last_name"), Mail: text("mail")}
	u, err := s.makeFirst(v, page)
	switch {
	case fault.Is(err, fault.Forbidden):
		return s.showSpent(w, v, page)
	case fault.Is(err, fault.Invalid), fault.Is(err, fault.Conflict):
		page.Wrong = v.FieldTexts(err)
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, s.setupForm(v, page).View())
	case err != nil:
		return err
	}
	return s.welcome(w, v, admission.Entry{User: u, Method: admission.InternalID, Proved: s.Now()}, "/studio")
}

// makeFirst makes the first administrator, or says everything that is wrong with
// what was typed at once.
func (s *hall) makeFirst(v *frame.Visit, page views.Setup) (store.User, error) {
	if err := s.Content.CheckSetupToken(v.Context(), page.Token); err != nil {
		return store.User{}, err
	}
	u := store.User{Login: page.Login, FirstName: page.FirstName, LastName: page.LastName, Mail: page.Mail, Language: v.Words.Lang()}
	rule, err := s.Desk.Passwords(v.Context())
	if err != nil {
		return u, err
	}
	wrong, password := u.Wrong(), v.PostFormValue("password")
	if err := rule.Check(password, page.Login); err != nil {
		if !fault.Is(err, fault.Invalid) {
			return u, err
		}
		maps.Copy(wrong, fault.FieldsOf(err))
	}
	if len(wrong) > 0 {
		return u, &fault.Error{Kind: fault.Invalid, Key: "fault.form", Fields: wrong}
	}
	u.Password = login.Hash(password)
	return s.Content.UseSetupToken(v.Context(), page.Token, u)
}
