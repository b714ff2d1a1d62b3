package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
)

// unkeptForms are the forms that are filled in again after a session has ended, by how
// their addresses begin or end, each with its reason. After signing in, their person is
// told so and led back.
var unkeptForms = map[string][]string{
	"it changes accounts, rights or the server: what is sent later must not be what somebody no longer looks at": {
		"POST /admin/*", "POST /me", "POST /me/*", "POST /studio/p/{project}/settings/reach", "POST /studio/p/{project}/settings/owner", "POST /studio/p/{project}/settings/rights",
	},
	"it holds a file": {"POST /studio/import", "POST /studio/p/{project}/resources"},
	"it says who may run what is published, and what that is: both are looked at anew": {
		"POST /studio/p/{project}/publish", "POST /studio/p/{project}/versions/{number}/{do}",
	},
	"a press of a button, in which nothing is typed": {
		"*/copy", "*/delete", "*/restore", "*/update", "POST /studio/p/{project}/notes", "POST /login/unsent", "POST /r/{alias}", "POST /studio/p/{project}/d/{procedure}/test*",
	},
	"its page is that of a trial, which no address leads back to": {"POST /studio/p/{project}/d/{procedure}/keep"},
}

func unkeptBecause(pattern string) (why string) {
	for reason, patterns := range unkeptForms {
		for _, p := range patterns {
			begins, open := strings.CutSuffix(p, "*")
			ends, any := strings.CutPrefix(p, "*")
			if p == pattern || open && strings.HasPrefix(pattern, begins) || any && strings.HasSuffix(pattern, ends) {
				why = reason
			}
		}
	}
	return why
}

// TestEachFormIsKeptOrHasAReason walks through the table: what a page sends is kept, or
// named above; and nothing that is kept changes rights, secrets, accounts or the server.
func TestEachFormIsKeptOrHasAReason(t *testing.T) {
	kept := 0
	for _, rt := range webtest.NewSite(t).Table() {
		method, path, _ := strings.Cut(rt.Pattern, " ")
		if method != http.MethodPost || rt.Needs == access.Public || strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/scim/") {
			continue
		}
		why := unkeptBecause(rt.Pattern)
		switch {
		case rt.Keep == nil && why == "":
			t.Errorf("%s is neither kept nor said why not", rt.Pattern)
		case rt.Keep == nil:
		case why != "":
			t.Errorf("%s is kept, though %s", rt.Pattern, why)
		default:
			switch kept++; rt.Needs {
			case access.ContinueExecution, access.ModifyProject, access.DesignProject, access.EnterStudio:
			default:
				t.Errorf("%s is kept, and needs %s", rt.Pattern, rt.Needs)
			}
			if rt.Whole {
				t.Errorf("%s is kept", rt.Pattern)
			}
		}
	}
	if kept < 10 {
		t.Errorf("only %d are kept", kept)
	}
}

// TestFormsOfTheStudioAreKept sends each of them too late: it waits by the labels of
// its page, and by the names of what was chosen.
func TestFormsOfTheStudioAreKept(t *testing.T) {
	s := webtest.DeskSite(t)
	b := chief(t, s)
	u, err := s.Content.UserByLogin(t.Context(), "chief")
	if err != nil {
		t.Fatal(err)
	}
	project, err := s.Content.CreateProject(t.Context(), "production", webtest.Desk(t), u.ID)
	if err != nil {
		t.Fatal(err)
	}
	mark, at := markOf(t, b), "/studio/p/"+project.ID
	for to, c := range map[string]struct {
		typed url.Values
		sees  []string
	}{
		"/studio/new":               {url.Values{"name": {"Broken lamps"}, "domain": {"production"}, "language": {"fr"}}, []string{"<dt>Name</dt>", ">Broken lamps</dd>", ">Français</dd>"}},
		at + "/procedures":          {url.Values{"title": {"Mend a lamp"}}, []string{">Mend a lamp</dd>"}},
		at + "/settings":            {url.Values{"version": {"1"}, "name.en": {"Broken lamps"}}, []string{">Broken lamps</dd>"}},
		at + "/settings/look":       {url.Values{"version": {"1"}, "hue": {"31"}}, []string{">31</dd>"}},
		at + "/settings/categories": {url.Values{"version": {"1"}, "id": {""}, "name.en": {"Lamps"}, "icon": {"box"}, "parent": {""}}, []string{">Lamps</dd>"}},
		at + "/settings/connectors": {url.Values{"version": {"1"}, "id": {""}, "name.en": {"Tickets"}, "kind": {""}}, []string{">Tickets</dd>"}},
		at + "/settings/news":       {url.Values{"version": {"1"}, "id": {""}, "title.en": {"New lamps"}}, []string{">New lamps</dd>"}},
	} {
		c.typed.Set(frame.PageField, mark)
		sendLate(t, b, to, c.typed)
		signInTo(b, "chief", "/login/unsent").Sees(c.sees...).Sees("Send the form now").SeesNot(">production</dd>", ">fr</dd>", "<dt>What you gave</dt>")
		leave(t, b)
		endSessions(t, s, "chief")
	}
	form := url.Values{"name": {"Broken lamps"}, "domain": {"production"}, "language": {"fr"}, frame.PageField: {mark}}
	sendLate(t, b, "/studio/new", form)
	signInTo(b, "chief", "/login/unsent")
	target, got := unsentForm(t, b.Page)
	if b.Follow(b.Send("POST", target, webtest.Form(got.Encode())), target).Sees("Broken lamps"); !strings.HasPrefix(b.Path, "/studio/p/") {
		t.Errorf("%d at %s", b.Status, b.Path)
	}
}

