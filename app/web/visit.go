package web

import (
	"net/http"
	"net/netip"
	"strings"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/publication"
	"selfhelp/views/ui"
)

// visit is one request and what is known of it.
type visit struct {
	*http.Request
	jar      []*http.Cookie // once they are read
	id       string         // of the request, in the log and on failure pages
	address  netip.Addr
	secure   bool // it came by HTTPS
	route    *route
	who      access.Identity
	groups   map[string][]string // of the account, by domain
	renew    bool                // the account must change its password first
	token    string              // of the session, "" without one
	visitor  string              // id of the visit, once its cookie is verified
	words    *ui.Words
	mode     string             // "", light or dark
	fragment bool               // only the parts that change are wanted
	shelf    *publication.Hold  // on the publications in force, once taken
	place    place              // the published project, where the address names one
	entry    publication.Placed // the procedure, where the address names one
	pass     pass               // the execution, where the address names one
	passed   string             // its pass as it came, when it did
	managed  managed            // what the address names, in the administration
}

// swapHeader asks for the parts that change instead of a whole page.
const swapHeader = "Swap"

// prepare reads what every page needs from the request's headers.
func (s *Site) prepare(v *visit) {
	v.address, v.secure = s.proxies.client(v.Request)
	v.fragment = v.Header.Get(swapHeader) != ""
	v.words = ui.In(v.cookie(languageCookie), preferred(v.Header.Get("Accept-Language")))
	if m := v.cookie(modeCookie); m == "light" || m == "dark" {
		v.mode = m
	}
}

// preferred returns the first language of an Accept-Language header that the
// interface speaks. Browsers send them in order; a weight of nought refuses.
func preferred(header string) string {
	for part := range strings.SplitSeq(header, ",") {
		tag, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		base, _, _ := strings.Cut(tag, "-")
		if base = strings.ToLower(base); ui.Speaks(base) && strings.TrimSpace(weight) != "q=0" {
			return base
		}
	}
	return ""
}

// cookie returns the value of a cookie, "" when there is none. The header is
// read once for all of them.
func (v *visit) cookie(name string) string {
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

// chrome is what stands around a page of this visit.
func (v *visit) chrome(room ui.Room, title string) ui.Chrome {
	c := ui.Chrome{
		Words: v.words, Title: title, Room: room, Mode: v.mode,
		Here: v.here(), Fragment: v.fragment,
	}
	if v.who.SignedIn() {
		c.Person = &ui.Person{
			Name: v.who.Name, Login: v.who.Login,
			Writes:  v.may(access.EnterStudio, access.Thing{}),
			Manages: v.who.Role == access.Administrator,
		}
	}
	return c
}

// here is the address of a page to come back to, its own when it was got.
func (v *visit) here() string {
	if v.Method != http.MethodGet {
		return ""
	}
	return v.URL.RequestURI()
}

// dropCookie makes the browser forget a cookie.
func dropCookie(w http.ResponseWriter, name string) {
	http.SetCookie(w, &http.Cookie{Name: name, Path: "/", MaxAge: -1, HttpOnly: true, Expires: time.Unix(1, 0)})
}
