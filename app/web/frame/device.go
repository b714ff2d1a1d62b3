package frame

import "net/http"

// deviceCookie says that somebody signed in to an account from this browser.
const deviceCookie = "device"

// Device returns the id of the account that was signed in to last from the
// visitor's browser, "" when none was. It proves no more than that.
func (s *Site) Device(v *Visit) string {
	signed := v.CookieValue(s.CookieName(deviceCookie))
	if signed == "" {
		return ""
	}
	id, _ := s.Keys.Verify("device", signed)
	return id
}

// KnowDevice remembers in the browser of a visit that somebody signed in to an
// account.
func (s *Site) KnowDevice(w http.ResponseWriter, id string) {
	http.SetCookie(w, &http.Cookie{
		Name: s.CookieName(deviceCookie), Value: s.Keys.Sign("device", id), Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
}
