package frame

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// deviceCookie says that somebody signed in to an account from this browser.
const deviceCookie = "device"

// ranMark stands behind the account where the session was one for running
// procedures.
const ranMark = "/run"

// sharedMark stands before the time, in seconds since 1970, of the last sign-in that
// found another account or another kind of session in this browser.
const sharedMark = "~"

// sharedFor is how long a page of the one before may still be open in a browser: a
// month is more than people leave one.
const sharedFor = 30 * 24 * time.Hour

// Device returns the id of the account that was signed in to last from the
// visitor's browser, "" when none was. It proves no more than that.
func (s *Site) Device(v *Visit) string {
	id, _, _ := strings.Cut(s.device(v), sharedMark)
	return strings.TrimSuffix(id, ranMark)
}

// ranOnly reports whether the last session from the visitor's browser was one for
// running procedures.
func (s *Site) ranOnly(v *Visit) bool {
	id, _, _ := strings.Cut(s.device(v), sharedMark)
	return strings.HasSuffix(id, ranMark)
}

// isShared reports whether a page that is open in the visitor's browser may be of
// somebody else than who was signed in last, or of another kind of session.
func (s *Site) isShared(v *Visit) bool {
	_, since, shared := strings.Cut(s.device(v), sharedMark)
	seconds, err := strconv.ParseInt(since, 10, 64)
	return shared && (err != nil || s.Now().Sub(time.Unix(seconds, 0)) < sharedFor)
}

func (s *Site) device(v *Visit) string {
	signed := v.CookieValue(s.CookieName(deviceCookie))
	if signed == "" {
		return ""
	}
	said, _ := s.Keys.Verify("device", signed)
	return said
}

// KnowDevice remembers in the browser of a visit that somebody signed in to an
// account, and whether only to run procedures; and that somebody else did before.
func (s *Site) KnowDevice(w http.ResponseWriter, v *Visit, id string, runOnly bool) {
	if runOnly {
		id += ranMark
	}
	before, since, shared := strings.Cut(s.device(v), sharedMark)
	switch {
	case before != "" && before != id:
		id += sharedMark + strconv.FormatInt(s.Now().Unix(), 10)
	case shared:
		id += sharedMark + since
	}
	http.SetCookie(w, &http.Cookie{
		Name: s.CookieName(deviceCookie), Value: s.Keys.Sign("device", id), Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
}
