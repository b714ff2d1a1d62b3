package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"selfhelp/app/web/frame"
	"selfhelp/app/web/legend"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// unsentPage shows what somebody sent when their session had ended. Only they send
// it, by a click: nothing is sent because somebody signed in.
func (s *hall) unsentPage(w http.ResponseWriter, v *frame.Visit) error {
	page, status := views.Unsent{Next: nextOf(v)}, http.StatusOK
	for _, one := range s.UnsentOf(w, v) {
		switch one.State {
		case frame.UnsentWaits:
			form, err := s.unsentForm(v, one)
			if err != nil {
				return err
			}
			page.Forms = append(page.Forms, form)
		case frame.UnsentLost:
			lost, err := s.lostForm(v, one)
			if err != nil {
				return err
			}
			page.Lost = append(page.Lost, lost)
		case frame.UnsentSent:
			page.Sent = append(page.Sent, s.unsentPlace(v, one))
		}
	}
	title := "unsent.title"
	switch {
	case len(page.Forms)+len(page.Lost) > 0:
	case len(page.Sent) > 0:
		title = "unsent.sent.title"
	default:
		title, status = "unsent.none.title", http.StatusNotFound
	}
	page.Chrome = v.Chrome(ui.Portal, v.Words.T(title))
	return frame.ShowStatus(w, v, status, page.View())
}

// unsentForm is a form that waits, in the words of its page as it is now.
func (s *hall) unsentForm(v *frame.Visit, one frame.Unsent) (views.UnsentForm, error) {
	form := views.UnsentForm{ID: one.ID, Page: ui.Place{URL: one.Page, Name: unsentRoom(v, one.Page)}, Target: one.At(), Parts: one.Parts, Fields: one.Fields, Gone: true}
	if body := s.Reread(v, one.Page); body != nil {
		target, _, _ := strings.Cut(one.Target, "?")
		read, err := legend.Read(body, target, one.Fields, one.Left)
		if err != nil {
			return form, err
		}
		form.Page.Name, form.Of, form.Gone = cmp.Or(read.Title, form.Page.Name), read.Of, !read.Found
		for _, l := range read.Lines {
			form.Lines = append(form.Lines, [2]string{l.Label, l.Value})
		}
		for _, l := range read.Left {
			form.Left = append(form.Left, views.UnsentLeft(l))
		}
	}
	if form.Gone {
		for _, value := range one.Typed() {
			form.Lines = append(form.Lines, [2]string{"", value})
		}
	}
	return form, nil
}

// lostForm is one of which nothing is kept, as its page calls it: several are to be
// told apart.
func (s *hall) lostForm(v *frame.Visit, one frame.Unsent) (views.UnsentForm, error) {
	form := views.UnsentForm{ID: one.ID, Page: s.unsentPlace(v, one)}
	body := s.Reread(v, one.Page)
	if body == nil {
		return form, nil
	}
	target, _, _ := strings.Cut(one.Target, "?")
	read, err := legend.Read(body, target, nil, nil)
	form.Page.Name, form.Of = cmp.Or(read.Title, form.Page.Name), read.Does
	return form, err
}

// nextOf is where somebody was going when they signed in, "" when they said nothing.
func nextOf(v *frame.Visit) string {
	if to := localPath(v.URL.Query().Get("next")); to != "/" {
		return to
	}
	return ""
}

// firstUnsent is where somebody goes who has signed in: first to what they did not get
// to send, for it does not wait long.
func (s *hall) firstUnsent(v *frame.Visit, user string, runOnly bool, next string) string {
	to, err := url.Parse(next)
	waits, lost := s.UnsentFor(v, user, runOnly)
	if err != nil || to.Path == frame.UnsentPath || !waits && !lost {
		return next
	}
	return frame.UnsentPath + "?next=" + url.QueryEscape(next)
}

// unsentPlace is the page of a form that does not wait.
func (s *hall) unsentPlace(v *frame.Visit, one frame.Unsent) ui.Place {
	return ui.Place{URL: one.Page, Name: unsentRoom(v, one.Page)}
}

// unsentRoom names where a page is.
func unsentRoom(v *frame.Visit, page string) string {
	for _, room := range [][2]string{{"/admin", "unsent.at.admin"}, {"/me", "unsent.at.me"}, {"/studio", "unsent.at.studio"}, {"/x/", "unsent.at.journey"}} {
		if strings.HasPrefix(page, room[0]) {
			return v.Words.T(room[1])
		}
	}
	return v.Words.T("unsent.at.home")
}

// dropUnsent forgets one of them, and leads back to where it was typed.
func (s *hall) dropUnsent(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	page, err := s.DropUnsent(w, v, v.PostFormValue("form"))
	if err != nil {
		return err
	}
	if v.PostFormValue("stay") == "yes" {
		page = "/"
		if len(s.UnsentOf(w, v)) > 0 {
			page = frame.UnsentPath
		}
	}
	return frame.GoTo(w, v, page)
}
