package studio

import (
	"net/http"
	"slices"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// peopleShown is how many people of each role may be chosen from; others are named by
// their login.
const peopleShown = 500

// settingsRights gathers who has which rights on the project, and who could: the
// groups that the page has already, and people.
func (s *Studio) settingsRights(v *frame.Visit, p store.Project, page *views.StudioSettings) error {
	for _, r := range access.Rights() {
		page.RightNames = append(page.RightNames, string(r))
	}
	grants, err := s.Content.Grants(v.Context(), p.ID)
	if err != nil {
		return err
	}
	for _, g := range grants {
		who, name := "group:"+g.Group, page.GroupTitle(g.Group)
		if g.User != "" {
			who, name = "user:"+g.User, s.NameOf(v, g.User)
		}
		i := slices.IndexFunc(page.Grants, func(row views.GrantRow) bool { return row.Who == who })
		if i < 0 {
			i = len(page.Grants)
			page.Grants = append(page.Grants, views.GrantRow{Who: who, Name: name, Rights: map[string]bool{}})
		}
		page.Grants[i].Rights[string(g.Right)] = true
	}
	for _, g := range page.Groups {
		page.People = append(page.People, ui.Place{Name: g.Name, URL: "group:" + g.Value})
	}
	for _, role := range access.Roles() {
		if !role.EntersStudio() {
			continue
		}
		users, err := s.Content.Users(v.Context(), store.UserFilter{Domain: p.Domain, Role: role, Limit: peopleShown + 1})
		if err != nil {
			return err
		}
		page.PeopleCut = page.PeopleCut || len(users) > peopleShown
		for _, u := range users[:min(len(users), peopleShown)] {
			name := u.Name() + " (" + u.Login + ")"
			page.People = append(page.People, ui.Place{Name: name, URL: "user:" + u.ID})
			if role.Owns() && u.Active {
				page.Heirs = append(page.Heirs, views.Option{Value: u.ID, Name: name})
			}
		}
	}
	if page.OwnerID = p.Owner; p.Owner != "" {
		page.Owner = s.NameOf(v, p.Owner)
	}
	return nil
}

// saveRights replaces the rights that a project gives. Whoever administers it
// by a right keeps it.
func (s *Studio) saveRights(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	version, err := formVersion(v)
	if err != nil {
		return err
	}
	grants, err := s.readGrants(v)
	project := v.PathValue("project")
	if err == nil {
		err = s.Content.ChangeGrants(v.Context(), project, version, grants, v.Who.ID)
	}
	if err != nil {
		return s.refuseSettings(w, v, views.SettingsRights, err)
	}
	s.Say(w, ui.OK, "settings.saved")
	return frame.GoTo(w, v, "/studio/p/"+project+"/settings")
}

// readGrants reads the rights of a form.
func (s *Studio) readGrants(v *frame.Visit) (grants []access.Grant, err error) {
	for _, who := range v.PostForm["who"] {
		for _, r := range v.PostForm["right."+who] {
			if !slices.Contains(access.Rights(), access.Right(r)) {
				return nil, fault.New(fault.Invalid, "fault.form.unreadable")
			}
			grants = append(grants, grantTo(who, access.Right(r)))
		}
	}
	p, err := s.Content.Project(v.Context(), v.PathValue("project"))
	if err != nil {
		return nil, err
	}
	who, err := s.added(v, p)
	if err != nil {
		return nil, err
	}
	if who != "" {
		grants = append(grants, grantTo(who, access.Execution))
	}
	given := access.Thing{Domain: p.Domain, Project: &access.Project{Owner: p.Owner, Grants: access.GrantsOf(grants...)}}
	if !v.May(access.AdministerProject, given) {
		grants = append(grants, access.Grant{User: v.Who.ID, Right: access.Administration})
	}
	return grants, nil
}

// added is who a form adds to those who have rights, "" for nobody: chosen in the list,
// or a login of the project's domain.
func (s *Studio) added(v *frame.Visit, p store.Project) (string, error) {
	login := frame.OneLine(v.PostFormValue("add_login"))
	if login == "" {
		return v.PostFormValue("add"), nil
	}
	u, err := s.Content.UserByLogin(v.Context(), login)
	run := access.Grant{User: u.ID, Right: access.Execution}
	may, err := s.would(v, u, err, access.TestProject, access.Thing{Domain: p.Domain, Project: &access.Project{Grants: access.GrantsOf(run)}})
	if err == nil && !may {
		err = fault.InField("add_login", "fault.project.person")
	}
	return "user:" + u.ID, err
}

// grantTo reads "user:ID" or "group:NAME".
func grantTo(who string, r access.Right) access.Grant {
	if user, ok := strings.CutPrefix(who, "user:"); ok {
		return access.Grant{User: user, Right: r}
	}
	return access.Grant{Group: strings.TrimPrefix(who, "group:"), Right: r}
}
