package frame

import (
	"net/http"
	"net/netip"
	"strings"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/publication"
	"selfhelp/app/web/seal"
	"selfhelp/store"
	"selfhelp/views/ui"
)

// Visit is one request and what is known of it.
type Visit struct {
	*http.Request
	jar        []*http.Cookie // once they are read
	ID         string         // of the request, in the log and on failure pages
	Address    netip.Addr
	Secure     bool // it came by HTTPS
	route      *Route
	Who        access.Identity
	Groups     map[string]access.Groups // of the account, by domain
	owes       access.Debts             // what the person has to do first
	role       access.Role              // of the account, whatever the session opens
	ended      bool                     // its session opens nothing any more
	proved     time.Time                // when the person last did so, in full; zero: nobody knows
	Proof      string                   // the method by which the person came, by its id
	Token      string                   // of the session, "" without one
	bearer     string                   // token of an account, "" without one
	visitor    string                   // id of the visit, once its cookie is verified
	Words      *ui.Words
	mode       string             // "", light or dark
	Fragment   bool               // only the parts that change are wanted
	shelf      *publication.Hold  // on the publications in force, once taken
	Place      Place              // the published project, where the address names one
	Entry      publication.Placed // the procedure, where the address names one
	writes     bool               // this server has the Studio and the administration
	Pass       seal.Pass          // the execution, where the address names one
	Signed     string             // its pass as the page says it, once signed
	SignedPass seal.Pass          // what that says
	Carried    seal.Carried       // where its browser last saw it, on one of several servers
	Last       store.Turn         // its last turn, once read
	Managed    Managed            // what the address names, in the administration
	mark       string             // what its pages say of whom they are made for
	page       maker              // of the page that it sends a form of
	stopped    error              // why a guard let it go no further
	refused    bool               // by what they may do, though it is said that nothing is there
	late       bool               // its body did not come in time
	reread     bool               // we look ourselves, on somebody's behalf: nobody asked for it
	away       bool               // it came too often and was turned away
}

// Pattern is that of the route that answers, "" when none does.
func (v *Visit) Pattern() string {
	if v.route == nil {
		return ""
	}
	return v.route.Pattern
}

// SwapHeader asks for the parts that change instead of a whole page.
const SwapHeader = "Swap"

// prepare reads what every page needs from the request's headers.
func (s *Site) prepare(v *Visit) {
	v.Address, v.Secure = s.proxies.client(v.Request)
	v.takeToken()
	v.Fragment = v.Header.Get(SwapHeader) != ""
	v.Words = ui.In(v.CookieValue(languageCookie), preferred(v.Header.Get("Accept-Language")))
	if m := v.CookieValue(ModeCookie); m == "light" || m == "dark" {
		v.mode = m
	}
}

// preferred returns the first language of an Accept-Language header that the
// interface speaks. Browsers send them in order; a weight of nought refuses.
func preferred(header string) string {
	for part := range strings.SplitSeq(header, ",") {
		tag, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		base, _, _ := strings.Cut(tag, "-")
		if base = strings.ToLower(base); ui.Speaks(base) && !refuses(weight) {
			return base
		}
	}
	return ""
}

// refuses reports whether a weight is nought, which may be written "q=0.000" (RFC
// 9110, section 12.4.2).
func refuses(weight string) bool {
	digits, weighs := strings.CutPrefix(strings.ToLower(strings.TrimSpace(weight)), "q=")
	return weighs && strings.HasPrefix(digits, "0") && strings.Trim(digits, "0.") == ""
}

// CookieValue returns the value of a cookie, "" when there is none. The header is
// read once for all of them.
func (v *Visit) CookieValue(name string) string {
	if v.jar == nil {
		v.jar = append(v.Cookies(), &http.Cookie{})
	}
	for _, c := range v.jar {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// ParseForm reads the form that was posted. One that came in parts is read here
// too: left to the first look at a field, what went wrong would be lost, and the
// form taken for an empty one.
func (v *Visit) ParseForm() error {
	if !strings.HasPrefix(v.Header.Get("Content-Type"), "multipart/form-data") || v.MultipartForm != nil {
		return v.Request.ParseForm()
	}
	if err := v.ParseMultipartForm(PlainBody); err != nil {
		return err
	}
	return v.MultipartForm.RemoveAll() // files have their own forms
}

// Chrome is what stands around a page of this visit.
func (v *Visit) Chrome(room ui.Room, title string) ui.Chrome {
	c := ui.Chrome{
		Words: v.Words, Title: title, Room: room, Mode: v.mode,
		Here: v.here(), Fragment: v.Fragment,
	}
	if v.Who.SignedIn() {
		c.Person = &ui.Person{
			Name: v.Who.Name, Login: v.Who.Login, Mark: v.mark,
			Writes:  v.writes && v.May(access.EnterStudio, access.Thing{}),
			Manages: v.writes && v.Who.Role == access.Administrator,
		}
	}
	return c
}

// here is the address of a page to come back to, its own when it was got.
func (v *Visit) here() string {
	if v.Method != http.MethodGet {
		return ""
	}
	return v.URL.RequestURI()
}

// DropCookie makes the browser forget a cookie.
func DropCookie(w http.ResponseWriter, name string) {
	// Browsers take nothing under a name of ours that is bound to the host, not even
	// its end, unless it is told as secure (RFC 6265bis, section 4.1.3.2).
	http.SetCookie(w, &http.Cookie{Name: name, Path: "/", MaxAge: -1, HttpOnly: true, Secure: strings.HasPrefix(name, hostPrefix), Expires: time.Unix(1, 0)})
}

const (
	languageCookie = "language"
	ModeCookie     = "mode"
)

// Managed is what an address of the administration names.
type Managed struct {
	User    store.User
	Belongs store.Memberships
	Group   store.Group
	Project store.Project
}
