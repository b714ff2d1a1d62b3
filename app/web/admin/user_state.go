package admin

import (
	"net/http"
	"strconv"

	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views/ui"
)

// actOn reads the small form of one act on the account of the address.
func actOn(v *frame.Visit) error {
	if err := mayChangeAccount(v); err != nil {
		return err
	}
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	return nil
}

// password gives an account a password that its owner changes when they
// next sign in; without one it only asks them to change theirs.
func (s *Admin) password(w http.ResponseWriter, v *frame.Visit) error {
	if err := actOn(v); err != nil {
		return err
	}
	u := v.Managed.User
	if u.ID == v.Who.ID {
		return fault.New(fault.Forbidden, "fault.user.own_password")
	}
	hash, said := u.Password, "admin.password.asked"
	if password := v.PostFormValue("password"); password != "" || hash == "" {
		rule, err := s.Desk.Passwords(v.Context())
		if err != nil {
			return err
		}
		if err := rule.Check(password, u.Login); err != nil {
			return s.refusePassword(w, v, err)
		}
		hash, said = login.Hash(password), "admin.password.set"
	}
	if err := s.Content.SetFirstPassword(v.Context(), u.ID, hash, v.Who.ID); err != nil {
		return err
	}
	s.Sessions.Forget()
	s.Say(w, ui.OK, said, u.Name())
	return frame.GoTo(w, v, "/admin/users/"+u.ID)
}

func (s *Admin) refusePassword(w http.ResponseWriter, v *frame.Visit, err error) error {
	page, perr := s.userPage(w, v, managedForm(v))
	if perr != nil {
		return perr
	}
	page.Wrong = v.FieldTexts(err)
	return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
}

// showOvertaken says that somebody else saved the account meanwhile, and shows it as
// it is now.
func (s *Admin) showOvertaken(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.userPage(w, v, managedForm(v))
	if err != nil {
		return err
	}
	page.Stale = true
	return frame.ShowStatus(w, v, http.StatusConflict, page.View())
}

// endFactors takes off what the owner of an account has to show beside their
// password: they have lost it. They are signed out: whoever found it is, too.
func (s *Admin) endFactors(w http.ResponseWriter, v *frame.Visit) error {
	if err := actOn(v); err != nil {
		return err
	}
	u := v.Managed.User
	if u.ID == v.Who.ID {
		return fault.New(fault.Forbidden, "fault.user.own_factors")
	}
	if err := s.Content.RemoveFactors(v.Context(), u.ID, v.Who.ID); err != nil {
		return err
	}
	if err := s.Content.EndSessions(v.Context(), u.ID, v.Who.ID); err != nil {
		return err
	}
	s.Sessions.Forget()
	s.Say(w, ui.OK, "admin.user.shows.ended", u.Name())
	return frame.GoTo(w, v, "/admin/users/"+u.ID)
}

// proofs lists what the owner of an account shows, and the ways in that know them.
func (s *Admin) proofs(v *frame.Visit, user string) (shows, known []string, err error) {
	factors, err := s.Content.Factors(v.Context(), user)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range factors {
		shows = append(shows, v.Words.T("factor."+string(f.Kind)))
	}
	identities, err := s.Content.IdentitiesOf(v.Context(), user)
	if err != nil || len(identities) == 0 {
		return shows, nil, err
	}
	settings, _, err := s.Desk.Settings(v.Context())
	for _, i := range identities {
		if m, missing := settings.Method(i.Method); missing == nil {
			known = append(known, m.Name)
		}
	}
	return shows, known, err
}

// endSessions signs an account out of one browser, or of every one.
func (s *Admin) endSessions(w http.ResponseWriter, v *frame.Visit) error {
	if err := actOn(v); err != nil {
		return err
	}
	if pick := v.PostFormValue("pick"); pick != "" {
		return s.endSession(w, v, pick)
	}
	if err := s.Content.EndSessions(v.Context(), v.Managed.User.ID, v.Who.ID); err != nil {
		return err
	}
	s.Sessions.Forget()
	s.Say(w, ui.OK, "admin.sessions.ended", v.Managed.User.Name())
	return frame.GoTo(w, v, "/admin/users/"+v.Managed.User.ID)
}

