package studio

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/assets"
	"selfhelp/store"
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

func (s *Studio) settingsPage(w http.ResponseWriter, v *frame.Visit) (views.StudioSettings, error) {
	d, p, err := s.Desk(w, v, "settings", v.Words.T("desk.settings"))
	if err != nil {
		return views.StudioSettings{}, err
	}
	o := p.Data
	page := views.StudioSettings{
		Desk: d, Version: p.Version, Languages: o.Languages, NameIn: o.Name.In, AboutIn: o.Description.In, Alias: o.Alias, Public: o.Public,
		Audience: strings.Join(o.Audience, "\n"), Green: o.Settings.GreenScenarios, Retention: o.Settings.RetentionDays,
		PostitMail: o.Settings.PostitMail, Hue: o.Theme.Hue, Icons: assets.Icons(),
	}
	for _, c := range o.Categories {
		page.Categories = append(page.Categories, views.CategoryRow{ID: c.ID, Parent: c.Parent, Icon: c.Icon, NameIn: c.Name.In})
	}
	for _, n := range o.News {
		page.News = append(page.News, views.NewsRow{ID: n.ID, On: n.On.String(), Until: n.Until.String(), Procedure: n.Procedure, TitleIn: n.Title.In})
	}
	for range emptyRows {
		page.Categories = append(page.Categories, views.CategoryRow{Icon: "folder"})
		page.News = append(page.News, views.NewsRow{})
	}
	if d.Rights.Administer {
		err = s.settingsRights(v, p, &page)
	}
	return page, err
}

