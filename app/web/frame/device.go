package frame

import (
	"net/http"
	"strings"
)

// deviceCookie says that somebody signed in to an account from this browser.
const deviceCookie = "device"

// ranMark stands behind the account where the session was one for running
// procedures.
const ranMark = "/run"

// Device returns the id of the account that was signed in to last from the
// visitor's browser, "" when none was. It proves no more than that.
func (s *Site) Device(v *Visit) string { return strings.TrimSuffix(s.device(v), ranMark) }

// ranOnly reports whether the last session from the visitor's browser was one for
// running procedures.
func (s *Site) ranOnly(v *Visit) bool { return strings.HasSuffix(s.device(v), ranMark) }

func (s *Site) device(v *Visit) string {
	signed := v.CookieValue(s.CookieName(deviceCookie))
	if signed == "" {
		return ""
	}
	said, _ := s.Keys.Verify("device", signed)
	return said
}

// KnowDevice remembers in the browser that somebody signed in to an account, and
// whether only to run procedures.
func (s *Site) KnowDevice(w http.ResponseWriter, id string, runOnly bool) {
	if runOnly {
		id += ranMark
	}
	http.SetCookie(w, &http.Cookie{
		Name: s.CookieName(deviceCookie), Value: s.Keys.Sign("device", id), Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
}