// endSession signs an account out of one browser, but the one that asks.
func (s *Admin) endSession(w http.ResponseWriter, v *frame.Visit, id string) error {
	user := v.Managed.User.ID
	if id != store.SessionID(v.Token) {
		n, err := s.StopSession(v, user, id)
		if err == nil {
			err = s.Content.Audit(v.Context(), v.Who.ID, "session.stop", "user:"+user, map[string]int64{"sessions": n})
		}
		if err != nil {
			return err
		}
		s.Sessions.Forget()
	}
	s.Say(w, ui.OK, "profile.sessions.ended")
	return frame.GoTo(w, v, "/admin/users/"+user)
}

// userState suspends an account, or lets it come in again.
func (s *Admin) userState(w http.ResponseWriter, v *frame.Visit) error {
	if err := actOn(v); err != nil {
		return err
	}
	u := v.Managed.User
	if u.ID == v.Who.ID {
		return fault.New(fault.Forbidden, "fault.user.self")
	}
	u.Active = v.PostFormValue("state") == "active"
	u.Version, _ = strconv.ParseInt(v.PostFormValue("version"), 10, 64)
	heir, name, err := s.heirOf(v, []store.User{u})
	if fault.FieldsOf(err) != nil {
		return s.refusePassword(w, v, err)
	}
	switch {
	case err != nil:
	case u.Active:
		_, err = s.Content.SaveUser(v.Context(), u, v.Who.ID)
	default:
		_, err = s.Content.SuspendUser(v.Context(), u, heir, v.Who.ID)
	}
	if fault.Is(err, fault.Conflict) {
		return s.showOvertaken(w, v)
	}
	if err != nil {
		return err
	}
	s.Sessions.Forget()
	switch {
	case u.Active:
		s.Say(w, ui.OK, "admin.user.reinstated", u.Name())
	case name != "":
		s.Say(w, ui.OK, "holds.suspended", u.Name(), name)
	default:
		s.Say(w, ui.OK, "admin.user.suspended", u.Name())
	}
	return frame.GoTo(w, v, "/admin/users/"+u.ID)
}

// eraseUser takes a suspended person out of all they did, when their login was
// typed; the account stays.
func (s *Admin) eraseUser(w http.ResponseWriter, v *frame.Visit) error {
	if err := actOn(v); err != nil {
		return err
	}
	u := v.Managed.User
	switch {
	case u.ID == v.Who.ID:
		return fault.New(fault.Forbidden, "fault.user.self")
	case u.Active:
		return fault.New(fault.Conflict, "fault.user.active")
	case v.PostFormValue("erase_confirm") != u.Login:
		return s.refusePassword(w, v, fault.InField("erase_confirm", "fault.user.confirm"))
	}
	if err := s.eraseDoings(v, u.ID); err != nil {
		return err
	}
	s.Say(w, ui.OK, "admin.erase.done", u.Name())
	return frame.GoTo(w, v, "/admin/users/"+u.ID)
}

// eraseDoings takes somebody out of all they did, under their name and under the
// pseudonym that time puts in its place.
func (s *Admin) eraseDoings(v *frame.Visit, id string) error {
	if err := s.Activity.EraseUser(v.Context(), id, s.Store.Keys.Pseudonym(id)); err != nil {
		return err
	}
	return s.Content.Audit(v.Context(), v.Who.ID, "user.erase", "user:"+id, nil)
}

// deleteUser removes a suspended account for good, when its login was
// typed, and what its person did, when that is asked.
func (s *Admin) deleteUser(w http.ResponseWriter, v *frame.Visit) error {
	if err := actOn(v); err != nil {
		return err
	}
	u := v.Managed.User
	switch {
	case u.ID == v.Who.ID:
		return fault.New(fault.Forbidden, "fault.user.self")
	case u.Active:
		return fault.New(fault.Conflict, "fault.user.active")
	case v.PostFormValue("confirm") != u.Login:
		return s.refusePassword(w, v, fault.InField("confirm", "fault.user.confirm"))
	}
	heir, _, err := s.heirOf(v, []store.User{u})
	if fault.FieldsOf(err) != nil {
		return s.refusePassword(w, v, err)
	}
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(v.PostFormValue("version"), 10, 64)
	if v.PostFormValue("erase") == "yes" && version == u.Version { // else it is not deleted
		if err := s.eraseDoings(v, u.ID); err != nil {
			return err
		}
	}
	if err := s.Content.DeleteUser(v.Context(), u.ID, version, heir, v.Who.ID); err != nil {
		return err
	}
	s.Sessions.Forget()
	s.Say(w, ui.OK, "admin.user.deleted", u.Name())
	return frame.GoTo(w, v, "/admin/users")
}
