package web

import (
	"net/http"
	"strconv"
	"strings"

	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// detailsOf is what people change of their account themselves. The name of an
// account without a password comes from elsewhere.
func detailsOf(u store.User) views.ProfileDetails {
	return views.ProfileDetails{Named: u.Password != "", FirstName: u.FirstName, LastName: u.LastName, Language: u.Language, Version: u.Version}
}

// saveProfile takes the name and the language of the person themselves.
func (s *hall) saveProfile(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	kept, err := s.Content.User(v.Context(), v.Who.ID)
	if err != nil {
		return err
	}
	u := readProfile(v, kept)
	if u.Language != "" && !ui.Speaks(u.Language) {
		err = fault.InField("interface", "fault.user.language")
	} else {
		_, err = s.Content.SaveUser(v.Context(), u, u.ID)
	}
	if err != nil {
		return s.refuseProfile(w, v, u, err)
	}
	s.Sessions.Forget()
	if u.Language != kept.Language {
		s.SpeakIn(w, u.Language)
	}
	s.Say(w, ui.OK, "profile.saved")
	return frame.GoTo(w, v, "/me")
}

// readProfile reads the form over an account: these fields and no other.
func readProfile(v *frame.Visit, u store.User) store.User {
	if u.Password != "" {
		u.FirstName = strings.TrimSpace(v.PostFormValue("first_name"))
		u.LastName = strings.TrimSpace(v.PostFormValue("last_name"))
	}
	u.Language = v.PostFormValue("interface")
	u.Version, _ = strconv.ParseInt(v.PostFormValue("version"), 10, 64) // none is a version nothing has
	return u
}

// refuseProfile shows the form again as it was filled in. When the account was
// saved meanwhile it also shows what is otherwise now, and saving again puts
// this in its place.
func (s *hall) refuseProfile(w http.ResponseWriter, v *frame.Visit, typed store.User, why error) error {
	kind := fault.KindOf(why)
	if kind != fault.Invalid && kind != fault.Conflict {
		return why
	}
	page, theirs, err := s.profilePage(w, v)
	if err != nil {
		return err
	}
	page.Details = detailsOf(typed)
	page.Details.Wrong = v.FieldTexts(why)
	if page.Details.Wrong == nil {
		page.Details.Stale, page.Details.Version = true, theirs.Version
		for _, d := range []struct{ key, mine, theirs string }{
			{"field.first_name", typed.FirstName, theirs.FirstName}, {"field.last_name", typed.LastName, theirs.LastName},
			{"profile.language", languageName(v, typed.Language), languageName(v, theirs.Language)},
		} {
			if d.mine != d.theirs {
				page.Details.Theirs = append(page.Details.Theirs, views.Difference{Name: v.Words.T(d.key), Theirs: d.theirs})
			}
		}
	}
	return frame.ShowStatus(w, v, frame.Statuses[kind], page.View())
}

// languageName is what a choice of language is called in the form.
func languageName(v *frame.Visit, tag string) string {
	if tag == "" {
		return v.Words.T("profile.language.browser")
	}
	return ui.NameOf(tag)
}
