package web

import (
	"crypto/rand"
	"net/http"

	"selfhelp/app/access"
	"selfhelp/views/ui"
)

// visitorCookie names a visitor nobody knows, so that what they began stays
// theirs. It holds nothing but a random id, signed.
const visitorCookie = "visitor"

// identify finds who asks: the account of the session, or the visitor.
func (s *Site) identify(v *visit) error {
	v.who = access.Identity{Anonymous: true}
	if token := v.cookie(s.cookieName(sessionCookie)); token != "" {
		a, err := s.sessions.of(v.Context(), token, s.now())
		if err != nil {
			return err
		}
		if a != nil {
			v.who, v.groups, v.token, v.renew = a.who, a.groups, token, a.renew
			v.speak(a.who.Language)
			return nil
		}
	}
	v.who.ID = s.visitorOf(v)
	return nil
}

// visitorOf returns the id of the visitor's cookie, "" without one of ours.
func (s *Site) visitorOf(v *visit) string {
	signed := v.cookie(s.cookieName(visitorCookie))
	if signed == "" {
		return ""
	}
	if v.visitor == "" {
		v.visitor, _ = s.keys.verify("visitor", signed)
	}
	return v.visitor
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

// speak gives the page the language of the account.
func (v *visit) speak(lang string) {
	if lang != "" {
		v.words = ui.In(lang, v.words.Lang())
	}
}

// cookieName is the name of a cookie that opens something: with the prefix that
// binds it to this very host wherever people come by HTTPS.
func (s *Site) cookieName(name string) string {
	if s.secure {
		return "__Host-" + name
	}
	return name
}
