package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/transfer"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// studioResources lists the resources of a project; ?open=ID opens one.
func (s *Site) studioResources(w http.ResponseWriter, v *visit) error {
	page, err := s.resourcesPage(w, v)
	if err != nil {
		return err
	}
	return show(w, v, page.View())
}

func (s *Site) resourcesPage(w http.ResponseWriter, v *visit) (views.StudioResources, error) {
	d, p, err := s.desk(w, v, "resources", v.words.T("desk.resources"))
	if err != nil {
		return views.StudioResources{}, err
	}
	whole, err := s.content.WholeProject(v.Context(), p.ID)
	if err != nil {
		return views.StudioResources{}, err
	}
	page := views.StudioResources{Desk: d, Languages: p.Data.Languages, Version: p.Version}
	for _, r := range p.Data.Resources {
		card := s.resourceCard(v, p, whole, r)
		if r.ID == v.URL.Query().Get("open") {
			page.Chosen = &card
		}
		page.Resources = append(page.Resources, card)
	}
	return page, nil
}

func (s *Site) resourceCard(v *visit, p store.Project, whole *procedure.Project, r procedure.Resource) views.ResourceCard {
	card := views.ResourceCard{ID: r.ID, Kind: string(r.Kind), Name: v.in(r.Name, s), Alt: r.Alt.In}
	if card.Name == "" {
		card.Name = r.ID
	}
	f, ok := r.Files[v.words.Lang()]
	for _, lang := range append([]string{""}, p.Data.Languages...) {
		if !ok {
			f, ok = r.Files[lang]
		}
	}
	if ok {
		card.URL, card.Type, card.Size = execution.FileURL(f.Hash, f.Name), f.Type, f.Size
	}
	for _, pr := range whole.Procedures {
		if slices.Contains(procedure.ResourcesOf(pr), r.ID) {
			card.UsedBy = append(card.UsedBy, ui.Place{Name: v.in(pr.Title, s), URL: "/studio/p/" + p.ID + "/d/" + pr.UID})
		}
	}
	return card
}

// addResource keeps an uploaded file as a resource of the project.
func (s *Site) addResource(w http.ResponseWriter, v *visit) error {
	if err := v.ParseMultipartForm(4 << 20); err != nil {
		return unreadable(err)
	}
	defer v.MultipartForm.RemoveAll()
	added, err := s.keepResource(v, v.PathValue("project"))
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooLarge) {
		page, pageErr := s.resourcesPage(w, v)
		if pageErr != nil {
			return pageErr
		}
		page.Wrong = v.why(err)
		return showStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	if err != nil {
		return err
	}
	s.say(w, ui.OK, "resources.added", v.in(added.Name, s))
	return goTo(w, v, "/studio/p/"+v.PathValue("project")+"/resources")
}

// keepResource examines the posted file, keeps its content, and names it in
// the project. The same content twice is one resource.
func (s *Site) keepResource(v *visit, project string) (procedure.Resource, error) {
	file, head, err := v.FormFile("file")
	if err != nil {
		return procedure.Resource{}, fault.Because(fault.Invalid, err, "fault.required")
	}
	defer file.Close()
	facts, err := transfer.Examine(head.Filename, procedure.KindDownload, file)
	if err != nil {
		return procedure.Resource{}, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return procedure.Resource{}, fmt.Errorf("read upload again: %w", err)
	}
	kept, err := s.files.Put(v.Context(), file, transfer.Usual.Resource)
	if err != nil {
		return procedure.Resource{}, err
	}
	if kept.Hash != facts.Hash {
		return procedure.Resource{}, errors.New("an upload changed while it was read")
	}
	return s.nameResource(v, project, transfer.KindOf(facts.Type), facts)
}

// nameResource adds a resource to the project, or returns the one that has the
// same content already.
func (s *Site) nameResource(v *visit, project string, kind procedure.ResourceKind, f procedure.File) (procedure.Resource, error) {
	p, err := s.content.Project(v.Context(), project)
	if err != nil {
		return procedure.Resource{}, err
	}
	for _, r := range p.Data.Resources {
		if r.Files[""].Hash == f.Hash {
			return r, nil
		}
	}
	name, _, _ := strings.Cut(f.Name, ".")
	taken := func(id string) bool {
		return slices.ContainsFunc(p.Data.Resources, func(r procedure.Resource) bool { return r.ID == id })
	}
	added := procedure.Resource{
		ID: procedure.NewID(name, "resource", taken), Kind: kind, Name: procedure.Text{In: map[string]string{p.Data.Languages[0]: name}},
		Alt: altOf(v, p.Data.Languages), Files: map[string]procedure.File{"": f},
	}
	p.Data.Resources = append(p.Data.Resources, added)
	_, err = s.content.SaveProject(v.Context(), p.ID, p.Version, p.Data, v.who.ID)
	return added, err
}

// altOf reads the descriptions of a form, by language.
func altOf(v *visit, languages []string) procedure.Text {
	in := map[string]string{}
	for _, l := range languages {
		if words := strings.TrimSpace(v.FormValue("alt." + l)); words != "" {
			in[l] = words
		}
	}
	return procedure.Text{In: in}
}

// saveResource changes the descriptions of a resource.
func (s *Site) saveResource(w http.ResponseWriter, v *visit) error {
	return s.changeResource(w, v, "resources.saved", func(p *procedure.Project, i int) error {
		p.Resources[i].Alt = altOf(v, p.Languages)
		return nil
	})
}

// deleteResource takes a resource out of the project unless something uses it.
// Its content stays: versions that were published show it.
func (s *Site) deleteResource(w http.ResponseWriter, v *visit) error {
	whole, err := s.content.WholeProject(v.Context(), v.PathValue("project"))
	if err != nil {
		return err
	}
	for _, p := range whole.Procedures {
		if slices.Contains(procedure.ResourcesOf(p), v.PathValue("resource")) {
			return fault.New(fault.Conflict, "fault.resource.used", v.in(p.Title, s))
		}
	}
	return s.changeResource(w, v, "resources.deleted", func(p *procedure.Project, i int) error {
		p.Resources = slices.Delete(p.Resources, i, i+1)
		return nil
	})
}

// changeResource changes a project around one of its resources.
func (s *Site) changeResource(w http.ResponseWriter, v *visit, said string, change func(*procedure.Project, int) error) error {
	if err := v.ParseForm(); err != nil {
		return unreadable(err)
	}
	version, err := formVersion(v)
	if err != nil {
		return err
	}
	p, err := s.content.Project(v.Context(), v.PathValue("project"))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(p.Data.Resources, func(r procedure.Resource) bool { return r.ID == v.PathValue("resource") })
	if i < 0 {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	name := v.in(p.Data.Resources[i].Name, s)
	if err := change(p.Data, i); err != nil {
		return err
	}
	if _, err := s.content.SaveProject(v.Context(), p.ID, version, p.Data, v.who.ID); err != nil {
		return err
	}
	s.say(w, ui.OK, said, name)
	return goTo(w, v, "/studio/p/"+p.ID+"/resources")
}
