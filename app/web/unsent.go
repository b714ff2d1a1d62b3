package web

import (
	"net/http"

	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// unsentPage shows what somebody typed before their session ended. Only they send
// it, by a click: nothing is sent because somebody signed in.
func (s *hall) unsentPage(w http.ResponseWriter, v *frame.Visit) error {
	one, err := s.UnsentOf(w, v)
	if err != nil {
		return err
	}
	c := v.Chrome(ui.Portal, v.Words.T("unsent.title"))
	return frame.Show(w, v, views.Unsent{Chrome: c, Page: one.Page, Target: one.Target, Parts: one.Parts, Fields: one.Fields}.View())
}

// dropUnsent forgets it, and leads back to where it was typed.
func (s *hall) dropUnsent(w http.ResponseWriter, v *frame.Visit) error {
	one, err := s.UnsentOf(w, v)
	if err != nil {
		return err
	}
	s.EndUnsent(w, v)
	return frame.GoTo(w, v, one.Page)
}
