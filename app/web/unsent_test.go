package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html/atom"

	nethtml "golang.org/x/net/html"

	"selfhelp/app/access"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
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

// wayToUnsent is where a form leads that came too late.
const wayToUnsent = "/login?next=%2Flogin%2Funsent"

// camille is a browser of somebody in the middle of an execution, whose session has
// ended, and the form of the page.
func camille(t *testing.T, s *frame.Site) (b *webtest.Browser, page string, form url.Values) {
	t.Helper()
	webtest.AddUser(t, s, "camille", access.User, "production")
	b = webtest.SignedInAs(t, s, "camille").Open("/r/lamp?lang=en", webtest.Header("Accept-Language", "en"))
	form = b.Fields()
	form.Set("answer", "green")
	endSessions(t, s, "camille")
	return b, b.Path, form
}

func sendLate(t *testing.T, b *webtest.Browser, page string, form url.Values, change ...func(*http.Request)) {
	t.Helper()
	r := b.Send("POST", page, append([]func(*http.Request){webtest.Form(form.Encode())}, change...)...)
	if to := r.Header.Get("Location") + r.Header.Get("Swap-Location"); to != wayToUnsent {
		t.Fatalf("%s: %d to %q", page, r.StatusCode, to)
	}
}

func signInTo(b *webtest.Browser, login, next string) *webtest.Browser {
	values := url.Values{"login": {login}, "password": {webtest.GoodPassword}, "next": {next}}
	return b.Follow(b.Send("POST", "/login", webtest.Form(values.Encode())), "/login")
}

var (
	hiddenInput = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
	formAction  = regexp.MustCompile(`action="([^"]*unsent=[^"]*)"`)
)

// unsentForm is the address and the fields of a page's first form.
func unsentForm(t *testing.T, page string) (string, url.Values) {
	t.Helper()
	action := formAction.FindStringSubmatch(page)
	if action == nil {
		t.Fatalf("no form waits: %s", webtest.MainOf(page))
	}
	page, _, _ = strings.Cut(page[strings.Index(page, "<main"):], "</form>")
	values := url.Values{}
	for _, f := range hiddenInput.FindAllStringSubmatch(page, -1) {
		values.Add(f[1], html.UnescapeString(f[2]))
	}
	return html.UnescapeString(action[1]), values
}

// TestATypedFormOutlivesItsSession goes the whole way: the form is kept, shown to
// its person after they signed in, in the words of its page, and sent once by their
// click. Back and a second click say that it was sent.
func TestATypedFormOutlivesItsSession(t *testing.T) {
	s := webtest.DeskSite(t)
	b, page, form := camille(t, s)
	typed := url.Values{"secret": {"hush"}, frame.UnkeptField: {"secret"}}
	for name, v := range form {
		typed[name] = v
	}
	sendLate(t, b, page, typed)
	sendLate(t, b, page, typed, webtest.Header(frame.SwapHeader, "1")) // a double click
	b.Open(wayToUnsent).Sees("What you typed is kept")
	signInTo(b, "camille", "/login/unsent").Sees("Your form was not sent", "Green</dd>").SeesNot("hush", "<dt>state", "<dt>turn", "<dt>pass", form.Get("state")+"</dd>", page+"</")
	target, got := unsentForm(t, b.Page)
	if got.Encode() != form.Encode() {
		t.Errorf("kept: %v", got)
	}
	if n := strings.Count(b.Page, "Send the form now"); n != 1 {
		t.Errorf("it waits %d times", n)
	}
	b.Open("/login/unsent").Sees("Green</dd>") // read again
	b.Follow(b.Send("POST", target, webtest.Form(got.Encode())), page)
	if b.Status != 200 || b.Path == page {
		t.Errorf("%s: %d %s", b.Path, b.Status, webtest.MainOf(b.Page))
	}
	for _, method := range []string{"GET", "POST"} {
		at := map[string]string{"GET": "/login/unsent", "POST": target}[method]
		if b.Follow(b.Send(method, at, webtest.Form(got.Encode())), "/login/unsent").Sees("Your form was sent", `href="`+page+`"`).SeesNot("Green"); b.Status != 200 || b.Path != "/login/unsent" {
			t.Errorf("%d at %s", b.Status, b.Path)
		}
	}
}