// TestWhatIsRefusedIsSaidByItsLabels: who gets back what they typed on the page of
// another account reads it by the labels that the page has for them too.
func TestWhatIsRefusedIsSaidByItsLabels(t *testing.T) {
	s := webtest.DeskSite(t)
	b := chief(t, s)
	webtest.AddUser(t, s, "writer", access.Writer, "production")
	webtest.AddUser(t, s, "reader", access.User, "production")
	form := url.Values{"name": {"Broken lamps"}, "domain": {"production"}, "language": {"fr"}, "unknown": {"u"}, frame.PageField: {markOf(t, b)}}
	signInTo(b, "writer", "/")
	b.Follow(b.Send("POST", "/studio/new", webtest.Form(form.Encode())), "/studio/new").Sees("the account chief", "<dt>Name</dt>", ">Broken lamps</dd>", ">Français</dd>").SeesNot(">production</dd>", ">fr</dd>")
	handOver(b, "reader")
	b.Follow(b.Send("POST", "/studio/new", webtest.Form(form.Encode())), "/studio/new").Sees("the account chief", ">Broken lamps</dd>").SeesNot("<dt>Name</dt>")
	if b.Status != http.StatusConflict {
		t.Error(b.Status)
	}
}

// TestALongPasswordIsSaidToBeLong: what makes a form of a login and a password too
// large is told, in each of them.
func TestALongPasswordIsSaidToBeLong(t *testing.T) {
	s := webtest.DeskSite(t)
	b := webtest.SignedInAs(t, s, chiefOf(t, s))
	guest := webtest.NewBrowser(t, s)
	english := webtest.Header("Accept-Language", "en")
	long := url.Values{"login": {"chief"}, "present": {"x"}, "password": {strings.Repeat("long ", 200<<10)}}
	for to, from := range map[string]*webtest.Browser{"/login": guest, "/setup": guest, "/reset/password": guest, "/me/password": b, "/admin/users/none/password": b} {
		from.Follow(from.Send("POST", to, webtest.Form(long.Encode()), english), to).Sees("1,000 characters at most", "What you typed is too long").SeesNot("over the limit of")
		if from.Status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d", to, from.Status)
		}
	}
}

func chiefOf(t *testing.T, s *frame.Site) string {
	chief(t, s)
	return "chief"
}

// TestWhatAnotherSiteSendsIsToldPlainly, with what to do about it.
func TestWhatAnotherSiteSendsIsToldPlainly(t *testing.T) {
	b := webtest.NewBrowser(t, webtest.NewSite(t))
	for lang, words := range map[string][]string{"en": {"This was sent from another site", "nothing was done", "tell the administrator"}, "fr": {"Cette demande vient d", "rien n", "prévenez l"}} {
		b.Follow(b.Send("POST", "/logout", webtest.Header("Sec-Fetch-Site", "cross-site"), webtest.Header("Accept-Language", lang)), "/logout").Sees(words...).SeesNot("for access", "demandez-en")
		if b.Status != http.StatusForbidden {
			t.Error(b.Status)
		}
	}
}
