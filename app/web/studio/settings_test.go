package studio_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/assets"
	"selfhelp/store"
)

// shared is a project that two writers administer.
type shared struct {
	*frame.Site
	t       *testing.T
	id      string
	writers map[string]store.User
	as      map[string]*webtest.Browser
}

func newShared(t *testing.T) *shared {
	t.Helper()
	s := &shared{Site: webtest.NewSite(t), t: t, writers: map[string]store.User{}, as: map[string]*webtest.Browser{}}
	var grants []access.Grant
	for _, name := range []string{"ada", "bob"} {
		u := webtest.AddUser(t, s.Site, name, access.Writer, "production")
		grants = append(grants, access.Grant{User: u.ID, Right: access.Administration}, access.Grant{User: u.ID, Right: access.Modification})
		s.writers[name], s.as[name] = u, webtest.SignedInAs(t, s.Site, name)
	}
	data := webtest.Desk(t)
	data.Connectors = nil
	data.Categories = []procedure.Category{{ID: "light", Name: procedure.T("Lumière", "Light"), Icon: "folder"}}
	p, err := s.Content.CreateProject(t.Context(), "production", data, "test")
	if err == nil {
		err = s.Content.SetGrants(t.Context(), p.ID, grants, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	s.id = p.ID
	return s
}

func (s *shared) now() store.Project {
	s.t.Helper()
	p, err := s.Content.Project(s.t.Context(), s.id)
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// post sends a form of the settings made from a version.
func (s *shared) post(who, form string, version int64, values url.Values) (int, string) {
	s.t.Helper()
	values.Set("version", fmt.Sprint(version))
	r := s.as[who].Send("POST", "/studio/p/"+s.id+"/settings"+form, webtest.Form(values.Encode()), webtest.Header("Accept-Language", "en"))
	return r.StatusCode, webtest.Text(s.t, r)
}

func general(change ...string) url.Values {
	v := url.Values{"name.en": {"Desk"}, "name.fr": {"Bureau"}, "alias": {"desk"}, "languages": {"en", "fr"}, "retention": {"0"}}
	for i := 0; i < len(change); i += 2 {
		v.Set(change[i], change[i+1])
	}
	return v
}

// TestSettingsKeepWhatWasTyped: a form that cannot be saved comes back as it
// was filled in.
func TestSettingsKeepWhatWasTyped(t *testing.T) {
	s := newShared(t)
	version := s.now().Version
	for what, c := range map[string]struct {
		form   string
		values url.Values
		keeps  []string
	}{
		"an alias":   {"", general("alias", "No Good", "name.en", "My own name"), []string{`value="No Good"`, `value="My own name"`}},
		"a number":   {"", general("retention", "for ever", "about.en", "All about it"), []string{`value="for ever"`, "All about it"}},
		"an address": {"", general("postit_mail", "a@b\r\nBcc: c@d", "name.fr", "Mon nom"), []string{`value="Mon nom"`}},
		"no name":    {"", general("name.en", "", "name.fr", "", "about.fr", "Un texte"), []string{"Un texte"}},
		"a date":     {"/news", url.Values{"id": {""}, "on": {"tomorrow"}, "until": {""}, "title.en": {"Great news"}}, []string{`value="Great news"`, `value="tomorrow"`}},
		"a right":    {"/rights", url.Values{"who": {"user:" + s.writers["ada"].ID}, "right.user:" + s.writers["ada"].ID: {"administration", "everything"}}, []string{"ada"}},
	} {
		status, html := s.post("ada", c.form, version, c.values)
		if status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", what, status)
		}
		for _, words := range c.keeps {
			if !strings.Contains(html, words) {
				t.Errorf("%s: %s is lost", what, words)
			}
		}
		if s.now().Version != version {
			t.Fatalf("%s was saved", what)
		}
	}
}

// TestTwoWritersOfTheSettings: of two who save a form at once, the second is
// shown what the first made of it, keeps what was typed, and decides.
func TestTwoWritersOfTheSettings(t *testing.T) {
	s := newShared(t)
	bob := "user:" + s.writers["bob"].ID
	ada := "user:" + s.writers["ada"].ID
	for _, c := range []struct {
		form          string
		first, second url.Values
		shows, keeps  []string
	}{
		{"", general("name.en", "Theirs"), general("name.en", "Mine"), []string{"“Theirs”"}, []string{`value="Mine"`}},
		{"/categories", url.Values{"id": {"light", ""}, "name.en": {"Lamps", "Added"}, "icon": {"folder", "folder"}}, url.Values{"id": {"light", ""}, "name.en": {"Bulbs", ""}},
			[]string{"“Lamps”", "“Added”"}, []string{`value="Bulbs"`, `value="Added"`}},
		{"/connectors", url.Values{"id": {""}, "name.en": {"Tickets"}, "kind": {"ticket"}}, url.Values{"id": {""}, "name.en": {"Web"}, "kind": {"rest"}},
			[]string{"“Tickets”"}, []string{`value="Tickets"`, `value="Web"`}},
		{"/news", url.Values{"id": {""}, "title.en": {"First"}, "on": {""}, "until": {""}}, url.Values{"id": {""}, "title.en": {"Second"}, "on": {""}, "until": {""}},
			[]string{"“First”"}, []string{`value="First"`, `value="Second"`}},
		{"/rights", url.Values{"who": {ada, bob}, "right." + ada: {"administration"}, "right." + bob: {"administration", "publication"}}, url.Values{"who": {ada, bob}, "right." + ada: {"administration"}},
			[]string{"bob"}, nil},
	} {
		version := s.now().Version
		if status, html := s.post("ada", c.form, version, c.first); status != http.StatusSeeOther {
			t.Fatalf("%s: the first: %d %s", c.form, status, webtest.MainOf(html))
		}
		saved := s.now()
		status, html := s.post("bob", c.form, version, c.second)
		if status != http.StatusConflict || s.now().Version != saved.Version {
			t.Errorf("%s: the second: %d, version %d after %d", c.form, status, s.now().Version, saved.Version)
		}
		for _, words := range append(c.shows, c.keeps...) {
			if !strings.Contains(html, words) {
				t.Errorf("%s: the page does not show %s", c.form, words)
			}
		}
		if status, _ := s.post("bob", c.form, saved.Version, c.second); status != http.StatusSeeOther {
			t.Errorf("%s: having seen it: %d", c.form, status)
		}
	}
}

// TestTwoWritersOfAResource: the second is shown what the first said of it.
func TestTwoWritersOfAResource(t *testing.T) {
	s := newShared(t)
	_, err := s.Content.AmendProject(t.Context(), s.id, func(p *procedure.Project) bool {
		p.Resources = append(p.Resources, procedure.Resource{ID: "box", Kind: procedure.KindImage})
		return true
	}, "test")
	if err != nil {
		t.Fatal(err)
	}
	version := fmt.Sprint(s.now().Version)
	save := func(who, words string) (int, string) {
		r := s.as[who].Send("POST", "/studio/p/"+s.id+"/resources/box", webtest.Form(url.Values{"version": {version}, "alt.en": {words}}.Encode()), webtest.Header("Accept-Language", "en"))
		return r.StatusCode, webtest.Text(t, r)
	}
	if status, _ := save("ada", "A red box"); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	status, html := save("bob", "A crimson box")
	if status != http.StatusConflict || !strings.Contains(html, "“A red box”") || !strings.Contains(html, `value="A crimson box"`) {
		t.Errorf("%d %s", status, webtest.MainOf(html))
	}
	version = fmt.Sprint(s.now().Version)
	if !strings.Contains(html, `name="version" value="`+version+`"`) {
		t.Error("saving again would be refused again")
	}
	if status, _ := save("bob", "A crimson box"); status != http.StatusSeeOther {
		t.Errorf("having seen it: %d", status)
	}
}

// TestCategoriesAreTame: ids are made by the product, and no category stands
// below itself.
func TestCategoriesAreTame(t *testing.T) {
	s := newShared(t)
	status, html := s.post("ada", "/categories", s.now().Version, url.Values{
		"id": {"light", "../x", "light", "b"}, "name.en": {"One", "Two", "Three", "Four"}, "parent": {"light", "gone", "", "b"}, "icon": {`"><b>`, "folder", "folder", "folder"},
	})
	if status != http.StatusSeeOther {
		t.Fatal(status, webtest.MainOf(html))
	}
	seen := map[string]bool{}
	for _, c := range s.now().Data.Categories {
		if seen[c.ID] || strings.ContainsAny(c.ID, "./") || c.Parent != "" || c.Icon != "folder" {
			t.Errorf("%+v", c)
		}
		seen[c.ID] = true
	}
	if len(seen) != 4 || !seen["light"] {
		t.Errorf("%v", seen)
	}
	version := s.now().Version
	s.post("ada", "/categories", version, url.Values{"id": {"light", "two", "three"}, "name.en": {"One", "Two", "Three"}, "parent": {"three", "light", "two"}})
	tops := 0
	for _, c := range s.now().Data.Categories {
		if c.Parent == "" {
			tops++
		}
	}
	if s.now().Version == version || tops == 0 {
		t.Errorf("a circle was kept: %+v", s.now().Data.Categories)
	}
}

// TestPeopleOfOtherDomainsAreNotNamed: whoever gives rights on a project
// chooses among the people of its domain.
func TestPeopleOfOtherDomainsAreNotNamed(t *testing.T) {
	s := newShared(t)
	webtest.AddUser(t, s.Site, "stranger", access.Writer, "sandbox")
	s.as["ada"].Open("/studio/p/" + s.id + "/settings").Sees("(bob)").SeesNot("stranger")
}

// TestGroupsAreShownByTheirTitle: names are what audiences write, titles what
// people read.
func TestGroupsAreShownByTheirTitle(t *testing.T) {
	s := newShared(t)
	for _, name := range []string{"it", "field"} {
		g := store.Group{Domain: "production", Name: name}
		if name == "it" {
			g.Title = procedure.T("Informatique", "Computing")
		}
		made, err := s.Content.CreateGroup(t.Context(), g, "test")
		if err == nil {
			err = s.Content.EnterGroup(t.Context(), made.ID, s.writers["ada"].ID, "test")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	s.post("ada", "/reach", s.now().Version, url.Values{"audience": {"it"}})
	s.post("ada", "/rights", s.now().Version, url.Values{"add": {"group:it"}})
	s.Sessions.Forget()
	ada := s.as["ada"]
	ada.Open("/studio/p/"+s.id+"/settings", webtest.Header("Accept-Language", "en")).
		Sees(`value="it" checked`, "<span>Computing</span>", "<span>field</span>", `value="group:it">Computing<`).SeesNot("<span>it</span>")
	ada.Open("/me", webtest.Header("Accept-Language", "fr")).Sees("Informatique", "field")
	_, page := s.post("ada", "/reach", s.now().Version-1, url.Values{"audience": {"field"}})
	if !strings.Contains(page, "Computing") {
		t.Error("who put another audience in place does not read its title")
	}
}

// TestColourIsPreviewed gives the preview the colour that is saved, without
// script, and says how well it can be read.
func TestColourIsPreviewed(t *testing.T) {
	s := newShared(t)
	s.post("ada", "/look", s.now().Version, url.Values{"hue": {"25"}})
	s.as["ada"].Open("/studio/p/"+s.id+"/settings", webtest.Header("Accept-Language", "en")).
		Sees(assets.LookURL(25), "data-look", "at least 7.0 in light mode", "ask for 4.5")
}

// TestUploadsBesideOtherWriters: adding a file depends on nothing that others
// may change of the project meanwhile.
func TestUploadsBesideOtherWriters(t *testing.T) {
	s := newShared(t)
	before := len(s.now().Data.Resources)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() { // another writer, who never rests
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
			}
			p, err := s.Content.Project(context.Background(), s.id)
			if err == nil {
				_, _ = s.Content.SaveProject(context.Background(), p.ID, p.Version, p.Data, "test")
			}
		}
	}()
	const files = 40
	for i := range files {
		body := fmt.Sprintf("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"box%d.svg\"\r\n\r\n<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0h%d\"/></svg>\r\n--x--\r\n", i, i)
		r := s.as["ada"].Send("POST", "/studio/p/"+s.id+"/resources", webtest.Header("Content-Type", "multipart/form-data; boundary=x"), func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		})
		if r.StatusCode != http.StatusSeeOther {
			t.Errorf("upload %d: %d", i, r.StatusCode)
		}
	}
	close(stop)
	<-stopped
	if got := len(s.now().Data.Resources) - before; got != files {
		t.Errorf("%d resources of %d", got, files)
	}
}

// TestConnectorsAreMadeAndKept: a connector gets an id from its name, keeps it
// under another name, and stays while a step uses it; the form of a step says
// where to make one.
func TestConnectorsAreMadeAndKept(t *testing.T) {
	s := newShared(t)
	p := &procedure.Procedure{Schema: 1, UID: "eeeeeeeeeeeeeeeeeeeeeeeeee", Alias: "tickets", Title: procedure.T("Tickets", "Tickets"), Steps: []procedure.Step{
		{ID: "start", Next: "open", Start: &procedure.Start{}}, {ID: "open", Title: procedure.T("Ouvrir", "Open it"), Ticket: &procedure.Ticket{Connector: "help_desk"}},
	}}
	if _, err := s.Content.CreateProcedure(t.Context(), s.id, p, "test"); err != nil {
		t.Fatal(err)
	}
	step := func() string {
		return webtest.Text(t, s.as["ada"].Send("GET", "/studio/p/"+s.id+"/d/"+p.UID+"?step=open", webtest.Header("Accept-Language", "en")))
	}
	link := `href="/studio/p/` + s.id + `/settings#connectors"`
	if !strings.Contains(step(), link) {
		t.Error("the form of a step that needs a connector does not lead to where one is made")
	}
	if status, page := s.post("ada", "/connectors", s.now().Version, url.Values{"id": {""}, "name.en": {"Help desk"}, "kind": {"ftp"}}); status != 422 || !strings.Contains(page, "Choose what the connector “Help desk” reaches.") {
		t.Errorf("an unknown kind: %d", status)
	}
	for _, name := range []string{"Help desk", "Service desk"} {
		id := []string{""}
		if kept := s.now().Data.Connectors; len(kept) > 0 {
			id[0] = kept[0].ID
		}
		if status, page := s.post("ada", "/connectors", s.now().Version, url.Values{"id": id, "name.en": {name}, "kind": {"ticket"}}); status != 303 {
			t.Fatalf("%d %s", status, webtest.MainOf(page))
		}
		if kept := s.now().Data.Connectors; len(kept) != 1 || kept[0].ID != "help_desk" || kept[0].Kind != "ticket" || kept[0].Name.In["en"] != name {
			t.Fatalf("kept %+v", kept)
		}
	}
	if page := step(); strings.Contains(page, link) || !strings.Contains(page, "Service desk") {
		t.Error("the form of the step does not offer the connector")
	}
	status, page := s.post("ada", "/connectors", s.now().Version, url.Values{"id": {"help_desk"}, "name.en": {""}, "kind": {"ticket"}})
	if status != 422 || !strings.Contains(page, "The connector “Service desk” is used by the step “Open it” of the procedure “Tickets”: it cannot be removed.") || len(s.now().Data.Connectors) != 1 {
		t.Errorf("one in use is taken away: %d %s", status, webtest.MainOf(page))
	}
}

// TestNewsAndAudienceAreWhole saves all that a line of news says, and several
// groups; a form that does not ask for the words of news leaves them.
func TestNewsAndAudienceAreWhole(t *testing.T) {
	s := newShared(t)
	news := url.Values{"id": {""}, "title.en": {"Great news"}, "on": {""}, "until": {""}, "body.en": {"Read **this**."}, "procedure": {"some-uid"}}
	if status, page := s.post("ada", "/news", s.now().Version, news); status != 303 {
		t.Fatalf("%d %s", status, page)
	}
	kept := s.now().Data.News[len(s.now().Data.News)-1]
	if kept.Body.In["en"] != "Read **this**." || kept.Procedure != "some-uid" {
		t.Errorf("kept %+v", kept)
	}
	s.post("ada", "/news", s.now().Version, url.Values{"id": {kept.ID}, "title.en": {"Other news"}, "on": {""}, "until": {""}})
	if again := s.now().Data.News[0]; again.Title.In["en"] != "Other news" || again.Body.In["en"] != "Read **this**." {
		t.Errorf("kept %+v", again)
	}
	form := url.Values{"audience": {"Support", "Field work"}}
	if status, page := s.post("ada", "/reach", s.now().Version, form); status != 303 {
		t.Fatalf("%d %s", status, page)
	}
	if got := s.now().Data.Audience; len(got) != 2 || got[1] != "Field work" {
		t.Errorf("for %v", got)
	}
}

// TestCategoryAudience: the groups of a category are kept by its row, and a form
// that does not ask for them leaves them.
func TestCategoryAudience(t *testing.T) {
	s := newShared(t)
	audiences := func() string {
		var all []string
		for _, c := range s.now().Data.Categories {
			all = append(all, fmt.Sprint(c.ID, c.Audience))
		}
		return strings.Join(all, " ")
	}
	s.post("ada", "/categories", s.now().Version, url.Values{"id": {"light", ""}, "name.en": {"Light", "Dark"}, "audiences": {"yes", "yes"}, "audience.1": {"night", "it"}})
	if got := audiences(); got != "light[] dark[night it]" {
		t.Fatal(got)
	}
	s.as["ada"].Open("/studio/p/"+s.id+"/settings", english).Sees("Only for night, it", `name="audience.1" value="it" checked`)
	s.post("ada", "/categories", s.now().Version, url.Values{"id": {"light", "dark"}, "name.en": {"", "Dark"}})
	if got := audiences(); got != "dark[night it]" {
		t.Error(got)
	}
	s.post("ada", "/categories", s.now().Version, url.Values{"id": {"dark"}, "name.en": {"Dark"}, "audiences": {"yes"}})
	if got := audiences(); got != "dark[]" {
		t.Error(got)
	}
}
