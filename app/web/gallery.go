package web

import (
	"net/http"

	"selfhelp/app/fault"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// gallery lists the samples of every page, in demonstrations only.
func (s *Site) gallery(w http.ResponseWriter, v *visit) error {
	if !s.demo {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	page := views.Gallery{Chrome: v.chrome(ui.Portal, v.words.T("gallery.title"))}
	for _, sample := range views.Samples(page.Chrome) {
		page.Names = append(page.Names, sample.Name)
	}
	return show(w, v, page.View())
}

// gallerySample shows one sample as the page would be.
func (s *Site) gallerySample(w http.ResponseWriter, v *visit) error {
	sample, found := views.SampleOf(v.chrome(ui.Portal, ""), v.PathValue("sample"))
	if !s.demo || !found {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return show(w, v, sample.Page.View())
}
