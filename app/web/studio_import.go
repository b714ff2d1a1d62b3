package web

import (
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"

	"selfhelp/app/access"
	"selfhelp/app/edition"
	"selfhelp/app/fault"
	"selfhelp/app/transfer"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// importPage is the form that takes an archive in.
func (s *Site) importPage(w http.ResponseWriter, v *visit) error {
	page, err := s.importForm(v)
	if err != nil {
		return err
	}
	return show(w, v, page.View())
}

func (s *Site) importForm(v *visit) (views.ImportArchive, error) {
	page := views.ImportArchive{Chrome: v.chrome(ui.Studio, v.words.T("import.title"))}
	page.Home = ui.Place{Name: v.words.T("studio.title"), URL: "/studio"}
	var err error
	page.Domains, err = s.domainsToCreateIn(v)
	return page, err
}

// importArchive takes an archive in, whole or not at all.
func (s *Site) importArchive(w http.ResponseWriter, v *visit) error {
	page, err := s.importForm(v)
	if err != nil {
		return err
	}
	if err := v.ParseMultipartForm(4 << 20); err != nil {
		return unreadable(err)
	}
	defer v.MultipartForm.RemoveAll()
	page.Domain = v.FormValue("domain")
	done, err := s.takeIn(v, page.Domain)
	var refused *transfer.Refusal
	if errors.As(err, &refused) {
		for _, problem := range refused.Problems {
			page.Refused = append(page.Refused, problem.Where()+" "+problem.Sentence(v.words.Lang()))
		}
		return showStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		page.Refused = []string{v.why(err)}
		return showStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	if err != nil {
		return err
	}
	s.say(w, ui.OK, "import.done", v.in(done.Project.Data.Name, s))
	return goTo(w, v, "/studio/p/"+done.Project.ID)
}

func (s *Site) takeIn(v *visit, domain string) (edition.Imported, error) {
	if !v.may(access.CreateProject, access.Thing{Domain: domain}) {
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
	done, err := edition.TakeIn(v.Context(), s.store, archive, edition.Import{Domain: domain, By: v.who.ID})
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
func (s *Site) mayReplace(v *visit, domain, uid string) error {
	p, err := s.content.ProjectByUID(v.Context(), domain, uid)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	thing, err := s.thingOf(v, p)
	if err != nil {
		return err
	}
	return refusal(access.Can(v.who, access.ModifyProject, thing), access.CreateProject)
}

// ownNew gives every right on a project that nobody has rights on to the one
// who brought it.
func (s *Site) ownNew(v *visit, p store.Project) error {
	grants, err := s.content.Grants(v.Context(), p.ID)
	if err != nil || len(grants) > 0 {
		return err
	}
	return s.content.SetGrants(v.Context(), p.ID, []access.Grant{{User: v.who.ID, Right: access.Administration}}, v.who.ID)
}

// exportArchive sends the project as an archive.
func (s *Site) exportArchive(w http.ResponseWriter, v *visit) error {
	p, err := s.content.Project(v.Context(), v.PathValue("project"))
	if err != nil {
		return err
	}
	if err := s.content.Audit(v.Context(), v.who.ID, "project.export", "project:"+p.ID, nil); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="`+p.Alias+`.zip"`)
	return edition.GiveOut(v.Context(), s.store, p.ID, w)
}
