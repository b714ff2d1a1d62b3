package explain_test

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/login"
	"selfhelp/app/login/ldap"
	"selfhelp/app/login/trusted"
	"selfhelp/app/publication"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
	"selfhelp/store/people"
)

// office is a site with a project, and administrators of all, of its domain and
// of another.
type office struct {
	*frame.Site
	t       *testing.T
	project store.Project
	writer  store.User
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{Site: webtest.NewSite(t), t: t}
	chief := webtest.AddUser(t, o.Site, "chief", access.Administrator)
	chief.Everywhere = true
	_, err := o.Content.SaveUser(t.Context(), chief, "test")
	webtest.AddUser(t, o.Site, "local", access.Administrator, "production")
	webtest.AddUser(t, o.Site, "far", access.Administrator, "sandbox")
	o.writer = webtest.AddUser(t, o.Site, "writer", access.Writer, "production")
	data := webtest.Desk(t)
	data.Audience, data.Public = []string{"sales"}, false
	rule := &access.Rule{Conditions: []access.Condition{{Attribute: "entity", Is: access.Equals, Value: "Sales"}}}
	if err == nil {
		_, err = o.Content.CreateGroup(t.Context(), store.Group{Domain: "production", Name: "sales", Rule: rule}, "test")
	}
	if err == nil {
		o.project, err = o.Content.CreateProject(t.Context(), "production", data, "test")
	}
	if err == nil {
		err = o.Content.SetGrants(t.Context(), o.project.ID, []access.Grant{{Group: "sales", Right: access.Modification}}, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	webtest.Publish(t, o.Site, webtest.Published{Domain: "production", Project: data, Number: publication.Number{Major: 1}})
	return o
}

// ask explains as an administrator.
func (o *office) ask(as, person, on, procedure string) *webtest.Browser {
	o.t.Helper()
	q := url.Values{"person": {person}, "on": {on}, "procedure": {procedure}}
	return webtest.SignedInAs(o.t, o.Site, as).Open("/admin/explain?"+q.Encode(), webtest.Header("Accept-Language", "en"))
}

// row is the part of the page about one permission, asked for or not.
func row(page, what string) string {
	if _, after, found := strings.Cut(page, `id="answer"`); found {
		if answer, _, _ := strings.Cut(after, "</section>"); strings.Contains(answer, "– "+what+" –") {
			return answer
		}
	}
	_, after, _ := strings.Cut(page, ">"+what+"</a></th>")
	before, _, _ := strings.Cut(after, "</tr>")
	return before
}

// says looks for words in what a page says of permissions.
func says(t *testing.T, page string, rows map[string][]string) {
	t.Helper()
	for what, words := range rows {
		for _, w := range words {
			if !strings.Contains(row(page, what), w) {
				t.Errorf("%s: no %q in %s", what, w, row(page, what))
			}
		}
	}
}

func TestExplain(t *testing.T) {
	o := newOffice(t)
	on := "project:" + o.project.ID
	page := o.ask("local", "writer", on, "").Page
	says(t, page, map[string][]string{
		"Change it":                     {">No<", "The project gives the person none of the rights that would do: Administer, Modify"},
		"See the project on the portal": {">No<", "The project is for these groups, and the person is in none: sales.", "put in the domain directly", "Put writer in the group sales", "?login=writer"},
	})
	o.writer.Attributes = map[string]string{"entity": "sales"}
	u, err := o.Content.SaveUser(t.Context(), o.writer, "test")
	if err != nil {
		t.Fatal(err)
	}
	says(t, o.ask("local", "WRITER", on, "").Page, map[string][]string{
		"Change it":                     {">Yes<", "Rights that the project gives the group sales: Modify.", "In the group sales by its rule: entity is Sales."},
		"Publish it":                    {">No<"},
		"See the project on the portal": {">Yes<", "The project is for groups that the person is in: sales."},
	})
	lines, err := o.Content.Procedures(t.Context(), o.project.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		if l.Alias == "staff-only" {
			o.ask("local", "writer", on, l.UID).Sees("Start the procedure on the portal", "The procedure is for these groups, and the person is in none: Staff.", `href="/studio/p/`+o.project.ID+"/d/"+l.UID+`">No group is called “Staff”`)
		}
	}
	u.Active = false
	if _, err := o.Content.SaveUser(t.Context(), u, "test"); err != nil {
		t.Fatal(err)
	}
	o.ask("local", "writer", on, "").Sees("The account is suspended", "Let the account in again").SeesNot(">Yes<")
	o.ask("chief", "chief", "server", "").Sees("The account belongs to all domains.", "Administer the server")
	o.ask("chief", "local", "domain:production", "").Sees("Make projects", "The account belongs to the domain Production.")
}

// TestExplainLeads goes by a step that a refusal offers: the person is put in the
// group, and may.
func TestExplainLeads(t *testing.T) {
	o := newOffice(t)
	on := "project:" + o.project.ID
	b := o.ask("local", "writer", on, "")
	step := regexp.MustCompile(`/admin/groups/([a-z0-9]+)\?login=writer`).FindStringSubmatch(b.Page)
	if step == nil {
		t.Fatal("no step leads to the group")
	}
	b.Open("/admin/explain").Sees("May writer change", "ask=yes")
	b.Open(step[0]).Sees(`value="writer"`)
	b.Send("POST", "/admin/groups/"+step[1]+"/members", webtest.Form("login=writer"))
	says(t, o.ask("local", "writer", on, "").Page, map[string][]string{"See the project on the portal": {">Yes<", "In the group sales by hand."}})
	says(t, b.Open("/admin/explain?person=writer&do=publish_project&on="+url.QueryEscape(on)).Page, map[string][]string{"Publish it": {">No<", "Give a right in the project", "/settings#rights"}})
	if b.Open("/admin/explain?person=writer&do=fly&on=" + url.QueryEscape(on)); b.Status != http.StatusNotFound {
		t.Errorf("what nobody can be allowed: %d", b.Status)
	}
	if b.Open("/admin/explain?person=writer&do=administer_server&on=" + url.QueryEscape(on)); b.Status != http.StatusOK { // left of a choice before
		t.Errorf("what is of another thing: %d", b.Status)
	}
}

// TestExplainSaysWhatIsOwed compares what the page says with what the door of the
// Studio does, for people who have to do something before they go on.
func TestExplainSaysWhatIsOwed(t *testing.T) {
	o := newOffice(t)
	desk := webtest.SignedInAs(t, o.Site, "chief")
	compare := func(door int, to string, says ...string) {
		t.Helper()
		r := webtest.SignedInAs(t, o.Site, "writer").Send("GET", "/studio")
		if r.StatusCode != door || r.Header.Get("Location") != to {
			t.Errorf("the door of the Studio: %d %q, want %d %q", r.StatusCode, r.Header.Get("Location"), door, to)
		}
		desk.Open("/admin/explain?on=server&do=enter_studio&person=writer", webtest.Header("Accept-Language", "en"))
		answer := row(desk.Page, "Enter the Studio")
		for _, text := range says {
			if !strings.Contains(answer, text) {
				t.Errorf("no %q in %s", text, answer)
			}
		}
	}
	compare(http.StatusOK, "", ">Yes<")

	settings, version, err := o.Desk.Settings(t.Context())
	if err == nil {
		settings.Second = true
		err = o.Desk.Save(t.Context(), settings, version, "test")
	}
	chief, cerr := o.Content.UserByLogin(t.Context(), "chief")
	if err = errors.Join(err, cerr); err == nil {
		err = o.Content.AddFactor(t.Context(), people.Factor{ID: "f1", User: chief.ID, Kind: people.Code, Data: "-"})
	}
	if err != nil {
		t.Fatal(err)
	}
	o.Sessions.Forget()
	compare(http.StatusSeeOther, "/me/factors", "Yes, once there is more than a password", "comes before everything else")

	if err := o.Content.SetFirstPassword(t.Context(), o.writer.ID, login.Hash(webtest.GoodPassword), "test"); err != nil {
		t.Fatal(err)
	}
	o.Sessions.Forget()
	compare(http.StatusSeeOther, "/me", "Yes, once the password is changed")
	desk.Open("/admin/explain?on=project:" + o.project.ID + "&do=read_project&person=writer").Sees("once").SeesNot(">Yes<")

	mute, err := o.Content.CreateAccount(t.Context(), store.User{Login: "mute", Role: access.Writer, Active: true}, []string{"production"}, nil, "test")
	if err != nil {
		t.Fatal(err)
	}
	desk.Open("/admin/explain?on=server&do=enter_studio&person="+mute.Login).Sees("Yes, once there is a way to sign in", "Give a password")
}

// TestExplainByEachWay answers for somebody who can come in by a password to change,
// and by a product that vouches for them to run procedures.
func TestExplainByEachWay(t *testing.T) {
	o := newOffice(t)
	settings, version, err := o.Desk.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	head := ldap.Server{URLs: []string{"ldaps://ad.example.org"}, Base: "dc=example,dc=org", Filter: "(uid={login})", Login: "uid", ID: "entryUUID"}
	settings.Methods = append(settings.Methods, admission.Method{ID: "head", Kind: admission.LDAP, Name: "Head office", LDAP: &head}, admission.Method{ID: "host", Kind: admission.Trusted, Name: "Intranet", Trusted: &admission.Vouching{Host: trusted.Host{Issuer: "intranet"}, Bound: &trusted.Bound{Key: trusted.HashKey("key"), Fingerprint: "00"}}})
	keep := func(change func(*admission.Settings)) {
		t.Helper()
		change(&settings)
		if err := o.Desk.Save(t.Context(), settings, version, "test"); err != nil {
			t.Fatal(err)
		}
		version++
	}
	keep(func(*admission.Settings) {})
	arrived, err := o.Content.Arrive(t.Context(), []people.Arrival{{Method: "host", Subject: "writer", Account: func(u store.User) store.User { u.Login = "writer"; return u }, Take: people.TakeAny}}, "test")
	if err = errors.Join(err, arrived[0].Err); err == nil {
		err = o.Content.SetFirstPassword(t.Context(), o.writer.ID, login.Hash(webtest.GoodPassword), "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	desk := webtest.SignedInAs(t, o.Site, "chief")
	ask := func(do, on string) string {
		t.Helper()
		return desk.Open("/admin/explain?person=writer&do="+do+"&on="+on, webtest.Header("Accept-Language", "en")).Page
	}
	says(t, ask("enter_studio", "server"), map[string][]string{"Enter the Studio": {"Yes, once the password is changed", "Coming by “Intranet”, the person may run procedures and nothing else."}})
	says(t, ask("signed_in", "server"), map[string][]string{"Sign in": {">Yes<"}})
	keep(func(s *admission.Settings) { s.SecondOfAll = true })
	says(t, ask("enter_studio", "server"), map[string][]string{"Enter the Studio": {"Yes, once the password is changed and there is more than a password", "the page for it comes before", "the page to set it up comes before"}})
	keep(func(s *admission.Settings) { s.Methods[0].Off = true })
	says(t, ask("enter_studio", "server"), map[string][]string{"Enter the Studio": {"Yes, once signed in fully", "Turn “Passwords kept here” on again", `href="/admin/sign-in/internal"`}})
	keep(func(s *admission.Settings) { s.Methods[0].Off, s.SecondOfAll, s.Methods[2].Off = false, false, true })
	if err := o.Content.SetPassword(t.Context(), o.writer.ID, "", "test"); err != nil {
		t.Fatal(err)
	}
	says(t, ask("enter_studio", "server"), map[string][]string{"Enter the Studio": {"Yes, once there is a way to sign in", "Give a password"}})
	says(t, ask("give_project", "project:"+o.project.ID), map[string][]string{"Give it to another owner": {">No<", "Only the owner may", "/settings#owner-title"}})
}

// TestAGroupThatIsGoneIsNamedSomewhere deletes the group that a project is for, then has
// a version on trial with it: the step leads to where its name stands.
func TestAGroupThatIsGoneIsNamedSomewhere(t *testing.T) {
	o := newOffice(t)
	groups, err := o.Content.Groups(t.Context(), "production")
	for _, g := range groups {
		err = errors.Join(err, o.Content.DeleteGroup(t.Context(), g.ID, g.Version, "test"))
	}
	if err != nil {
		t.Fatal(err)
	}
	on, at := "project:"+o.project.ID, "/studio/p/"+o.project.ID
	o.ask("local", "writer", on, "").Sees(`href="` + at + `/settings#reach">No group is called “sales”`)
	trial := webtest.Desk(t)
	trial.Public = false
	webtest.Publish(t, o.Site, webtest.Published{Domain: "production", Project: trial, Number: publication.Number{Major: 2}, Trial: []string{"sales"}})
	o.ask("local", "writer", on, "").Sees(`href="` + at + `/versions">No group is called “sales”`)
}

// TestExplainStaysInTheDomain shows administrators of a domain nobody and nothing
// of another.
func TestExplainStaysInTheDomain(t *testing.T) {
	o := newOffice(t)
	on := "project:" + o.project.ID
	bridge, err := o.Content.CreateGroup(t.Context(), store.Group{Domain: "production", Name: "bridge"}, "test")
	local, lerr := o.Content.UserByLogin(t.Context(), "local")
	if err = errors.Join(err, lerr); err == nil { // by a group, which brings no administration
		err = errors.Join(o.Content.AttachGroup(t.Context(), bridge.ID, "sandbox", "test"), o.Content.EnterGroup(t.Context(), bridge.ID, local.ID, "test"))
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		as, person, on string
		status         int
	}{
		{"local", "far", "server", 404},
		{"chief", "writer", on, 200}, {"local", "writer", on, 200}, {"local", "far", on, 404}, {"local", "chief", on, 404}, {"local", "", on, 200},
		{"far", "writer", "server", 404}, {"far", "far", on, 404}, {"far", "far", "domain:production", 404}, {"far", "far", "domain:sandbox", 200},
		{"local", "local", "domain:none", 404}, {"local", "local", "moon:1", 404}, {"local", "local", "project:none", 404}, {"local", "nobody", "", 404},
		{"writer", "writer", "", 403},
	} {
		if b := o.ask(c.as, c.person, c.on, ""); b.Status != c.status {
			t.Errorf("%s explains %s on %s: %d, want %d", c.as, c.person, c.on, b.Status, c.status)
		}
	}
	o.ask("far", "", "", "").Sees("Sandbox", `value="far"`, "same rules").SeesNot("Production", `value="writer"`, "Help desk")
	webtest.AddUser(t, o.Site, "writer2", access.Writer, "production")
	o.ask("local", "writ", on, "").Sees("Several people", "(writer)", "(writer2)", "person=writer2")
}
