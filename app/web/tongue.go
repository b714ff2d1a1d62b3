package web

import (
	"net/http"
	"slices"

	"golang.org/x/text/language"

	"selfhelp/app/execution"
	"selfhelp/app/procedure"
	"selfhelp/views/ui"
)

// contentCookie keeps a language of content that the interface does not speak.
const contentCookie = "content"

// keepTongue remembers the language a visitor picked: the interface's too
// where it speaks it, else that of the content alone.
func (s *Site) keepTongue(w http.ResponseWriter, v *visit, lang string) error {
	if ui.Speaks(lang) {
		s.keep(w, languageCookie, lang)
		dropCookie(w, contentCookie)
		return s.keepLanguage(v, lang)
	}
	if tag, err := language.Parse(lang); err == nil && tag.String() == lang {
		s.keep(w, contentCookie, lang)
	}
	return nil
}

// tongues are the languages that pages of a project can be read in; those of
// the interface stand first.
func (s *Site) tongues(p *procedure.Project, now string) (list []ui.Tongue) {
	for _, l := range ui.Languages() {
		list = append(list, ui.TongueOf(l.Tag, now))
	}
	for _, tag := range p.Languages {
		if !ui.Speaks(tag) {
			list = append(list, ui.TongueOf(tag, now))
		}
	}
	return list
}

// pageTongues are the languages that a page of an execution can go on in.
func pageTongues(p *procedure.Project, page *execution.Page) (list []ui.Tongue) {
	langs := p.Languages
	if !slices.Contains(langs, page.Language) {
		langs = append([]string{page.Language}, langs...)
	}
	for _, tag := range langs {
		list = append(list, ui.TongueOf(tag, page.Language))
	}
	return list
}
