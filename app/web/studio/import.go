package studio

import (
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"

	"selfhelp/app/access"
	"selfhelp/app/edition"
	"selfhelp/app/fault"
	"selfhelp/app/transfer"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// importPage is the form that takes an archive in.
func (s *Studio) importPage(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.importForm(v)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

func (s *Studio) importForm(v *frame.Visit) (views.ImportArchive, error) {
	page := views.ImportArchive{Chrome: v.Chrome(ui.Studio, v.Words.T("import.title"))}
	page.Home = ui.Place{Name: v.Words.T("studio.title"), URL: "/studio"}
	var err error
	page.Domains, err = s.domainsToCreateIn(v)
	return page, err
}

// importArchive takes an archive in, whole or not at all.
func (s *Studio) importArchive(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.importForm(v)
	if err != nil {
		return err
	}
	if err := v.ParseMultipartForm(4 << 20); err != nil {
		return frame.Unreadable(err)
	}
	defer v.MultipartForm.RemoveAll()
	page.Domain = v.FormValue("domain")
	done, err := s.takeIn(v, page.Domain)
	var refused *transfer.Refusal
	if errors.As(err, &refused) {
		for _, problem := range refused.Problems {
			page.Refused = append(page.Refused, problem.Where()+" "+problem.Sentence(v.Words.Lang()))
		}
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		page.Refused = []string{v.Why(err)}
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	if err != nil {
		return err
	}
	s.Say(w, ui.OK, "import.done", s.Words(v, done.Project.Data.Name))
	return frame.GoTo(w, v, "/studio/p/"+done.Project.ID)
}

func (s *Studio) takeIn(v *frame.Visit, domain string) (edition.Imported, error) {
	if !v.May(access.CreateProject, access.Thing{Domain: domain}) {
		return edition.Imported{}, fault.New(fault.Forbidden, "fault.forbidden.not_of_role")
	}
	file, head, err := v.FormFile("archive")
	if err != nil {
		return edition.Imported{}, fault.Because(fault.Invalid, err, "fault.required")
	}
	defer file.Close()
	archive, closeTree, err := readArchive(file, head)
	if err != nil {
		return edition.Imported{}, err
	}
	defer closeTree()
	if err := s.mayReplace(v, domain, archive.Project.UID); err != nil {
		return edition.Imported{}, err
	}
	done, err := edition.TakeIn(v.Context(), s.Store, archive, edition.Import{Domain: domain, By: v.Who.ID})
	if err != nil {
		return done, err
	}
	return done, s.ownNew(v, done.Project)
}

func readArchive(file multipart.File, head *multipart.FileHeader) (*transfer.Archive, func() error, error) {
	tree, err := transfer.OpenZip(file, head.Size, transfer.Usual)
	if err != nil {
		return nil, nil, fmt.Errorf("open archive: %w", err)
	}
	archive, err := transfer.Read(tree)
	if err != nil {
		return nil, nil, errors.Join(err, tree.Close())
	}
	return archive, tree.Close, nil
}

// mayReplace refuses an archive of a project that is there and that the person
// may not change.
func (s *Studio) mayReplace(v *frame.Visit, domain, uid string) error {
	p, err := s.Content.ProjectByUID(v.Context(), domain, uid)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	thing, err := s.WrittenThing(v, p)
	if err != nil {
		return err
	}
	return frame.Refusal(access.Can(v.Who, access.ModifyProject, thing), access.CreateProject)
}

// ownNew gives every right on a project that nobody has rights on to the one
// who brought it.
func (s *Studio) ownNew(v *frame.Visit, p store.Project) error {
	grants, err := s.Content.Grants(v.Context(), p.ID)
	if err != nil || len(grants) > 0 {
		return err
	}
	return s.Content.SetGrants(v.Context(), p.ID, []access.Grant{{User: v.Who.ID, Right: access.Administration}}, v.Who.ID)
}

// exportArchive sends the project as an archive.
func (s *Studio) exportArchive(w http.ResponseWriter, v *frame.Visit) error {
	p, err := s.Content.Project(v.Context(), v.PathValue("project"))
	if err != nil {
		return err
	}
	if err := s.Content.Audit(v.Context(), v.Who.ID, "project.export", "project:"+p.ID, nil); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="`+p.Alias+`.zip"`)
	return edition.GiveOut(v.Context(), s.Store, p.ID, w)
}