// TestTypedFormsAreTheirPersons: nobody else at the browser, nobody elsewhere, and
// nobody later sees one.
func TestTypedFormsAreTheirPersons(t *testing.T) {
	clock := clocktest.At(time.Now())
	s := webtest.DeskSite(t, func(c *frame.Config) { c.Now = clock.Now })
	webtest.AddUser(t, s, "other", access.User, "production")
	b, page, form := camille(t, s)
	keep := func() {
		t.Helper()
		endSessions(t, s, "camille")
		sendLate(t, b, page, form)
	}
	gone := func(who string) {
		t.Helper()
		if signInTo(b, who, "/login/unsent").SeesNot("Green"); b.Status != 200 || b.Path != "/" { // nothing waits: it leads home
			b.Open("/login/unsent").SeesNot("Green")
		}
		if b.Open("/login/unsent").Sees("No form is waiting here", `href="/"`).SeesNot("Green"); b.Status != 404 {
			t.Errorf("%s: %d at %s: %s", who, b.Status, b.Path, webtest.MainOf(b.Page))
		}
	}
	keep()
	gone("other")
	gone("camille") // and it is not there any more for its person

	b = signInTo(webtest.NewBrowser(t, s), "camille", page)
	keep()
	clock.Pass(16 * time.Minute)
	gone("camille")
	keep()
	signInTo(b, "camille", "/login/unsent").Sees("Green")
	target, _ := unsentForm(t, b.Page)
	_, id, _ := strings.Cut(target, "unsent=")
	b.Follow(b.Send("POST", "/login/unsent", webtest.Form("form="+id)), "/login/unsent")
	if b.Path != page {
		t.Errorf("left for %s", b.Path)
	}
	gone("camille")

	keep()
	elsewhere := webtest.SignedInAs(t, s, "camille")
	if elsewhere.Open("/login/unsent"); elsewhere.Status != 404 {
		t.Errorf("shown in another browser: %d", elsewhere.Status)
	}
}

// TestFormsOfTheAdministrationAreFilledInAgain: what changes rights or secrets is
// never kept. After signing in one sentence says so, and leads back.
func TestFormsOfTheAdministrationAreFilledInAgain(t *testing.T) {
	s := webtest.DeskSite(t)
	b := chief(t, s)
	b.Open("/login?next=/login/unsent").SeesNot("What you typed is kept", "not kept", `value="/login/unsent"`)
	form := url.Values{"id": {"training"}, "title_en": {"Training"}}
	sendLate(t, b, "/admin/domains", form, webtest.Header("Referer", "http://example.com/admin/domains?q=a"))
	sendLate(t, b, "/me/password", url.Values{"present": {"a"}, "password": {"b"}}, webtest.Header("Referer", "http://example.com/me"))
	b.Open(wayToUnsent).Sees("fill it in again").SeesNot("What you typed is kept")
	signInTo(b, "chief", "/login/unsent").Sees("has to be filled in again", "Domains</h2>", "Create the domain</p>", "My profile</h2>", "Change the password</p>").SeesNot("Training", "Send the form now")
	if to := leave(t, b); to != "/admin/domains?q=a" {
		t.Errorf("it leads back to %s", to)
	}
	if to := leave(t, b, "stay", "yes"); to != "/" { // none is left
		t.Errorf("it leads to %s", to)
	}
	if b.Open("/login/unsent"); b.Status != http.StatusNotFound {
		t.Errorf("%d: they are told of still", b.Status)
	}
	if _, err := s.Content.Domain(t.Context(), "training"); err == nil {
		t.Error("the form was sent")
	}
}

// leave leaves the first form of the page of what was not sent, and says where that
// leads.
func leave(t *testing.T, b *webtest.Browser, more ...string) string {
	t.Helper()
	found := regexp.MustCompile(`name="form" value="([^"]*)"`).FindStringSubmatch(b.Open("/login/unsent").Page)
	if found == nil {
		t.Fatalf("no form: %s", webtest.MainOf(b.Page))
	}
	values := url.Values{"form": {found[1]}}
	for i := 0; i < len(more); i += 2 {
		values.Set(more[i], more[i+1])
	}
	return b.Send("POST", "/login/unsent", webtest.Form(values.Encode())).Header.Get("Location")
}

