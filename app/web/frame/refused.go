package frame

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"selfhelp/store"
)

// Of several servers one may know that a session has ended while another does not yet. A
// balancer that sends each request to the next server would have such a browser go round
// for ever: the one sends it to sign in, the other has it signed in and sends it back. So
// the browser keeps for a moment how often its session was refused; once may be a ticket
// that has gone stale, which the other server makes good.

const (
	refusedCookie = "refused"
	refusedTime   = time.Minute
	refusedOften  = 2
)

// noteRefused has the browser of a visit keep that its session was refused here.
func (s *Site) noteRefused(w http.ResponseWriter, v *Visit) {
	if !v.ended || !s.IsOneOfSeveral() {
		return
	}
	token := v.CookieValue(s.CookieName(SessionCookie))
	http.SetCookie(w, &http.Cookie{
		Name: s.CookieName(refusedCookie), Value: refusedName(token) + "." + strconv.Itoa(min(refusals(s, v, token)+1, refusedOften)),
		Path: "/", MaxAge: int(refusedTime / time.Second), HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
}

// WasRefused reports whether another server has just refused the session of a visit, and
// not only once: its person is to sign in again, though it opens something here.
func (s *Site) WasRefused(v *Visit) bool {
	return s.IsOneOfSeveral() && v.Token != "" && refusals(s, v, v.Token) >= refusedOften
}

// refusals is how often a session was refused, as its browser has it.
func refusals(s *Site, v *Visit, token string) int {
	name, count, _ := strings.Cut(v.CookieValue(s.CookieName(refusedCookie)), ".")
	if name != refusedName(token) {
		return 0
	}
	n, _ := strconv.Atoi(count) // what is no number counts nothing
	return n
}

// refusedName tells one session from another, and opens none.
func refusedName(token string) string { return store.SessionID(token)[:16] }
