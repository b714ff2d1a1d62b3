package studio

import (
	"net/http"
	"slices"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// recentShown is how many procedures the home remembers.
const recentShown = 6

// home shows the projects a person may read, by domain, and what was
// changed lately in them.
func (s *Studio) home(w http.ResponseWriter, v *frame.Visit) error {
	page := views.StudioHome{Chrome: v.Chrome(ui.Studio, v.Words.T("studio.title")), Now: s.Now()}
	page.Home = ui.Place{Name: v.Words.T("studio.title"), URL: "/studio"}
	page.Flash = s.Said(w, v)
	domains, err := s.Content.Domains(v.Context())
	if err != nil {
		return err
	}
	for _, d := range domains {
		if !v.Who.In(d.ID) {
			continue
		}
		shown, recent, err := s.domain(v, d)
		if err != nil {
			return err
		}
		page.MayCreate = page.MayCreate || v.May(access.CreateProject, access.Thing{Domain: d.ID})
		page.Domains = append(page.Domains, shown)
		page.Recent = append(page.Recent, recent...)
	}
	slices.SortFunc(page.Recent, func(a, b views.RecentProcedure) int { return b.Changed.Compare(a.Changed) })
	page.Recent = page.Recent[:min(recentShown, len(page.Recent))]
	return frame.Show(w, v, page.View())
}

// domain gathers the cards of a domain's projects and what was changed
// lately in those that the person may read.
func (s *Studio) domain(v *frame.Visit, d store.Domain) (views.StudioDomain, []views.RecentProcedure, error) {
	shown := views.StudioDomain{ID: d.ID, Title: s.Words(v, d.Title)}
	projects, err := s.Content.Projects(v.Context(), d.ID)
	if err != nil {
		return shown, nil, err
	}
	readable := map[string]string{}
	for _, p := range projects {
		thing, err := s.WrittenThing(v, p)
		if err != nil {
			return shown, nil, err
		}
		if !v.May(access.ReadProject, thing) {
			continue
		}
		readable[p.ID] = s.Words(v, p.Data.Name)
		card, err := s.projectCard(v, p)
		if err != nil {
			return shown, nil, err
		}
		shown.Projects = append(shown.Projects, card)
	}
	recent, err := s.recentProcedures(v, d.ID, readable)
	return shown, recent, err
}

func (s *Studio) projectCard(v *frame.Visit, p store.Project) (views.ProjectCard, error) {
	card := views.ProjectCard{
		ID: p.ID, Name: s.Words(v, p.Data.Name), About: s.Words(v, p.Data.Description), Languages: p.Data.Languages,
		Changed: p.Changed, By: s.NameOf(v, p.ChangedBy), Hue: p.Data.Theme.Hue,
	}
	procedures, err := s.Content.Procedures(v.Context(), p.ID)
	if err != nil {
		return card, err
	}
	card.Procedures = len(procedures)
	for _, pr := range procedures {
		if pr.Changed.After(card.Changed) {
			card.Changed, card.By = pr.Changed, s.NameOf(v, pr.ChangedBy)
		}
	}
	versions, err := s.Content.Versions(v.Context(), p.ID)
	if err != nil {
		return card, err
	}
	card.Live = liveNumber(versions)
	return card, nil
}

func (s *Studio) recentProcedures(v *frame.Visit, domain string, readable map[string]string) (recent []views.RecentProcedure, err error) {
	latest, err := s.Content.LatestProcedures(v.Context(), domain, 5*recentShown)
	if err != nil {
		return nil, err
	}
	for _, p := range latest {
		if in, ok := readable[p.Project]; ok {
			recent = append(recent, views.RecentProcedure{
				Project: p.Project, UID: p.UID, Title: s.Words(v, p.Title), In: in, Steps: p.Steps, Changed: p.Changed, By: s.NameOf(v, p.ChangedBy),
			})
		}
	}
	return recent, nil
}

// NameOf returns how a user is called in lists; the id itself when the account
// is gone.
func (s *Studio) NameOf(v *frame.Visit, id string) string {
	if id == "" {
		return v.Words.T("nobody")
	}
	if id == v.Who.ID {
		return v.Who.Name
	}
	if u, err := s.Content.User(v.Context(), id); err == nil {
		return u.Name()
	}
	return id
}

// newProjectPage is the form of a new project.
func (s *Studio) newProjectPage(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.newProjectForm(v)
	if err != nil {
		return err
	}
	page.Domain, page.Language = v.URL.Query().Get("domain"), v.Words.Lang()
	return frame.Show(w, v, page.View())
}

func (s *Studio) newProjectForm(v *frame.Visit) (views.NewProject, error) {
	page := views.NewProject{Chrome: v.Chrome(ui.Studio, v.Words.T("project.new"))}
	page.Home = ui.Place{Name: v.Words.T("studio.title"), URL: "/studio"}
	var err error
	page.Domains, err = s.domainsToCreateIn(v)
	return page, err
}

// domainsToCreateIn lists the domains where the person may make projects; none
// is a refusal.
func (s *Studio) domainsToCreateIn(v *frame.Visit) (places []ui.Place, err error) {
	domains, err := s.Content.Domains(v.Context())
	if err != nil {
		return nil, err
	}
	for _, d := range domains {
		if v.May(access.CreateProject, access.Thing{Domain: d.ID}) {
			places = append(places, ui.Place{Name: s.Words(v, d.Title), URL: d.ID})
		}
	}
	if len(places) == 0 {
		return nil, fault.New(fault.Forbidden, "fault.forbidden.not_of_role")
	}
	return places, nil
}

// createProject makes a project with its first language and nothing in it. The
// one who makes it owns it.
func (s *Studio) createProject(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	page, err := s.newProjectForm(v)
	if err != nil {
		return err
	}
	page.Name, page.Alias = strings.TrimSpace(v.PostFormValue("name")), strings.TrimSpace(v.PostFormValue("alias"))
	page.Domain, page.Language, page.Second = v.PostFormValue("domain"), v.PostFormValue("language"), v.PostFormValue("second")
	page.Public = v.PostFormValue("public") != ""
	p, err := s.makeProject(v, page)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		page.Wrong = v.FieldTexts(err)
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	if err != nil {
		return err
	}
	s.Say(w, ui.OK, "project.created", page.Name)
	return frame.GoTo(w, v, "/studio/p/"+p.ID)
}

func (s *Studio) makeProject(v *frame.Visit, form views.NewProject) (store.Project, error) {
	if !v.May(access.CreateProject, access.Thing{Domain: form.Domain}) {
		return store.Project{}, fault.New(fault.Forbidden, "fault.forbidden.not_of_role")
	}
	if form.Name == "" {
		return store.Project{}, fault.InField("name", "fault.required")
	}
	alias := form.Alias
	if alias == "" {
		alias = aliasOf(form.Name)
	}
	if !validAlias(alias) {
		return store.Project{}, fault.InField("alias", "fault.alias")
	}
	languages := []string{form.Language}
	if form.Second != "" && form.Second != form.Language {
		languages = append(languages, form.Second)
	}
	if !slices.ContainsFunc(languages, views.IsContentLanguage) {
		return store.Project{}, fault.InField("language", "fault.required")
	}
	return s.Content.CreateProject(v.Context(), form.Domain, &procedure.Project{
		Schema: procedure.Schema, UID: newUID(), Alias: alias, Name: procedure.Text{In: map[string]string{form.Language: form.Name}},
		Languages: languages, Public: form.Public,
	}, v.Who.ID)
}
