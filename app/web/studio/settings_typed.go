package studio

import (
	"net/http"
	"slices"
	"strings"

	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// refuseSettings shows the settings with a form as it was typed, and why it
// could not be saved. When someone else saved meanwhile it says what they made
// of it, and saving again puts this in place of theirs.
func (s *Studio) refuseSettings(w http.ResponseWriter, v *frame.Visit, form string, err error) error {
	kind := fault.KindOf(err)
	if kind != fault.Invalid && kind != fault.Conflict {
		return err
	}
	page, perr := s.settingsPage(w, v)
	if perr != nil {
		return perr
	}
	page.Refused, page.Wrong = form, v.FieldTexts(err)
	switch key, _ := fault.TextOf(err); {
	case page.Wrong == nil && key == "fault.stale":
		page.Stale = true
	case page.Wrong == nil:
		page.Wrong = map[string]string{form: v.Why(err)}
	}
	if !page.Stale { // what others saved meanwhile is still to be found out
		if page.Version, perr = formVersion(v); perr != nil {
			return perr
		}
	}
	map[string]func(*views.StudioSettings, *frame.Visit){
		views.SettingsGeneral: typedGeneral, views.SettingsReach: typedReach, views.SettingsLook: typedLook, views.SettingsOwner: typedOwner, views.SettingsCategories: typedCategories,
		views.SettingsConnectors: typedConnectors, views.SettingsNews: typedNews, views.SettingsRights: typedRights,
	}[form](&page, v)
	return frame.ShowStatus(w, v, frame.Statuses[kind], page.View())
}

// theirs notes what someone else keeps otherwise than it was typed.
func theirs(page *views.StudioSettings, name, kept, typed string) {
	if strings.ReplaceAll(kept, "\r", "") != strings.ReplaceAll(typed, "\r", "") {
		page.Theirs = append(page.Theirs, views.Difference{Name: name, Theirs: kept})
	}
}

func typedGeneral(page *views.StudioSettings, v *frame.Visit) {
	put := func(kept *string, name, label string) {
		typed := v.PostFormValue(name)
		theirs(page, label, *kept, typed)
		*kept = typed
	}
	names, abouts := map[string]string{}, map[string]string{}
	for _, l := range page.Languages {
		name, about := page.NameIn[l], page.AboutIn[l]
		put(&name, "name."+l, v.Words.T("settings.name", ui.NameOf(l)))
		put(&about, "about."+l, v.Words.T("settings.about", ui.NameOf(l)))
		names[l], abouts[l] = name, about
	}
	page.NameIn, page.AboutIn = names, abouts
	put(&page.Alias, "alias", v.Words.T("project.alias"))
	put(&page.Retention, "retention", v.Words.T("settings.retention"))
	put(&page.PostitMail, "postit_mail", v.Words.T("settings.postit"))
	chosen := v.PostForm["languages"]
	theirs(page, v.Words.T("settings.languages"), strings.Join(slices.Sorted(slices.Values(page.Chosen)), ", "), strings.Join(slices.Sorted(slices.Values(chosen)), ", "))
	page.Chosen = chosen
	typedTick(page, v, &page.Green, "green", "settings.green")
}

// typedTick is a box as it was ticked or not.
func typedTick(page *views.StudioSettings, v *frame.Visit, kept *bool, name, label string) {
	typed := v.PostFormValue(name) != ""
	if *kept != typed {
		page.Theirs = append(page.Theirs, views.Difference{Name: v.Words.T(label), Theirs: v.Words.T(map[bool]string{true: "yes", false: "no"}[*kept])})
	}
	*kept = typed
}

// groupWords are the titles of groups whose names stand in lines.
func groupWords(page *views.StudioSettings, names string) string {
	words := lines(names)
	for i, name := range words {
		words[i] = page.GroupTitle(name)
	}
	return strings.Join(words, ", ")
}

// typedIn is a text of a row as it was typed, by language.
func typedIn(v *frame.Visit, prefix string, row int, languages []string) map[string]string {
	in := map[string]string{}
	for _, l := range languages {
		in[l] = nth(v, prefix+l, row)
	}
	return in
}

// inWords is a text of a row in every language, to be compared and shown.
func inWords(in map[string]string, languages []string) string {
	var words []string
	for _, l := range languages {
		if in[l] != "" {
			words = append(words, in[l])
		}
	}
	return strings.Join(words, " / ")
}

// typedCategories are the categories as they were typed.
func typedCategories(page *views.StudioSettings, v *frame.Visit) {
	page.Categories = typedRows(page, v, "settings.category", page.Categories, func(row int, id string) views.CategoryRow {
		return views.CategoryRow{ID: id, Parent: nth(v, "parent", row), Icon: nth(v, "icon", row), NameIn: typedIn(v, "name.", row, page.Languages), Audience: categoryAudience(v, row)}
	})
}

// typedConnectors are the connectors as they were typed.
func typedConnectors(page *views.StudioSettings, v *frame.Visit) {
	page.Connectors = typedRows(page, v, "settings.connector", page.Connectors, func(row int, id string) views.ConnectorRow {
		return views.ConnectorRow{ID: id, Kind: nth(v, "kind", row), NameIn: typedIn(v, "name.", row, page.Languages)}
	})
}

// typedNews are the lines of news as they were typed.
func typedNews(page *views.StudioSettings, v *frame.Visit) {
	page.News = typedRows(page, v, "settings.news_line", page.News, func(row int, id string) views.NewsRow {
		return views.NewsRow{ID: id, On: nth(v, "on", row), Until: nth(v, "until", row), Procedure: nth(v, "procedure", row), TitleIn: typedIn(v, "title.", row, page.Languages), BodyIn: typedIn(v, "body.", row, page.Languages)}
	})
}

// typedRows are the rows of a list as they were typed, and what others made of
// them. It keeps the rows that others added meanwhile: saving again would take
// them away unseen.
func typedRows[R views.SettingsRow](page *views.StudioSettings, v *frame.Visit, label string, kept []R, typed func(row int, id string) R) (rows []R) {
	for row, id := range v.PostForm["id"] {
		one := typed(row, id)
		rows = append(rows, one)
		for _, k := range kept {
			if was, words := k.Says(); id != "" && was == id {
				_, mine := one.Says()
				theirs(page, v.Words.T(label, row+1), inWords(words, page.Languages), inWords(mine, page.Languages))
			}
		}
	}
	for _, k := range kept {
		if id, words := k.Says(); page.Stale && id != "" && !slices.Contains(v.PostForm["id"], id) {
			rows = append(rows, k)
			theirs(page, v.Words.T(label, len(rows)), inWords(words, page.Languages), "")
		}
	}
	return rows
}

// typedRights keeps those whom others gave a right meanwhile.
func typedRights(page *views.StudioSettings, v *frame.Visit) {
	for i := range page.Grants {
		g := &page.Grants[i]
		if !slices.Contains(v.PostForm["who"], g.Who) {
			page.Theirs = append(page.Theirs, views.Difference{Name: g.Name, Theirs: rightWords(page, v, g.Rights)})
			continue
		}
		typed := map[string]bool{}
		for _, r := range v.PostForm["right."+g.Who] {
			typed[r] = true
		}
		theirs(page, g.Name, rightWords(page, v, g.Rights), rightWords(page, v, typed))
		g.Rights = typed
	}
	page.Adding, page.AddingLogin = v.PostFormValue("add"), v.PostFormValue("add_login")
}

func rightWords(page *views.StudioSettings, v *frame.Visit, rights map[string]bool) string {
	var words []string
	for _, r := range page.RightNames {
		if rights[r] {
			words = append(words, v.Words.T("right."+r))
		}
	}
	return strings.Join(words, ", ")
}
