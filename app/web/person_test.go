package web_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

var pageMark = regexp.MustCompile(`name="` + frame.PageField + `" value="([^"]*)"`)

// markOf is what the forms of a page say of whom it is for.
func markOf(t *testing.T, b *webtest.Browser) string {
	t.Helper()
	found := pageMark.FindStringSubmatch(b.Page)
	if found == nil {
		t.Fatalf("%s does not say whom it is for: %s", b.Path, webtest.MainOf(b.Page))
	}
	return html.UnescapeString(found[1])
}

// handOver signs the person of a browser out and another in, behind the back of its
// pages.
func handOver(b *webtest.Browser, login string) {
	b.Send("POST", "/logout")
	signInTo(b, login, "/")
}

// runOnly gives a browser a session for running procedures.
func runOnly(t *testing.T, s *frame.Site, b *webtest.Browser, login string) {
	t.Helper()
	u, err := s.Content.UserByLogin(t.Context(), login)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	of := store.Session{User: u.ID, Method: "host", Agent: "Go", Address: "192.0.2.1", Era: u.Era, Began: s.Now()}
	if err := s.Sessions.Begin(t.Context(), w, "", of, admission.Entry{User: u, Method: "host", RunOnly: true, Proved: s.Now()}); err != nil {
		t.Fatal(err)
	}
	s.KnowDevice(w, u.ID)
	b.Keep(w.Result())
}

// TestAPageOfSomebodyElseSavesNothing: a page that stayed open says whom it is for, by
// its script and by its forms, and is refused while another is signed in in its
// browser, or nobody is after another.
func TestAPageOfSomebodyElseSavesNothing(t *testing.T) {
	s := webtest.DeskSite(t)
	webtest.AddUser(t, s, "zoë", access.Writer, "production")
	webtest.AddUser(t, s, "other", access.Writer, "production")
	b := webtest.SignedInAs(t, s, "zoë").Open("/studio")
	zoe := markOf(t, b)
	if !strings.Contains(b.Page, `data-person="`+zoe+`"`) {
		t.Error("the scripts of the page do not know whom it is for")
	}
	ways := map[string]func(mark string) func(*http.Request){
		"a script": func(mark string) func(*http.Request) {
			return func(r *http.Request) {
				webtest.Form("x=1")(r)
				webtest.Header(frame.SwapHeader, "1")(r)
				webtest.Header(frame.PersonHeader, mark)(r)
			}
		},
		"a form": func(mark string) func(*http.Request) {
			return webtest.Form(url.Values{frame.PageField: {mark}, "x": {"1"}}.Encode())
		},
		"a form in parts": func(mark string) func(*http.Request) {
			return webtest.Parts(frame.PageField, mark, "x", strings.Repeat("1", 3000))
		},
	}
	for what, way := range ways {
		b := webtest.SignedInAs(t, s, "other").Open("/studio")
		for mark, want := range map[string]int{zoe: http.StatusConflict, "zoë": http.StatusConflict, markOf(t, b): http.StatusNotFound, "": http.StatusNotFound} {
			if r := b.Send("POST", "/studio/p/none/notes", way(mark)); r.StatusCode != want {
				t.Errorf("%s of %q: %d, want %d", what, mark, r.StatusCode, want)
			}
		}
		b.Follow(b.Send("POST", "/studio/import", way(zoe), webtest.Header("Accept-Language", "en")), "/studio/import").Sees("belongs to another account", "the account zoë", "the account other")
		endSessions(t, s, "other")
		b.Follow(b.Send("POST", "/studio/import", way(zoe), webtest.Header("Accept-Language", "en")), "/studio/import").Sees("belongs to another account", "not signed in any more")
		if b.Status != http.StatusConflict {
			t.Errorf("%s while nobody is signed in: %d", what, b.Status)
		}
	}
	if b.Send("POST", "/logout", webtest.Form(url.Values{frame.PageField: {markOf(t, webtest.SignedInAs(t, s, "other").Open("/studio"))}}.Encode())).StatusCode != http.StatusSeeOther {
		t.Error("nobody can sign out by the page of another")
	}
}

