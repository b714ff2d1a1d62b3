package web

import (
	"net/http"
	"slices"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// recentShown is how many procedures the home remembers.
const recentShown = 6

// studioHome shows the projects a person may read, by domain, and what was
// changed lately in them.
func (s *Site) studioHome(w http.ResponseWriter, v *visit) error {
	page := views.StudioHome{Chrome: v.chrome(ui.Studio, v.words.T("studio.title")), Now: s.now()}
	page.Home = ui.Place{Name: v.words.T("studio.title"), URL: "/studio"}
	page.Flash = s.said(w, v)
	domains, err := s.content.Domains(v.Context())
	if err != nil {
		return err
	}
	for _, d := range domains {
		if !v.who.In(d.ID) {
			continue
		}
		shown, recent, err := s.studioDomain(v, d)
		if err != nil {
			return err
		}
		page.MayCreate = page.MayCreate || v.may(access.CreateProject, access.Thing{Domain: d.ID})
		page.Domains = append(page.Domains, shown)
		page.Recent = append(page.Recent, recent...)
	}
	slices.SortFunc(page.Recent, func(a, b views.RecentProcedure) int { return b.Changed.Compare(a.Changed) })
	page.Recent = page.Recent[:min(recentShown, len(page.Recent))]
	return show(w, v, page.View())
}

// studioDomain gathers the cards of a domain's projects and what was changed
// lately in those that the person may read.
func (s *Site) studioDomain(v *visit, d store.Domain) (views.StudioDomain, []views.RecentProcedure, error) {
	shown := views.StudioDomain{ID: d.ID, Title: v.in(d.Title, s)}
	projects, err := s.content.Projects(v.Context(), d.ID)
	if err != nil {
		return shown, nil, err
	}
	readable := map[string]string{}
	for _, p := range projects {
		thing, err := s.thingOf(v, p)
		if err != nil {
			return shown, nil, err
		}
		if !v.may(access.ReadProject, thing) {
			continue
		}
		readable[p.ID] = v.in(p.Data.Name, s)
		card, err := s.projectCard(v, p)
		if err != nil {
			return shown, nil, err
		}
		shown.Projects = append(shown.Projects, card)
	}
	recent, err := s.recentProcedures(v, d.ID, readable)
	return shown, recent, err
}

func (s *Site) projectCard(v *visit, p store.Project) (views.ProjectCard, error) {
	card := views.ProjectCard{
		ID: p.ID, Name: v.in(p.Data.Name, s), About: v.in(p.Data.Description, s), Languages: p.Data.Languages,
		Changed: p.Changed, By: s.nameOf(v, p.ChangedBy), Hue: p.Data.Theme.Hue,
	}
	procedures, err := s.content.Procedures(v.Context(), p.ID)
	if err != nil {
		return card, err
	}
	card.Procedures = len(procedures)
	for _, pr := range procedures {
		if pr.Changed.After(card.Changed) {
			card.Changed, card.By = pr.Changed, s.nameOf(v, pr.ChangedBy)
		}
	}
	versions, err := s.content.Versions(v.Context(), p.ID)
	if err != nil {
		return card, err
	}
	if i := slices.IndexFunc(versions, func(n store.Version) bool { return n.State == store.VersionActive }); i >= 0 {
		card.Live = versions[i].Number.String()
	}
	return card, nil
}

func (s *Site) recentProcedures(v *visit, domain string, readable map[string]string) (recent []views.RecentProcedure, err error) {
	latest, err := s.content.LatestProcedures(v.Context(), domain, 5*recentShown)
	if err != nil {
		return nil, err
	}
	for _, p := range latest {
		if in, ok := readable[p.Project]; ok {
			recent = append(recent, views.RecentProcedure{
				Project: p.Project, UID: p.UID, Title: v.in(p.Title, s), In: in, Steps: p.Steps, Changed: p.Changed, By: s.nameOf(v, p.ChangedBy),
			})
		}
	}
	return recent, nil
}

// nameOf returns how a user is called in lists; the id itself when the account
// is gone.
func (s *Site) nameOf(v *visit, id string) string {
	if id == "" {
		return v.words.T("nobody")
	}
	if id == v.who.ID {
		return v.who.Name
	}
	if u, err := s.content.User(v.Context(), id); err == nil {
		return u.Name()
	}
	return id
}

// newProjectPage is the form of a new project.
func (s *Site) newProjectPage(w http.ResponseWriter, v *visit) error {
	page, err := s.newProjectForm(v)
	if err != nil {
		return err
	}
	page.Domain, page.Language = v.URL.Query().Get("domain"), v.words.Lang()
	page.Second = otherLanguage(page.Language)
	return show(w, v, page.View())
}

// otherLanguage is the one offered besides the first.
func otherLanguage(lang string) string {
	if lang == "fr" {
		return "en"
	}
	return "fr"
}

func (s *Site) newProjectForm(v *visit) (views.NewProject, error) {
	page := views.NewProject{Chrome: v.chrome(ui.Studio, v.words.T("project.new"))}
	page.Home = ui.Place{Name: v.words.T("studio.title"), URL: "/studio"}
	var err error
	page.Domains, err = s.domainsToCreateIn(v)
	return page, err
}

// domainsToCreateIn lists the domains where the person may make projects; none
// is a refusal.
func (s *Site) domainsToCreateIn(v *visit) (places []ui.Place, err error) {
	domains, err := s.content.Domains(v.Context())
	if err != nil {
		return nil, err
	}
	for _, d := range domains {
		if v.may(access.CreateProject, access.Thing{Domain: d.ID}) {
			places = append(places, ui.Place{Name: v.in(d.Title, s), URL: d.ID})
		}
	}
	if len(places) == 0 {
		return nil, fault.New(fault.Forbidden, "fault.forbidden.not_of_role")
	}
	return places, nil
}

// createProject makes a project with its first language and nothing in it. The
// one who makes it gets every right on it.
func (s *Site) createProject(w http.ResponseWriter, v *visit) error {
	if err := v.ParseForm(); err != nil {
		return unreadable(err)
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
		page.Wrong = v.fieldTexts(err)
		return showStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	if err != nil {
		return err
	}
	s.say(w, ui.OK, "project.created", page.Name)
	return goTo(w, v, "/studio/p/"+p.ID)
}

func (s *Site) makeProject(v *visit, form views.NewProject) (store.Project, error) {
	if !v.may(access.CreateProject, access.Thing{Domain: form.Domain}) {
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
	p, err := s.content.CreateProject(v.Context(), form.Domain, &procedure.Project{
		Schema: procedure.Schema, UID: newUID(), Alias: alias, Name: procedure.Text{In: map[string]string{form.Language: form.Name}},
		Languages: languages, Public: form.Public,
	}, v.who.ID)
	if err != nil {
		return p, err
	}
	return p, s.content.SetGrants(v.Context(), p.ID, []access.Grant{{User: v.who.ID, Right: access.Administration}}, v.who.ID)
}
