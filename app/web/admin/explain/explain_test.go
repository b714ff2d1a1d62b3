package explain_test

import (
	"net/url"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/publication"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
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

// row is the part of the page about one permission.
func row(page, what string) string {
	_, after, _ := strings.Cut(page, `<th scope="row">`+what+`</th>`)
	before, _, _ := strings.Cut(after, "</tr>")
	return before
}

func TestExplain(t *testing.T) {
	o := newOffice(t)
	on := "project:" + o.project.ID
	page := o.ask("local", "writer", on, "").Page
	for what, words := range map[string][]string{
		"Change it":                     {">No<", "The project gives the person none of the rights that would do: Administer, Modify", "The role Writer is not enough"},
		"See the project on the portal": {">No<", "The project is for these groups, and the person is in none: sales.", "put in the domain directly"},
	} {
		for _, w := range words {
			if !strings.Contains(row(page, what), w) {
				t.Errorf("%s: no %q in %s", what, w, row(page, what))
			}
		}
	}
	o.writer.Attributes = map[string]string{"entity": "sales"}
	u, err := o.Content.SaveUser(t.Context(), o.writer, "test")
	if err != nil {
		t.Fatal(err)
	}
	page = o.ask("local", "WRITER", on, "").Page
	for what, words := range map[string][]string{
		"Change it":                     {">Yes<", "Rights that the project gives the group sales: Modify.", "In the group sales by its rule: entity is Sales."},
		"Publish it":                    {">No<"},
		"See the project on the portal": {">Yes<", "The project is for groups that the person is in: sales."},
	} {
		for _, w := range words {
			if !strings.Contains(row(page, what), w) {
				t.Errorf("%s: no %q in %s", what, w, row(page, what))
			}
		}
	}
	lines, err := o.Content.Procedures(t.Context(), o.project.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		if l.Alias == "staff-only" {
			o.ask("local", "writer", on, l.UID).Sees("Start the procedure on the portal", "The procedure is for these groups, and the person is in none: Staff.")
		}
	}
	u.Active = false
	if _, err := o.Content.SaveUser(t.Context(), u, "test"); err != nil {
		t.Fatal(err)
	}
	o.ask("local", "writer", on, "").Sees("The account is suspended").SeesNot(">Yes<")
	o.ask("chief", "chief", "server", "").Sees("It belongs to all domains.", "Administer the server")
	o.ask("chief", "local", "domain:production", "").Sees("Make projects", "It belongs to the domain Production.")
}

// TestExplainStaysInTheDomain shows administrators of a domain nobody and nothing
// of another.
func TestExplainStaysInTheDomain(t *testing.T) {
	o := newOffice(t)
	on := "project:" + o.project.ID
	for _, c := range []struct {
		as, person, on string
		status         int
	}{
		{"chief", "writer", on, 200}, {"local", "writer", on, 200}, {"local", "far", on, 404}, {"local", "chief", on, 404}, {"local", "", on, 200},
		{"far", "writer", "server", 404}, {"far", "far", on, 404}, {"far", "far", "domain:production", 404}, {"far", "far", "domain:sandbox", 200},
		{"local", "local", "domain:none", 404}, {"local", "local", "moon:1", 404}, {"local", "local", "project:none", 404}, {"local", "nobody", "", 404},
		{"writer", "writer", "", 403},
	} {
		if b := o.ask(c.as, c.person, c.on, ""); b.Status != c.status {
			t.Errorf("%s explains %s on %s: %d, want %d", c.as, c.person, c.on, b.Status, c.status)
		}
	}
	o.ask("far", "", "", "").Sees("Sandbox", `value="far"`).SeesNot("Production", `value="writer"`, "Help desk")
	webtest.AddUser(t, o.Site, "writer2", access.Writer, "production")
	o.ask("local", "writ", on, "").Sees("Several people", "(writer)", "(writer2)", "person=writer2")
}