// TestFormsOfAnotherAccountAreNotSaved: whoever works without script saves nothing of
// the administration by a page that somebody else left open.
func TestFormsOfAnotherAccountAreNotSaved(t *testing.T) {
	s := webtest.DeskSite(t)
	b := chief(t, s)
	u := webtest.AddUser(t, s, "deputy", access.Administrator)
	u.Everywhere = true
	if _, err := s.Content.SaveUser(t.Context(), u, "test"); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"id": {"training"}, "title_en": {"Training"}, "title_fr": {"Formation"}, frame.PageField: {markOf(t, b)}}
	signInTo(b, "deputy", "/admin/domains")
	if b.Follow(b.Send("POST", "/admin/domains", webtest.Form(form.Encode())), "/admin/domains").Sees("the account chief").SeesNot("Training"); b.Status != http.StatusConflict {
		t.Error(b.Status)
	}
	if _, err := s.Content.Domain(t.Context(), "training"); err == nil {
		t.Error("the form was sent as somebody else's")
	}
	form.Set(frame.PageField, markOf(t, b.Open("/admin/domains")))
	if r := b.Send("POST", "/admin/domains", webtest.Form(form.Encode())); r.StatusCode != http.StatusSeeOther {
		t.Errorf("their own: %d %s", r.StatusCode, webtest.Text(t, r))
	}
}

// TestWorkThatIsRefusedGoesBack: who sent it reads that nothing was saved, and what
// they typed, to copy it. It is kept nowhere.
func TestWorkThatIsRefusedGoesBack(t *testing.T) {
	s := webtest.DeskSite(t)
	webtest.AddUser(t, s, "camille", access.User, "production")
	webtest.AddUser(t, s, "other", access.User, "production")
	english := webtest.Header("Accept-Language", "en")
	answer := func(b *webtest.Browser) url.Values {
		form := b.Fields()
		for name, value := range map[string]string{"do": "postit", "postit": "My own words.", "secret": "hush", frame.UnkeptField: "secret"} {
			form.Set(name, value)
		}
		return form
	}
	sent := func(b *webtest.Browser, to string, form url.Values, status int, texts ...string) {
		t.Helper()
		b.Follow(b.Send("POST", to, webtest.Form(form.Encode())), to).Sees(append(texts, ">My own words.</dd>")...).SeesNot("hush", ">colour</dd>", ">postit</dd>")
		if b.Status != status {
			t.Errorf("%s: %d, want %d", to, b.Status, status)
		}
		if b.Open("/login/unsent").SeesNot("My own words."); b.Status != http.StatusNotFound {
			t.Errorf("%d: it is kept", b.Status)
		}
	}

	b := webtest.SignedInAs(t, s, "camille").Open("/r/lamp?lang=en", english)
	page, form := b.Path, answer(b)
	handOver(b, "other")
	sent(b, page, form, http.StatusConflict, "the account camille", "What you typed")

	b = webtest.NewBrowser(t, s).Open("/r/lamp?lang=en", english)
	page, form = b.Path, answer(b)
	b = webtest.SignedInAs(t, s, "other").Open("/", english) // a guest's page, and nothing left of the guest
	sent(b, page, form, http.StatusNotFound, "Nothing of what you sent was saved")

	b = chief(t, s)
	mark := markOf(t, b)
	u, err := s.Content.UserByLogin(t.Context(), "chief")
	if err != nil {
		t.Fatal(err)
	}
	project, err := s.Content.CreateProject(t.Context(), "production", webtest.Desk(t), u.ID)
	if err != nil {
		t.Fatal(err)
	}
	runOnly(t, s, b, "chief")
	form = url.Values{"revision": {"1"}, "step": {"colour"}, "do": {"save"}, "t:title:en": {"My own words."}, frame.PageField: {mark}}
	sent(b, "/studio/p/"+project.ID+"/d/lampaaaaaaaaaaaaaaaaaaaaaa/operations", form, http.StatusForbidden, "Nothing of what you sent was saved")
}
