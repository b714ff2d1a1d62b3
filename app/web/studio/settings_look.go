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

// saveReach changes who may open the project once it is published.
func (s *Studio) saveReach(w http.ResponseWriter, v *frame.Visit) error {
	return s.changeProject(w, v, views.SettingsReach, func(o *procedure.Project) error {
		o.Public = v.PostFormValue("public") != ""
		o.Audience = lines(strings.Join(v.PostForm["audience"], "\n"))
		return nil
	})
}

// saveLook changes the theme of the project's pages.
func (s *Studio) saveLook(w http.ResponseWriter, v *frame.Visit) error {
	return s.changeProject(w, v, views.SettingsLook, func(o *procedure.Project) (err error) {
		if o.Theme.Hue, err = numberOf(v, "hue", 0, 360); err != nil {
			return err
		}
		if o.Theme.Radius = v.PostFormValue("radius"); !slices.Contains([]string{"", "square", "round"}, o.Theme.Radius) {
			return fault.InField("radius", "fault.required")
		}
		o.Theme.Logo = v.PostFormValue("logo")
		isLogo := func(r procedure.Resource) bool { return r.ID == o.Theme.Logo && r.Kind == procedure.KindImage }
		if o.Theme.Logo != "" && !slices.ContainsFunc(o.Resources, isLogo) {
			return fault.InField("logo", "fault.logo")
		}
		return nil
	})
}

// saveOwner gives the project to somebody of its domain whose role may own one.
func (s *Studio) saveOwner(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	version, err := formVersion(v)
	if err != nil {
		return err
	}
	project := v.PathValue("project")
	owner, err := s.heir(v, project)
	if err == nil {
		err = s.Content.GiveProject(v.Context(), project, version, owner, v.Who.ID)
	}
	if err != nil {
		return s.refuseSettings(w, v, views.SettingsOwner, err)
	}
	s.Say(w, ui.OK, "settings.owner.given", s.NameOf(v, owner))
	return frame.GoTo(w, v, "/studio/p/"+project+"/settings")
}

// heir is the account that a form gives a project to: chosen in the list, or by login.
func (s *Studio) heir(v *frame.Visit, project string) (string, error) {
	p, err := s.Content.Project(v.Context(), project)
	if err != nil {
		return "", err
	}
	field, login := "owner", frame.OneLine(v.PostFormValue("owner_login"))
	find, by := s.Content.User, v.PostFormValue("owner")
	if login != "" {
		field, find, by = "owner_login", s.Content.UserByLogin, login
	}
	u, err := find(v.Context(), by)
	may, err := s.would(v, u, err, access.AdministerProject, access.Thing{Domain: p.Domain, Project: &access.Project{Owner: u.ID}})
	if err == nil && !may {
		err = fault.InField(field, "fault.project.heir")
	}
	return u.ID, err
}

// would says whether an account that was looked for exists and may do something with a
// thing as it would be.
func (s *Studio) would(v *frame.Visit, u store.User, found error, do access.Permission, with access.Thing) (bool, error) {
	if found != nil {
		if fault.Is(found, fault.NotFound) {
			found = nil
		}
		return false, found
	}
	who, err := s.Person(v.Context(), u, with.Domain)
	return err == nil && access.Can(who, do, with).Allowed, err
}

func typedReach(page *views.StudioSettings, v *frame.Visit) {
	audience := strings.Join(v.PostForm["audience"], "\n")
	theirs(page, v.Words.T("settings.audience"), groupWords(page, page.Audience), groupWords(page, audience))
	page.Audience = audience
	typedTick(page, v, &page.Public, "public", "project.public")
}

func typedLook(page *views.StudioSettings, v *frame.Visit) {
	for _, f := range []struct {
		kept       *string
		name, says string
	}{{&page.Hue, "hue", "settings.hue"}, {&page.Radius, "radius", "settings.radius"}, {&page.Logo, "logo", "settings.logo"}} {
		typed := v.PostFormValue(f.name)
		theirs(page, v.Words.T(f.says), *f.kept, typed)
		*f.kept = typed
	}
}

func typedOwner(page *views.StudioSettings, v *frame.Visit) {
	page.OwnerID, page.OwnerLogin = v.PostFormValue("owner"), v.PostFormValue("owner_login")
}
