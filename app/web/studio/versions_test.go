package studio_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// second is a second site that answers, or does not.
type second struct {
	away  error
	whole time.Time
}

func (s *second) Barrier(context.Context) error {
	if s.away == nil {
		s.whole = time.Now()
	}
	return s.away
}
func (*second) NewFile(string)           {}
func (*second) GoneFile(string)          {}
func (s *second) Copying() store.Copying { return store.Copying{Whole: s.whole, Well: s.away == nil} }

// TestThePageSaysThatTheSecondSiteLacksAPublication: a publication waits until the second
// site has it, and not for ever. Then the page of the versions says so, until it has.
func TestThePageSaysThatTheSecondSiteLacksAPublication(t *testing.T) {
	p := newPress(t, func(*procedure.Project) {})
	site := &second{}
	p.Store.CopyTo(site)
	const lacks = "The second site does not have everything that is online here yet"
	publish := func() *webtest.Browser {
		t.Helper()
		path := "/studio/p/" + p.project
		return p.b.Follow(p.b.Send("POST", path+"/publish", webtest.Form("for=everyone"), english), path+"/publish")
	}
	publish().Sees("is published").SeesNot(lacks)
	site.away = errors.New("nobody answers")
	publish().Sees("is published", lacks)
	p.b.Open("/studio/p/"+p.project+"/versions", english).Sees(lacks)
	site.away = nil
	if err := site.Barrier(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.b.Open("/studio/p/"+p.project+"/versions", english).SeesNot(lacks)
}

// TestATrialFromThePages publishes a version for everybody and one for a group,
// and ends the trial, by the forms that the pages show; each time the page says
// who begins on what.
func TestATrialFromThePages(t *testing.T) {
	p := newPress(t, func(o *procedure.Project) { o.Public = false })
	versions := "/studio/p/" + p.project + "/versions"
	post := func(path, body string, want int) {
		t.Helper()
		if r := p.b.Send("POST", path, webtest.Form(body), english); r.StatusCode != want {
			t.Fatalf("%s %s: %d, want %d", path, body, r.StatusCode, want)
		}
	}
	for _, name := range []string{"lea", "paul", "rose"} {
		webtest.AddUser(t, p.Site, name, access.User, "production")
	}
	if p.page().SeesNot("For whom").Sees("first make a group"); strings.Contains(p.b.Page, `value="trial"`) {
		t.Error("a trial is offered where there is no group to try with")
	}
	webtest.AddToGroup(t, p.Site, "lea", "production", "lyon")
	p.page().Sees("For whom", "On trial, for some groups only", `name="audience" value="lyon"`)

	post("/studio/p/"+p.project+"/publish", "for=everyone", http.StatusSeeOther)
	p.b.Open(versions, english).Sees("Version 1.0", "For everybody the project is for.", "4 people begin on it.").SeesNot("On trial with")
	post("/studio/p/"+p.project+"/publish", "for=trial", http.StatusUnprocessableEntity)
	post("/studio/p/"+p.project+"/publish", "for=trial&audience=unheard", http.StatusUnprocessableEntity)
	post("/studio/p/"+p.project+"/publish", "for=trial&audience=lyon&notes=Essai", http.StatusSeeOther)
	p.b.Open(versions, english).Sees("Version 2.0 is on trial", "On trial with: lyon.", "1 person begins on it.", "For everybody else the project is for.", "3 people begin on it.", "End the trial: give it to everybody")
	if d := p.b.Open("/studio/p/"+p.project, english).Page; !strings.Contains(d, "1.0") || strings.Contains(d, "2.0") {
		t.Error("the version on trial passes for the one that people get")
	}
	p.b.Open("/studio/p/"+p.project+"/publish?fix=2.0", english).Sees("Like version 2.0, this fix will be on trial with: lyon.")

	post(versions+"/2.0/try", "", http.StatusUnprocessableEntity) // none would be everybody
	post(versions+"/2.0/try", "audience=unheard", http.StatusUnprocessableEntity)
	post(versions+"/1.0/deactivate", "", http.StatusSeeOther)
	p.b.Open(versions, english).Sees("Every active version is on trial")

	g, err := p.Content.Groups(t.Context(), "production")
	if err == nil {
		err = p.Content.DeleteGroup(t.Context(), g[0].ID, g[0].Version, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	p.b.Open(versions, english).Sees("On trial with: lyon (this group no longer exists).", "0 people begin on it.")
	post(versions+"/2.0/open", "", http.StatusSeeOther)
	p.b.Open(versions, english).Sees("The trial is over", "4 people begin on it.").SeesNot("On trial with", "Every active version")
	if v, err := p.Content.Version(t.Context(), p.project, store.Number{Major: 2}); err != nil || len(v.Audience) != 0 {
		t.Errorf("2.0 is for %v (%v)", v.Audience, err)
	}
}

// TestWhoOnlyReadsChangesNoTrial lets somebody in who may read the project and
// publish nothing.
func TestWhoOnlyReadsChangesNoTrial(t *testing.T) {
	p := newPress(t, func(*procedure.Project) {})
	webtest.AddUser(t, p.Site, "eve", access.Manager, "production")
	webtest.AddToGroup(t, p.Site, "eve", "production", "lyon")
	p.publish()
	b := webtest.SignedInAs(t, p.Site, "eve")
	versions := "/studio/p/" + p.project + "/versions"
	b.Open(versions, english).Sees("Version 1.0").SeesNot("Keep it for some groups")
	for _, do := range []string{"/1.0/try", "/1.0/open"} {
		if r := b.Send("POST", versions+do, webtest.Form("audience=lyon"), english); r.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", do, r.StatusCode)
		}
	}
}