// TestOnlyWorkIsKept: the list of forms that are kept is short, and none of them
// changes rights, secrets, accounts or the server.
func TestOnlyWorkIsKept(t *testing.T) {
	var kept []string
	for _, rt := range webtest.NewSite(t).Table() {
		if rt.Keep == nil {
			continue
		}
		kept = append(kept, rt.Pattern)
		if rt.Needs != access.ContinueExecution && rt.Needs != access.ModifyProject || rt.Whole {
			t.Errorf("%s is kept", rt.Pattern)
		}
	}
	want := []string{
		"POST /x/{execution}/{step}", "POST /studio/p/{project}/notes/answer", "POST /studio/p/{project}/d/{procedure}/operations", "POST /studio/p/{project}/d/{procedure}/translate",
	}
	if !slices.Equal(kept, want) {
		t.Errorf("kept: %q", kept)
	}
}

// TestSeveralFormsWait: two tabs keep two forms, also when one of them signed out;
// where there is no room for more, it is said.
func TestSeveralFormsWait(t *testing.T) {
	s := webtest.DeskSite(t)
	b, page, form := camille(t, s)
	sendLate(t, b, page, form)
	b.Send("POST", "/logout")
	other := url.Values{"postit": {"The lamp is not shown."}, "do": {"postit"}}
	for _, name := range []string{"state", "pass", "turn", frame.PageField} {
		other[name] = form[name]
	}
	sendLate(t, b, page, other)
	signInTo(b, "camille", "/login/unsent").Sees("Green</dd>", "The lamp is not shown.</dd>").SeesNot("filled in again")
	endSessions(t, s, "camille")
	for i := range 12 {
		other.Set("postit", "Note "+strings.Repeat("x", i))
		sendLate(t, b, page, other)
	}
	signInTo(b, "camille", "/login/unsent").Sees("Green</dd>", "The lamp is not shown.</dd>", "Note xx</dd>", "has to be filled in again").SeesNot("Note xxx</dd>")
	if n := strings.Count(b.Page, "Send the form now"); n != 5 {
		t.Errorf("%d forms wait", n)
	}
}

// TestAButtonLosesNothing: whoever only goes back is led to the page, and no form
// waits.
func TestAButtonLosesNothing(t *testing.T) {
	s := webtest.DeskSite(t)
	b, page, form := camille(t, s)
	form.Del("answer")
	form.Set("do", "back")
	if r := b.Send("POST", page, webtest.Form(form.Encode())); r.Header.Get("Location") != "/login?next="+url.QueryEscape(page) {
		t.Errorf("it leads to %q", r.Header.Get("Location"))
	}
}

// TestWhatIsNotKept: what is too large, what another site sends, and what comes
// from a browser in which nobody ever signed in.
func TestWhatIsNotKept(t *testing.T) {
	s := webtest.DeskSite(t)
	b, page, form := camille(t, s)
	for what, r := range map[string]*http.Response{
		"no form":          b.Send("POST", page),
		"a stranger's":     webtest.NewBrowser(t, s).Send("POST", page, webtest.Form(form.Encode())),
		"another site's":   b.Send("POST", page, webtest.Form(form.Encode()), webtest.Header("Sec-Fetch-Site", "cross-site")),
		"the editor's own": b.Send("POST", "/studio/import", webtest.Form("a=b"), webtest.Header(frame.SwapHeader, "1")),
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
	form.Set("postit", strings.Repeat("x", 65<<10))
	sendLate(t, b, page, form, webtest.Header("Referer", "http://example.com"+page))
	signInTo(b, "camille", "/login/unsent").Sees("has to be filled in again", "What colour?</h2>").SeesNot("xxxx", "Send the form now")
	if to := leave(t, b); to != page {
		t.Errorf("it leads back to %s", to)
	}
}

// TestWhereALostFormStood: only pages of ours are led back to.
func TestWhereALostFormStood(t *testing.T) {
	s := webtest.DeskSite(t)
	b := chief(t, s)
	for referer, page := range map[string]string{"http://evil.example/me": "/", "http://example.com//evil.example/": "/", "http://example.com/me/password": "/", "": "/", "http://example.com/admin/users?q=a": "/admin/users?q=a"} {
		endSessions(t, s, "chief")
		sendLate(t, b, "/me/password", url.Values{"present": {"a"}}, webtest.Header("Referer", referer))
		if to := leave(t, signInTo(b, "chief", "/login/unsent")); to != page {
			t.Errorf("from %s it leads back to %s", referer, to)
		}
	}
}

// TestAnAnswerOutlivesItsSession: who opens a page of their execution after their
// session has ended is asked to sign in. Where there is no such execution, they are
// told after that.
func TestAnAnswerOutlivesItsSession(t *testing.T) {
	s := webtest.DeskSite(t)
	b, page, _ := camille(t, s)
	for _, address := range []string{page, "/x/nowhere"} {
		if r := b.Send("GET", address); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/login?next="+url.QueryEscape(address) {
			t.Errorf("%s: %d", address, r.StatusCode)
		}
	}
}

