package web

import (
	"net/http"
	"strings"
)

const (
	languageCookie = "language"
	modeCookie     = "mode"
)

// setPreferences keeps the language and the light a visitor picked.
func (s *Site) setPreferences(w http.ResponseWriter, v *visit) error {
	if err := v.ParseForm(); err != nil {
		return unreadable(err)
	}
	if lang := v.PostFormValue("language"); lang != "" {
		if err := s.keepTongue(w, v, lang); err != nil {
			return err
		}
	}
	switch mode := v.PostFormValue("mode"); mode {
	case "light", "dark":
		s.keep(w, modeCookie, mode)
	case "auto":
		dropCookie(w, modeCookie)
	}
	return goTo(w, v, localPath(v.PostFormValue("back")))
}

// keepLanguage remembers the language of the signed-in person with their
// account, so that every browser of theirs speaks it.
func (s *Site) keepLanguage(v *visit, lang string) error {
	if !v.who.SignedIn() || v.who.Language == lang {
		return nil
	}
	u, err := s.content.User(v.Context(), v.who.ID)
	if err != nil {
		return err
	}
	u.Language = lang
	if _, err := s.content.SaveUser(v.Context(), u, u.ID); err != nil {
		return err
	}
	s.sessions.forget()
	return nil
}

// keep remembers a choice for a year. It says nothing of who made it.
func (s *Site) keep(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	})
}

// localPath returns an address when it is one of ours, "/" otherwise: nothing
// a form or a link says may send people elsewhere.
func localPath(address string) string {
	if !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") || len(address) > 2000 {
		return "/"
	}
	for _, r := range address {
		if r == '\\' || r < ' ' || r == 0x7f {
			return "/"
		}
	}
	return address
}
