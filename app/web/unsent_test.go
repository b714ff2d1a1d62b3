package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html/atom"

	nethtml "golang.org/x/net/html"

	"selfhelp/app/access"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store/clocktest"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// endSessions signs somebody out behind their back, as a limit does.
func endSessions(t *testing.T, s *frame.Site, login string) {
	t.Helper()
	u, err := s.Content.UserByLogin(t.Context(), login)
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.Activity.SessionsOf(t.Context(), u.ID, 100)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, one := range all {
		ids = append(ids, one.ID)
	}
	if _, err := s.Activity.StopSessions(t.Context(), u.ID, ids); err != nil {
		t.Fatal(err)
	}
	s.Sessions.Forget()
}

// chief is a browser of somebody who administers the server, whose session has
// ended while they filled in the form of a domain.
func chief(t *testing.T, s *frame.Site) *webtest.Browser {
	t.Helper()
	u := webtest.AddUser(t, s, "chief", access.Administrator)
	u.Everywhere = true
	if _, err := s.Content.SaveUser(t.Context(), u, "test"); err != nil {
		t.Fatal(err)
	}
	b := webtest.SignedInAs(t, s, "chief").Open("/admin/domains", webtest.Header("Accept-Language", "en"))
	endSessions(t, s, "chief")
	return b
}

// late is a form of a domain, and where it stood.
var late = url.Values{"id": {"training"}, "title_en": {"Training & more"}, "title_fr": {"Formation"}}

func sendLate(b *webtest.Browser, values url.Values, change ...func(*http.Request)) *http.Response {
	return b.Send("POST", "/admin/domains", append([]func(*http.Request){webtest.Form(values.Encode()), webtest.Header("Referer", "http://example.com/admin/domains")}, change...)...)
}

func signInTo(b *webtest.Browser, login, next string) *webtest.Browser {
	values := url.Values{"login": {login}, "password": {webtest.GoodPassword}, "next": {next}}
	return b.Follow(b.Send("POST", "/login", webtest.Form(values.Encode())), "/login")
}

var hiddenInput = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

// hiddenOf are the hidden fields of the page's first form.
func hiddenOf(page string) url.Values {
	if i := strings.Index(page, "<main"); i >= 0 {
		page = page[i:]
	}
	page, _, _ = strings.Cut(page, "</form>")
	values := url.Values{}
	for _, f := range hiddenInput.FindAllStringSubmatch(page, -1) {
		values.Add(f[1], html.UnescapeString(f[2]))
	}
	return values
}

// TestATypedFormOutlivesItsSession goes the whole way: the form is kept, shown to
// its person after they signed in, and sent once by their click.
func TestATypedFormOutlivesItsSession(t *testing.T) {
	s := webtest.DeskSite(t)
	b := chief(t, s)
	typed := url.Values{"secret": {"hush"}, frame.UnkeptField: {"secret"}}
	for name, v := range late {
		typed[name] = v
	}
	b.Follow(sendLate(b, typed), "/admin/domains")
	if b.Path != "/login?next=%2Flogin%2Funsent" {
		t.Fatalf("it leads to %s", b.Path)
	}
	b.Sees("What you typed is kept")
	signInTo(b, "chief", "/login/unsent").Sees("Your form was not sent", "/admin/domains", "<dt>title_en</dt>", "Training &amp; more</dd>", `action="/admin/domains"`).SeesNot("hush")
	if got := hiddenOf(b.Page); got.Encode() != late.Encode() {
		t.Errorf("kept: %v", got)
	}
	if _, err := s.Content.Domain(t.Context(), "training"); err == nil {
		t.Error("the form was sent without a click")
	}
	b.Open("/login/unsent").Sees("Training &amp; more") // read again
	if r := b.Send("POST", "/admin/domains", webtest.Form(hiddenOf(b.Page).Encode())); r.StatusCode != http.StatusSeeOther {
		t.Errorf("sent again: %d", r.StatusCode)
	}
	if _, err := s.Content.Domain(t.Context(), "training"); err != nil {
		t.Error(err)
	}
	if b.Open("/login/unsent").Sees("No form is waiting here"); b.Status != 404 {
		t.Errorf("%d", b.Status)
	}
}

