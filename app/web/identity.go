package web

import (
	"crypto/rand"
	"net/http"

	"selfhelp/app/access"
)

// visitorCookie names a visitor nobody knows, so that what they began stays
// theirs. It holds nothing but a random id, signed.
const visitorCookie = "visitor"

// identify finds who asks.
func (s *Site) identify(v *visit) error {
	v.who = access.Identity{Anonymous: true}
	if id, ok := s.keys.verify("visitor", cookieValue(v.Request, s.cookieName(visitorCookie))); ok {
		v.who.ID = id
	}
	return nil
}

// nameVisitor gives a visitor an id to own an execution with, and the cookie
// that proves it.
func (s *Site) nameVisitor(w http.ResponseWriter, v *visit) {
	if v.who.ID != "" {
		return
	}
	v.who.ID = "visitor-" + rand.Text()
	http.SetCookie(w, &http.Cookie{
		Name: s.cookieName(visitorCookie), Value: s.keys.sign("visitor", v.who.ID), Path: "/", MaxAge: 90 * 24 * 3600,
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	})
}

// cookieName is the name of a cookie that opens something: with the prefix that
// binds it to this very host wherever people come by HTTPS.
func (s *Site) cookieName(name string) string {
	if s.secure {
		return "__Host-" + name
	}
	return name
}
