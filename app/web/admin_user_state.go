package web

import (
	"net/http"
	"strconv"

	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/views/ui"
)

// actOn reads the small form of one act on the account of the address.
func (v *visit) actOn() error {
	if err := v.mayChangeAccount(); err != nil {
		return err
	}
	if err := v.ParseForm(); err != nil {
		return unreadable(err)
	}
	return nil
}

// adminPassword gives an account a password that its owner changes when they
// next sign in; without one it only asks them to change theirs.
func (s *Site) adminPassword(w http.ResponseWriter, v *visit) error {
	if err := v.actOn(); err != nil {
		return err
	}
	u := v.managed.user
	if u.ID == v.who.ID {
		return fault.New(fault.Forbidden, "fault.user.own_password")
	}
	hash, said := u.Password, "admin.password.asked"
	if password := v.PostFormValue("password"); password != "" || hash == "" {
		if err := login.Check(password, u.Login); err != nil {
			return s.refusePassword(w, v, err)
		}
		hash, said = login.Hash(password), "admin.password.set"
	}
	if err := s.content.SetFirstPassword(v.Context(), u.ID, hash, v.who.ID); err != nil {
		return err
	}
	s.sessions.forget()
	s.say(w, ui.OK, said, u.Name())
	return goTo(w, v, "/admin/users/"+u.ID)
}

func (s *Site) refusePassword(w http.ResponseWriter, v *visit, err error) error {
	page, perr := s.userPage(w, v, v.managedForm())
	if perr != nil {
		return perr
	}
	page.Wrong = v.fieldTexts(err)
	return showStatus(w, v, http.StatusUnprocessableEntity, page.View())
}

// adminEndSessions signs an account out of every browser.
func (s *Site) adminEndSessions(w http.ResponseWriter, v *visit) error {
	if err := v.actOn(); err != nil {
		return err
	}
	if err := s.content.EndSessions(v.Context(), v.managed.user.ID, v.who.ID); err != nil {
		return err
	}
	s.sessions.forget()
	s.say(w, ui.OK, "admin.sessions.ended", v.managed.user.Name())
	return goTo(w, v, "/admin/users/"+v.managed.user.ID)
}

// adminUserState suspends an account, or lets it come in again.
func (s *Site) adminUserState(w http.ResponseWriter, v *visit) error {
	if err := v.actOn(); err != nil {
		return err
	}
	u := v.managed.user
	if u.ID == v.who.ID {
		return fault.New(fault.Forbidden, "fault.user.self")
	}
	u.Active = v.PostFormValue("state") == "active"
	u.Version, _ = strconv.ParseInt(v.PostFormValue("version"), 10, 64)
	if _, err := s.content.SaveUser(v.Context(), u, v.who.ID); err != nil {
		return err
	}
	s.sessions.forget()
	said := "admin.user.suspended"
	if u.Active {
		said = "admin.user.reinstated"
	}
	s.say(w, ui.OK, said, u.Name())
	return goTo(w, v, "/admin/users/"+u.ID)
}

// adminDeleteUser removes a suspended account for good, when its login was
// typed.
func (s *Site) adminDeleteUser(w http.ResponseWriter, v *visit) error {
	if err := v.actOn(); err != nil {
		return err
	}
	u := v.managed.user
	switch {
	case u.ID == v.who.ID:
		return fault.New(fault.Forbidden, "fault.user.self")
	case u.Active:
		return fault.New(fault.Conflict, "fault.user.active")
	case v.PostFormValue("confirm") != u.Login:
		return s.refusePassword(w, v, fault.InField("confirm", "fault.user.confirm"))
	}
	version, _ := strconv.ParseInt(v.PostFormValue("version"), 10, 64)
	if err := s.content.DeleteUser(v.Context(), u.ID, version, v.who.ID); err != nil {
		return err
	}
	s.sessions.forget()
	s.say(w, ui.OK, "admin.user.deleted", u.Name())
	return goTo(w, v, "/admin/users")
}
