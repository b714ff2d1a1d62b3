package frame

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"selfhelp/app/fault"
)

// Unsent is a form that was sent when nobody was signed in any more. It stays in
// memory, for this very person at this very browser, until they sent it, left it, or
// let its time go by.
type Unsent struct {
	ID     string
	State  UnsentState
	Page   string     // where the form stands, path and query
	Target string     // what it is sent to, path and query
	Parts  bool       // it is to come in parts
	Fields url.Values // without passwords, secrets and files; nil unless it waits
	Left   []string   // the names of those that were given
	Inner  func(name string) bool

	about   string
	runOnly bool // who typed it had a session for running procedures
	until   time.Time
}

// UnsentState is what became of an unsent form.
type UnsentState int

// The states.
const (
	UnsentWaits UnsentState = iota
	UnsentLost              // nothing of it is kept: it is to be filled in again
	UnsentSent              // it was sent after all
)

// Keep says what is kept of a form that came after its session had ended: nil, on
// the route, for one that is filled in again. It reads the form, and knows nobody.
type Keep func(*Visit) Kept

// Kept is what a route knows of a form that is kept.
type Kept struct {
	Page    string                 // where the form stands, path and query
	Nothing bool                   // a press of a button that loses nothing: one does it again
	Inner   func(name string) bool // fields that forms carry along and nobody types or reads
	About   string                 // what a later form takes the place of an earlier by; "": each is another's
}

// KeepAt keeps a form that stands at the address it is sent to, less the end of this;
// what it carries along nobody types.
func KeepAt(end string, carried ...string) Keep {
	return func(v *Visit) Kept {
		page := url.URL{Path: strings.TrimSuffix(v.URL.Path, end)}
		return Kept{Page: page.RequestURI(), Inner: func(name string) bool { return slices.Contains(carried, name) }}
	}
}

const (
	unsentCookie = "unsent"
	unsentParam  = "unsent"
	unsentTime   = 15 * time.Minute // to sign in
	unsentBody   = 64 << 10         // of a form that is kept
	unsentRoom   = 128 << 10        // of the forms of one browser: 25 MB in all
	formsWaiting = 5                // of one browser
	formsTold    = 10               // of one browser, with those that are gone
	bagsOfUser   = 3                // browsers
	mostBags     = 200

	// UnsentPath is where one sends again what was kept.
	UnsentPath = "/login/unsent"
	// UnkeptField names the fields of a form that are not to be kept: those in
	// which a browser hides what is typed.
	UnkeptField = "unkept"
)

// bag is what one browser did not get to send.
type bag struct {
	user  string // id
	forms []Unsent
}

// unsents are the bags, by what the cookie of their browser holds. Another server of the
// platform does not have them, and promises nothing.
type unsents struct {
	mu  sync.Mutex
	all map[string]bag
}

// put keeps a form beside the others of the same person at the same browser, and
// returns by what they are found again; "" while too many browsers have one.
func (u *unsents) put(id, user string, one Unsent, now time.Time) string {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.sweep(now)
	of := u.all[id]
	if of.user != user {
		if id = u.room(user); id == "" {
			return ""
		}
		of = bag{user: user}
	}
	of.add(one)
	u.all[id] = of
	return id
}

// sweep forgets the forms whose time has gone by.
func (u *unsents) sweep(now time.Time) {
	for id, b := range u.all {
		b.forms = slices.DeleteFunc(b.forms, func(f Unsent) bool { return now.After(f.until) })
		if u.all[id] = b; len(b.forms) == 0 {
			delete(u.all, id)
		}
	}
}

// room is the place of a new bag. A person has a few only: another browser takes
// the place of the one that waits longest.
func (u *unsents) room(user string) string {
	var own []string
	for id, b := range u.all {
		if b.user == user {
			own = append(own, id)
		}
	}
	if len(own) >= bagsOfUser {
		delete(u.all, slices.MinFunc(own, func(a, b string) int { return u.all[a].forms[0].until.Compare(u.all[b].forms[0].until) }))
	}
	if len(u.all) >= mostBags {
		return ""
	}
	if u.all == nil {
		u.all = map[string]bag{}
	}
	return rand.Text()
}

// isAbout reports whether a form that waits is about the same as another: two answers
// to one step are one work, of which the later counts. Sessions of two kinds do not see
// what was typed in each other.
func (f Unsent) isAbout(other Unsent) bool {
	return other.about != "" && f.State == UnsentWaits && f.Target == other.Target && f.about == other.about && f.runOnly == other.runOnly
}

