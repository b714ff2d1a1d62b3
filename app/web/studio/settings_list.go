package studio

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/assets"
	"selfhelp/views"
)

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
	return s.changeProject(w, v, views.SettingsCategories, func(o *procedure.Project) error {
		var categories []procedure.Category
		known := func(id string) bool {
			return slices.ContainsFunc(o.Categories, func(c procedure.Category) bool { return c.ID == id })
		}
		made := func(id string) bool {
			return slices.ContainsFunc(categories, func(c procedure.Category) bool { return c.ID == id })
		}
		for row, id := range v.PostForm["id"] {
			c := procedure.Category{ID: id, Parent: nth(v, "parent", row), Icon: nth(v, "icon", row), Name: rowText(v, "name.", row, o.Languages)}
			if c.Name.IsZero() {
				continue
			}
			c.Audience = categoryAudience(v, row)
			if i := slices.IndexFunc(o.Categories, func(k procedure.Category) bool { return k.ID == id }); i >= 0 && !v.PostForm.Has("audiences") {
				c.Audience = o.Categories[i].Audience // a page made before it had these fields takes nothing away
			}
			if !known(c.ID) || made(c.ID) { // ids are made here, and never change
				c.ID = procedure.NewID(s.Words(v, c.Name), "category", func(id string) bool { return known(id) || made(id) })
			}
			if !slices.Contains(assets.Icons(), c.Icon) {
				c.Icon = "folder"
			}
			categories = append(categories, c)
		}
		o.Categories = inPlace(categories)
		return nil
	})
}

// categoryAudience are the groups that are ticked for the category of a row.
func categoryAudience(v *frame.Visit, row int) []string {
	return lines(strings.Join(v.PostForm["audience."+strconv.Itoa(row)], "\n"))
}

// inPlace puts a category whose parent is gone, or is below it, at the top.
func inPlace(categories []procedure.Category) []procedure.Category {
	above := func(id string) string {
		i := slices.IndexFunc(categories, func(c procedure.Category) bool { return c.ID == id })
		if i < 0 {
			return ""
		}
		return categories[i].Parent
	}
	for i := range categories {
		c := &categories[i]
		if !slices.ContainsFunc(categories, func(k procedure.Category) bool { return k.ID == c.Parent }) {
			c.Parent = ""
		}
		at := c.Parent
		for range categories {
			at = above(at)
			if at == c.ID || c.Parent == c.ID {
				c.Parent = ""
			}
		}
	}
	return categories
}

// saveNews replaces the news; a row without a title is dropped.
func (s *Studio) saveNews(w http.ResponseWriter, v *frame.Visit) error {
	return s.changeProject(w, v, views.SettingsNews, func(o *procedure.Project) error {
		var news []procedure.News
		for row, id := range v.PostForm["id"] {
			n := procedure.News{ID: id}
			if i := slices.IndexFunc(o.News, func(old procedure.News) bool { return old.ID == id && id != "" }); i >= 0 {
				n = o.News[i]
			}
			if n.Title = rowText(v, "title.", row, o.Languages); n.Title.IsZero() {
				continue
			}
			if v.PostForm.Has("procedure") { // a page made before it had these fields takes nothing away
				n.Body = procedure.Text{In: rowText(v, "body.", row, o.Languages).In, Dated: n.Body.Dated}
				n.Procedure = nth(v, "procedure", row)
			}
			if err := n.On.UnmarshalText([]byte(nth(v, "on", row))); err != nil {
				return fault.InField(views.SettingsNews, "fault.date")
			}
			if err := n.Until.UnmarshalText([]byte(nth(v, "until", row))); err != nil {
				return fault.InField(views.SettingsNews, "fault.date")
			}
			taken := func(k procedure.News) bool { return k.ID == n.ID }
			if !slices.ContainsFunc(o.News, taken) || slices.ContainsFunc(news, taken) {
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
