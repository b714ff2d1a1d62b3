package frame

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"selfhelp/app/fault"
)

// Unsent is a form that was sent when the session of its person had ended. It
// stays in memory, for this very person at this very browser, until they sent it,
// left it, or let its time go by.
type Unsent struct {
	Page   string     // where the form stands, path and query
	Target string     // what it was sent to, path and query
	Parts  bool       // it is to come in parts
	Fields url.Values // without passwords, secrets and files
	user   string     // id
	until  time.Time
}

const (
	unsentCookie = "unsent"
	unsentTime   = 15 * time.Minute // to sign in
	unsentBody   = 64 << 10         // of a form that is kept
	mostUnsent   = 200              // forms, one of each person
	// UnsentPath is where one sends again what was kept.
	UnsentPath = "/login/unsent"
	// UnkeptField names the fields of a form that are not to be kept: those in
	// which a browser hides what is typed.
	UnkeptField = "unkept"
)

// unsents are the forms that wait, by what the cookie of their browser holds.
type unsents struct {
	mu  sync.Mutex
	all map[string]Unsent
}

// put keeps a form in place of another of the same person, and returns by what it
// is found again; "" while too many are kept.
func (u *unsents) put(one Unsent, now time.Time) string {
	u.mu.Lock()
	defer u.mu.Unlock()
	for id, other := range u.all {
		if other.user == one.user || now.After(other.until) {
			delete(u.all, id)
		}
	}
	if len(u.all) >= mostUnsent {
		return ""
	}
	if u.all == nil {
		u.all = map[string]Unsent{}
	}
	id := rand.Text()
	u.all[id] = one
	return id
}

func (u *unsents) get(id string) (Unsent, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	one, kept := u.all[id]
	return one, kept
}

func (u *unsents) drop(id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.all, id)
}

// isUnsent reports whether a visit sends a form whose session has ended. Whose it
// was is known by the account that was signed in to last from this browser.
// What guards an account is typed anew. The scripts of the Studio keep what was
// typed on their page, and are told as before.
func (s *Site) isUnsent(v *Visit) bool {
	return v.ended && v.Method == http.MethodPost && !v.route.Whole && !(v.Fragment && v.route.Role == Edition) && s.Device(v) != ""
}

// keepUnsent keeps what was typed in a form, and reports whether it did.
func (s *Site) keepUnsent(w http.ResponseWriter, v *Visit) bool {
	if !s.isUnsent(v) || v.ContentLength <= 0 || v.ContentLength > unsentBody || v.ParseForm() != nil {
		return false
	}
	one := Unsent{
		Page: s.formPage(v), Target: v.URL.RequestURI(), Parts: IsMultipart(v.Request), Fields: v.PostForm,
		user: s.Device(v), until: s.Now().Add(unsentTime),
	}
	for _, name := range append(v.PostForm[UnkeptField], UnkeptField) {
		one.Fields.Del(name)
	}
	id := s.unsent.put(one, s.Now())
	if id == "" {
		return false
	}
	http.SetCookie(w, &http.Cookie{
		Name: s.CookieName(unsentCookie), Value: id, Path: "/", MaxAge: int(unsentTime / time.Second),
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
	return true
}

// UnsentOf is what the person of a visit did not get to send. One of somebody
// else at the same browser ends: it is shown to nobody.
func (s *Site) UnsentOf(w http.ResponseWriter, v *Visit) (Unsent, error) {
	one, kept := s.unsent.get(v.CookieValue(s.CookieName(unsentCookie)))
	if !kept || one.user != v.Who.ID || s.Now().After(one.until) {
		s.EndUnsent(w, v)
		return Unsent{}, fault.New(fault.NotFound, "fault.unsent.none")
	}
	return one, nil
}

// EndUnsent forgets what the browser of a visit did not get to send.
func (s *Site) EndUnsent(w http.ResponseWriter, v *Visit) {
	id := v.CookieValue(s.CookieName(unsentCookie))
	if id == "" {
		return
	}
	s.unsent.drop(id)
	DropCookie(w, s.CookieName(unsentCookie))
}

// sendsUnsent ends a form that is sent again now: once is enough.
func (s *Site) sendsUnsent(w http.ResponseWriter, v *Visit) {
	if v.Method != http.MethodPost || !v.Who.SignedIn() {
		return
	}
	if one, kept := s.unsent.get(v.CookieValue(s.CookieName(unsentCookie))); kept && one.user == v.Who.ID && one.Target == v.URL.RequestURI() {
		s.EndUnsent(w, v)
	}
}

// formPage is the page of ours that a visit is about: its own when it was got,
// else the one that its form stood on, where the browser says so; "/" where it
// does not.
func (s *Site) formPage(v *Visit) string {
	if v.mayBeAskedToSignIn() {
		return v.URL.RequestURI()
	}
	from, err := url.Parse(v.Referer())
	if err != nil || from.Host != v.Host || !strings.HasPrefix(from.Path, "/") || strings.HasPrefix(from.Path, "//") {
		return "/"
	}
	page := url.URL{Path: from.Path, RawPath: from.RawPath, RawQuery: from.RawQuery}
	if _, pattern := s.mux.Handler(&http.Request{Method: http.MethodGet, URL: &page, Host: v.Host}); pattern == "" || pattern == "/" {
		return "/" // a form that was refused stands at the address it is sent to
	}
	return page.RequestURI()
}

// SignInAt is the sign-in page that leads on to another.
func SignInAt(next string) string { return "/login?next=" + url.QueryEscape(next) }
