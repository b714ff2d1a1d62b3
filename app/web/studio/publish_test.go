package studio_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/edition"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// press is a project that one person writes and publishes.
type press struct {
	*frame.Site
	t       *testing.T
	project string
	b       *webtest.Browser
}

// english asks for the pages in one language, whatever the account says.
var english = webtest.Header("Accept-Language", "en")

func newPress(t *testing.T, change func(*procedure.Project)) *press {
	t.Helper()
	s := webtest.NewSite(t, func(c *frame.Config) {
		e, err := edition.Open(t.Context(), c.Store, t.TempDir(), c.Log)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { e.Close() })
		c.Edition, c.Shelf = e, e.Shelf()
	})
	writer := webtest.AddUser(t, s, "writer", access.Writer, "production")
	data := webtest.Desk(t)
	change(data)
	p, err := s.Content.CreateProject(t.Context(), "production", data, writer.ID)
	if err == nil {
		err = s.Content.SetGrants(t.Context(), p.ID, []access.Grant{{User: writer.ID, Right: access.Administration}}, writer.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return &press{Site: s, t: t, project: p.ID, b: webtest.SignedInAs(t, s, "writer")}
}

// set changes what the project says of itself.
func (p *press) set(change func(*procedure.Project)) {
	p.t.Helper()
	now, err := p.Content.Project(p.t.Context(), p.project)
	if err == nil {
		change(now.Data)
		_, err = p.Content.SaveProject(p.t.Context(), p.project, now.Version, now.Data, "test")
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// edit changes every procedure.
func (p *press) edit(change func(*procedure.Procedure)) {
	p.t.Helper()
	all, err := p.Content.Procedures(p.t.Context(), p.project)
	for _, one := range all {
		var now store.Procedure
		if now, err = p.Content.Procedure(p.t.Context(), p.project, one.UID); err == nil {
			change(now.Data)
			_, err = p.Content.SaveRevision(p.t.Context(), store.Edit{Project: p.project, UID: one.UID, Version: now.Version, Data: now.Data, By: "test"})
		}
		if err != nil {
			break
		}
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// page is the page of publication.
func (p *press) page() *webtest.Browser {
	p.t.Helper()
	return p.b.Open("/studio/p/"+p.project+"/publish", english)
}

func (p *press) publish() {
	p.t.Helper()
	if _, err := p.Edition.Publish(p.t.Context(), edition.Order{Project: p.project}); err != nil {
		p.t.Fatal(err)
	}
}

// TestWhoMayOpenIsSaid: before the button, and with the settings, who could
// open what is published; a warning where nobody it is for could.
func TestWhoMayOpenIsSaid(t *testing.T) {
	p := newPress(t, func(*procedure.Project) {})
	settings := `href="/studio/p/` + p.project + `/settings#reach"`
	p.page().Sees("Everyone, even without an account.", "1 procedure is for groups of its own", settings)
	p.b.SeesNot("Only writers and administrators")
	p.b.Open("/studio/p/"+p.project+"/settings", english).Sees(`id="reach"`, "Everyone, even without an account.")

	p.set(func(o *procedure.Project) { o.Public = false })
	p.page().Sees("Everyone who has an account in the domain", "Only writers and administrators could open it")
	webtest.AddUser(t, p.Site, "reader", access.User, "production")
	p.page().SeesNot("Only writers and administrators")

	p.set(func(o *procedure.Project) { o.Audience = []string{"Gone", "Support"} })
	group, err := p.Content.CreateGroup(t.Context(), store.Group{Domain: "production", Name: "Support", Title: procedure.T("Soutien", "First line")}, "test")
	if err != nil {
		t.Fatal(err)
	}
	p.page().Sees("Only the members of these groups: Gone (this group no longer exists), First line.", "Nobody could open it")
	for name, warns := range map[string]bool{"writer": true, "reader": false} {
		u, err := p.Content.UserByLogin(t.Context(), name)
		if err == nil {
			err = p.Content.SetMemberships(t.Context(), u.ID, []string{"production"}, []string{group.ID}, "test")
		}
		if err != nil {
			t.Fatal(err)
		}
		if p.page().SeesNot("Nobody could open it"); warns {
			p.b.Sees("Only writers and administrators could open it")
		} else {
			p.b.SeesNot("Only writers and administrators could open it")
		}
		if err := p.Content.SetMemberships(t.Context(), u.ID, []string{"production"}, nil, "test"); err != nil {
			t.Fatal(err)
		}
	}
}

// TestChangedSettingsAreChanges: what the project says of itself counts among
// what people would get otherwise.
func TestChangedSettingsAreChanges(t *testing.T) {
	p := newPress(t, func(*procedure.Project) {})
	p.publish()
	p.page().Sees("Nothing was changed since the last version.")
	p.set(func(o *procedure.Project) {
		o.Public, o.Audience, o.Languages, o.Theme.Hue = false, []string{"Staff"}, []string{"fr"}, 120
		o.Name.In["en"] = "Front desk"
		o.Categories[0].Name.In["en"], o.Categories[0].Icon = "Machines", "folder"
		o.News = nil
		o.Categories = append(o.Categories, procedure.Category{ID: "new", Name: procedure.T("Neuf", "Brand new")})
	})
	p.page().Sees("Settings of the project", "Name (English): “Help desk” is now “Front desk”",
		"Languages: “Français, English” is now “Français”", "Open to visitors without an account: “yes” is now “no”",
		"Categories · Machines: changed", "Categories · Brand new: added", "News · Outage over: removed", ": added “120”")
	p.b.SeesNot("Nothing was changed", "categories.", "settings.", "theme.hue")
}

// TestEmptyProjectsAreNotPublished: the page says so, and so does who asks
// without it.
func TestEmptyProjectsAreNotPublished(t *testing.T) {
	p := newPress(t, func(o *procedure.Project) { o.Procedures, o.News = nil, nil })
	p.page().Sees("The project has no procedure yet. Write one, then publish.", `href="/studio/p/`+p.project+`"`, "There is nothing to publish yet.", "disabled")
	p.b.SeesNot("Nothing was changed", "is in order")
	r := p.b.Send("POST", "/studio/p/"+p.project+"/publish", webtest.Form("notes="), english)
	if r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("published: %d", r.StatusCode)
	}
}

// TestTheFirstVersionSaysWhatItHolds rather than what changes.
func TestTheFirstVersionSaysWhatItHolds(t *testing.T) {
	p := newPress(t, func(*procedure.Project) {})
	p.page().Sees("What will be published", "The lamp")
	p.b.SeesNot("What changes for people")
	p.publish()
	p.page().Sees("What changes for people")
}

// TestDeactivatedTwice says that there is nothing to do, where the versions are.
func TestDeactivatedTwice(t *testing.T) {
	p := newPress(t, func(*procedure.Project) {})
	p.publish()
	versions := "/studio/p/" + p.project + "/versions"
	for _, says := range []string{"Version 1.0 is inactive", "Version 1.0 is already deactivated: there is nothing to do."} {
		if r := p.b.Send("POST", versions+"/1.0/deactivate", webtest.Form(""), english); r.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: %d", says, r.StatusCode)
		}
		if p.b.Open(versions, english); !strings.Contains(p.b.Page, says) {
			t.Errorf("the page does not say %q", says)
		}
	}
}

// TestScenariosFailInTheReadersLanguage on the page of publication.
func TestScenariosFailInTheReadersLanguage(t *testing.T) {
	p := newPress(t, func(o *procedure.Project) {
		o.Scenarios = []*procedure.Scenario{{
			Schema: procedure.Schema, ID: "lit", Procedure: o.Procedures[1].UID, Name: "Allumée",
			Expect: procedure.Expect{Outcome: procedure.Escalated, Texts: []string{"introuvable"}},
		}}
	})
	p.b.Open("/studio/p/"+p.project+"/publish", webtest.Header("Accept-Language", "fr"))
	p.b.Sees("Allumée", "attendu", "obtenu", "aucune issue").SeesNot("expected", "the page", "no outcome")
}

// TestWhatNobodyReaches deletes the only group that something is for: the page of
// publication says that nobody could open it, and so does what follows the button.
func TestWhatNobodyReaches(t *testing.T) {
	var one *procedure.Procedure
	p := newPress(t, func(o *procedure.Project) {
		for _, d := range o.Procedures {
			if len(d.Audience) > 0 {
				one, d.Audience = d, []string{"Night"}
			}
		}
	})
	webtest.AddToGroup(t, p.Site, "writer", "production", "Night")
	groups, err := p.Content.Groups(t.Context(), "production")
	i := slices.IndexFunc(groups, func(g store.Group) bool { return g.Name == "Night" })
	if err != nil || i < 0 {
		t.Fatal(err, i)
	}
	link := `/d/` + one.UID + `">`
	said := "Nobody could start 1 procedure"
	before := strings.Count(p.page().Page, link)
	p.b.SeesNot(said)
	if err := p.Content.DeleteGroup(t.Context(), groups[i].ID, groups[i].Version, "test"); err != nil {
		t.Fatal(err)
	}
	if p.page().Sees(said, "look first at who could open it").SeesNot("Everything is in order"); strings.Count(p.b.Page, link) != before+1 {
		t.Error("the procedure is not named")
	}
	p.set(func(o *procedure.Project) { o.Public, o.Audience = false, []string{"Night"} })
	p.page().Sees("Night (this group no longer exists)", "Nobody could open it")
	b := p.b.Follow(p.b.Send("POST", "/studio/p/"+p.project+"/publish", webtest.Form(url.Values{"for": {"all"}}.Encode()), english), "/studio/p/"+p.project+"/versions")
	b.Sees("is published, but nobody can start anything of it")
}

// TestNobodyCouldStartAnything publishes what is open to all and whose procedures are
// each for a group that nobody is in, and what is on trial with people whom the project
// is not for: neither page says that all is well.
func TestNobodyCouldStartAnything(t *testing.T) {
	p := newPress(t, func(o *procedure.Project) {
		for _, d := range o.Procedures {
			d.Audience = []string{"Empty"}
		}
	})
	webtest.AddUser(t, p.Site, "reader", access.User, "production")
	webtest.AddToGroup(t, p.Site, "writer", "production", "Writers")
	webtest.AddToGroup(t, p.Site, "reader", "production", "Readers")
	if _, err := p.Content.CreateGroup(t.Context(), store.Group{Domain: "production", Name: "Empty"}, "test"); err != nil {
		t.Fatal(err)
	}
	versions := "/studio/p/" + p.project + "/versions"
	publish := func(form url.Values) *webtest.Browser {
		t.Helper()
		return p.b.Follow(p.b.Send("POST", "/studio/p/"+p.project+"/publish", webtest.Form(form.Encode()), english), versions)
	}
	unreached := "nobody can start anything of it"
	p.page().Sees("Nobody could start", "look first at who could open it").SeesNot("Everything is in order")
	publish(url.Values{"for": {"everyone"}}).Sees(unreached).SeesNot("people get it from now on")

	p.edit(func(d *procedure.Procedure) { d.Audience = nil })
	p.set(func(o *procedure.Project) { o.Public, o.Audience = false, []string{"Readers"} })
	p.page().Sees("Everything is in order")
	publish(url.Values{"for": {"trial"}, "audience": {"Writers"}}).Sees(unreached).SeesNot("is on trial: the chosen groups have it")
	publish(url.Values{"for": {"trial"}, "audience": {"Readers"}}).Sees("is on trial: the chosen groups have it").SeesNot(unreached)
	all, err := p.Content.Versions(t.Context(), p.project)
	if err != nil {
		t.Fatal(err)
	}
	try := "/studio/p/" + p.project + "/versions/" + all[0].Number.String() + "/try"
	p.b.Follow(p.b.Send("POST", try, webtest.Form(url.Values{"audience": {"Writers"}}.Encode()), english), versions).Sees(unreached)
}
