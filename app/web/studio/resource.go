package studio

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/transfer"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// keepAlt keeps what was written about a picture.
func keepAlt(v *frame.Visit) frame.Kept {
	at := strings.LastIndex(v.URL.Path, "/")
	page := url.URL{Path: v.URL.Path[:at], RawQuery: url.Values{"open": {v.URL.Path[at+1:]}}.Encode()}
	return frame.Kept{Page: page.RequestURI(), Inner: func(name string) bool { return name == "version" }}
}

// resources lists the resources of a project; ?open=ID opens one.
func (s *Studio) resources(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.resourcesPage(w, v, v.URL.Query().Get("open"))
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

func (s *Studio) resourcesPage(w http.ResponseWriter, v *frame.Visit, open string) (views.StudioResources, error) {
	d, p, err := s.Desk(w, v, "resources", v.Words.T("desk.resources"))
	if err != nil {
		return views.StudioResources{}, err
	}
	lines, err := s.Content.Procedures(v.Context(), p.ID)
	if err != nil {
		return views.StudioResources{}, err
	}
	k, fresh, err := s.know(v, p, lines)
	if err != nil {
		return views.StudioResources{}, err
	}
	titles := map[string]string{}
	for _, l := range lines {
		titles[l.UID] = s.Words(v, l.Title)
	}
	page := views.StudioResources{Desk: d, Languages: p.Data.Languages, Version: p.Version, Total: len(p.Data.Resources), Checking: !fresh}
	own := procedure.ResourcesOfProject(p.Data)
	var cards []views.ResourceCard
	for _, r := range p.Data.Resources {
		card := s.resourceCard(v, p, r)
		if slices.Contains(own, r.ID) {
			card.UsedBy = append(card.UsedBy, ui.Place{Name: v.Words.T("desk.settings"), URL: "/studio/p/" + p.ID + "/settings"})
		}
		for _, uid := range k.uses[r.ID] {
			if title, there := titles[uid]; there {
				card.UsedBy = append(card.UsedBy, ui.Place{Name: cmp.Or(title, uid), URL: "/studio/p/" + p.ID + "/d/" + uid})
			}
		}
		if r.ID == open {
			page.Chosen = &card
		}
		cards = append(cards, card)
	}
	page.Resources, page.List = resourceList(v, p, cards)
	page.Kinds = kindsOf(cards)
	return page, nil
}

func (s *Studio) resourceCard(v *frame.Visit, p store.Project, r procedure.Resource) views.ResourceCard {
	card := views.ResourceCard{ID: r.ID, Kind: string(r.Kind), Name: s.Words(v, r.Name), Alt: r.Alt.In}
	if card.Name == "" {
		card.Name = r.ID
	}
	f, ok := r.Files[v.Words.Lang()]
	for _, lang := range append([]string{""}, p.Data.Languages...) {
		if !ok {
			f, ok = r.Files[lang]
		}
	}
	if ok {
		card.URL, card.Type, card.Size = execution.FileURL(f.Hash, f.Name), f.Type, f.Size
	}
	return card
}

// addResource keeps an uploaded file as a resource of the project.
func (s *Studio) addResource(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseMultipartForm(4 << 20); err != nil {
		return frame.Unreadable(err)
	}
	defer v.MultipartForm.RemoveAll()
	added, err := s.KeepResource(v, v.PathValue("project"))
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooLarge) {
		page, pageErr := s.resourcesPage(w, v, "")
		if pageErr != nil {
			return pageErr
		}
		page.Wrong = v.Why(err)
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	if err != nil {
		return err
	}
	s.Say(w, ui.OK, "resources.added", s.Words(v, added.Name))
	return frame.GoTo(w, v, "/studio/p/"+v.PathValue("project")+"/resources")
}

// KeepResource examines the posted file, keeps its content, and names it in
// the project. The same content twice is one resource.
func (s *Studio) KeepResource(v *frame.Visit, project string) (procedure.Resource, error) {
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
	kept, err := s.Files.Put(v.Context(), file, transfer.Usual.Resource)
	if err != nil {
		return procedure.Resource{}, err
	}
	if kept.Hash != facts.Hash {
		return procedure.Resource{}, errors.New("an upload changed while it was read")
	}
	if err := s.ScanFile(v, kept.Hash); err != nil {
		return procedure.Resource{}, err
	}
	return s.nameResource(v, project, transfer.KindOf(facts.Type), facts)
}

// nameResource adds a resource to the project, or returns the one that has the
// same content already.
func (s *Studio) nameResource(v *frame.Visit, project string, kind procedure.ResourceKind, f procedure.File) (named procedure.Resource, err error) {
	_, err = s.Content.AmendProject(v.Context(), project, func(p *procedure.Project) bool {
		for _, r := range p.Resources {
			if r.Files[""].Hash == f.Hash {
				named = r
				return false
			}
		}
		name, _, _ := strings.Cut(f.Name, ".")
		taken := func(id string) bool {
			return slices.ContainsFunc(p.Resources, func(r procedure.Resource) bool { return r.ID == id })
		}
		named = procedure.Resource{
			ID: procedure.NewID(name, "resource", taken), Kind: kind, Name: procedure.Text{In: map[string]string{p.Languages[0]: name}},
			Alt: altOf(v, p.Languages), Files: map[string]procedure.File{"": f},
		}
		p.Resources = append(p.Resources, named)
		return true
	}, v.Who.ID)
	return named, err
}

// altOf reads the descriptions of a form, by language.
func altOf(v *frame.Visit, languages []string) procedure.Text {
	in := map[string]string{}
	for _, l := range languages {
		if words := strings.TrimSpace(v.FormValue("alt." + l)); words != "" {
			in[l] = words
		}
	}
	return procedure.Text{In: in}
}

// saveResource changes the descriptions of a resource.
func (s *Studio) saveResource(w http.ResponseWriter, v *frame.Visit) error {
	err := s.changeResource(w, v, "resources.saved", func(p *procedure.Project, i int) error {
		p.Resources[i].Alt = altOf(v, p.Languages)
		return nil
	})
	if fault.Is(err, fault.Conflict) {
		return s.refuseResource(w, v)
	}
	return err
}

// refuseResource shows a resource that someone else may have described
// meanwhile, as it was typed and with what they say of it.
func (s *Studio) refuseResource(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.resourcesPage(w, v, v.PathValue("resource"))
	if err != nil {
		return err
	}
	if page.Chosen == nil {
		return frame.Unknown()
	}
	page.Stale = true
	typed := altOf(v, page.Languages).In
	for _, l := range page.Languages {
		if kept := page.Chosen.Alt[l]; kept != typed[l] {
			page.Theirs = append(page.Theirs, views.Difference{Name: v.Words.T("resources.alt", ui.NameOf(l)), Theirs: kept})
		}
	}
	page.Chosen.Alt = typed
	return frame.ShowStatus(w, v, http.StatusConflict, page.View())
}

// deleteResource takes a resource out of the project unless something uses it.
// Its content stays: versions that were published show it.
func (s *Studio) deleteResource(w http.ResponseWriter, v *frame.Visit) error {
	whole, err := s.Content.WholeProject(v.Context(), v.PathValue("project"))
	if err != nil {
		return err
	}
	if slices.Contains(procedure.ResourcesOfProject(whole), v.PathValue("resource")) {
		return fault.New(fault.Conflict, "fault.resource.used", v.Words.T("desk.settings"))
	}
	for _, p := range whole.Procedures {
		if slices.Contains(procedure.ResourcesOf(p), v.PathValue("resource")) {
			return fault.New(fault.Conflict, "fault.resource.used", s.Words(v, p.Title))
		}
	}
	return s.changeResource(w, v, "resources.deleted", func(p *procedure.Project, i int) error {
		p.Resources = slices.Delete(p.Resources, i, i+1)
		return nil
	})
}

// changeResource changes a project around one of its resources.
func (s *Studio) changeResource(w http.ResponseWriter, v *frame.Visit, said string, change func(*procedure.Project, int) error) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	version, err := formVersion(v)
	if err != nil {
		return err
	}
	p, err := s.Content.Project(v.Context(), v.PathValue("project"))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(p.Data.Resources, func(r procedure.Resource) bool { return r.ID == v.PathValue("resource") })
	if i < 0 {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	name := s.Words(v, p.Data.Resources[i].Name)
	if err := change(p.Data, i); err != nil {
		return err
	}
	if _, err := s.Content.SaveProject(v.Context(), p.ID, version, p.Data, v.Who.ID); err != nil {
		return err
	}
	s.Say(w, ui.OK, said, name)
	return frame.GoTo(w, v, "/studio/p/"+p.ID+"/resources")
}