// TestTypedFormsAreTheirPersons: nobody else at the browser, nobody elsewhere, and
// nobody later sees one.
func TestTypedFormsAreTheirPersons(t *testing.T) {
	clock := clocktest.At(time.Now())
	s := webtest.DeskSite(t, func(c *frame.Config) { c.Now = clock.Now })
	webtest.AddUser(t, s, "other", access.User, "production")
	b := chief(t, s)
	keep := func() {
		t.Helper()
		endSessions(t, s, "chief")
		if r := sendLate(b, late); r.Header.Get("Location") != "/login?next=%2Flogin%2Funsent" {
			t.Fatalf("not kept: %d %s", r.StatusCode, r.Header.Get("Location"))
		}
	}
	gone := func(who string) {
		t.Helper()
		if signInTo(b, who, "/login/unsent").SeesNot("Training"); b.Status != 404 {
			t.Errorf("%s: %d at %s: %s", who, b.Status, b.Path, webtest.MainOf(b.Page))
		}
	}
	keep()
	gone("other")
	gone("chief") // and it is not there any more for its person
	keep()
	clock.Pass(16 * time.Minute)
	gone("chief")
	keep()
	signInTo(b, "chief", "/login/unsent").Sees("Training")
	b.Follow(b.Send("POST", "/login/unsent"), "/login/unsent")
	if b.Path != "/admin/domains" {
		t.Errorf("left for %s", b.Path)
	}
	gone("chief")

	keep()
	elsewhere := webtest.SignedInAs(t, s, "chief")
	if elsewhere.Open("/login/unsent"); elsewhere.Status != 404 {
		t.Errorf("shown in another browser: %d", elsewhere.Status)
	}
}

// TestWhatIsNotKept: what guards an account, what is too large, what another site
// sends, and what comes from a browser in which nobody ever signed in.
func TestWhatIsNotKept(t *testing.T) {
	s := webtest.DeskSite(t)
	b := chief(t, s)
	large := url.Values{"id": {strings.Repeat("x", 65<<10)}}
	for what, r := range map[string]*http.Response{
		"a large form":     b.Send("POST", "/admin/groups/choose", webtest.Form(large.Encode())),
		"an old password":  b.Send("POST", "/me/password", webtest.Form("present=a&password=b")),
		"no form":          b.Send("POST", "/admin/domains"),
		"a stranger's":     webtest.NewBrowser(t, s).Send("POST", "/admin/domains", webtest.Form(late.Encode())),
		"another site's":   sendLate(b, late, webtest.Header("Sec-Fetch-Site", "cross-site")),
		"the editor's own": b.Send("POST", "/studio/projects/import", webtest.Form("a=b"), webtest.Header(frame.SwapHeader, "1")),
	} {
		if r.StatusCode == http.StatusSeeOther {
			t.Errorf("%s is kept", what)
		}
		for _, c := range r.Cookies() {
			if c.Name == "unsent" {
				t.Errorf("%s is kept", what)
			}
		}
	}
	r := b.Send("POST", "/me/password", webtest.Form("present=a&password=b"), webtest.Header("Referer", "http://example.com/me"))
	if page := webtest.Text(t, r); r.StatusCode != http.StatusUnauthorized || !strings.Contains(page, `href="/login?next=%2Fme"`) {
		t.Errorf("%d: %s", r.StatusCode, webtest.MainOf(page))
	}
	for referer, next := range map[string]string{"http://evil.example/me": "%2F", "http://example.com//evil.example/": "%2F", "http://example.com/me/password": "%2F", "": "%2F", "http://example.com/admin/users?q=a": "%2Fadmin%2Fusers%3Fq%3Da"} {
		page := webtest.Text(t, b.Send("POST", "/me/password", webtest.Form("present=a"), webtest.Header("Referer", referer)))
		if !strings.Contains(page, `href="/login?next=`+next+`"`) {
			t.Errorf("from %q: %s", referer, webtest.MainOf(page))
		}
	}
}

