package webtest

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"selfhelp/app/web/frame"
)

// Browser follows pages as one without script does: it keeps cookies, follows
// redirects, and sends the forms it is shown.
type Browser struct {
	t      *testing.T
	site   *frame.Site
	next   func() *frame.Site // which server takes a request, where there are several
	jar    map[string]*http.Cookie
	Path   string // of the page
	Status int
	Page   string // its HTML
}

// NewBrowser is a browser that knows nobody.
func NewBrowser(t *testing.T, s *frame.Site) *Browser {
	return &Browser{t: t, site: s, jar: map[string]*http.Cookie{}}
}

// SignedInAs is a browser in which an account is signed in.
func SignedInAs(t *testing.T, s *frame.Site, name string) *Browser {
	t.Helper()
	b := NewBrowser(t, s)
	b.Keep(signIn(t, s, name))
	return b
}

// Send sends one request with the cookies kept, and keeps those that come back.
func (b *Browser) Send(method, path string, change ...func(*http.Request)) *http.Response {
	b.t.Helper()
	address, _, _ := strings.Cut(path, "?")
	r := Ask(b.server(), method, path, append([]func(*http.Request){func(r *http.Request) { b.carry(r, address) }}, change...)...)
	b.Keep(r)
	return r
}

// server is the one that takes the next request.
func (b *Browser) server() *frame.Site {
	if b.next != nil {
		b.site = b.next()
	}
	return b.site
}

// Lose sends a request whose answer never comes, and returns what it would have been.
func (b *Browser) Lose(method, path string, change ...func(*http.Request)) *http.Response {
	address, _, _ := strings.Cut(path, "?")
	return Ask(b.server(), method, path, append([]func(*http.Request){func(r *http.Request) { b.carry(r, address) }}, change...)...)
}

// Visit is a visit of the browser that no route answers.
func (b *Browser) Visit(path string) *frame.Visit {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	b.carry(r, path)
	return &frame.Visit{Request: r}
}

func (b *Browser) carry(r *http.Request, address string) {
	for _, c := range b.jar {
		if strings.HasPrefix(address, c.Path) {
			r.AddCookie(c)
		}
	}
}

// Keep keeps the cookies that come with an answer.
func (b *Browser) Keep(r *http.Response) {
	for _, c := range r.Cookies() {
		if c.MaxAge < 0 {
			delete(b.jar, c.Name)
		} else {
			b.jar[c.Name] = c
		}
	}
}

// Open goes to an address and follows where it leads.
func (b *Browser) Open(path string, change ...func(*http.Request)) *Browser {
	b.t.Helper()
	return b.Follow(b.Send("GET", path, change...), path)
}

// Follow goes where an answer leads.
func (b *Browser) Follow(r *http.Response, path string) *Browser {
	b.t.Helper()
	for range 10 {
		if r.StatusCode != http.StatusSeeOther {
			b.Path, b.Status, b.Page = path, r.StatusCode, Text(b.t, r)
			return b
		}
		path, _, _ = strings.Cut(r.Header.Get("Location"), "#") // a fragment stays in the browser
		r = b.Send("GET", path)
	}
	b.t.Fatalf("%s leads round in circles", path)
	return nil
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="(state|pass|turn|page-person)" value="([^"]*)"`)

var turnForm = regexp.MustCompile(`<form[^>]* id="turn"[^>]* action="([^"]*)"`)

// Action is where the page's form goes: a page may be the reply to another's.
func (b *Browser) Action() string {
	if found := turnForm.FindStringSubmatch(b.Page); found != nil {
		return html.UnescapeString(found[1])
	}
	return b.Path
}

// Fields are the hidden ones of the page's form.
func (b *Browser) Fields() url.Values {
	values := url.Values{}
	for _, found := range hiddenField.FindAllStringSubmatch(b.Page, -1) {
		values.Set(found[1], html.UnescapeString(found[2]))
	}
	return values
}

// Answer sends the page's form with more values, given as name, value, ….
func (b *Browser) Answer(pairs ...string) *Browser {
	b.t.Helper()
	return b.Follow(b.Post(pairs...), b.Path)
}

// Post is answer without following.
func (b *Browser) Post(pairs ...string) *http.Response {
	b.t.Helper()
	return b.Send("POST", b.Action(), Form(b.Filled(pairs...)))
}

// Filled is the page's form with more values, as it is sent.
func (b *Browser) Filled(pairs ...string) string {
	b.t.Helper()
	values := b.Fields()
	if values.Get("state") == "" {
		b.t.Fatalf("%s is no page of an execution (%d): %.300s", b.Path, b.Status, b.Page)
	}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = append(values[pairs[i]], pairs[i+1])
	}
	return values.Encode()
}

// Tab is another tab of the same browser, at the same page.
func (b *Browser) Tab() *Browser {
	other := *b
	return &other
}

// Sees fails unless the page holds each text.
func (b *Browser) Sees(texts ...string) *Browser {
	b.t.Helper()
	for _, text := range texts {
		if !strings.Contains(b.Page, text) {
			b.t.Errorf("%s (%d) does not show %q: %s", b.Path, b.Status, text, MainOf(b.Page))
		}
	}
	return b
}

// SeesNot fails if the page holds one of the texts.
func (b *Browser) SeesNot(texts ...string) *Browser {
	b.t.Helper()
	for _, text := range texts {
		if strings.Contains(b.Page, text) {
			b.t.Errorf("%s (%d) shows %q: %s", b.Path, b.Status, text, MainOf(b.Page))
		}
	}
	return b
}

// MainOf is the part of a page that a failure is about.
func MainOf(page string) string {
	if i := strings.Index(page, "<main"); i >= 0 {
		page = page[i:]
	}
	return page[:min(len(page), 3500)]
}
