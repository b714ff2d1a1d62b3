package studio

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/assets"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// emptyRows is how many rows a list of the settings has for what is to be
// added.
const emptyRows = 2

// settings shows what a project says of itself.
func (s *Studio) settings(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.settingsPage(w, v)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// settingsPage gathers the page of the project as it is kept.
func (s *Studio) settingsPage(w http.ResponseWriter, v *frame.Visit) (views.StudioSettings, error) {
	d, p, err := s.Desk(w, v, "settings", v.Words.T("desk.settings"))
	if err != nil {
		return views.StudioSettings{}, err
	}
	o := p.Data
	d.Scripts = []string{"studio-settings"}
	page := views.StudioSettings{
		Desk: d, Version: p.Version, Languages: o.Languages, NameIn: o.Name.In, AboutIn: o.Description.In, Alias: o.Alias, Public: o.Public,
		Chosen: o.Languages, Audience: strings.Join(o.Audience, "\n"), Green: o.Settings.GreenScenarios, Retention: strconv.Itoa(o.Settings.RetentionDays),
		PostitMail: o.Settings.PostitMail, Hue: strconv.Itoa(o.Theme.Hue), Radius: o.Theme.Radius, Logo: o.Theme.Logo, Icons: assets.Icons(),
		Contrasts: assets.LeastContrasts(),
	}
	for _, c := range o.Categories {
		page.Categories = append(page.Categories, views.CategoryRow{ID: c.ID, Parent: c.Parent, Icon: c.Icon, NameIn: c.Name.In, Audience: c.Audience})
	}
	for _, c := range o.Connectors {
		page.Connectors = append(page.Connectors, views.ConnectorRow{ID: c.ID, Kind: c.Kind, NameIn: c.Name.In})
	}
	for _, n := range o.News {
		page.News = append(page.News, views.NewsRow{ID: n.ID, On: n.On.String(), Until: n.Until.String(), Procedure: n.Procedure, TitleIn: n.Title.In, BodyIn: n.Body.In})
	}
	if page.Reach, err = s.reachOf(v, p, o, nil); err != nil {
		return page, err
	}
	lines, err := s.Content.Procedures(v.Context(), p.ID)
	if err != nil {
		return page, err
	}
	for _, l := range lines {
		if l.Entry {
			page.Entries = append(page.Entries, ui.Place{Name: s.Words(v, l.Title), URL: l.UID})
		}
	}
	groups, err := s.Content.Groups(v.Context(), p.Domain)
	if err != nil {
		return page, err
	}
	for _, g := range groups {
		page.Groups = append(page.Groups, views.Option{Value: g.Name, Name: s.GroupTitle(v, g)})
	}
	for range emptyRows {
		page.Categories = append(page.Categories, views.CategoryRow{Icon: "folder"})
		page.Connectors = append(page.Connectors, views.ConnectorRow{})
		page.News = append(page.News, views.NewsRow{})
	}
	for _, r := range o.Resources {
		if r.Kind == procedure.KindImage {
			page.Logos = append(page.Logos, views.Option{Value: r.ID, Name: cmp.Or(s.Words(v, r.Name), r.ID)})
		}
	}
	if d.Rights.Administer || d.Rights.Give {
		err = s.settingsRights(v, p, &page)
	}
	return page, err
}

// saveSettings changes what a project says of itself.
func (s *Studio) saveSettings(w http.ResponseWriter, v *frame.Visit) error {
	return s.changeProject(w, v, views.SettingsGeneral, func(o *procedure.Project) error {
		languages := slices.DeleteFunc(slices.Clone(o.Languages), func(l string) bool { return !slices.Contains(v.PostForm["languages"], l) })
		for _, l := range v.PostForm["languages"] {
			if views.IsContentLanguage(l) && !slices.Contains(languages, l) {
				languages = append(languages, l)
			}
		}
		if len(languages) == 0 {
			return fault.InField("languages", "fault.required")
		}
		o.Name, o.Description, o.Languages = formText(v, "name.", o.Languages), formText(v, "about.", o.Languages), languages
		if o.Name.IsZero() {
			return fault.InField("name."+o.Languages[0], "fault.required")
		}
		if o.Alias = v.PostFormValue("alias"); !validAlias(o.Alias) {
			return fault.InField("alias", "fault.alias")
		}
		o.Settings.GreenScenarios = v.PostFormValue("green") != ""
		if o.Settings.PostitMail = strings.TrimSpace(v.PostFormValue("postit_mail")); !access.IsMail(o.Settings.PostitMail) {
			return fault.InField("postit_mail", "fault.user.mail")
		}
		var err error
		o.Settings.RetentionDays, err = numberOf(v, "retention", 0, 3650)
		return err
	})
}

// lines are the lines of a field that say something.
func lines(text string) (all []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

func numberOf(v *frame.Visit, field string, lowest, highest int) (int, error) {
	text := strings.TrimSpace(v.PostFormValue(field))
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < lowest || n > highest {
		return 0, fault.InField(field, "fault.number")
	}
	return n, nil
}

// formText reads a text by language.
func formText(v *frame.Visit, prefix string, languages []string) procedure.Text {
	in := map[string]string{}
	for _, l := range languages {
		if words := strings.TrimSpace(v.PostFormValue(prefix + l)); words != "" {
			in[l] = words
		}
	}
	return procedure.Text{In: in}
}

// changeProject changes what a project says of itself, from the version that
// the form was made from.
func (s *Studio) changeProject(w http.ResponseWriter, v *frame.Visit, form string, change func(*procedure.Project) error) error {
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
	err = change(p.Data)
	if err == nil {
		_, err = s.Content.SaveProject(v.Context(), p.ID, version, p.Data, v.Who.ID)
	}
	if err != nil {
		return s.refuseSettings(w, v, form, err)
	}
	s.Say(w, ui.OK, "settings.saved")
	return frame.GoTo(w, v, "/studio/p/"+p.ID+"/settings")
}