// add puts a form into the bag, or only that it was lost, where there is no room.
// The same form once more, as by a double click, is the same.
func (b *bag) add(one Unsent) {
	if slices.ContainsFunc(b.forms, func(f Unsent) bool {
		return f.State == one.State && f.Target == one.Target && f.Page == one.Page && f.Fields.Encode() == one.Fields.Encode()
	}) {
		return
	}
	b.forms = slices.DeleteFunc(b.forms, func(f Unsent) bool { return f.isAbout(one) })
	waiting, size := 0, sizeOf(one.Fields)
	for _, f := range b.forms {
		if f.State == UnsentWaits {
			waiting, size = waiting+1, size+sizeOf(f.Fields)
		}
	}
	if one.State == UnsentWaits && (waiting >= formsWaiting || size > unsentRoom) {
		one.State, one.Fields = UnsentLost, nil
	}
	if len(b.forms) >= formsTold { // more than half of them do not wait
		at := slices.IndexFunc(b.forms, func(f Unsent) bool { return f.State != UnsentWaits })
		b.forms = slices.Delete(b.forms, at, at+1)
	}
	b.forms = append(b.forms, one)
}

func sizeOf(fields url.Values) (n int) {
	for name, values := range fields {
		n += len(name)
		for _, v := range values {
			n += len(v)
		}
	}
	return n
}

func (u *unsents) get(id string, now time.Time) bag {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.sweep(now)
	of := u.all[id]
	of.forms = slices.Clone(of.forms)
	return of
}

// sent forgets what was typed in some of the forms of a person, and leaves behind that
// they were sent.
func (u *unsents) sent(id, user string, which func(Unsent) bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	b := u.all[id]
	if b.user != user {
		return
	}
	for i, f := range b.forms {
		if which(f) {
			b.forms[i].State, b.forms[i].Fields, b.forms[i].Left = UnsentSent, nil, nil
		}
	}
}

// leave forgets a form.
func (u *unsents) leave(id, form string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	b := u.all[id]
	b.forms = slices.DeleteFunc(b.forms, func(f Unsent) bool { return f.ID == form })
	if u.all[id] = b; len(b.forms) == 0 {
		delete(u.all, id)
	}
}

func (u *unsents) drop(id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.all, id)
}

// isUnsent reports whether a visit sends a form for which nobody is signed in any
// more. Whose it was its page says, which is to be of the account that was signed in
// to last from this browser. The scripts of the Studio keep what was typed on their
// page, and are told as before.
func (s *Site) isUnsent(v *Visit) bool {
	if v.Method != http.MethodPost || v.Who.SignedIn() || !v.route.asks() || v.Fragment && v.route.Role == Edition {
		return false
	}
	kind := v.Header.Get("Content-Type")
	return (strings.HasPrefix(kind, "application/x-www-form-urlencoded") || IsMultipart(v.Request)) && s.Device(v) != ""
}