// settingsRights gathers who has which rights on the project, and who could.
func (s *Studio) settingsRights(v *frame.Visit, p store.Project, page *views.StudioSettings) error {
	for _, r := range access.Rights() {
		page.RightNames = append(page.RightNames, string(r))
	}
	grants, err := s.Content.Grants(v.Context(), p.ID)
	if err != nil {
		return err
	}
	for _, g := range grants {
		who, name := "group:"+g.Group, g.Group
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
	groups, err := s.Content.Groups(v.Context(), p.Domain)
	if err != nil {
		return err
	}
	for _, g := range groups {
		page.Groups = append(page.Groups, g.Name)
		page.People = append(page.People, ui.Place{Name: g.Name, URL: "group:" + g.Name})
	}
	users, err := s.Content.Users(v.Context(), store.UserFilter{Limit: 500})
	if err != nil {
		return err
	}
	for _, u := range users {
		if u.Role != access.User {
			page.People = append(page.People, ui.Place{Name: u.Name() + " (" + u.Login + ")", URL: "user:" + u.ID})
		}
	}
	return nil
}

// saveSettings changes what a project says of itself.
func (s *Studio) saveSettings(w http.ResponseWriter, v *frame.Visit) error {
	return s.changeProject(w, v, func(o *procedure.Project) error {
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
		o.Public, o.Settings.GreenScenarios = v.PostFormValue("public") != "", v.PostFormValue("green") != ""
		o.Audience = lines(v.PostFormValue("audience"))
		o.Settings.PostitMail = strings.TrimSpace(v.PostFormValue("postit_mail"))
		var err error
		if o.Settings.RetentionDays, err = numberOf(v, "retention", 0, 3650); err != nil {
			return err
		}
		o.Theme.Hue, err = numberOf(v, "hue", 0, 360)
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

// rowText reads a text of the row with a number, by language.
func rowText(v *frame.Visit, prefix string, row int, languages []string) procedure.Text {
	in := map[string]string{}
	for _, l := range languages {
		if words := strings.TrimSpace(nth(v, prefix+l, row)); words != "" {
			in[l] = words
		}
	}
	return procedure.Text{In: in}
}

// nth is the value a field has in the row with a number.
func nth(v *frame.Visit, field string, row int) string {
	if values := v.PostForm[field]; row < len(values) {
		return values[row]
	}
	return ""
}

// saveCategories replaces the categories; a row without a name is dropped.
func (s *Studio) saveCategories(w http.ResponseWriter, v *frame.Visit) error {
	return s.changeProject(w, v, func(o *procedure.Project) error {
		var categories []procedure.Category
		for row, id := range v.PostForm["id"] {
			c := procedure.Category{ID: id, Parent: nth(v, "parent", row), Icon: nth(v, "icon", row), Name: rowText(v, "name.", row, o.Languages)}
			if c.Name.IsZero() {
				continue
			}
			if c.ID == "" {
				c.ID = procedure.NewID(s.Words(v, c.Name), "category", func(id string) bool {
					return slices.ContainsFunc(categories, func(k procedure.Category) bool { return k.ID == id }) || slices.Contains(v.PostForm["id"], id)
				})
			}
			categories = append(categories, c)
		}
		o.Categories = categories
		return nil
	})
}

// saveNews replaces the news; a row without a title is dropped.
func (s *Studio) saveNews(w http.ResponseWriter, v *frame.Visit) error {
	return s.changeProject(w, v, func(o *procedure.Project) error {
		var news []procedure.News
		for row, id := range v.PostForm["id"] {
			n := procedure.News{ID: id}
			if i := slices.IndexFunc(o.News, func(old procedure.News) bool { return old.ID == id && id != "" }); i >= 0 {
				n = o.News[i]
			}
			if n.Title = rowText(v, "title.", row, o.Languages); n.Title.IsZero() {
				continue
			}
			if err := n.On.UnmarshalText([]byte(nth(v, "on", row))); err != nil {
				return fault.Because(fault.Invalid, err, "fault.date")
			}
			if err := n.Until.UnmarshalText([]byte(nth(v, "until", row))); err != nil {
				return fault.Because(fault.Invalid, err, "fault.date")
			}
			if n.ID == "" {
				n.ID = procedure.NewID(s.Words(v, n.Title), "news", func(id string) bool {
					return slices.ContainsFunc(news, func(k procedure.News) bool { return k.ID == id }) || slices.Contains(v.PostForm["id"], id)
				})
			}
			news = append(news, n)
		}
		o.News = news
		return nil
	})
}

// changeProject changes what a project says of itself, from the version that
// the form was made from.
func (s *Studio) changeProject(w http.ResponseWriter, v *frame.Visit, change func(*procedure.Project) error) error {
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
	if fields := v.FieldTexts(err); fields != nil {
		page, pageErr := s.settingsPage(w, v)
		if pageErr != nil {
			return pageErr
		}
		page.Wrong = fields
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	if err != nil {
		return err
	}
	s.Say(w, ui.OK, "settings.saved")
	return frame.GoTo(w, v, "/studio/p/"+p.ID+"/settings")
}

// saveRights replaces the rights that a project gives. Whoever administers it
// by a right keeps it: a project nobody can administer is of no use.
func (s *Studio) saveRights(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	var grants []access.Grant
	for _, who := range v.PostForm["who"] {
		for _, r := range v.PostForm["right."+who] {
			grants = append(grants, grantTo(who, access.Right(r)))
		}
	}
	if who := v.PostFormValue("add"); who != "" {
		grants = append(grants, grantTo(who, access.Execution))
	}
	if !slices.ContainsFunc(grants, func(g access.Grant) bool { return g.Right == access.Administration }) {
		grants = append(grants, access.Grant{User: v.Who.ID, Right: access.Administration})
	}
	project := v.PathValue("project")
	if err := s.Content.SetGrants(v.Context(), project, grants, v.Who.ID); err != nil {
		return err
	}
	s.Say(w, ui.OK, "settings.saved")
	return frame.GoTo(w, v, "/studio/p/"+project+"/settings")
}

// grantTo reads "user:ID" or "group:NAME".
func grantTo(who string, r access.Right) access.Grant {
	if user, ok := strings.CutPrefix(who, "user:"); ok {
		return access.Grant{User: user, Right: r}
	}
	return access.Grant{Group: strings.TrimPrefix(who, "group:"), Right: r}
}
