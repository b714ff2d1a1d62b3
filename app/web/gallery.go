package web

import (
	"net/http"

	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// gallery lists the samples of every page, in demonstrations only.
func (s *hall) gallery(w http.ResponseWriter, v *frame.Visit) error {
	if !s.Demo {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	page := views.Gallery{Chrome: v.Chrome(ui.Portal, v.Words.T("gallery.title"))}
	for _, sample := range views.Samples(page.Chrome) {
		page.Names = append(page.Names, sample.Name)
	}
	return frame.Show(w, v, page.View())
}

// gallerySample shows one sample as the page would be.
func (s *hall) gallerySample(w http.ResponseWriter, v *frame.Visit) error {
	sample, found := views.SampleOf(v.Chrome(ui.Portal, ""), v.PathValue("sample"))
	if !s.Demo || !found {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return frame.Show(w, v, sample.Page.View())
}
