package web

import (
	"net/http"
	"strings"

	"selfhelp/app/fault"
	"selfhelp/views/ui"
)

const (
	languageCookie = "language"
	modeCookie     = "mode"
)

// setPreferences keeps the language and the light a visitor picked.
func (s *Site) setPreferences(w http.ResponseWriter, v *visit) error {
	if err := v.ParseForm(); err != nil {
		return fault.Because(fault.Invalid, err, "fault.form")
	}
	if lang := v.PostFormValue("language"); ui.Speaks(lang) {
		s.keep(w, languageCookie, lang)
	}
	switch mode := v.PostFormValue("mode"); mode {
	case "light", "dark":
		s.keep(w, modeCookie, mode)
	case "auto":
		dropCookie(w, modeCookie)
	}
	return goTo(w, v, localPath(v.PostFormValue("back")))
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
