package frame

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"selfhelp/app/access"
	"selfhelp/store"
	"selfhelp/views/ui"
)

// visitorCookie names a visitor nobody knows, so that what they began stays
// theirs. It holds nothing but a random id, signed.
const visitorCookie = "visitor"

// VisitorPrefix begins the ids of visitors, which no account has.
const VisitorPrefix = "visitor-"

// identify finds who asks: the account of the token or of the session, or the
// visitor.
func (s *Site) identify(v *Visit) error {
	v.Who = access.Identity{Anonymous: true}
	switch {
	case v.ByToken() && v.route.Callers != Browsers:
		return s.identifyToken(v)
	case v.ByToken() || v.route.Callers == TokenOnly:
		return nil
	}
	if token := v.CookieValue(s.CookieName(SessionCookie)); token != "" {
		a, err := s.Sessions.open(v, token, s.Now(), v.Header.Get(UnattendedHeader) == "")
		if err != nil {
			return err
		}
		if a != nil {
			v.Who, v.Groups, v.Token, v.owes, v.Proof = a.who, a.groups, token, a.owes, a.method
			v.proved, v.role = a.proved, a.role
			v.speak(a.who.Language)
			v.mark = s.markPage(v)
			return nil
		}
		v.ended = true
	}
	v.Who.ID = s.VisitorOf(v)
	return nil
}

// Ended reports whether the browser's session has ended without its person having
// signed out: they may think that they are signed in.
func (v *Visit) Ended() bool { return v.ended }

// justProved is how long who proved who they are need not do it again for what is
// nobody's but theirs; clocks of providers may be ahead by clockSkew.
const (
	justProved = 10 * time.Minute
	clockSkew  = time.Minute
)

// JustProved reports whether the person of a visit has proved who they are in the
// last minutes, with everything they have to show.
func (s *Site) JustProved(v *Visit) bool {
	ago := s.Now().Sub(v.proved)
	return ago > -clockSkew && ago < justProved
}

// Enters reports whether somebody belongs to a domain, directly or by a group: only
// then a session opens anything.
func (s *Site) Enters(ctx context.Context, u store.User) (bool, error) {
	m, err := s.Content.Memberships(ctx, u.ID)
	if err != nil {
		return false, fmt.Errorf("read where %s belongs: %w", u.Login, err)
	}
	who, _ := identityOf(u, m)
	return who.SignedIn(), nil
}

// identityOf is an account as permissions are asked of it, and its groups by
// domain.
func identityOf(u store.User, m store.Memberships) (access.Identity, map[string]access.Groups) {
	who := access.Identity{ID: u.ID, Login: u.Login, Name: u.Name(), Role: u.Role, Language: u.Language, Domains: slices.Clone(m.Domains), Suspended: !u.Active}
	if u.Everywhere {
		who.Domains = append(who.Domains, access.EveryDomain)
	}
	names, groups := m.Names(), map[string]access.Groups{}
	for _, d := range slices.Sorted(maps.Keys(names)) {
		groups[d] = access.GroupsOf(names[d]...)
		if !slices.Contains(who.Domains, d) {
			who.Domains, who.ByGroup = append(who.Domains, d), append(who.ByGroup, d)
		}
	}
	return who, groups
}

// Person is somebody else as permissions are asked of them in a domain.
func (s *Site) Person(ctx context.Context, u store.User, domain string) (access.Identity, error) {
	m, err := s.Content.Memberships(ctx, u.ID)
	who, groups := identityOf(u, m)
	who.Groups = groups[domain]
	return who, err
}

// VisitorOf returns the id of the visitor's cookie, "" without one of ours.
func (s *Site) VisitorOf(v *Visit) string {
	signed := v.CookieValue(s.CookieName(visitorCookie))
	if signed == "" {
		return ""
	}
	if v.visitor == "" {
		v.visitor, _ = s.Keys.Verify("visitor", signed)
	}
	return v.visitor
}

// NameVisitor gives a visitor an id to own an execution with, and the cookie
// that proves it.
func (s *Site) NameVisitor(w http.ResponseWriter, v *Visit) {
	if v.Who.ID != "" {
		return
	}
	v.Who.ID = VisitorPrefix + rand.Text()
	http.SetCookie(w, &http.Cookie{
		Name: s.CookieName(visitorCookie), Value: s.Keys.Sign("visitor", v.Who.ID), Path: "/", MaxAge: 90 * 24 * 3600,
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
}

// ForgetVisitor makes the browser forget which guest it was of: what a guest began
// there is not of who uses it next.
func (s *Site) ForgetVisitor(w http.ResponseWriter) { DropCookie(w, s.CookieName(visitorCookie)) }

// speak gives the page the language of the account.
func (v *Visit) speak(lang string) {
	if lang != "" {
		v.Words = ui.In(lang, v.Words.Lang())
	}
}

const hostPrefix = "__Host-"

// CookieName is the name of a cookie that opens something: with the prefix that
// binds it to this very host wherever people come by HTTPS.
func (s *Site) CookieName(name string) string {
	if s.Secure {
		return hostPrefix + name
	}
	return name
}
