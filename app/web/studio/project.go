package studio

import (
	"net/http"
	"strings"

	"selfhelp/app/check"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// ProblemsShown is how many problems a page lists; all are counted.
const ProblemsShown = 30

// project shows a project's procedures by folder, with what is wrong.
func (s *Studio) project(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.projectPage(w, v)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

func (s *Studio) projectPage(w http.ResponseWriter, v *frame.Visit) (views.StudioProject, error) {
	d, p, err := s.Desk(w, v, "procedures", v.Words.T("desk.procedures"))
	if err != nil {
		return views.StudioProject{}, err
	}
	lines, err := s.Content.Procedures(v.Context(), p.ID)
	if err != nil {
		return views.StudioProject{}, err
	}
	bin, err := s.Content.ProceduresInBin(v.Context(), p.ID)
	if err != nil {
		return views.StudioProject{}, err
	}
	k, fresh, err := s.know(v, p, lines)
	if err != nil {
		return views.StudioProject{}, err
	}
	d.Errors, d.Warnings = k.errors, k.warnings
	page := views.StudioProject{Desk: d, Now: s.Now(), Total: len(lines), Checking: !fresh, Several: len(p.Data.Languages) > 1}
	if k.about != nil {
		page.Problems = s.problemLines(v, p.ID, k.about, k.first)
	}
	since, err := s.publishedAt(v, p)
	if err != nil {
		return page, err
	}
	page.Published = !since.IsZero()
	page.Folders, page.List = s.procedureList(v, p, lines, k, since)
	for _, l := range bin {
		page.Bin = append(page.Bin, views.ProcedureLine{UID: l.UID, Title: s.Words(v, l.Title), Changed: l.Deleted, By: s.NameOf(v, l.DeletedBy), Version: l.Version})
	}
	return page, nil
}

// Tallies are how many problems of each severity a procedure has.
type Tallies struct{ Errors, Warnings int }

func perProcedure(found []check.Problem) map[string]Tallies {
	per := map[string]Tallies{}
	for _, p := range found {
		t := per[p.Place.Procedure]
		if p.Severity == check.Error {
			t.Errors++
		} else {
			t.Warnings++
		}
		per[p.Place.Procedure] = t
	}
	return per
}

// createProcedure makes a procedure of a title and opens it.
func (s *Studio) createProcedure(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	title := strings.TrimSpace(v.PostFormValue("title"))
	p, err := s.Content.Project(v.Context(), v.PathValue("project"))
	if err != nil {
		return err
	}
	made, err := s.makeProcedure(v, p, title)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		page, pageErr := s.projectPage(w, v)
		if pageErr != nil {
			return pageErr
		}
		page.Typed, page.Wrong = title, v.Why(err)
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	if err != nil {
		return err
	}
	return frame.GoTo(w, v, "/studio/p/"+p.ID+"/d/"+made.UID)
}

// makeProcedure starts a procedure with a Start, a first page and an End, so
// that it can be tried from the first minute.
func (s *Studio) makeProcedure(v *frame.Visit, p store.Project, title string) (store.Procedure, error) {
	if title == "" {
		return store.Procedure{}, fault.InField("title", "fault.required")
	}
	first := procedure.NewStep(procedure.StepPage, "first_page", p.Data.Languages)
	end := procedure.NewStep(procedure.StepEnd, "done", p.Data.Languages)
	start := procedure.NewStep(procedure.StepStart, "start", p.Data.Languages)
	start.Next, first.Next = first.ID, end.ID
	data := &procedure.Procedure{
		Schema: procedure.Schema, UID: newUID(), Title: procedure.Text{In: map[string]string{s.WritingLanguage(v, p): title}},
		Entry: true, Owner: v.Who.Login, Steps: []procedure.Step{start, first, end},
	}
	return s.keepNew(v, p, data, aliasOf(title))
}

// WritingLanguage is the language of the interface when the project has it,
// else the project's first.
func (s *Studio) WritingLanguage(v *frame.Visit, p store.Project) string {
	for _, l := range p.Data.Languages {
		if l == v.Words.Lang() {
			return l
		}
	}
	return p.Data.Languages[0]
}

// keepNew keeps a new procedure under an alias, or the first free one made from
// it.
func (s *Studio) keepNew(v *frame.Visit, p store.Project, data *procedure.Procedure, alias string) (store.Procedure, error) {
	for n := 1; ; n++ {
		data.Alias = numbered(alias, n)
		kept, err := s.Content.CreateProcedure(v.Context(), p.ID, data, v.Who.ID)
		if !fault.Is(err, fault.Conflict) || n == 50 {
			return kept, err
		}
	}
}

// copyProcedure duplicates a procedure beside itself.
func (s *Studio) copyProcedure(w http.ResponseWriter, v *frame.Visit) error {
	p, err := s.Content.Project(v.Context(), v.PathValue("project"))
	if err != nil {
		return err
	}
	original, err := s.Content.Procedure(v.Context(), p.ID, v.PathValue("procedure"))
	if err != nil {
		return err
	}
	data := *original.Data
	data.UID, data.Title = newUID(), copiedTitle(v, data.Title)
	kept, err := s.keepNew(v, p, &data, data.Alias)
	if err != nil {
		return err
	}
	s.Say(w, ui.OK, "procedures.copied", s.Words(v, kept.Title))
	return frame.GoTo(w, v, "/studio/p/"+p.ID+"/d/"+kept.UID)
}

// copiedTitle says in each language that it is a copy.
func copiedTitle(v *frame.Visit, t procedure.Text) procedure.Text {
	in := map[string]string{}
	for lang, words := range t.In {
		in[lang] = ui.In(lang).T("procedures.copy_title", words)
	}
	return procedure.Text{In: in}
}

// deleteProcedure moves a procedure to the recycle bin of its project.
func (s *Studio) deleteProcedure(w http.ResponseWriter, v *frame.Visit) error {
	return s.binned(w, v, s.Content.DeleteProcedure, "procedures.deleted")
}

// restoreProcedure takes a procedure out of the recycle bin.
func (s *Studio) restoreProcedure(w http.ResponseWriter, v *frame.Visit) error {
	return s.binned(w, v, s.Content.RestoreProcedure, "procedures.restored")
}

func (s *Studio) binned(w http.ResponseWriter, v *frame.Visit, do binning, said string) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	version, err := formVersion(v)
	if err != nil {
		return err
	}
	project, uid := v.PathValue("project"), v.PathValue("procedure")
	p, err := s.Content.Procedure(v.Context(), project, uid)
	if err != nil {
		return err
	}
	if err := do(v.Context(), project, uid, version, v.Who.ID); err != nil {
		return err
	}
	s.Say(w, ui.OK, said, s.Words(v, p.Title))
	return frame.GoTo(w, v, "/studio/p/"+project)
}
