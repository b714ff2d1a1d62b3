package admin

import (
	"net/http"
	"slices"

	"selfhelp/app/fault"
	"selfhelp/app/formula"
	"selfhelp/app/richtext"
	"selfhelp/app/web/frame"
	"selfhelp/assets"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// guideAt is where a chapter of the operator's guide is read.
func guideAt(chapter string) string { return "/admin/guide/" + chapter }

// guideStart leads to the first chapter.
func (s *Admin) guideStart(w http.ResponseWriter, v *frame.Visit) error {
	return frame.GoTo(w, v, guideAt(assets.Guide(v.Words.Lang())[0].Name))
}

// guide shows a chapter of the operator's guide.
func (s *Admin) guide(w http.ResponseWriter, v *frame.Visit) error {
	all := assets.Guide(v.Words.Lang())
	page := views.AdminGuide{Here: slices.IndexFunc(all, func(c assets.Chapter) bool { return c.Name == v.PathValue("chapter") })}
	if page.Here < 0 {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	for _, c := range all {
		page.Chapters = append(page.Chapters, ui.Place{Name: c.Title, URL: guideAt(c.Name)})
	}
	doc, err := richtext.Compile(all[page.Here].Text, nil)
	if err != nil {
		return err
	}
	if page.Text, err = doc.HTML(formula.Vars{}, formula.NewBudget(), v.Words.Lang()); err != nil {
		return err
	}
	page.Office = s.Office(w, v, "guide", all[page.Here].Title)
	return frame.Show(w, v, page.View())
}