// TestASessionForRunningProceduresReadsNoOther: what was typed in a session that
// opens everything is not shown in one that a product vouches for; the contrary is.
func TestASessionForRunningProceduresReadsNoOther(t *testing.T) {
	s := webtest.DeskSite(t)
	b, page, form := camille(t, s)
	sendLate(t, b, page, form)
	runOnly(t, s, b, "camille")
	if b.Open("/login/unsent").SeesNot("Green"); b.Status != 404 {
		t.Errorf("%d", b.Status)
	}
	theirs := b.Open(page).Fields()
	theirs.Set("answer", "red")
	endSessions(t, s, "camille")
	sendLate(t, b, page, theirs)
	runOnly(t, s, b, "camille")
	b.Open("/login/unsent").Sees("Red</dd>").SeesNot("Green")
	endSessions(t, s, "camille")
	signInTo(b, "camille", "/login/unsent").Sees("Red</dd>", "Green</dd>") // it waits for its person all the same
}

// TestPagesOfAnotherPerson stay open in a browser that somebody else uses now: what
// is sent from them goes back to who sent it, and is kept for nobody. Those of who is
// there last are kept, whoever was there between.
func TestPagesOfAnotherPerson(t *testing.T) {
	s := webtest.DeskSite(t)
	b, page, form := camille(t, s)
	webtest.AddUser(t, s, "other", access.User, "production")
	signInTo(b, "other", "/")
	endSessions(t, s, "other")
	b.Follow(b.Send("POST", page, webtest.Form(form.Encode())), page).Sees("the account camille", "not signed in any more", ">green</p>")
	if b.Status != http.StatusConflict {
		t.Error(b.Status)
	}
	signInTo(b, "other", "/login/unsent").Sees("No form is waiting here").SeesNot("reen")
	signInTo(b, "camille", "/")
	endSessions(t, s, "camille")
	sendLate(t, b, page, form)
	signInTo(b, "camille", "/login/unsent").Sees("Green</dd>")
}

// TestATextOfTheStudioOutlivesItsSession: what changed in a step is shown by its
// label, not what the form carries along; when the procedure is gone meanwhile, the
// text is still there to be copied.
func TestATextOfTheStudioOutlivesItsSession(t *testing.T) {
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
	const lamp = "lampaaaaaaaaaaaaaaaaaaaaaa"
	page := "/studio/p/" + project.ID + "/d/" + lamp
	form := url.Values{"revision": {"1"}, "step": {"colour"}, "lang": {"en"}, "tab": {"content"}, "do": {"save"}, "t:title:en": {"Which colour is it?"}, frame.PageField: {markOf(t, b)}}
	sendLate(t, b, page+"/operations", form)
	signInTo(b, "chief", "/login/unsent").Sees(">Which colour is it?</dd>").SeesNot("<dt>t:title", ">colour</dd>", ">content</dd>", ">1</dd>")
	b.Sees("<dt>Title en</dt>", "The lamp is broken</h2>", ">Question · What colour?</p>")
	target, got := unsentForm(t, b.Page)
	b.Follow(b.Send("POST", target, webtest.Form(got.Encode())), target)
	if p, err := s.Content.Procedure(t.Context(), project.ID, lamp); err != nil || p.Data.Step("colour").Title.In["en"] != "Which colour is it?" {
		t.Errorf("it was not saved: %v, %d at %s", err, b.Status, b.Path)
	}
	endSessions(t, s, "chief")
	form.Set("step", "nowhere")
	sendLate(t, b, "/studio/p/"+project.ID+"/d/gone/operations", form)
	signInTo(b, "chief", "/login/unsent").Sees(">Which colour is it?</dd>", "cannot be sent from here").SeesNot(">nowhere</dd>", ">content</dd>", "Send the form now")
}

