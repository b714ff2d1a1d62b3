package web

import (
	"net/http"
	"strings"

	"selfhelp/app/web/frame"
)

// setPreferences keeps the language and the light a visitor picked.
func (s *hall) setPreferences(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	if lang := v.PostFormValue("language"); lang != "" {
		if err := s.KeepTongue(w, v, lang); err != nil {
			return err
		}
	}
	switch mode := v.PostFormValue("mode"); mode {
	case "light", "dark":
		s.Keep(w, frame.ModeCookie, mode)
	case "auto":
		frame.DropCookie(w, frame.ModeCookie)
	}
	return frame.GoTo(w, v, localPath(v.PostFormValue("back")))
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