// keepUnsent keeps what was typed in a form, or that it was lost, and returns where
// its person signs in; "" when neither is to be told.
func (s *Site) keepUnsent(w http.ResponseWriter, v *Visit) string {
	switch {
	case !s.isUnsent(v):
		return ""
	case v.URL.Path == UnsentPath: // about such a form, which is there still
		return SignInAt(UnsentPath)
	}
	id := v.CookieValue(s.CookieName(unsentCookie))
	if of := s.unsent.get(id, s.Now()); of.user == s.Device(v) && of.waits(v.unsentForm()) {
		return SignInAt(UnsentPath) // as it did before its person signed in in vain
	}
	one := Unsent{ID: rand.Text(), State: UnsentLost, Page: s.formPage(v), Target: v.target(), runOnly: v.page.runOnly, until: s.Now().Add(unsentTime)}
	switch kept, fields, left := v.work(); {
	case kept.Nothing:
		return SignInAt(kept.Page)
	case fields != nil && v.page.user != "":
		one.State, one.Page, one.Inner, one.about = UnsentWaits, kept.Page, kept.Inner, kept.About
		one.Parts, one.Fields, one.Left = IsMultipart(v.Request), fields, left
	}
	id = s.unsent.put(id, s.Device(v), one, s.Now())
	if id == "" {
		return ""
	}
	http.SetCookie(w, &http.Cookie{
		Name: s.CookieName(unsentCookie), Value: id, Path: "/", MaxAge: int(unsentTime / time.Second),
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
	return SignInAt(UnsentPath)
}

// target is the address that a visit sends a form to, whether it was kept or not.
func (v *Visit) target() string {
	if v.unsentForm() == "" {
		return v.URL.RequestURI()
	}
	to, query := *v.URL, v.URL.Query()
	query.Del(unsentParam)
	to.RawQuery = query.Encode()
	return to.RequestURI()
}

func (b bag) waits(form string) bool {
	return slices.ContainsFunc(b.forms, func(f Unsent) bool { return f.ID == form && f.State == UnsentWaits })
}

// Unsent is what waits in the browser of a visit for whoever was signed in there
// last, or was lost: what a sign-in page may promise.
func (s *Site) Unsent(v *Visit) (waits, lost bool) { return s.UnsentFor(v, s.Device(v), false) }

// UnsentFor is what waits in the browser of a visit for a person, or was lost, as far
// as a session of theirs is shown it.
func (s *Site) UnsentFor(v *Visit, user string, runOnly bool) (waits, lost bool) {
	of := s.unsent.get(v.CookieValue(s.CookieName(unsentCookie)), s.Now())
	if of.user == "" || of.user != user {
		return false, false
	}
	of.forms = slices.DeleteFunc(of.forms, func(f Unsent) bool { return runOnly && !f.runOnly })
	for _, f := range of.forms {
		waits, lost = waits || f.State == UnsentWaits, lost || f.State == UnsentLost
	}
	return waits, lost
}

// Typed is what people gave in it, as far as that can be told apart from what a form
// carries along.
func (f Unsent) Typed() []string { return typed(f.Fields, f.Inner) }

// UnsentOf is what the person of a visit did not get to send, the latest last. What
// somebody else typed at the same browser ends: it is shown to nobody. A session for
// running procedures is not shown what was typed in one that opens more: whoever
// vouches for the one need not know the person of the other.
func (s *Site) UnsentOf(w http.ResponseWriter, v *Visit) []Unsent {
	id := v.CookieValue(s.CookieName(unsentCookie))
	of := s.unsent.get(id, s.Now())
	if id != "" && of.user != v.Who.ID {
		s.unsent.drop(id)
		DropCookie(w, s.CookieName(unsentCookie))
		return nil
	}
	return slices.DeleteFunc(of.forms, func(f Unsent) bool { return v.RunOnly() && !f.runOnly })
}

// DropUnsent forgets one of them, and returns the page where it was typed.
func (s *Site) DropUnsent(w http.ResponseWriter, v *Visit, form string) (string, error) {
	for _, one := range s.UnsentOf(w, v) {
		if one.ID == form {
			s.unsent.leave(v.CookieValue(s.CookieName(unsentCookie)), form)
			return one.Page, nil
		}
	}
	return "", fault.New(fault.NotFound, "fault.unsent.none")
}

// At is where the form is sent, with what it is known by: once is enough.
func (f Unsent) At() string {
	sign := "?"
	if strings.Contains(f.Target, "?") {
		sign = "&"
	}
	return f.Target + sign + unsentParam + "=" + f.ID
}

// wasSent reports whether the kept form that a visit sends does not wait any more: it
// was sent, and comes by the browser's Back or a second click, or it was left.
func (s *Site) wasSent(w http.ResponseWriter, v *Visit) bool {
	form := v.unsentForm()
	return form != "" && v.Who.SignedIn() && !bag{forms: s.UnsentOf(w, v)}.waits(form)
}

// noteSent notes that a kept form was sent after all and taken, or another about the
// same: once is enough. One that is shown again with what is wrong in it waits on.
func (s *Site) noteSent(v *Visit, status int) {
	id := v.CookieValue(s.CookieName(unsentCookie))
	if id == "" || v.Method != http.MethodPost || status >= http.StatusBadRequest {
		return
	}
	this := Unsent{ID: v.unsentForm(), Target: v.target(), runOnly: v.RunOnly()}
	if v.route.Keep != nil {
		this.about = v.route.Keep(v).About
	}
	s.unsent.sent(id, v.Who.ID, func(f Unsent) bool { return f.ID == this.ID || f.isAbout(this) })
}

// unsentForm is which kept form a visit sends, "" for none.
func (v *Visit) unsentForm() string {
	if v.Method != http.MethodPost || !strings.Contains(v.URL.RawQuery, unsentParam+"=") {
		return ""
	}
	return v.URL.Query().Get(unsentParam)
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