// TestOurOwnLookIsNobodysRefusal: the page of what waits looks at the form's page on
// the person's behalf; that they may not see it any more is no refusal of theirs.
func TestOurOwnLookIsNobodysRefusal(t *testing.T) {
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
	page := "/studio/p/" + project.ID + "/d/lampaaaaaaaaaaaaaaaaaaaaaa"
	form := url.Values{"revision": {"1"}, "step": {"colour"}, "lang": {"en"}, "tab": {"content"}, "do": {"save"}, "t:title:en": {"Which colour is it?"}, frame.PageField: {markOf(t, b)}}
	sendLate(t, b, page+"/operations", form)
	second := webtest.AddUser(t, s, "second", access.Administrator) // there is always one
	second.Everywhere = true
	if _, err := s.Content.SaveUser(t.Context(), second, "test"); err != nil {
		t.Fatal(err)
	}
	if u, err = s.Content.User(t.Context(), u.ID); err != nil {
		t.Fatal(err)
	}
	u.Role = access.User
	if _, err := s.Content.SaveUser(t.Context(), u, "test"); err != nil {
		t.Fatal(err)
	}
	signInTo(b, "chief", "/login/unsent").Sees(">Which colour is it?</dd>")
	if entries, err := s.Content.AuditLike(t.Context(), store.AuditFilter{Action: "access.refused", Limit: 10}); err != nil || len(entries) > 0 {
		t.Errorf("refused: %+v %v", entries, err)
	}
	b.Open(page)
	if entries, err := s.Content.AuditLike(t.Context(), store.AuditFilter{Action: "access.refused", Limit: 10}); err != nil || len(entries) != 1 {
		t.Errorf("when they go there themselves: %d, want 1 (%v)", len(entries), err)
	}
}

// TestAJourneyAfterTheSessionIsAGuests: whoever begins one when their session has
// ended is told that it is not theirs by their account, and loses nothing by signing
// in. Who never signed in, or signed out, is told nothing.
func TestAJourneyAfterTheSessionIsAGuests(t *testing.T) {
	s := webtest.DeskSite(t)
	const told = "You are no longer signed in"
	b, _, _ := camille(t, s)
	if b.Open("/r/lamp?lang=en").Sees(told, `href="/login?next=`+url.QueryEscape(b.Path)+`"`); b.Status != 200 {
		t.Fatal(b.Status)
	}
	b.Answer("answer", "green").SeesNot(told).Sees("Mended")
	page := b.Path
	if signInTo(b, "camille", page).Sees("Mended"); b.Path != page {
		t.Errorf("signed in, it leads to %s", b.Path)
	}
	b.Open("/r/lamp?lang=en").SeesNot(told)
	b.Send("POST", "/logout")
	b.Open("/r/lamp?lang=en").SeesNot(told)
	webtest.NewBrowser(t, s).Open("/r/lamp?lang=en").SeesNot(told)
}

// TestAFormWaitsForANewPassword: whoever has to change their password first is led
// to the form afterwards.
func TestAFormWaitsForANewPassword(t *testing.T) {
	s := webtest.DeskSite(t)
	b, page, form := camille(t, s)
	sendLate(t, b, page, form)
	u, err := s.Content.UserByLogin(t.Context(), "camille")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Content.SetFirstPassword(t.Context(), u.ID, u.Password, "test"); err != nil {
		t.Fatal(err)
	}
	if signInTo(b, "camille", "/login/unsent"); b.Path != "/me" {
		t.Fatalf("it leads to %s: %s", b.Path, webtest.MainOf(b.Page))
	}
	b.Follow(b.Send("POST", "/me/password", webtest.Form(url.Values{"present": {webtest.GoodPassword}, "password": {"another good password"}}.Encode())), "/me/password")
	b.Sees("Green</dd>")
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
