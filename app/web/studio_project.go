package web

import (
	"net/http"
	"strings"

	"selfhelp/app/check"
	"selfhelp/app/edition"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// problemsShown is how many problems a page lists; all are counted.
const problemsShown = 30

// studioProject shows a project's procedures by folder, with what is wrong.
func (s *Site) studioProject(w http.ResponseWriter, v *visit) error {
	page, err := s.projectPage(w, v)
	if err != nil {
		return err
	}
	return show(w, v, page.View())
}

func (s *Site) projectPage(w http.ResponseWriter, v *visit) (views.StudioProject, error) {
	d, p, err := s.desk(w, v, "procedures", v.words.T("desk.procedures"))
	if err != nil {
		return views.StudioProject{}, err
	}
	whole, err := s.content.WholeProject(v.Context(), p.ID)
	if err != nil {
		return views.StudioProject{}, err
	}
	lines, err := s.content.Procedures(v.Context(), p.ID)
	if err != nil {
		return views.StudioProject{}, err
	}
	bin, err := s.content.ProceduresInBin(v.Context(), p.ID)
	if err != nil {
		return views.StudioProject{}, err
	}
	shared, err := s.edition.SharedWith(v.Context(), p, whole)
	if err != nil {
		return views.StudioProject{}, err
	}
	found := edition.Check(whole, shared, s.now())
	d.Errors, d.Warnings = count(found)
	page := views.StudioProject{Desk: d, Now: s.now()}
	page.Problems = s.problemLines(v, p.ID, whole, found)
	page.Problems = page.Problems[:min(problemsShown, len(page.Problems))]
	page.Folders = s.folders(v, lines, perProcedure(found))
	for _, l := range bin {
		page.Bin = append(page.Bin, views.ProcedureLine{UID: l.UID, Title: v.in(l.Title, s), Changed: l.Deleted, By: s.nameOf(v, l.DeletedBy), Version: l.Version})
	}
	return page, nil
}

// tallies are how many problems of each severity a procedure has.
type tallies struct{ errors, warnings int }

func perProcedure(found []check.Problem) map[string]tallies {
	per := map[string]tallies{}
	for _, p := range found {
		t := per[p.Place.Procedure]
		if p.Severity == check.Error {
			t.errors++
		} else {
			t.warnings++
		}
		per[p.Place.Procedure] = t
	}
	return per
}

// folders puts the lines in their folders. Lines come ordered by folder.
func (s *Site) folders(v *visit, lines []store.Procedure, per map[string]tallies) (list []views.ProcedureFolder) {
	place := map[string]int{}
	at := func(path string) *views.ProcedureFolder {
		if _, there := place[path]; !there {
			place[path] = len(list)
			list = append(list, views.ProcedureFolder{Path: path})
		}
		return &list[place[path]]
	}
	for _, l := range lines {
		t := per[l.UID]
		f := at(l.Folder)
		f.Procedures = append(f.Procedures, views.ProcedureLine{
			UID: l.UID, Title: v.in(l.Title, s), Alias: l.Alias, Entry: l.Entry, Steps: l.Steps,
			Errors: t.errors, Warnings: t.warnings, Changed: l.Changed, By: s.nameOf(v, l.ChangedBy), Version: l.Version,
		})
	}
	return list
}

// createProcedure makes a procedure of a title and opens it.
func (s *Site) createProcedure(w http.ResponseWriter, v *visit) error {
	if err := v.ParseForm(); err != nil {
		return unreadable(err)
	}
	title := strings.TrimSpace(v.PostFormValue("title"))
	p, err := s.content.Project(v.Context(), v.PathValue("project"))
	if err != nil {
		return err
	}
	made, err := s.makeProcedure(v, p, title)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		page, pageErr := s.projectPage(w, v)
		if pageErr != nil {
			return pageErr
		}
		page.Typed, page.Wrong = title, v.why(err)
		return showStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	if err != nil {
		return err
	}
	return goTo(w, v, "/studio/p/"+p.ID+"/d/"+made.UID)
}

// makeProcedure starts a procedure with a Start, a first page and an End, so
// that it can be tried from the first minute.
func (s *Site) makeProcedure(v *visit, p store.Project, title string) (store.Procedure, error) {
	if title == "" {
		return store.Procedure{}, fault.InField("title", "fault.required")
	}
	first := procedure.NewStep(procedure.StepPage, "first_page", p.Data.Languages)
	end := procedure.NewStep(procedure.StepEnd, "done", p.Data.Languages)
	start := procedure.NewStep(procedure.StepStart, "start", p.Data.Languages)
	start.Next, first.Next = first.ID, end.ID
	data := &procedure.Procedure{
		Schema: procedure.Schema, UID: newUID(), Title: procedure.Text{In: map[string]string{s.writingLanguage(v, p): title}},
		Entry: true, Owner: v.who.Login, Steps: []procedure.Step{start, first, end},
	}
	return s.keepNew(v, p, data, aliasOf(title))
}

// writingLanguage is the language of the interface when the project has it,
// else the project's first.
func (s *Site) writingLanguage(v *visit, p store.Project) string {
	for _, l := range p.Data.Languages {
		if l == v.words.Lang() {
			return l
		}
	}
	return p.Data.Languages[0]
}

// keepNew keeps a new procedure under an alias, or the first free one made from
// it.
func (s *Site) keepNew(v *visit, p store.Project, data *procedure.Procedure, alias string) (store.Procedure, error) {
	for n := 1; ; n++ {
		data.Alias = numbered(alias, n)
		kept, err := s.content.CreateProcedure(v.Context(), p.ID, data, v.who.ID)
		if !fault.Is(err, fault.Conflict) || n == 50 {
			return kept, err
		}
	}
}

// copyProcedure duplicates a procedure beside itself.
func (s *Site) copyProcedure(w http.ResponseWriter, v *visit) error {
	p, err := s.content.Project(v.Context(), v.PathValue("project"))
	if err != nil {
		return err
	}
	original, err := s.content.Procedure(v.Context(), p.ID, v.PathValue("procedure"))
	if err != nil {
		return err
	}
	data := *original.Data
	data.UID, data.Title = newUID(), copiedTitle(v, data.Title)
	kept, err := s.keepNew(v, p, &data, data.Alias)
	if err != nil {
		return err
	}
	s.say(w, ui.OK, "procedures.copied", v.in(kept.Title, s))
	return goTo(w, v, "/studio/p/"+p.ID+"/d/"+kept.UID)
}

// copiedTitle says in each language that it is a copy.
func copiedTitle(v *visit, t procedure.Text) procedure.Text {
	in := map[string]string{}
	for lang, words := range t.In {
		in[lang] = ui.In(lang).T("procedures.copy_title", words)
	}
	return procedure.Text{In: in}
}

// deleteProcedure moves a procedure to the recycle bin of its project.
func (s *Site) deleteProcedure(w http.ResponseWriter, v *visit) error {
	return s.binned(w, v, s.content.DeleteProcedure, "procedures.deleted")
}

// restoreProcedure takes a procedure out of the recycle bin.
func (s *Site) restoreProcedure(w http.ResponseWriter, v *visit) error {
	return s.binned(w, v, s.content.RestoreProcedure, "procedures.restored")
}

func (s *Site) binned(w http.ResponseWriter, v *visit, do binning, said string) error {
	if err := v.ParseForm(); err != nil {
		return unreadable(err)
	}
	version, err := formVersion(v)
	if err != nil {
		return err
	}
	project, uid := v.PathValue("project"), v.PathValue("procedure")
	p, err := s.content.Procedure(v.Context(), project, uid)
	if err != nil {
		return err
	}
	if err := do(v.Context(), project, uid, version, v.who.ID); err != nil {
		return err
	}
	s.say(w, ui.OK, said, v.in(p.Title, s))
	return goTo(w, v, "/studio/p/"+project)
}
