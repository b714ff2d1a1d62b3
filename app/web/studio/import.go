package studio

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"

	"selfhelp/app/access"
	"selfhelp/app/edition"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/transfer"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// brought is an archive that somebody brings: what the page that shows its plan
// carries, signed, until it is agreed to.
type brought struct {
	By     string `json:"by"`
	Domain string `json:"domain"`
	AsCopy bool   `json:"copy"`
	Hide   bool   `json:"hide,omitempty"` // notes between brackets go to the notes for writers
	Name   string `json:"name"`           // of the file
	Hash   string `json:"hash"`           // of its content, kept as a stray
	Bytes  int64  `json:"bytes"`
	State  string `json:"state"` // that the plan was made against
}

// mostArchive is how many bytes an archive may have; its request has some more.
const mostArchive = 256_000_000

// importPage is the form that takes an archive in.
func (s *Studio) importPage(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.importForm(v)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

func (s *Studio) importForm(v *frame.Visit) (views.ImportArchive, error) {
	page := views.ImportArchive{Chrome: v.Chrome(ui.Studio, v.Words.T("import.title")), Most: mostArchive}
	page.Home = ui.Place{Name: v.Words.T("studio.title"), URL: "/studio"}
	var err error
	page.Domains, err = s.domainsToCreateIn(v)
	return page, err
}

// importArchive shows what an archive would change, and takes it in, whole or
// not at all, once that was agreed to.
func (s *Studio) importArchive(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.importForm(v)
	if err != nil {
		return err
	}
	if err := v.ParseMultipartForm(4 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return frame.Unreadable(err)
	}
	if v.MultipartForm != nil {
		defer v.MultipartForm.RemoveAll()
	}
	b, agreed, err := s.broughtIn(v)
	page.Domain, page.AsCopy, page.HideNotes = b.Domain, b.AsCopy, b.Hide
	if err != nil {
		return s.refuseArchive(w, v, page, err)
	}
	done, hidden, err := s.takeIn(v, b, !agreed)
	overtaken := agreed && done.State != "" && fault.Is(err, fault.Conflict)
	switch {
	case err != nil && !overtaken:
		return s.refuseArchive(w, v, page, err)
	case agreed && !overtaken:
		s.Say(w, ui.OK, "import.done", s.Words(v, done.Project.Data.Name))
		return frame.GoTo(w, v, "/studio/p/"+done.Project.ID)
	}
	b.State = done.State
	if page.Plan, err = s.importPlan(v, b, done); err != nil {
		return err
	}
	page.Plan.Hidden = hidden
	if overtaken {
		page.Plan.Overtaken = true
		return frame.ShowStatus(w, v, http.StatusConflict, page.View())
	}
	return frame.Show(w, v, page.View())
}

// refuseArchive shows the form again with every reason.
func (s *Studio) refuseArchive(w http.ResponseWriter, v *frame.Visit, page views.ImportArchive, err error) error {
	var refused *transfer.Refusal
	switch {
	case errors.As(err, &refused):
		for _, problem := range refused.Problems {
			page.Refused = append(page.Refused, views.Refused{Where: problem.Where(), Why: problem.Sentence(v.Words.Lang())})
		}
	case fault.Is(err, fault.Invalid), fault.Is(err, fault.Conflict), fault.Is(err, fault.TooLarge):
		page.Refused = []views.Refused{{Why: v.Why(err)}}
	default:
		return err
	}
	return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
}

// broughtIn is the archive of a form: one that is sent, or one whose plan was
// agreed to.
func (s *Studio) broughtIn(v *frame.Visit) (b brought, agreed bool, err error) {
	if signed := v.PostFormValue("seen"); signed != "" {
		said, ok := s.Keys.Verify("import", signed)
		if !ok || json.Unmarshal([]byte(said), &b) != nil || b.By != v.Who.ID {
			return brought{}, false, fault.New(fault.Forbidden, "fault.forbidden.not_granted")
		}
		if !s.Files.Has(b.Hash) {
			return b, false, fault.New(fault.Invalid, "fault.import.gone")
		}
		return b, true, nil
	}
	b = brought{By: v.Who.ID, Domain: v.FormValue("domain"), AsCopy: v.FormValue("copy") != "", Hide: v.FormValue("hide_notes") != ""}
	if !v.May(access.CreateProject, access.Thing{Domain: b.Domain}) {
		return b, false, fault.New(fault.Forbidden, "fault.forbidden.not_of_role")
	}
	file, head, err := v.FormFile("archive")
	if err != nil {
		return b, false, fault.Because(fault.Invalid, err, "fault.import.none")
	}
	defer file.Close()
	b.Name, b.Bytes = head.Filename, head.Size
	b.Hash, err = s.keepArchive(v, file, head)
	return b, false, err
}

// keepArchive keeps an archive that can be read until its plan is agreed to; if
// it never is, it goes as other strays do.
func (s *Studio) keepArchive(v *frame.Visit, file multipart.File, head *multipart.FileHeader) (hash string, err error) {
	_, closeTree, err := readArchive(file, head.Size)
	if err != nil {
		return "", err
	}
	if err := closeTree(); err != nil {
		return "", err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", fmt.Errorf("read archive again: %w", err)
	}
	kept, err := s.Files.Receive(v.Context(), file, mostArchive)
	if err != nil {
		return "", err
	}
	return kept.Hash, s.ScanFile(v, kept.Hash)
}

// takeIn imports an archive, or only says what that would do; and how many notes
// it moved out of the texts.
func (s *Studio) takeIn(v *frame.Visit, b brought, dry bool) (done edition.Imported, hidden int, err error) {
	if !v.May(access.CreateProject, access.Thing{Domain: b.Domain}) {
		return done, 0, fault.New(fault.Forbidden, "fault.forbidden.not_of_role")
	}
	file, size, err := s.Files.Open(b.Hash)
	if err != nil {
		return done, 0, err
	}
	defer file.Close()
	content, ok := file.(io.ReaderAt)
	if !ok {
		return done, 0, errors.New("a kept file cannot be read in any order")
	}
	archive, closeTree, err := readArchive(content, size)
	if err != nil {
		return done, 0, err
	}
	defer closeTree()
	if !b.AsCopy {
		if err := s.mayReplace(v, b.Domain, archive.Project.UID); err != nil {
			return done, 0, err
		}
	}
	if b.Hide {
		hidden = procedure.HideProjectNotes(archive.Project)
	}
	done, err = edition.TakeIn(v.Context(), s.Store, archive, edition.Import{Domain: b.Domain, AsCopy: b.AsCopy, DryRun: dry, By: v.Who.ID, Planned: b.State})
	return done, hidden, err
}

func readArchive(content io.ReaderAt, size int64) (*transfer.Archive, func() error, error) {
	tree, err := transfer.OpenZip(content, size, transfer.Usual)
	if err != nil {
		return nil, nil, fmt.Errorf("open archive: %w", err)
	}
	archive, err := transfer.Read(tree)
	if err != nil {
		return nil, nil, errors.Join(err, tree.Close())
	}
	return archive, tree.Close, nil
}

// importPlan is what an archive would change, as the page shows it.
func (s *Studio) importPlan(v *frame.Visit, b brought, would edition.Imported) (*views.ImportPlan, error) {
	carried, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("carry archive: %w", err)
	}
	plan := &views.ImportPlan{
		File: b.Name, Bytes: b.Bytes, Seen: s.Keys.Sign("import", string(carried)), Domain: s.DomainName(v, b.Domain),
		Project: s.Words(v, would.Plan.Project.Name), Nothing: would.Plan.Count(transfer.Keep) == len(would.Plan.Changes),
	}
	titles := s.titlesOf(v, would.Was, would.Plan.Project)
	for _, what := range []string{"procedure", "scenario", "resource"} {
		plan.Counts = append(plan.Counts, countsOf(what, would.Plan.Changes))
	}
	for _, c := range would.Plan.Changes {
		if c.What == "project" {
			plan.New, plan.Settings = c.Deed == transfer.Create, c.Deed == transfer.Update
		}
		if kind := changeKinds[c.Deed]; kind != "" {
			plan.Lines = append(plan.Lines, views.ImportLine{What: c.What, Kind: kind, Title: cmp.Or(titles[c.What+c.ID], c.ID), Taken: c.Alias, Alias: c.ID, Owner: c.Owner})
		}
	}
	return plan, nil
}

// titlesOf are what people call the parts of projects, by kind and alias or id.
func (s *Studio) titlesOf(v *frame.Visit, projects ...*procedure.Project) map[string]string {
	titles := map[string]string{}
	for _, p := range projects {
		if p == nil {
			continue
		}
		for _, one := range p.Procedures {
			titles["procedure"+one.Alias] = s.Words(v, one.Title)
		}
		for _, one := range p.Scenarios {
			titles["scenario"+one.ID] = one.Name
		}
		for _, one := range p.Resources {
			titles["resource"+one.ID] = s.Words(v, one.Name)
		}
	}
	return titles
}

// changeKinds are the deeds that change something, as pages name changes.
var changeKinds = map[transfer.Deed]string{transfer.Create: "added", transfer.Update: "changed", transfer.Remove: "removed"}

func countsOf(what string, changes []transfer.Change) views.ImportCount {
	n := views.ImportCount{What: what}
	for _, c := range changes {
		if c.What != what {
			continue
		}
		switch c.Deed {
		case transfer.Create:
			n.Added++
		case transfer.Update:
			n.Changed++
		case transfer.Remove:
			n.Removed++
		case transfer.Keep:
			n.Same++
		}
	}
	return n
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
