package web

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// browser follows pages as one without script does: it keeps cookies, follows
// redirects, and sends the forms it is shown.
type browser struct {
	t      *testing.T
	site   *Site
	jar    map[string]*http.Cookie
	path   string // of the page
	status int
	page   string // its HTML
}

func newBrowser(t *testing.T, s *Site) *browser {
	return &browser{t: t, site: s, jar: map[string]*http.Cookie{}}
}

// signedInAs is a browser in which an account is signed in.
func signedInAs(t *testing.T, s *Site, name string) *browser {
	t.Helper()
	b := newBrowser(t, s)
	b.send("POST", "/login", form(url.Values{"login": {name}, "password": {goodPassword}}.Encode()))
	return b
}

// send sends one request with the cookies kept, and keeps those that come back.
func (b *browser) send(method, path string, change ...func(*http.Request)) *http.Response {
	b.t.Helper()
	address, _, _ := strings.Cut(path, "?")
	r := ask(b.site, method, path, append([]func(*http.Request){func(r *http.Request) {
		for _, c := range b.jar {
			if strings.HasPrefix(address, c.Path) {
				r.AddCookie(c)
			}
		}
	}}, change...)...)
	for _, c := range r.Cookies() {
		if c.MaxAge < 0 {
			delete(b.jar, c.Name)
		} else {
			b.jar[c.Name] = c
		}
	}
	return r
}

// open goes to an address and follows where it leads.
func (b *browser) open(path string, change ...func(*http.Request)) *browser {
	b.t.Helper()
	return b.follow(b.send("GET", path, change...), path)
}

func (b *browser) follow(r *http.Response, path string) *browser {
	b.t.Helper()
	for range 10 {
		if r.StatusCode != http.StatusSeeOther {
			b.path, b.status, b.page = path, r.StatusCode, text(b.t, r)
			return b
		}
		path = r.Header.Get("Location")
		r = b.send("GET", path)
	}
	b.t.Fatalf("%s leads round in circles", path)
	return nil
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="(state|pass|turn)" value="([^"]*)"`)

// fields are the hidden ones of the page's form.
func (b *browser) fields() url.Values {
	values := url.Values{}
	for _, found := range hiddenField.FindAllStringSubmatch(b.page, -1) {
		values.Set(found[1], html.UnescapeString(found[2]))
	}
	return values
}

// answer sends the page's form with more values, given as name, value, ….
func (b *browser) answer(pairs ...string) *browser {
	b.t.Helper()
	return b.follow(b.post(pairs...), b.path)
}

// post is answer without following.
func (b *browser) post(pairs ...string) *http.Response {
	b.t.Helper()
	values := b.fields()
	if values.Get("state") == "" {
		b.t.Fatalf("%s is no page of an execution (%d): %.300s", b.path, b.status, b.page)
	}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = append(values[pairs[i]], pairs[i+1])
	}
	return b.send("POST", b.path, form(values.Encode()))
}

// sees fails unless the page holds each text.
func (b *browser) sees(texts ...string) *browser {
	b.t.Helper()
	for _, text := range texts {
		if !strings.Contains(b.page, text) {
			b.t.Errorf("%s (%d) does not show %q: %s", b.path, b.status, text, mainOf(b.page))
		}
	}
	return b
}

// seesNot fails if the page holds one of the texts.
func (b *browser) seesNot(texts ...string) *browser {
	b.t.Helper()
	for _, text := range texts {
		if strings.Contains(b.page, text) {
			b.t.Errorf("%s (%d) shows %q: %s", b.path, b.status, text, mainOf(b.page))
		}
	}
	return b
}

// mainOf is the part of a page that a failure is about.
func mainOf(page string) string {
	if i := strings.Index(page, "<main"); i >= 0 {
		page = page[i:]
	}
	return page[:min(len(page), 3000)]
}