// TestAnAnswerOutlivesItsSession: who answers a page of their execution after their
// session has ended is asked to sign in, and answers then. Where there is no such
// execution, they are told after that.
func TestAnAnswerOutlivesItsSession(t *testing.T) {
	s := webtest.DeskSite(t)
	webtest.AddUser(t, s, "camille", access.User, "production")
	b := webtest.SignedInAs(t, s, "camille").Open("/r/lamp?lang=en")
	page := b.Path
	values := b.Fields()
	values.Set("answer", "green")
	endSessions(t, s, "camille")
	for _, change := range [][]func(*http.Request){nil, {webtest.Header(frame.SwapHeader, "1")}} {
		r := b.Send("POST", page, append(change, webtest.Form(values.Encode()))...)
		if to := r.Header.Get("Location") + r.Header.Get("Swap-Location"); to != "/login?next=%2Flogin%2Funsent" {
			t.Fatalf("%d to %q", r.StatusCode, to)
		}
	}
	for _, address := range []string{page, "/x/nowhere"} {
		if r := b.Send("GET", address); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/login?next="+url.QueryEscape(address) {
			t.Errorf("%s: %d", address, r.StatusCode)
		}
	}
	signInTo(b, "camille", "/login/unsent")
	b.Follow(b.Send("POST", page, webtest.Form(hiddenOf(b.Page).Encode())), page)
	if b.Status != 200 || b.Path == page {
		t.Errorf("%s: %d %s", b.Path, b.Status, webtest.MainOf(b.Page))
	}
}

// TestAFormWaitsForANewPassword: whoever has to change their password first is led
// to the form afterwards, and reads where it goes.
func TestAFormWaitsForANewPassword(t *testing.T) {
	s := webtest.DeskSite(t)
	b := chief(t, s)
	other := webtest.AddUser(t, s, "other", access.User, "production")
	target := "/admin/users/" + other.ID + "/state"
	r := b.Send("POST", target, webtest.Form("state=suspended&version=1"), webtest.Header("Referer", "http://example.com/admin/users/"+other.ID))
	if r.Header.Get("Location") != "/login?next=%2Flogin%2Funsent" {
		t.Fatalf("not kept: %d %s", r.StatusCode, r.Header.Get("Location"))
	}
	u, err := s.Content.UserByLogin(t.Context(), "chief")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Content.SetFirstPassword(t.Context(), u.ID, u.Password, "test"); err != nil {
		t.Fatal(err)
	}
	if signInTo(b, "chief", "/login/unsent"); b.Path != "/me" {
		t.Fatalf("it leads to %s: %s", b.Path, webtest.MainOf(b.Page))
	}
	b.Follow(b.Send("POST", "/me/password", webtest.Form(url.Values{"present": {webtest.GoodPassword}, "password": {"another good password"}}.Encode())), "/me/password")
	b.Sees("<dt>state</dt>", "suspended</dd>", target+"</dd>")
}

// TestHiddenFieldsAreNotKept looks through every page for fields in which what is
// typed is hidden: each names itself as one that is not to be kept.
func TestHiddenFieldsAreNotKept(t *testing.T) {
	seen := 0
	for _, sample := range views.Samples(ui.Chrome{Words: ui.In("en")}) {
		var out strings.Builder
		if err := sample.Page.View().Render(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		root, err := nethtml.Parse(strings.NewReader(out.String()))
		if err != nil {
			t.Fatal(err)
		}
		hidden, unkept := map[string]bool{}, map[string]bool{}
		for n := range root.Descendants() {
			if n.DataAtom != atom.Input {
				continue
			}
			of := map[string]string{}
			for _, a := range n.Attr {
				of[a.Key] = a.Val
			}
			switch {
			case of["type"] == "password":
				hidden[of["name"]] = true
			case of["name"] == frame.UnkeptField:
				unkept[of["value"]] = true
			}
		}
		for field := range hidden {
			if seen++; !unkept[field] {
				t.Errorf("%s: what is typed in %s would be kept", sample.Name, field)
			}
		}
	}
	if seen < 8 {
		t.Errorf("only %d fields were looked at", seen)
	}
}
