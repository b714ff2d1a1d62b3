package frame

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

// KeepTongue remembers the language a visitor picked: the interface's too
// where it speaks it, else that of the content alone.
func (s *Site) KeepTongue(w http.ResponseWriter, v *Visit, lang string) error {
	if ui.Speaks(lang) {
		s.SpeakIn(w, lang)
		return s.keepLanguage(v, lang)
	}
	if tag, err := language.Parse(lang); err == nil && tag.String() == lang {
		s.Keep(w, contentCookie, lang)
	}
	return nil
}

// SpeakIn speaks a language to this browser from now on; without one, the first
// of those that the browser asks for.
func (s *Site) SpeakIn(w http.ResponseWriter, lang string) {
	if lang == "" {
		DropCookie(w, languageCookie)
	} else {
		s.Keep(w, languageCookie, lang)
	}
	DropCookie(w, contentCookie)
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

// PageTongues are the languages that a page of an execution can go on in.
func PageTongues(p *procedure.Project, page *execution.Page) (list []ui.Tongue) {
	langs := p.Languages
	if !slices.Contains(langs, page.Language) {
		langs = append([]string{page.Language}, langs...)
	}
	for _, tag := range langs {
		list = append(list, ui.TongueOf(tag, page.Language))
	}
	return list
}

// keepLanguage remembers the language of the signed-in person with their
// account, so that every browser of theirs speaks it.
func (s *Site) keepLanguage(v *Visit, lang string) error {
	if !v.Who.SignedIn() || v.Who.Language == lang {
		return nil
	}
	u, err := s.Content.User(v.Context(), v.Who.ID)
	if err != nil {
		return err
	}
	u.Language = lang
	if _, err := s.Content.SaveUser(v.Context(), u, u.ID); err != nil {
		return err
	}
	s.Sessions.Forget()
	return nil
}

// Keep remembers a choice for a year. It says nothing of who made it.
func (s *Site) Keep(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
}
